"""What kind of thing words mean: exact span and WordNet category, on SemCor.

SemCor is run on its own tokens, since its text is given tokenised and what it takes for one unit ("took place") no
tokeniser could know; finding which words are a unit is part of the task. Where a document has categories of verbs
only, only verbs count on either side. Published figures are about the 41 categories of nouns and verbs
(Ciaramita and Altun, EMNLP 2006): compare "nouns and verbs".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evaluate.case import Case
from evaluate.spans import scores
from gold import semcor
from personae.book import Book, Span

CORPORA = ("semcor",)
PROTOCOLS = ("none",)
WHICH = {
    "nouns and verbs": ("noun.", "verb."),
    "nouns": ("noun.",),
    "verbs": ("verb.",),
    "all": ("noun.", "verb.", "adj.", "adv."),
}
Found = tuple[int, int, str]


@dataclass(frozen=True)
class Measured:
    """A document's counts by (which categories, which side), and what is behind them."""

    document: str
    text: str
    counts: Counter[tuple[str, str]]
    missed: tuple[Found, ...]
    added: tuple[Found, ...]


def measure(case: Case) -> Measured:
    """How many supersenses are in gold, predicted and both, and how many spans are in both."""
    verbs_only = semcor.verbs_only(case.gold)
    gold, predicted = (_found(book, verbs_only) for book in (case.gold, case.predicted))
    counts: Counter[tuple[str, str]] = Counter()
    for which, starts in WHICH.items():
        own, other = ({f for f in found if f[2].startswith(starts)} for found in (gold, predicted))
        sizes = {"gold": len(own), "predicted": len(other), "both": len(own & other)}
        sizes["spans"] = len(_spans(own) & _spans(other))
        counts.update({(which, side): size for side, size in sizes.items()})
    missed, added = tuple(sorted(gold - predicted)), tuple(sorted(predicted - gold))
    return Measured(case.document, case.gold.text, counts, missed, added)


def figures(measured: Sequence[Measured]) -> dict[str, float]:
    """P, R and F1, and of the spans that both have the share with the right category."""
    total: Counter[tuple[str, str]] = sum((m.counts for m in measured), Counter())
    found: dict[str, float] = {}
    for which in WHICH:
        found |= scores(which, *(total[which, side] for side in ("both", "gold", "predicted")))
        found[f"{which}, right where found"] = 100 * total[which, "both"] / max(total[which, "spans"], 1)
    return found


def _found(book: Book, verbs_only: bool) -> set[Found]:
    """The supersenses; where verbs alone are marked in gold, those of verbs."""
    wanted = WHICH["verbs" if verbs_only else "all"]
    return {(s.start, s.end, s.category) for s in book.supersenses if s.category.startswith(wanted)}


def _spans(found: set[Found]) -> set[Span]:
    return {(start, end) for start, end, _ in found}
