"""Relatives given the names they go by: "Lucy's mother" is Mrs. Honeychurch.

A relation and whose it is describe one person all through a story. Who it is shows in a family name that both bear, in
a title that fits the relation, and in who is named wherever the words stand.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

from personae.annotators.mentions import Candidate
from personae.annotators.people import People, Person
from personae.book import Tokens
from personae.lexicons import table

BEFORE, AFTER = 500, 200
"""Tokens around the words within which the relative is named, if they are about."""
FAMILY, TITLE, TOGETHER = 0.6, 0.4, 1.0
"""What a shared family name and a fitting title add to the share of places where somebody is named; what being named
in the same sentence takes from it."""
ENOUGH, MARGIN = 1.1, 0.3
"""The score that somebody needs, and how far ahead of the next they must be. Chosen on PDNC train, as those above."""
MARRIED = frozenset({"mother", "wife", "aunt", "grandmother", "mother-in-law", "mamma", "mama"})
ELDER = frozenset({"father", "husband", "uncle", "grandfather", "father-in-law", "papa"})
UNMARRIED = frozenset({"sister", "daughter", "niece"})
TITLES = (
    (MARRIED, frozenset({"Mrs", "Mrs.", "Lady", "Madame", "Mme", "Mme.", "Frau", "Signora", "Aunt", "Grandmother"})),
    (ELDER, frozenset({"Mr", "Mr.", "Sir", "Lord", "Monsieur", "M.", "Herr", "Signor", "Uncle", "Grandfather"})),
    (UNMARRIED, frozenset({"Miss", "Mademoiselle", "Mlle", "Mlle.", "Fräulein"})),
)
OF_THE_NAME = MARRIED | ELDER | UNMARRIED | {"brother", "son", "nephew"}


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
    named = _named_places(mentions, people, tokens)
    ranked = []
    for relation in _relations(mentions, people, tokens):
        scores = _scores(relation, people, named)
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


def _named_places(
    mentions: list[Candidate], people: People, tokens: Tokens
) -> dict[int, tuple[list[int], set[int]]]:  # fmt: skip
    """Tokens, and sentences, at which each person is named."""
    found: dict[int, tuple[list[int], set[int]]] = defaultdict(lambda: ([], set()))
    for mention in mentions:
        if mention.form == "name" and mention.person >= 0 and people.everyone[mention.person].kind == "person":
            places, sentences = found[mention.person]
            places.append(mention.first)
            sentences.add(int(tokens.sentence[mention.first]))
    return found


def _scores(
    relation: _Relation, people: People, named: dict[int, tuple[list[int], set[int]]]
) -> list[tuple[float, int]]:  # fmt: skip
    """Everybody whom the relation may mean, the likeliest first."""
    gender = {"he": "he/him", "she": "she/her"}.get(table("kinship")[relation.noun])
    owner = people.everyone[relation.owner]
    found = []
    for number, (places, sentences) in named.items():
        person = people.everyone[number]
        if number == relation.owner or (gender and person.known != gender):
            continue
        near = together = 0
        for token, sentence in relation.places:
            at = bisect_left(places, token - BEFORE)
            near += at < len(places) and places[at] <= token + AFTER
            together += sentence in sentences
        if near:
            size = len(relation.places)
            score = near / size - TOGETHER * together / size + _kin(relation.noun, owner, person)
            found.append((score, number))
    return sorted(found, key=lambda row: (-row[0], row[1]))


def _kin(noun: str, owner: Person, person: Person) -> float:
    """How well the names fit the relation."""
    family = noun in OF_THE_NAME and bool(owner.family & person.family)
    titled = any(noun in nouns and person.titles & titles for nouns, titles in TITLES)
    return FAMILY * family + TITLE * titled
