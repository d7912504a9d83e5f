"""Which words say that something happens: events of asserted realis, as LitBank marks them, a token each.

LitBank is run on its own tokens. The published figures (Sims, Park and Bamman, ACL 2019; BookNLP) are the same
measure: precision, recall and F1 of single words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluate.case import Case
from evaluate.spans import scores
from personae.book import Book, Span

CORPORA = ("litbank",)
PROTOCOLS = ("none",)


@dataclass(frozen=True)
class Measured:
    """A document's counts, and the words behind them for reading the wrong ones."""

    document: str
    text: str
    gold: int
    predicted: int
    missed: tuple[Span, ...]
    added: tuple[Span, ...]


def measure(case: Case) -> Measured:
    """Compare the words that are events, by their place in the text."""
    gold, predicted = _events(case.gold), _events(case.predicted)
    return Measured(
        document=case.document,
        text=case.gold.text,
        gold=len(gold),
        predicted=len(predicted),
        missed=tuple(sorted(gold - predicted)),
        added=tuple(sorted(predicted - gold)),
    )


def figures(measured: Sequence[Measured]) -> dict[str, float]:
    """Precision, recall and F1 over the events of all documents."""
    gold, predicted = sum(m.gold for m in measured), sum(m.predicted for m in measured)
    right = gold - sum(len(m.missed) for m in measured)
    counts = {"gold events": gold, "predicted events": predicted}
    return {**scores("events", right, gold, predicted), **counts}


def _events(book: Book) -> set[Span]:
    places = np.flatnonzero(book.grammar.event)
    return set(zip(book.tokens.start[places].tolist(), book.tokens.end[places].tolist(), strict=True))
