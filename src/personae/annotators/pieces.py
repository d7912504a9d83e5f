"""Words cut into wordpieces, and wordpieces into windows that the encoder reads at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from personae.book import Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LOWER, CAPITALISED, UPPER, MIXED = range(4)
"""How a word is cased: the encoder itself reads lower case only."""

QUOTED = 4
"""Added to a word's case where it stands in a quotation. Case and quotation are the encoder's segment."""

SEGMENTS = 8
WINDOW = 384
"""Wordpieces read at once, the two marks at the ends included."""

MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
"""The corpora that the encoder learnt from have straight marks; one way to write them serves both."""

LONGEST = 24
"""Wordpieces of one word beyond which the rest of it is not read (an address, a row of letters)."""


UNKNOWN = 100
"""BERT's [UNK], for a word of which no piece is left (a byte order mark)."""


@dataclass(frozen=True)
class Pieces:
    """Wordpieces of all tokens in a row.

    `ids` and `segments` are int64 `[n_pieces]`; token i has the pieces `[first[i], first[i + 1])`, `first` being
    int64 `[n_tokens + 1]`. Every token has at least one piece.
    """

    ids: NDArray[np.int64]
    segments: NDArray[np.int64]
    first: NDArray[np.int64]


def cut(
    types: Sequence[str], type_ids: NDArray[np.int32], quoted: NDArray[np.bool_], tokenizer: Tokenizer
) -> Pieces:
    """The pieces of every token. `types` are the distinct words, `type_ids` and `quoted` are `[n_tokens]`."""
    encoded = tokenizer.encode_batch([_plain(t) for t in types], add_special_tokens=False)
    of_type = [e.ids[:LONGEST] or [UNKNOWN] for e in encoded]
    lengths = np.array([len(p) for p in of_type], np.int64)
    flat = np.array([i for p in of_type for i in p], np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    first = np.concatenate([[0], np.cumsum(lengths[type_ids])])
    of_token = np.repeat(np.arange(len(type_ids)), lengths[type_ids])
    offset = np.arange(len(of_token)) - first[of_token]
    ids = flat[starts[type_ids[of_token]] + offset]
    cases = np.array([case_of(t) for t in types], np.int64)
    segments = cases[type_ids] + QUOTED * quoted
    return Pieces(ids, segments[of_token], first)


def _plain(word: str) -> str:
    """With straight marks, and "?" for half of a surrogate pair, which the tokenizer can't take."""
    return word.translate(MARKS).encode("utf-8", "replace").decode("utf-8")


def case_of(word: str) -> int:
    """Which of the four ways the word is cased."""
    letters = [c for c in word if c.isalpha()]
    if not letters or not any(c.isupper() for c in letters):
        return LOWER
    if all(c.isupper() for c in letters):
        return UPPER if len(letters) > 1 else CAPITALISED
    return CAPITALISED if letters[0].isupper() and not any(c.isupper() for c in letters[1:]) else MIXED


def windows(first: NDArray[np.int64], sentence: NDArray[np.int32], size: int = WINDOW) -> Iterator[Span]:
    """Token ranges of whole sentences that fit into `size` pieces with the marks; a longer sentence is cut."""
    n_tokens = len(first) - 1
    room = size - 2
    ends = np.flatnonzero(np.diff(sentence)) + 1
    start = 0
    while start < n_tokens:
        fits = int(np.searchsorted(first, first[start] + room, side="right")) - 1
        last = n_tokens
        if fits < n_tokens:
            at = int(np.searchsorted(ends, fits, side="right")) - 1
            last = int(ends[at]) if at >= 0 and ends[at] > start else max(fits, start + 1)
        yield start, last
        start = last
