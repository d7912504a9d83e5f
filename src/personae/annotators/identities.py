"""Descriptions given to the people they mean: "the old woman" is Mrs Lindqvist.

Two kinds of evidence: somebody says who they are ("I'm Marnie, by the way"); and elimination, where a story leaves
only one person whom a description can mean. (A title that one person alone bears is resolved while reading.)
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

from personae.annotators.mentions import INDEFINITE, Candidate
from personae.annotators.people import People, Person
from personae.annotators.turns import Turn
from personae.annotators.whereabouts import Whereabouts
from personae.annotators.words import Words
from personae.book import Tokens
from personae.lexicons import table
from personae.lexicons import words as lexicon

NEAR = 400
"""Tokens between a description and a name from which they belong to different scenes."""
FEWEST = 2
"""Mentions that a description of anybody ("the man") needs before it is given away."""
OFTEN, MOSTLY, APART = 5, 0.8, 0.25
"""Mentions of a description that several may be, the share of them near whose name it may be, and how far from it the
next one's is."""


def find_identities(
    turns: list[Turn], mentions: list[Candidate], people: People, tokens: Tokens, words: Words, absent: set[int]
) -> dict[int, int]:
    """Described person to named person, where nothing else is possible. `absent` are people only talked of."""
    found = _introductions(turns, mentions, people, words)
    places = _places(mentions)
    introduced = {m.person for m in mentions if m.determiner in INDEFINITE}
    conflicts = _conflicts(turns, mentions, tokens)
    around = _around(mentions, people, absent)
    for person in people.everyone:
        if _described(person, places, introduced) and person.id not in found:
            near = Counter(
                p for place in places[person.id] for p in around.within(place - NEAR, place + NEAR)
            )
            rivals = [people.everyone[p] for p in sorted(near) if _may_be(person, people.everyone[p], conflicts)]
            certain = [p for p in rivals if p.known == person.known]
            rivals = certain or rivals
            if len(rivals) == 1:
                found[person.id] = rivals[0].id
            elif (one := _always_near(near, rivals, len(places[person.id]))) is not None:
                found[person.id] = one
    return {name: target for name, target in found.items() if name != target and target not in found}


def _always_near(near: Counter[int], rivals: list[Person], times: int) -> int | None:
    """Whoever is named beside a description nearly each of the many times it stands there, as nobody else is."""
    ranked = sorted(rivals, key=lambda p: (-near[p.id], p.id))[:2]
    if times < OFTEN or len(ranked) < 2 or near[ranked[0].id] < MOSTLY * times:
        return None
    return ranked[0].id if near[ranked[1].id] <= near[ranked[0].id] - APART * times else None


def _named(person: Person) -> bool:
    return person.kind == "person" and bool(person.named or (person.names.total() and not person.titles))


def _described(person: Person, places: dict[int, list[int]], introduced: set[int]) -> bool:
    """Known by a description that may be a named person's: "the carter" may, where no "a carter" has come in."""
    return (
        person.kind == "person"
        and not _named(person)
        and person.cast is None
        and not person.narrator
        and (_anybody(person.name) or (person.name.startswith("the ") and person.id not in introduced))
        and person.known is not None
        and len(places[person.id]) >= (FEWEST if _anybody(person.name) else 1)
    )


def _may_be(described: Person, other: Person, conflicts: dict[int, set[int]]) -> bool:
    """Of the same pronouns for all we know, and never beside the described person."""
    return other.id not in conflicts[described.id] and other.might_be(described.known or "")


def _anybody(name: str) -> bool:
    """ "The old woman" and "Danuta's sister" may be anybody."""
    noun = name.rpartition(" ")[2].lower()
    return (name.startswith("the ") and noun in lexicon("generic_people")) or (
        "'s " in name and noun in table("kinship")
    )


def _around(mentions: list[Candidate], people: People, absent: set[int]) -> Whereabouts:
    """Where those are named who have a name and are not only talked of."""
    names = (m for m in mentions if m.form == "name" and m.person >= 0 and m.person not in absent)
    return Whereabouts(m for m in names if _named(people.everyone[m.person]))


def _places(mentions: list[Candidate]) -> dict[int, list[int]]:
    """Tokens of everybody's names, and of noun phrases in narration, ascending."""
    found: dict[int, list[int]] = defaultdict(list)
    for mention in mentions:
        if mention.person >= 0 and (mention.form == "name" or (mention.form == "noun" and mention.quote < 0)):
            found[mention.person].append(mention.first)
    return found


def _conflicts(turns: list[Turn], mentions: list[Candidate], tokens: Tokens) -> dict[int, set[int]]:
    """Who can't be whom: two people of one sentence, and people whose lines follow each other."""
    found: dict[int, set[int]] = defaultdict(set)
    here, together = -1, set[int]()
    for mention in mentions:
        if mention.form == "pronoun" or mention.person < 0 or mention.quote >= 0:
            continue
        sentence = int(tokens.sentence[mention.first])
        if sentence != here:
            here, together = sentence, set()
        for person in together:
            found[person].add(mention.person)
            found[mention.person].add(person)
        together.add(mention.person)
    for before, turn in pairwise(turns):
        one, other = _cued(before, mentions), _cued(turn, mentions)
        if turn.gap == "next" and one >= 0 and other >= 0:
            found[one].add(other)
            found[other].add(one)
    for turn in turns:
        speaker = _cued(turn, mentions)
        for line in turn.lines:
            for index in line.vocatives:
                found[speaker].add(mentions[index].person)
                found[mentions[index].person].add(speaker)
    return found


def _cued(turn: Turn, mentions: list[Candidate]) -> int:
    """Whom a tag or beat names as the speaker, -1 if none does by name or noun."""
    cue = turn.cue
    return mentions[cue.mention].person if cue and mentions[cue.mention].form != "pronoun" else -1


def _introductions(turns: list[Turn], mentions: list[Candidate], people: People, words: Words) -> dict[int, int]:
    """Speakers known by a description who say their name."""
    found: dict[int, int] = {}
    for turn in turns:
        speaker = turn.speaker
        if speaker is None or _named(people.everyone[speaker]) or people.everyone[speaker].cast is not None:
            continue
        for line in turn.lines:
            for index in (*line.named, *line.vocatives):
                mention = mentions[index]
                if mention.form == "name" and mention.kind == "person" and _introduces(words, mention.first):
                    found[speaker] = mention.person
    return found


def _introduces(words: Words, first: int) -> bool:
    """Do the words before the name at `first` make it the speaker's own ("I'm", "my name is", "call me")?"""
    before = words.lower[max(first - 3, 0) : first]
    if before[-2:] in (["i", "'m"], ["i", "am"], ["call", "me"], ["name", "'s"]):
        return True
    return before == ["my", "name", "is"] or before == ["name", "is", ","]
