"""Which pronouns go with whom, from the story itself: no name list knows better.

Every "he" or "she" of the narration is shared out among the people named just before it, and who takes
which share depends in turn on the pronouns they are known by: expectation–maximisation (Dempster, Laird
and Rubin 1977) over a few hundred people, a handful of rounds.
"""

from __future__ import annotations

from dataclasses import dataclass

from personae.annotators.mentions import Candidate
from personae.annotators.people import HE, SHE, THEY, People, Votes
from personae.annotators.words import PAST_VERB, SPEECH, Words
from personae.book import Tokens

ROUNDS = 5
SHARPNESS = 2.0
"""How much more than in proportion a pronoun goes to those it fits."""
REACH = 2
"""Sentences a pronoun looks back."""
NEARER = 0.6
"""Each further person is this much less likely."""
AS_SUBJECT = 1.8
PLURAL = 0.25
"""Weight of "they" after one person: mostly it still means several."""
NOBODY = 0.15
"""Weight of "none of the people named": a man just called "a man", somebody further back."""
OWN = 2.0
"""Votes of "Mara shook her head": a subject, then a possessive in its own clause, nobody between."""
OWN_REACH = 9
POSSESSIVES = frozenset({"his", "her", "their", "its", "xyr", "zir", "hir", "eir"})
SINGULAR = frozenset({HE, SHE, "xe/xem", "ze/zir", "ey/em", "fae/faer", "ve/ver"})


@dataclass(frozen=True, slots=True)
class Event:
    """A pronoun and the people it may mean, with weights."""

    pronouns: str
    people: tuple[tuple[int, float], ...]


def vote(mentions: list[Candidate], people: People, tokens: Tokens, words: Words) -> None:
    """Add to every person's `votes` what the narration's pronouns say of them."""
    sentence = tokens.sentence.data
    narration = [m for m in mentions if m.quote < 0 and m.kind == "person"]
    priors = [p.votes.copy() for p in people.everyone]
    for number, own in _own_votes(narration, words, sentence):
        priors[number][own] += OWN
    events = list(_events(narration, sentence))
    votes = priors
    for _ in range(ROUNDS):
        votes = _round(events, priors, votes)
    for person, counts in zip(people.everyone, votes, strict=True):
        person.votes = counts


def _round(events: list[Event], priors: list[Votes], votes: list[Votes]) -> list[Votes]:
    """Share every event out by what is known so far, and count the shares."""
    updated = [p.copy() for p in priors]
    for event in events:
        shares = [(p, w * _fit(votes[p], event.pronouns)) for p, w in event.people]
        total = sum(s for _, s in shares) + NOBODY
        for person, share in shares:
            updated[person][event.pronouns] += share / total
    return updated


def _fit(votes: Votes, pronouns: str) -> float:
    """Chance that somebody with these votes goes by this set; a half where nothing is known."""
    return float(((votes[pronouns] + 0.5) / (sum(votes.values()) + 1.0)) ** SHARPNESS)


def _events(narration: list[Candidate], sentence: memoryview) -> list[Event]:
    found: list[Event] = []
    recent: list[tuple[int, int, bool]] = []
    for mention in narration:
        here = sentence[mention.first]
        if mention.form == "pronoun":
            if mention.gender in SINGULAR:
                found.append(Event(mention.gender or "", _weights(recent, here)))
            elif mention.gender == THEY and _single(recent, here):
                found.append(Event(THEY, tuple((p, w * PLURAL) for p, w in _weights(recent, here))))
        elif mention.form == "name":
            recent = [r for r in recent[-4:] if r[0] != mention.person]
            recent.append((mention.person, here, mention.subject))
        elif mention.gender:
            recent.append((-1, here, mention.subject))
    return [e for e in found if e.people]


def _single(recent: list[tuple[int, int, bool]], here: int) -> bool:
    """Only one person stands within reach: "they" is then a person's own pronoun, or means things."""
    near = {person for person, where, _ in recent if here - where <= REACH}
    return len(near) == 1


def _weights(recent: list[tuple[int, int, bool]], here: int) -> tuple[tuple[int, float], ...]:
    weights: dict[int, float] = {}
    strength = 1.0
    for person, where, subject in reversed(recent):
        if here - where > REACH:
            break
        if person >= 0:
            weights.setdefault(person, strength * (AS_SUBJECT if subject else 1.0))
        strength *= NEARER
    return tuple(weights.items())


def _own_votes(narration: list[Candidate], words: Words, sentence: memoryview) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for place, mention in enumerate(narration):
        if mention.form == "name" and mention.subject and place + 1 < len(narration):
            other = narration[place + 1]
            if sentence[other.first] == sentence[mention.first] and _is_own(mention, other, words):
                found.append((mention.person, other.gender or ""))
    return found


def _is_own(mention: Candidate, other: Candidate, words: Words) -> bool:
    if other.word not in POSSESSIVES or other.first - mention.last > OWN_REACH:
        return False
    if "and" in (words.lower[mention.first - 1], words.lower[mention.last]):
        return False
    verbs = sum(1 for i in range(mention.last, other.first) if words.flag_list[i] & (PAST_VERB | SPEECH))
    return other.gender not in (THEY, "it/its") or (verbs == 1 and other.first - mention.last <= 4)
