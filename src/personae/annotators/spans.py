"""From the encoder's spans to mentions: six types of things, each a name, a noun or a pronoun."""

from __future__ import annotations

from dataclasses import dataclass

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
