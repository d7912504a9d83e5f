"""Relatives given the names they go by: "Lucy's mother" is Mrs. Honeychurch.

A relation and whose it is describe one person all through a story. Who it is shows in a family name that both bear, in
a title that fits the relation, and in who is named wherever the words stand.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from personae.annotators.mentions import Candidate
from personae.annotators.people import GENDERS, People, Person
from personae.annotators.whereabouts import Whereabouts
from personae.book import Tokens
from personae.lexicons import table

BEFORE, AFTER = 500, 200
"""Tokens around the words within which the relative is named, if they are about."""
FAMILY, TITLE, TOGETHER = 0.6, 0.4, 1.0
"""What a shared family name and a fitting title add to the share of places where somebody is named; what being named
in the same sentence takes from it."""
ENOUGH, MARGIN = 1.1, 0.3
"""The score that somebody needs, and how far ahead of the next they must be. Chosen on PDNC train, as those above."""


@dataclass
class _Relation:
    """Somebody's mother: the places where she is called so, and the described people made of that."""

    owner: int
    noun: str
    places: list[tuple[int, int]] = field(default_factory=list)
    """Tokens and sentences."""
    described: set[int] = field(default_factory=set)


def find_relatives(mentions: list[Candidate], people: People, tokens: Tokens) -> dict[int, int]:
    """Described person to named person, where one fits clearly best."""
    names = [m for m in mentions if m.form == "name" and m.person >= 0 and people.everyone[m.person].kind == "person"]
    whereabouts = Whereabouts(names)
    together = {(m.person, int(tokens.sentence[m.first])) for m in names}
    ranked = []
    for relation in _relations(mentions, people, tokens):
        scores = _scores(relation, people, whereabouts, together)
        if scores:
            second = scores[1][0] if len(scores) > 1 else 0.0
            ranked.append((scores[0][0], scores[0][0] - second, scores[0][1], relation))
    found: dict[int, int] = {}
    taken: set[tuple[int, int]] = set()
    for score, margin, person, relation in sorted(ranked, key=lambda row: (-row[0], row[2])):
        if score < ENOUGH or margin < MARGIN or (relation.owner, person) in taken:
            continue
        taken.add((relation.owner, person))
        found.update(dict.fromkeys(sorted(relation.described), person))
    return found


def _relations(mentions: list[Candidate], people: People, tokens: Tokens) -> list[_Relation]:
    kinship = table("kinship")
    found: dict[tuple[int, str], _Relation] = {}
    for mention in mentions:
        if mention.form != "noun" or mention.possessor < 0 or mention.person < 0 or mention.plural:
            continue
        owner = mentions[mention.possessor].person
        person = people.everyone[mention.person]
        if owner < 0 or mention.word not in kinship or person.named or person.cast is not None or person.narrator:
            continue
        relation = found.setdefault((owner, mention.word), _Relation(owner, mention.word))
        relation.places.append((mention.first, int(tokens.sentence[mention.first])))
        relation.described.add(person.id)
    return list(found.values())


def _scores(
    relation: _Relation, people: People, whereabouts: Whereabouts, together: set[tuple[int, int]]
) -> list[tuple[float, int]]:  # fmt: skip
    """Everybody whom the relation may mean, the likeliest first; `together` are people and sentences naming them."""
    gender = GENDERS.get(table("kinship")[relation.noun])
    owner, size = people.everyone[relation.owner], len(relation.places)
    near = Counter(p for token, _ in relation.places for p in whereabouts.within(token - BEFORE, token + AFTER))
    found = []
    for number, times in near.items():
        person = people.everyone[number]
        if number == relation.owner or (gender and person.known != gender):
            continue
        beside = sum((number, sentence) in together for _, sentence in relation.places)
        found.append((times / size - TOGETHER * beside / size + _kin(relation.noun, owner, person), number))
    return sorted(found, key=lambda row: (-row[0], row[1]))


def _kin(noun: str, owner: Person, person: Person) -> float:
    """How well the names fit the relation."""
    lines = table("kin_titles")
    family = noun in lines and bool(owner.family & person.family)
    titled = noun in lines and any(lines.get(title) == lines[noun] for title in person.titles)
    return FAMILY * family + TITLE * titled
