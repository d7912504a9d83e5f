"""Whom each he, she, they, I, we and you means.

A gold pronoun is right if the predicted mention with exactly its span means the same person, or for
several people exactly the same set. With nothing given, predicted people are mapped one-to-one to gold
ones so that most mentions agree. In GAP there are two names and nobody else: there a pronoun is right if
it shares its entity with the mention found at the right name, or with neither where it means neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluate.case import Case
from evaluate.meaning import meaning
from evaluate.spans import half_matches
from personae.book import Book, Mention, Span

CORPORA = ("scenes", "gap")
PROTOCOLS = ("none", "given")

FORMS = {
    "he": ("he", "him", "his", "himself"),
    "she": ("she", "her", "hers", "herself"),
    "they": ("they", "them", "their", "theirs", "themself", "themselves"),
    "I": ("i", "me", "my", "mine", "myself"),
    "we": ("we", "us", "our", "ours", "ourselves"),
    "you": ("you", "your", "yours", "yourself", "yourselves"),
}
CLASSES = {form: name for name, forms in FORMS.items() for form in forms}


@dataclass(frozen=True, slots=True)
class Resolved:
    """One gold pronoun; `type` is its class, `gold` and `predicted` whom it means."""

    span: Span
    type: str
    gold: str
    predicted: str
    several: bool
    right: bool


@dataclass(frozen=True)
class Measured:
    """A document's pronouns, and its text for reading the wrong ones."""

    document: str
    text: str
    pronouns: tuple[Resolved, ...]


def measure(case: Case) -> Measured:
    """Compare every gold pronoun with the mention predicted in its place."""
    resolved = _between_names(case) if case.corpus == "gap" else _among_people(case)
    return Measured(case.document, case.gold.text, tuple(resolved))


def figures(measured: Sequence[Measured]) -> dict[str, float]:
    """Percentages right over all documents, by class; "he and she" leaves out those of several people."""
    pronouns = [p for document in measured for p in document.pronouns]
    third = [p for p in pronouns if p.type in ("he", "she")]
    by_class = {name: [p for p in pronouns if p.type == name] for name in (*FORMS, "other")}
    several = [p for p in pronouns if p.several]
    groups = {"all": pronouns, "he and she": third, **by_class, "several people": several}
    return {name: _share(own) for name, own in groups.items() if own} | {"pronouns": len(pronouns)}


def class_of(words: str) -> str:
    """The class of a pronoun's form; "other" for xe, ze, it, who, …"""
    return CLASSES.get(words.casefold(), "other")


def _share(pronouns: Sequence[Resolved]) -> float:
    return 100 * sum(p.right for p in pronouns) / len(pronouns)


def _among_people(case: Case) -> Iterator[Resolved]:
    predicted = _by_span(case.predicted)
    people = meaning(case, _links(case))
    for mention in case.gold.mentions:
        if mention.form == "pronoun" and mention.entities:
            found = predicted.get((mention.start, mention.end))
            right = found is not None and {people.get(e) for e in found.entities} == set(mention.entities)
            yield _resolved(case, mention, found, right)


def _links(case: Case) -> Iterator[tuple[int, int]]:
    """(predicted, gold) for every mention of one person that both Books have."""
    gold, predicted = _by_span(case.gold), _by_span(case.predicted)
    for ours, theirs in half_matches(list(gold), list(predicted)).items():
        found, meant = predicted[theirs].entities, gold[ours].entities
        if len(found) == len(meant) == 1 and (ours == theirs or gold[ours].form != "pronoun"):
            yield found[0], meant[0]


def _by_span(book: Book) -> dict[Span, Mention]:
    """The first mention of each span, in order."""
    found: dict[Span, Mention] = {}
    for mention in book.mentions:
        found.setdefault((mention.start, mention.end), mention)
    return found


def _between_names(case: Case) -> Iterator[Resolved]:
    predicted = _by_span(case.predicted)
    names = {m.entities[0]: m for m in case.gold.mentions if m.form == "name"}
    at_name = {entity: _entities_at(case.predicted, name) for entity, name in names.items()}
    for mention in case.gold.mentions:
        if mention.form == "pronoun":
            found = predicted.get((mention.start, mention.end))
            means = set(found.entities) if found else set()
            chosen = {entity for entity, there in at_name.items() if means & there}
            yield _resolved(case, mention, found, chosen == set(mention.entities))


def _entities_at(book: Book, name: Mention) -> set[int]:
    """What the predicted mention that overlaps the name most means; the shortest of several."""
    found = [
        (max(name.start, m.start) - min(name.end, m.end), m.end - m.start, m.entities)
        for m in book.mentions
        if m.form != "pronoun" and m.start < name.end and name.start < m.end
    ]
    return set(min(found)[2]) if found else set()


def _resolved(case: Case, mention: Mention, found: Mention | None, right: bool) -> Resolved:
    return Resolved(
        span=(mention.start, mention.end),
        type=class_of(case.gold.text[mention.start : mention.end]),
        gold=_names(case.gold, mention) or "neither",
        predicted="no mention there" if found is None else _names(case.predicted, found) or "unresolved",
        several=len(mention.entities) > 1,
        right=right,
    )


def _names(book: Book, mention: Mention) -> str:
    return " and ".join(book.entities[entity].name for entity in mention.entities)
