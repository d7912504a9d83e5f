"""CoNLL-U, the format of Universal Dependencies: its sentences as one text with tokens and grammar.

The text is rebuilt from the forms and `SpaceAfter=No`; `# newpar` opens a paragraph, two line feeds after the last.
A word that stands for several ("don't") is in the text as it's spelled; the tokens are the syntactic words.
Empty nodes ("8.1") are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np

from gold.layout import GoldError
from personae.book import Grammar, Span, Tokens
from personae.text import Block, BlockKind

Cells = list[str]
"""A word's ten columns: ID FORM LEMMA UPOS XPOS FEATS HEAD DEPREL DEPS MISC."""


@dataclass(frozen=True)
class Parsed:
    """A document; `miscellany` is each token's MISC column, its parts."""

    text: str
    blocks: tuple[Block, ...]
    tokens: Tokens
    grammar: Grammar
    miscellany: tuple[tuple[str, ...], ...]


def read(lines: Iterable[str]) -> Parsed:
    """One document; a sentence is what stands between two blank lines."""
    building = _Building()
    for comments, rows in _sentences(lines):
        for comment in comments:
            building.comment(comment)
        if rows:
            building.sentence(rows)
    return building.done()


def cut(form: str, words: Sequence[str]) -> list[Span]:
    """Which part of a form each of its words is; in proportion to their lengths where they aren't spelled so."""
    if len(form) < len(words):
        raise GoldError(f"{form}: too short to be cut into {len(words)} words")
    total = sum(map(len, words))
    ends = [round(len(form) * length / total) for length in accumulate(map(len, words))]
    borders = [0]
    for number, end in enumerate(ends):
        room = len(form) - (len(words) - number - 1)
        borders.append(min(max(end, borders[-1] + 1), room))
    return list(pairwise(borders))


def _sentences(lines: Iterable[str]) -> Iterator[tuple[list[str], list[Cells]]]:
    """The comments and the words of each sentence."""
    comments: list[str] = []
    rows: list[Cells] = []
    for line in (*lines, ""):
        if line.startswith("#"):
            comments.append(line)
        elif line:
            rows.append(line.split("\t"))
        elif comments or rows:
            yield comments, rows
            comments, rows = [], []


def _units(rows: Sequence[Cells]) -> Iterator[tuple[str, list[Cells], bool]]:
    """What is written as one: its form, its words, and whether a space follows."""
    unit: tuple[str, list[Cells], bool] | None = None
    last = 0
    for cells in rows:
        number, spaced = cells[0], "SpaceAfter=No" not in cells[9].split("|")
        if "-" in number:
            unit, last = (cells[1], [], spaced), int(number.split("-")[1])
        elif number.isdigit():
            if unit is None:
                yield cells[1], [cells], spaced
                continue
            unit[1].append(cells)
            if int(number) == last:
                yield unit
                unit = None


@dataclass
class _Building:
    """A document as it grows, sentence by sentence."""

    pieces: list[str] = field(default_factory=list)
    size: int = 0
    space: str = ""
    blocks: list[Block] = field(default_factory=list)
    places: list[tuple[int, int, int, int]] = field(default_factory=list)
    words: list[Cells] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    sentences: int = 0

    def comment(self, line: str) -> None:
        """`# newpar_block` is GUM's, and says what kind of paragraph has just begun."""
        if line.startswith("# newpar_block"):
            self._kind("heading" if "= head" in line else "paragraph")
        elif line.startswith("# newpar"):
            self._paragraph()

    def sentence(self, rows: Sequence[Cells]) -> None:
        if not self.blocks:
            self._paragraph()
        first = len(self.words)
        for form, words, spaced in _units(rows):
            self._add(self.space)
            for (start, end), cells in zip(cut(form, [w[1] for w in words]), words, strict=True):
                place = self.size + start, self.size + end, self.sentences, len(self.blocks) - 1
                self.places.append(place)
                self.words.append(cells)
                head = int(cells[6]) if cells[6].isdigit() else 0
                self.heads.append(first + head - 1 if head else -1)
            self._add(form)
            self.space = " " if spaced else ""
        self.sentences += 1

    def done(self) -> Parsed:
        self._end_block()
        start, end, sentence, block = np.array(self.places, np.int32).reshape(-1, 4).T.copy()
        miscellany = tuple(tuple(cells[9].split("|")) for cells in self.words)
        tokens = Tokens(start, end, sentence, block)
        return Parsed("".join(self.pieces), tuple(self.blocks), tokens, self._grammar(), miscellany)

    def _grammar(self) -> Grammar:
        _, _, lemma, upos, xpos, _, _, relation, *_ = zip(*self.words, strict=True) if self.words else [()] * 10
        head = np.array(self.heads, np.int32)
        return Grammar(upos, xpos, lemma, head, relation, np.zeros(len(head), np.bool_))

    def _add(self, piece: str) -> None:
        self.pieces.append(piece)
        self.size += len(piece)

    def _paragraph(self) -> None:
        self._end_block()
        self._add("\n\n" if self.blocks else "")
        self.space = ""
        self.blocks.append(Block(self.size, self.size, "paragraph"))

    def _kind(self, kind: BlockKind) -> None:
        self.blocks[-1] = Block(self.blocks[-1].start, self.blocks[-1].end, kind)

    def _end_block(self) -> None:
        if self.blocks:
            self.blocks[-1] = Block(self.blocks[-1].start, self.size, self.blocks[-1].kind)
