"""The people of a story while it is being read."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from personae import lexicons
from personae.annotators.names import Surface
from personae.book import EntityKind

HE, SHE, THEY = "he/him", "she/her", "they/them"
GENDERS = {"he": HE, "she": SHE, "it": "it/its"}
"""What the lexicons say of a word, as a pronoun set."""


Votes = defaultdict[str, float]
"""Weight of the evidence for each pronoun set."""


@dataclass(slots=True)
class Person:
    """Somebody (or, by `kind`, something) while the story is being read; becomes an Entity at the end.

    `votes` counts evidence for each pronoun set; `fixed` is the set a cast gives.
    """

    id: int
    kind: EntityKind
    name: str
    names: Counter[str] = field(default_factory=Counter)
    given: set[str] = field(default_factory=set)
    family: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    votes: Votes = field(default_factory=lambda: defaultdict(float))
    fixed: str | None = None
    cast: int | None = None
    narrator: bool = False
    plural: bool = False
    known: str | None = None
    """`pronouns` as last settled; asking this costs nothing."""

    @property
    def named(self) -> bool:
        """Has the story a given or family name for them?"""
        return bool(self.given or self.family)

    def settle(self) -> None:
        """Take the votes counted so far into `known`."""
        self.known = self.pronouns

    @property
    def pronouns(self) -> str | None:
        """The set that evidence favours two to one; None while it is open."""
        if self.fixed:
            return self.fixed
        ranked = sorted(self.votes.items(), key=lambda pair: -pair[1])[:2]
        if not ranked or ranked[0][1] <= 0:
            return None
        return ranked[0][0] if len(ranked) == 1 or ranked[0][1] >= 1.5 * ranked[1][1] else None

    def might_be(self, pronouns: str) -> bool:
        """May this pronoun set mean them, for all we know?"""
        known = self.known
        if known is None:
            return pronouns != "it/its"
        return known == pronouns or (pronouns == THEY and self.plural)


@dataclass(slots=True)
class People:
    """Everybody found so far, and who bears which surface."""

    everyone: list[Person] = field(default_factory=list)
    bearers: dict[Surface, int] = field(default_factory=dict)
    cast_given: bool = False
    nouns: dict[str, int] = field(default_factory=dict)
    """Lower-case noun phrase without its determiner, from the cast's aliases ("waiter") to a person."""

    def settle(self) -> None:
        """Fix everybody's pronouns by the votes counted so far."""
        for person in self.everyone:
            person.settle()

    def merge(self, one: int, into: int) -> None:
        """`one` was the same person as `into` all along."""
        gone, kept = self.everyone[one], self.everyone[into]
        kept.names += gone.names
        kept.given |= gone.given
        kept.family |= gone.family
        kept.titles |= gone.titles
        for pronouns, weight in gone.votes.items():
            kept.votes[pronouns] += weight
        kept.settle()
        self.bearers.update({k: into for k, v in self.bearers.items() if v == one})
        self.nouns.update({k: into for k, v in self.nouns.items() if v == one})

    def add(self, kind: EntityKind, name: str) -> Person:
        person = Person(len(self.everyone), kind, name)
        self.everyone.append(person)
        return person


def titled(people: People) -> dict[str, list[int]]:
    """Lower-case title, spelled out, to the people who bear it."""
    found: dict[str, list[int]] = {}
    for person in people.everyone:
        for title in sorted(person.titles & lexicons.table("titles").keys()):
            low = title.lower().rstrip(".")
            found.setdefault(lexicons.table("spelled_titles").get(low, low), []).append(person.id)
    return found


def relatives(people: People) -> dict[str, list[int]]:
    """Relation to the people who go by a family's name for it ("mother" to Mum)."""
    table = lexicons.table("kin_names")
    found: dict[str, list[int]] = {}
    for person in people.everyone:
        relation = table.get(person.name.lower())
        if relation and person.kind == "person":
            found.setdefault(relation, []).append(person.id)
    return found
