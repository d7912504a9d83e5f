"""The "I" who tells the story."""

from __future__ import annotations

from personae.annotators.mentions import Candidate
from personae.annotators.people import People, Person
from personae.annotators.words import Words

SHARE = 0.006
"""Share of the narration's words that are "I", "me", "my" from which the story is told in the first person.

A novel in the third person stays below 0.002, one in the first person above 0.015 (PDNC train).
"""
LEAST = 4
FIRST_PERSON = frozenset({"i", "me", "my", "myself", "mine"})
SECOND_PERSON = frozenset({"you", "your", "yourself", "yours"})


def find_narrator(mentions: list[Candidate], people: People, words: Words, narrated: int) -> Person | None:
    """The first-person narrator, for now a new person unless the narration names them; None in the third person.

    By which name others call them shows in the conversations (`aliases`). `narrated` is the number of tokens
    in narration.
    """
    if not _share(mentions, FIRST_PERSON, narrated):
        return None
    person = _named(people, mentions, words) or people.add("person", "Narrator")
    person.narrator = True
    return person


def find_reader(mentions: list[Candidate], people: People, narrated: int) -> Person | None:
    """The "you" to whom a story in the second person happens; None elsewhere."""
    return people.add("person", "You") if _share(mentions, SECOND_PERSON, narrated) else None


def _share(mentions: list[Candidate], forms: frozenset[str], narrated: int) -> bool:
    own = sum(m.quote < 0 and m.word in forms for m in mentions)
    return own >= LEAST and own >= SHARE * narrated


def _named(people: People, mentions: list[Candidate], words: Words) -> Person | None:
    """ "My name is Nell", "I am Nell Carrow": said in narration."""
    for mention in mentions:
        if mention.form != "name" or mention.quote >= 0 or mention.kind != "person" or mention.first < 3:
            continue
        before = words.lower[mention.first - 3 : mention.first]
        if before[-1] in ("is", "'s", "was") and before[:2] == ["my", "name"]:
            return people.everyone[mention.person]
        if before[1:] in (["call", "me"], ["called", "me"]):
            return people.everyone[mention.person]
    return None
