"""Which words mean somebody or something: exact nested span and kind, and exact nested span and type.

LitBank has six types (PER FAC GPE LOC VEH ORG) and a Book five kinds: FAC, GPE and LOC all are "place", and people
and groups all are PER. "Six types" compares LitBank's own with `Mention.type`; a mention without one has the type
that its kind can only be, a place none. The other figures compare kinds, people and groups joined, and are
higher. LitBank's entity layer, which the published entity figures are about, has no pronouns: compare "six types,
names and nouns".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluate.case import Case
from evaluate.spans import scores
from personae.book import FORMS, Book, Mention

CORPORA = ("litbank", "gum", "scenes")
PROTOCOLS = ("none",)
KINDS = {"group": "person"}
TYPES = ("PER", "FAC", "GPE", "LOC", "VEH", "ORG")
TYPE_OF = {"person": "PER", "group": "PER", "vehicle": "VEH", "organization": "ORG"}
"""The one type of a kind; a place may be FAC, GPE or LOC."""

NAMED = ("name", "noun")
NARROWER = {"all": FORMS, "names and nouns": NAMED, **{form: (form,) for form in FORMS}}
SIX = {"six types": FORMS, "six types, names and nouns": NAMED}
Found = set[tuple[int, int, str]]
Counts = Counter[tuple[str, str]]
"""How many mentions, by (which mentions, which side)."""


@dataclass(frozen=True)
class Measured:
    """A document's counts, and what is behind them: with its type where gold has types, else with its kind."""

    document: str
    text: str
    counts: Counts
    missed: tuple[tuple[int, int, str], ...]
    added: tuple[tuple[int, int, str], ...]


def measure(case: Case) -> Measured:
    """How many mentions are in gold, predicted, and both."""
    typed = any(mention.type for mention in case.gold.mentions)
    counts = _by_kind(case.gold, case.predicted)
    if typed:
        counts += _by_type(case.gold, case.predicted)
    found = _typed if typed else _found
    gold, predicted = found(case.gold, FORMS), found(case.predicted, FORMS)
    missed, added = tuple(sorted(gold - predicted)), tuple(sorted(predicted - gold))
    return Measured(case.document, case.gold.text, counts, missed, added)


def figures(measured: Sequence[Measured]) -> dict[str, float]:
    """P, R and F1 of all mentions, of some forms, of people in any form; of six types where gold has them."""
    total: Counts = sum((m.counts for m in measured), Counter())
    typed = [which for which in SIX if total[which, "gold"]]
    found: dict[str, float] = {}
    for which in (*NARROWER, "people", *typed):
        found |= _scores(which, total)
    return found | {f"{type_} F1": _scores(type_, total)[f"{type_} F1"] for type_ in TYPES if typed}


def _by_kind(gold: Book, predicted: Book) -> Counts:
    counts: Counts = Counter()
    for which, forms in NARROWER.items():
        counts += _counts(which, _found(gold, forms), _found(predicted, forms))
    people = ({found for found in _found(book, FORMS) if found[2] == "person"} for book in (gold, predicted))
    return counts + _counts("people", *people)


def _by_type(gold: Book, predicted: Book) -> Counts:
    counts: Counts = Counter()
    for which, forms in SIX.items():
        counts += _counts(which, _typed(gold, forms), _typed(predicted, forms))
    for type_ in TYPES:
        own, other = ({found for found in _typed(book, FORMS) if found[2] == type_} for book in (gold, predicted))
        counts += _counts(type_, own, other)
    return counts


def _found(book: Book, forms: Iterable[str]) -> Found:
    return {(m.start, m.end, KINDS.get(m.kind, m.kind)) for m in book.mentions if m.form in forms}


def _typed(book: Book, forms: Iterable[str]) -> Found:
    return {(m.start, m.end, _type(m)) for m in book.mentions if m.form in forms}


def _type(mention: Mention) -> str:
    return mention.type or TYPE_OF.get(mention.kind, mention.kind)


def _scores(which: str, total: Counts) -> dict[str, float]:
    return scores(which, *(total[which, side] for side in ("both", "gold", "predicted")))


def _counts(which: str, gold: Found, predicted: Found) -> Counts:
    sizes = {"gold": len(gold), "predicted": len(predicted), "both": len(gold & predicted)}
    return Counter({(which, side): size for side, size in sizes.items()})
