"""Where sentences begin, as Universal Dependencies has it in English."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from personae.lexicons import words as lexicon

STOPS = frozenset(".!?…。！？")
CLOSERS = frozenset("\"”’'»›“)]}」』*_")
OPENERS = frozenset("\"“‘'«‹„‚([{「『*_—–-")
BRACKETS = frozenset(")]}")
RUN_ON = frozenset(",;:.?!)]}")
"""Signs, alone between spaces, that no sentence starts with."""
CARELESS = 0.15
"""Share of the paragraphs starting with a small letter from which the writer is taken to use no capitals."""
ADDRESSES = ("http://", "https://", "www.")
HALVES = frozenset({"AM", "PM"})


def number_sentences(content: str, starts: list[int], ends: list[int], blocks: NDArray[np.int32]) -> NDArray[np.int32]:
    """Sentence index of each token, int32 `[n_tokens]`: a new one at each block and after what ends one."""
    size = len(starts)
    first = np.zeros(size, np.int32)
    if not size:
        return first
    first[1:] = blocks[1:] != blocks[:-1]
    finder = _Finder(content, starts, ends, first.tobytes()[:: first.itemsize])
    first[finder.places()] = 1
    return np.cumsum(first, dtype=np.int32)


@dataclass
class _Finder:
    """`breaks[i]` is 1 where token i opens a block."""

    content: str
    starts: list[int]
    ends: list[int]
    breaks: bytes

    def places(self) -> list[int]:
        """Tokens that open a sentence inside a block."""
        content, found, opened = self.content, [], 0
        ends_one = STOPS | {sign[0] for sign in (*ADDRESSES, *HALVES, *self._faces) if sign in content}
        for index, start in enumerate(self.starts[:-1]):
            if self.breaks[index]:
                opened = index
            if content[start] in ends_one:
                after = self._after(index, opened)
                if after < len(self.starts) and not self.breaks[after] and after > opened:
                    found.append(after)
                    opened = after
        return found

    def _after(self, index: int, opened: int) -> int:
        """The token that opens a sentence because of the one at `index`; the text's end if none does."""
        word = self._word(index)
        if STOPS.issuperset(word):
            after = self._past_closers(index + 1)
            ends = self._ends_sentence(index, after) and not self._numbers(opened, index)
        elif word in self._faces:
            after, ends = index + 1, self._spaced(index + 1) and not self._runs_on(index + 1, careful=True)
        elif self._is_address(index):
            after = index + 1
            ends = self._capital(after) or self._is_address(after)
        else:
            after = index + 1
            ends = word in HALVES and ":" in self._word(index - 1) and self._capital(after)
        return after if ends else len(self.starts)

    @cached_property
    def _faces(self) -> frozenset[str]:
        return lexicon("emoticons")

    @cached_property
    def _careless(self) -> bool:
        """Does this writer start sentences with small letters?"""
        initials = [self.content[self.starts[0]]]
        initials += [self.content[s] for s, opens in zip(self.starts, self.breaks, strict=True) if opens]
        return sum(map(str.islower, initials)) >= CARELESS * len(initials)

    def _word(self, index: int) -> str:
        return self.content[self.starts[index] : self.ends[index]]

    def _initial(self, index: int) -> str:
        return self.content[self.starts[index]]

    def _capital(self, index: int) -> bool:
        return index < len(self.starts) and self._initial(index).isupper()

    def _is_address(self, index: int) -> bool:
        return index < len(self.starts) and self.content.startswith(ADDRESSES, self.starts[index])

    def _spaced(self, index: int) -> bool:
        return index < len(self.starts) and self.starts[index] > self.ends[index - 1]

    def _past_closers(self, index: int) -> int:
        """First token past the marks that close at the full stop, a bracket, a face, a footnote's number."""
        while length := self._closing(index):
            index += length
        return index

    def _closing(self, index: int) -> int:
        """How many tokens from `index` still belong to the sentence that has just ended."""
        if index >= len(self.starts) or self.breaks[index]:
            return 0
        sign = self._initial(index)
        if sign in CLOSERS and (sign in BRACKETS or not self._spaced(index)):
            return 1
        if sign == "[" and index + 2 < len(self.starts) and self._word(index + 1).isdigit():
            return 3 if self._initial(index + 2) == "]" else 0
        return int(self._word(index) in self._faces)

    def _ends_sentence(self, index: int, after: int) -> bool:
        """Is the stop at `index` the end of a sentence, the next one starting at `after`?"""
        if after >= len(self.starts):
            return False
        if not self._spaced(after):
            return after == index + 1 and self._glued(index)
        return not self._runs_on(after, careful=after > index + 1 or not self._stops_small(index))

    def _glued(self, index: int) -> bool:
        """ "the end.Then": a space forgotten."""
        before, after = self._word(index - 1), self._word(index + 1)
        return self._word(index) == "." and before[-1].islower() and after[:1].isupper() and after[1:2].islower()

    def _stops_small(self, index: int) -> bool:
        """May a small letter follow? After a full stop it may (not after ". . ."), after "Oh!" only of the careless."""
        word = self._word(index)
        return (word == "." and not (index and self._word(index - 1) == ".")) or (self._careless and word[0] in "!?")

    def _runs_on(self, index: int, careful: bool) -> bool:
        """Does the sentence go on at `index`: with a small letter, if `careful`, or a sign?"""
        if self._word(index) in RUN_ON:
            return True
        while self._initial(index) in OPENERS and index + 1 < len(self.starts):
            index += 1
        return careful and self._initial(index).islower()

    def _numbers(self, opened: int, index: int) -> bool:
        """The number of a list's item: "1. Buy bread"."""
        return index == opened + 1 and self._word(opened).isdigit()
