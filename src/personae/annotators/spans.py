"""From the encoder's spans to mentions: six types of things, each a name, a noun or a pronoun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from personae.book import EntityKind, Form

CERTAIN = 0.5
"""Chance from which a span is a mention."""

TYPES = ("PER", "FAC", "GPE", "LOC", "VEH", "ORG")
KINDS: dict[str, EntityKind] = {
    "PER": "person", "FAC": "place", "GPE": "place", "LOC": "place", "VEH": "vehicle", "ORG": "organization",
}  # fmt: skip
FORMS: tuple[Form, ...] = ("name", "noun", "pronoun")


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `[first, last)` that mean something; `head` is the token that carries the phrase."""

    first: int
    last: int
    head: int
    type: str
    form: Form
    chance: float


def likely(
    opening: NDArray[np.float32], closing: NDArray[np.float32], sentence: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:  # fmt: skip
    """First and last word of every span that is a mention, how likely it is one, and its likeliest class: `[m]` each.

    A span's scores are its first word's `opening` `[n, (1 + classes) * w]` by its last word's `closing` `[n, w]`, no
    mention first (biaffine: Yu, Bohnet and Poesio 2020). Only words of one `sentence` are held against each other.
    """
    width = closing.shape[1]
    # what its best class must have over no mention: if all were as good, it would just be likely enough
    least = np.log(CERTAIN / (1 - CERTAIN) * width / opening.shape[1])
    found = []
    for start, end in sentences(sentence):
        size = end - start
        scores = (opening[start:end].reshape(-1, width) @ closing[start:end].T).reshape(size, -1, size)
        first, last = np.nonzero(scores[:, 1:].max(1) - scores[:, 0] > least)
        first, last = first[first <= last], last[first <= last]
        found.append((first + start, last + start, scores[first, :, last]))
    first, last, scores = (np.concatenate(column) for column in zip(*found, strict=True))
    raised = np.exp(scores - scores.max(1, keepdims=True))
    chance = 1 - raised[:, 0] / raised.sum(1)
    sure = chance >= CERTAIN
    return first[sure], last[sure], chance[sure], scores[sure, 1:].argmax(1)


def sentences(sentence: NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """The words `[first, last)` of each sentence, of at least one word."""
    return pairwise((0, *(np.flatnonzero(np.diff(sentence)) + 1).tolist(), len(sentence)))


def choose(
    first: NDArray[np.int64], last: NDArray[np.int64], chance: NDArray[np.float32], certain: float = CERTAIN
) -> list[int]:
    """Which spans are mentions, an outer one before the inner; of two that cross, the likelier stays."""
    order = np.lexsort((-last, first))
    kept: list[int] = []
    for number in order[chance[order] >= certain].tolist():
        crossing = [o for o in kept[-30:] if first[o] < first[number] < last[o] < last[number]]
        if all(chance[o] < chance[number] for o in crossing):
            kept = [o for o in kept if o not in crossing] if crossing else kept
            kept.append(number)
    return kept


def span_of(first: int, last: int, head: int, kind: int, chance: float) -> Span:
    """`kind` is the class that the encoder names, TYPES times FORMS."""
    type, form = divmod(kind, len(FORMS))
    return Span(first, last, head, TYPES[type], FORMS[form], chance)


def head_of(first: int, last: int, heads: list[int]) -> int:
    """The first token of the span that hangs on a token outside it."""
    for token in range(first, last):
        if not first <= heads[token] < last:
            return token
    return last - 1
