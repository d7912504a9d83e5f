"""The tokens' strings, and what the lexicons say of each: looked up once a word type, not once a token."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from personae import lexicons
from personae.book import Span, Tokens

FUNCTION, SPEECH, STRONG_SPEECH, THOUGHT, PAST_VERB, TITLE, KIN, ROLE = (1 << i for i in range(8))
GROUP, PRONOUN, GIVEN, NOT_NAME, PLACE_WORD, CAPITAL, WORD, WRITTEN = (1 << i for i in range(8, 16))
NAMING, ADVERB, DETERMINER, LOWER, JOINED = (1 << i for i in range(16, 21))

HYPHENS = frozenset("-‐‑")


@dataclass(frozen=True)
class Words:
    """`text[i]` is token i as written, `lower[i]` in lower case with a straight apostrophe; strings are shared.

    `flags` is uint32 `[n_tokens]`, bits as named above; `type_ids` is int32 `[n_tokens]` into `types`.
    Of words that hyphens join ("red" "-" "haired"), the last has what the lexicons say of all together, the others
    say only that they are words; all but the first are JOINED.
    """

    text: list[str]
    lower: list[str]
    types: list[str]
    type_ids: NDArray[np.int32]
    flags: NDArray[np.uint32]

    @cached_property
    def flag_list(self) -> list[int]:
        """`flags` as plain ints: a Python loop reads them faster than an array's items; equal ones are shared."""
        shared: dict[int, int] = {}
        return [shared.setdefault(flag, flag) for flag in self.flags.tolist()]

    def where(self, mask: int) -> list[int]:
        """Indexes of the tokens with any bit of `mask`."""
        result: list[int] = np.flatnonzero(self.flags & mask).tolist()
        return result

    def compound(self, index: int) -> str:
        """The token, with what hyphens join to it before it."""
        first = index
        while self.flag_list[first] & JOINED:
            first -= 1
        return "".join(self.text[first : index + 1])


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
    text = [types[i] for i in columns]
    of_token = flags[type_ids] if len(types) else np.zeros(0, np.uint32)
    _flag_compounds(text, tokens, of_token)
    return Words(text, [lowered[i] for i in columns], types, type_ids, of_token)


def _flag_compounds(text: list[str], tokens: Tokens, flags: NDArray[np.uint32]) -> None:
    """Flag words that hyphens join as one word. `flags` is uint32 `[n_tokens]` and is changed."""
    for first, last in _compounds(text, tokens):
        whole = "".join(text[first:last])
        of_whole = _flags(whole, whole.lower().replace("’", "'"))
        flags[first : last - 1] = WORD
        flags[first] |= of_whole & (CAPITAL | LOWER)
        flags[last - 1] = of_whole | WORD
        flags[first + 1 : last] |= JOINED


def _compounds(text: list[str], tokens: Tokens) -> list[Span]:
    """Tokens `[first, last)` of each run of words with a hyphen, and no space, between them."""
    touches = (tokens.start[1:] == tokens.end[:-1]).data
    found: list[Span] = []
    for hyphen, sign in enumerate(text):
        if sign not in HYPHENS or not 0 < hyphen < len(text) - 1 or not (touches[hyphen - 1] and touches[hyphen]):
            continue
        if not text[hyphen - 1][-1].isalnum() or not text[hyphen + 1][0].isalnum():
            continue
        if found and found[-1][1] == hyphen:
            found[-1] = found[-1][0], hyphen + 2
        else:
            found.append((hyphen - 1, hyphen + 2))
    return found


def joined(tokens: Tokens, words: Words) -> tuple[Tokens, Words, NDArray[np.int64]]:
    """The same with what hyphens join as one token; and the first of its parts for each, int64, with the end last."""
    first = np.flatnonzero((words.flags & JOINED) == 0)
    borders = np.append(first, len(tokens))
    if len(first) == len(tokens):
        return tokens, words, borders
    ends = borders[1:]
    flags = words.flags[ends - 1] & ~np.uint32(JOINED)
    text, lower = ([column[i] for i in first.tolist()] for column in (words.text, words.lower))
    type_ids = words.type_ids[first]
    types = list(words.types)
    ids = {word: number for number, word in enumerate(types)}
    for unit in np.flatnonzero(ends - first > 1).tolist():
        parts = slice(int(first[unit]), int(ends[unit]))
        text[unit], lower[unit] = "".join(words.text[parts]), "".join(words.lower[parts])
        type_ids[unit] = ids.setdefault(text[unit], len(ids))
    whole = Tokens(tokens.start[first], tokens.end[ends - 1], tokens.sentence[first], tokens.block[first])
    return whole, Words(text, lower, list(ids), type_ids, flags), borders


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
