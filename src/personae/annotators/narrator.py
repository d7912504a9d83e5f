"""The "I" who tells the story, and the name others call that person by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from personae.annotators.mentions import Candidate
from personae.annotators.names import Evidence, Surface
from personae.annotators.people import People, Person
from personae.annotators.words import Words

SHARE = 0.006
"""Share of the narration's words that are "I", "me", "my" from which the story is told in the first person.

A novel in the third person stays below 0.002, one in the first person above 0.015 (PDNC train).
"""
LEAST = 4
FIRST_PERSON = frozenset({"i", "me", "my", "myself", "mine"})


def find_narrator(mentions: list[Candidate], people: People, found: Mapping[Surface, Evidence], words: Words, narrated: int) -> Person | None:
    """The first-person narrator, a new person where the story never names them; None in the third person.

    `narrated` is the number of tokens in narration.
    """
    own = sum(m.quote < 0 and m.word in FIRST_PERSON for m in mentions)
    if own < LEAST or own < SHARE * narrated:
        return None
    person = _named(people, mentions, words) or _called(people, mentions)
    if person is None:
        person = people.add("person", "Narrator")
    person.narrator = True
    return person


def _named(people: People, mentions: list[Candidate], words: Words) -> Person | None:
    """"My name is Nell", "I am Nell Carrow": said in narration."""
    for mention in mentions:
        if mention.form != "name" or mention.quote >= 0 or mention.kind != "person" or mention.first < 3:
            continue
        before = words.lower[mention.first - 3 : mention.first]
        if before[-1] in ("is", "'s", "was") and before[:2] == ["my", "name"]:
            return people.everyone[mention.person]
        if before[1:] in (["call", "me"], ["called", "me"]):
            return people.everyone[mention.person]
    return None


def _called(people: People, mentions: list[Candidate]) -> Person | None:
    """Whom others address, while the narration, which says "I", hardly names them."""
    quoted: Counter[int] = Counter()
    vocative: Counter[int] = Counter()
    told: Counter[int] = Counter()
    for mention in mentions:
        if mention.form == "name" and mention.kind == "person":
            quoted[mention.person] += mention.quote >= 0
            vocative[mention.person] += mention.vocative
            told[mention.person] += mention.quote < 0
    scored = [(vocative[p] + 0.2 * quoted[p] - 2 * told[p], p) for p in vocative if vocative[p] and told[p] <= 0.15 * quoted[p]]
    if not scored:
        return None
    return people.everyone[max(scored, key=lambda pair: (pair[0], -pair[1]))[1]]


