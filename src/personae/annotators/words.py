"""The tokens' strings, and what the lexicons say of each: looked up once a word type, not once a token."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from personae import lexicons
from personae.book import Tokens

FUNCTION, SPEECH, STRONG_SPEECH, THOUGHT, PAST_VERB, TITLE, KIN, ROLE = (1 << i for i in range(8))
GROUP, PRONOUN, GIVEN, NOT_NAME, PLACE_WORD, CAPITAL, WORD, WRITTEN = (1 << i for i in range(8, 16))
NAMING, ADVERB, DETERMINER, LOWER = (1 << i for i in range(16, 20))


@dataclass(frozen=True)
class Words:
    """`text[i]` is token i as written, `lower[i]` in lower case with a straight apostrophe; strings are shared.

    `flags` is uint32 `[n_tokens]`, bits as named above; `type_ids` is int32 `[n_tokens]` into `types`.
    """

    text: list[str]
    lower: list[str]
    types: list[str]
    type_ids: NDArray[np.int32]
    flags: NDArray[np.uint32]

    @cached_property
    def flag_list(self) -> list[int]:
        """`flags` as plain ints: a Python loop reads them faster than an array's items."""
        of_type = [0] * len(self.types)
        for number, flag in zip(self.type_ids.tolist(), self.flags.tolist(), strict=True):
            of_type[number] = flag
        return [of_type[i] for i in self.type_ids.tolist()]

    def where(self, mask: int) -> list[int]:
        """Indexes of the tokens with any bit of `mask`."""
        result: list[int] = np.flatnonzero(self.flags & mask).tolist()
        return result


def look_up(content: str, tokens: Tokens) -> Words:
    """Cut the tokens out of `content` and flag them by the lexicons."""
    ids: dict[str, int] = {}
    type_ids = np.fromiter(
        (
            ids.setdefault(content[s:e], len(ids))
            for s, e in zip(tokens.start.tolist(), tokens.end.tolist(), strict=True)
        ),
        np.int32,
        len(tokens),
    )
    types = list(ids)
    shared: dict[str, str] = {}
    lowered = [shared.setdefault(low, low) for low in (t.lower().replace("’", "'") for t in types)]
    flags = np.array([_flags(word, low) for word, low in zip(types, lowered, strict=True)], np.uint32)
    columns = type_ids.tolist()
    return Words(
        [types[i] for i in columns],
        [lowered[i] for i in columns],
        types,
        type_ids,
        flags[type_ids] if len(types) else np.zeros(0, np.uint32),
    )


def _flags(word: str, low: str) -> int:
    flags = _lexicon_flags(low) | (TITLE if word in lexicons.table("titles") else 0)
    if not (word[0].isalpha() or (word[0] in "'’" and len(word) > 1)):
        return flags & ~WORD
    flags |= WORD
    if word in lexicons.words("not_names"):
        flags |= NOT_NAME
    if word[0].isupper():
        flags |= CAPITAL | (GIVEN if word in lexicons.table("given_names") else 0)
        flags |= PLACE_WORD if word in lexicons.words("place_words") else 0
    else:
        flags |= LOWER
    return flags


def _lexicon_flags(low: str) -> int:
    flags = 0
    for bit, members in _sets():
        if low in members:
            flags |= bit
    if len(low) > 3 and low.endswith("ed"):
        flags |= PAST_VERB
    if len(low) > 4 and low.endswith("ly"):
        flags |= ADVERB
    return flags


@cache
def _sets() -> list[tuple[int, frozenset[str] | dict[str, str]]]:
    return [
        (FUNCTION, lexicons.words("function_words")),
        (SPEECH, lexicons.words("speech_verbs")),
        (STRONG_SPEECH, lexicons.words("strong_speech_verbs")),
        (THOUGHT, lexicons.words("thought_verbs")),
        (PAST_VERB, lexicons.words("past_verbs")),
        (KIN, lexicons.table("kinship")),
        (ROLE, lexicons.table("roles")),
        (GROUP, lexicons.words("group_nouns")),
        (PRONOUN, pronoun_sets()),
        (WRITTEN, lexicons.words("written_cues")),
        (NAMING, lexicons.words("naming_cues")),
        (DETERMINER, lexicons.words("determiners")),
    ]


@cache
def pronoun_sets() -> dict[str, str]:
    """Lower-case pronoun to its set ("he/him", "I", …)."""
    table = lexicons.table("pronouns")
    return {**table, **{w.lower(): s for w, s in table.items()}}
