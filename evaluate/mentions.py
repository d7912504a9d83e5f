"""Which words mean somebody or something: exact nested span and type.

LitBank has six types and a Book five kinds: FAC, GPE and LOC all are "place", and people and groups all
are PER, so types are compared after joining these, and figures for six types apart aren't comparable with
these. LitBank's entity layer, which the published entity figures are about, has no pronouns: compare
"names and nouns".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from evaluate.case import Case
from evaluate.spans import scores
from personae.book import FORMS, Book

CORPORA = ("litbank", "gum", "scenes")
PROTOCOLS = ("none",)
TYPES = {"group": "person"}
NARROWER = {"all": FORMS, "names and nouns": ("name", "noun"), **{form: (form,) for form in FORMS}}
Found = set[tuple[int, int, str]]


def measure(case: Case) -> Counter[tuple[str, str]]:
    """How many mentions are in gold, predicted, and both, by (which mentions, which side)."""
    counts: Counter[tuple[str, str]] = Counter()
    for which, forms in NARROWER.items():
        gold, predicted = _found(case.gold, forms), _found(case.predicted, forms)
        counts += _counts(which, gold, predicted)
    people = [
        {mention for mention in _found(b, FORMS) if mention[2] == "person"}
        for b in (case.gold, case.predicted)
    ]
    return counts + _counts("people", *people)


def figures(measured: Sequence[Counter[tuple[str, str]]]) -> dict[str, float]:
    """P, R and F1 of all mentions, of some forms, and of people in any form."""
    total = sum(measured, Counter())
    found: dict[str, float] = {}
    for which in (*NARROWER, "people"):
        found |= scores(which, *(total[which, side] for side in ("both", "gold", "predicted")))
    return found


def _found(book: Book, forms: Iterable[str]) -> Found:
    return {(m.start, m.end, TYPES.get(m.kind, m.kind)) for m in book.mentions if m.form in forms}


def _counts(which: str, gold: Found, predicted: Found) -> Counter[tuple[str, str]]:
    sizes = {"gold": len(gold), "predicted": len(predicted), "both": len(gold & predicted)}
    return Counter({(which, side): size for side, size in sizes.items()})
