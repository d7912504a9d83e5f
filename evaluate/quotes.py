"""Which words are spoken: quotes of kind "speech" found against gold ones.

Two spans match by half if they share at least half of the longer one, exactly if they're equal; matching is
one-to-one, the greatest overlap first. PDNC's spans leave out the quotation marks, so there both sides are
compared without marks, dashes and white space at their ends; elsewhere spans compare as they are. An
interrupted speech is several spans in every corpus. PDNC leaves some marked words out of its index (mottoes,
letters, thoughts, and now and then a line of dialogue), which costs precision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evaluate.case import Case
from evaluate.spans import half_matches, scores
from gold.layout import MARKS, trim
from personae.book import Book, Span

CORPORA = ("litbank", "pdnc", "scenes")
PROTOCOLS = ("none",)


@dataclass(frozen=True)
class Measured:
    """A document's counts, and the spans behind them for reading the wrong ones."""

    document: str
    text: str
    gold: int
    predicted: int
    half: int
    exact: int
    other_kind: int
    """Gold spans that only a predicted quote of another kind matches."""
    missed: tuple[Span, ...]
    added: tuple[Span, ...]


def measure(case: Case) -> Measured:
    """Match predicted speech to gold speech."""
    bare = case.corpus == "pdnc"
    gold, predicted = _spans(case.gold, bare), _spans(case.predicted, bare)
    matched = half_matches(gold, predicted)
    missed = tuple(span for span in gold if span not in matched)
    others = _spans(case.predicted, bare, spoken=False)
    return Measured(
        document=case.document,
        text=case.gold.text,
        gold=len(gold),
        predicted=len(predicted),
        half=len(matched),
        exact=sum((Counter(gold) & Counter(predicted)).values()),
        other_kind=len(half_matches(list(missed), others)),
        missed=missed,
        added=tuple(sorted(set(predicted) - set(matched.values()))),
    )


def figures(measured: Sequence[Measured]) -> dict[str, float]:
    """Precision, recall and F1 over the spans of all documents."""
    gold, predicted = sum(m.gold for m in measured), sum(m.predicted for m in measured)
    return {
        **scores("half-overlap", sum(m.half for m in measured), gold, predicted),
        **scores("exact", sum(m.exact for m in measured), gold, predicted),
        "found as another kind": 100 * sum(m.other_kind for m in measured) / max(gold, 1),
        "gold quotes": gold,
        "predicted quotes": predicted,
    }


def _spans(book: Book, bare: bool, *, spoken: bool = True) -> list[Span]:
    spans = [(q.start, q.end) for q in book.quotes if (q.kind == "speech") == spoken]
    return sorted(trim(book.text, *span, MARKS) if bare else span for span in spans)
