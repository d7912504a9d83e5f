"""Conversations decided again around what corrections say: a pinned line is certain, and its neighbours follow."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from personae.annotators.conversations import (
    AROUND,
    WEIGHTS,
    Conversation,
    decide,
    fill,
    forward_backward,
    moves_of,
)
from personae.annotators.mentions import Candidate
from personae.annotators.people import People, Person
from personae.annotators.pins import NOBODY, Pins
from personae.annotators.talk import Heard, finish
from personae.annotators.turns import Turn
from personae.book import Quote, Span

CERTAIN = 60.0
"""Nats against anybody but the one who is known to speak."""

_of_candidate = attrgetter(*(field.name for field in fields(Candidate)))


def copied(heard: Heard, *, mentions_too: bool = True) -> Heard:
    """The same once more, so that what is done to it leaves the first as it was. Turns are shared.

    Without `mentions_too` so are the mentions and the people; others may be added.
    """
    people = copied_people(heard.people, heard.people.everyone if mentions_too else ())
    mentions = [Candidate(*_of_candidate(m)) for m in heard.mentions] if mentions_too else heard.mentions
    reading = copy.copy(heard.reading)
    reading.mentions, reading.people = mentions, people
    teller = reading.teller
    reading.teller = people.everyone[teller.id] if teller else None
    reading.descriptions = reading.descriptions.copied(mentions, people)
    reading.choices, reading.held = dict(reading.choices), dict(reading.held)
    return replace(
        heard, people=people, mentions=mentions, reading=reading, turns=list(heard.turns),
        musings=list(heard.musings), conversations=list(heard.conversations), absent=set(heard.absent),
    )  # fmt: skip


def copied_people(people: People, persons: Sequence[Person]) -> People:
    """A list of its own, and of these persons copies."""
    everyone = [*map(_copied_person, persons), *people.everyone[len(persons) :]]
    return People(everyone, dict(people.bearers), people.cast_given, dict(people.nouns))


def _copied_person(person: Person) -> Person:
    one = copy.copy(person)
    one.names, one.votes = person.names.copy(), person.votes.copy()
    one.given, one.family, one.titles = set(person.given), set(person.family), set(person.titles)
    return one


def restructure(heard: Heard, pins: Pins) -> None:
    """What changes who there is: everybody is listened to again. `heard` is a copy, and is changed."""
    everyone = heard.people.everyone
    for person, pronouns in pins.pronouns.items():
        everyone[pins.person(person)].fixed = pronouns
    for person in pins.no_people:
        everyone[person].kind = "place"
    for mention in heard.mentions:
        if mention.form == "name" and mention.person in pins.no_people:
            mention.kind = "place"
    heard.people.settle()
    merged = {one: pins.person(one) for one in pins.merged if pins.person(one) >= 0}
    heard.turns = [_copied_turn(turn) for turn in heard.turns]
    heard.musings = [_copied_turn(turn) for turn in heard.musings]
    heard.reading.rename(merged)
    hold(heard, pins)
    heard.reading.listen([*heard.turns, *heard.musings], heard.breaks)
    _choose(heard)
    heard.absent -= merged.keys() | set(merged.values()) | set(pins.aliases)
    teller = heard.reading.teller
    heard.conversations = decide(
        heard.turns, heard.people, heard.mentions, heard.reading.choices, teller, heard.breaks, heard.absent
    )
    finish(heard)


def hold(heard: Heard, pins: Pins) -> None:
    """Mentions that are known mean who they are known to mean, throughout."""
    for number, person in pins.held.items():
        known = pins.person(person) if person >= 0 else NOBODY
        heard.reading.held[number] = known
        heard.mentions[number].person, heard.mentions[number].several = known, ()


def _choose(heard: Heard) -> None:
    for number, person in heard.reading.held.items():
        if number in heard.reading.wanted:
            heard.reading.choices[number] = [(person, 1.0)] if person >= 0 else []


def _copied_turn(turn: Turn) -> Turn:
    return replace(turn, lines=list(turn.lines), probabilities=dict(turn.probabilities))


Pinned = Mapping[int, int]
Told = Mapping[int, tuple[int, ...]]


def pin_lines(heard: Heard, pins: Pins) -> frozenset[int]:
    """Decide the conversations with pinned lines once more; gives the numbers of their lines.

    `heard`'s lists are changed, its turns are not.
    """
    pinned = {line: _speaker(pins, person) for line, person in pins.speakers.items()}
    told = {line: _people(pins, people) for line, people in pins.addressees.items()}
    if not pinned and not told:
        return frozenset()
    fresh: dict[int, list[Turn]] = {}
    for place, conversation in enumerate(heard.conversations):
        if _touched(conversation.turns, pinned, told):
            again = _decided(conversation, pinned, told, heard)
            heard.conversations[place] = again
            fresh.update(_replaced(conversation.turns, again.turns))
    for turn in [*heard.turns, *heard.musings]:
        if id(turn) not in fresh and _touched([turn], pinned, told):
            fresh[id(turn)] = list(_split(turn, pinned, told))
            for part in fresh[id(turn)]:
                _settle(part, pinned, told)
    heard.turns = [part for turn in heard.turns for part in fresh.get(id(turn), [turn])]
    heard.musings = [part for turn in heard.musings for part in fresh.get(id(turn), [turn])]
    return frozenset(line.quote for parts in fresh.values() for turn in parts for line in turn.lines)


MANY = 1000
"""Conversations decided again that are kept."""


def _decided(conversation: Conversation, pinned: Pinned, told: Told, heard: Heard) -> Conversation:
    """`_again`, once for the same pins."""
    lines = [line.quote for turn in conversation.turns for line in turn.lines]
    own = tuple((line, pinned.get(line), told.get(line)) for line in lines if line in pinned or line in told)
    known = heard.decided.get((id(conversation), own))
    if known is None or known[0] is not conversation:
        if len(heard.decided) > MANY:
            heard.decided.clear()
        known = conversation, _again(conversation, pinned, told, heard)
        heard.decided[id(conversation), own] = known
    return known[1]


def _speaker(pins: Pins, person: int) -> int:
    return pins.person(person) if person >= 0 else NOBODY


def _people(pins: Pins, people: Iterable[int]) -> tuple[int, ...]:
    return tuple(p for p in dict.fromkeys(map(pins.person, people)) if p >= 0)


def _touched(turns: Iterable[Turn], pinned: Pinned, told: Told) -> bool:
    return any(line.quote in pinned or line.quote in told for turn in turns for line in turn.lines)


def _replaced(before: Iterable[Turn], after: Iterable[Turn]) -> dict[int, list[Turn]]:
    """Old turns to the new ones that have their lines."""
    owner = {line.quote: turn for turn in after for line in turn.lines}
    return {id(turn): list({id(owner[x.quote]): owner[x.quote] for x in turn.lines}.values()) for turn in before}


def _again(conversation: Conversation, pinned: Pinned, told: Told, heard: Heard) -> Conversation:
    """The conversation with its pinned turns certain."""
    turns, rows = [], []
    for row, turn in enumerate(conversation.turns):
        for part in _split(turn, pinned, told):
            turns.append(part)
            rows.append(row)
    known = [_of_turn(turn, pinned) for turn in turns]
    new = [p for p in dict.fromkeys(known) if p is not None and p >= 0 and p not in conversation.present]
    present = [*conversation.present, *new]
    scores = _with_columns(conversation.scores[rows], len(new), [known.index(p) for p in new])
    for row, person in enumerate(known):
        if person is not None and person >= 0:
            scores[row, [column for column, other in enumerate(present) if other != person]] -= CERTAIN
    found = Conversation(turns, present, scores, forward_backward(scores, moves_of(turn.gap for turn in turns)))
    fill(found, heard.mentions, heard.reading.teller)
    heard.revise([found], heard.mentions, heard.people, heard.reading.teller)
    for turn in turns:
        _settle(turn, pinned, told)
    return found


def _with_columns(scores: NDArray[np.float64], count: int, firsts: list[int]) -> NDArray[np.float64]:
    """`scores` and a column for each of `count` people who weren't thought to be there; they take part from now on."""
    if not count:
        return scores.copy()
    apart = np.abs(np.arange(len(scores))[:, None] - np.array(firsts)[None, :])
    least = scores.min(axis=1, keepdims=True)
    return np.hstack([scores, least + WEIGHTS.takes_part * (apart <= AROUND)])


def _split(turn: Turn, pinned: Pinned, told: Told) -> Iterator[Turn]:
    """A copy of the turn; several where its lines are pinned to different people."""
    parts: list[Turn] = []
    here: list[tuple[int | None, tuple[int, ...] | None]] = []
    for line in turn.lines:
        own = pinned.get(line.quote), told.get(line.quote)
        if parts and all(a is None or b is None or a == b for a, b in zip(own, here[-1], strict=True)):
            parts[-1].lines.append(line)
            here[-1] = (own[0] if own[0] is not None else here[-1][0], own[1] if own[1] is not None else here[-1][1])
        else:
            gap = "inside" if parts else turn.gap
            own_chances = dict(turn.probabilities)
            said = Turn([line], turn.active, gap, own_chances, turn.addressees, turn.why, turn.named, turn.by_turns)
            parts.append(said)
            here.append(own)
    yield from parts


def _of_turn(turn: Turn, pinned: Pinned) -> int | None:
    return next((pinned[line.quote] for line in turn.lines if line.quote in pinned), None)


def _settle(turn: Turn, pinned: Pinned, told: Told) -> None:
    """What is known of a turn, instead of what was decided."""
    person = _of_turn(turn, pinned)
    if person is not None:
        turn.probabilities = {person: 1.0} if person >= 0 else {}
        turn.why = "pinned"
        turn.addressees = tuple(p for p in turn.addressees if p != person) if person >= 0 else ()
        turn.by_turns = tuple(p for p in turn.by_turns if p != person) if person >= 0 else ()
    for line in turn.lines:
        if line.quote in told:
            turn.addressees = turn.by_turns = told[line.quote]


def mark(lines: Iterable[Quote], turns: Iterable[Turn], pins: Pins) -> tuple[Quote, ...]:
    """Lines with what is known of them said to be so."""
    sure = {line.quote for turn in turns if turn.why == "pinned" for line in turn.lines}
    return tuple(_marked(quote, quote.id in sure or quote.id in pins.speakers, pins) for quote in lines)


def _marked(quote: Quote, sure: bool, pins: Pins) -> Quote:
    if quote.speaker is not None and pins.person(quote.speaker) != quote.speaker:
        known = pins.person(quote.speaker)
        quote = replace(quote, speaker=known if known >= 0 else None)
    if quote.id in pins.addressees:
        quote = replace(quote, addressees=_people(pins, pins.addressees[quote.id]))
    return replace(quote, why="pinned", confidence=1.0, alternatives=()) if sure else quote




def certain(characters: list[Span], pins: Pins, people: People) -> dict[int, int]:
    """Mentions, by number, that are known to mean somebody; nobody is a person too while beliefs are worked out."""
    if not pins.meant:
        return {}
    known: dict[int, int] = {}
    nobody = NOBODY
    for number, span in enumerate(characters):
        if span in pins.meant:
            person = _speaker(pins, pins.meant[span])
            if person < 0 and nobody < 0:
                nobody = people.add("place", "nobody").id
            known[number] = person if person >= 0 else nobody
    return known


def bind(mentions: list[Candidate], characters: list[Span], pins: Pins, content: str) -> frozenset[int]:
    """Have every mention mean whom it is known to mean; the numbers of those that a correction names."""
    pinned = set()
    for number, (mention, span) in enumerate(zip(mentions, characters, strict=True)):
        if span in pins.meant:
            _mean(mention, _speaker(pins, pins.meant[span]), 1.0)
            pinned.add(number)
            continue
        if pins.everywhere:
            person = _everywhere(mention, content[slice(*span)].casefold(), pins)
            if person is not None:
                _mean(mention, person, 1.0)
        mention.several = tuple(p for p in map(pins.person, mention.several) if p >= 0)
        mention.person = pins.person(mention.person) if mention.person >= 0 else NOBODY
    return frozenset(pinned)


def _everywhere(mention: Candidate, words: str, pins: Pins) -> int | None:
    found = pins.everywhere.get((words, mention.person))
    if found is None and mention.form != "pronoun":
        found = pins.everywhere.get((words, None))
    return None if found is None else _speaker(pins, found)


def _mean(mention: Candidate, person: int, sure: float) -> None:
    mention.person, mention.several = person, ()
    mention.confidence = sure if person >= 0 else 0.0


def rename(people: People, pins: Pins) -> None:
    """Names, aliases and pronouns as corrections have them."""
    everyone = people.everyone
    for person, name in pins.names.items():
        one = everyone[pins.person(person)] if pins.person(person) >= 0 else everyone[person]
        one.name = name
        one.names[name] += 1
    for person, names in pins.aliases.items():
        if pins.person(person) >= 0:
            everyone[pins.person(person)].names.update(names)
    for person, pronouns in pins.pronouns.items():
        if pins.person(person) >= 0:
            everyone[pins.person(person)].fixed = pronouns
