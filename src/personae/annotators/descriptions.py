"""Whom a noun phrase means: "the carter", "her brother", "the captain"."""

from __future__ import annotations

import copy
from typing import Protocol

from personae import lexicons
from personae.annotators.memory import Memory, Speech
from personae.annotators.mentions import INDEFINITE, POSSESSIVE, Candidate
from personae.annotators.people import People, relatives, titled
from personae.annotators.whereabouts import Whereabouts
from personae.annotators.words import Words

NOUN_MEMORY = 4000
"""Tokens within which "the guard" means the guard met before."""
SOMEBODY_NEW = -1.0
MET = 0.0
JUST_MET = 2.0
LATELY = 600
"""Scores, in nats, of a description's meaning somebody new, or the one of that description met before; tokens."""


class Nearby(Protocol):
    """Who is active where the phrase stands, and how likely each is meant."""

    memory: Memory

    def scores(self, mention: Candidate, known: Speech | None) -> list[tuple[int, float]]:
        """Everybody whom a pronoun there may mean, with a score in nats."""

    def rank(self, index: int, mention: Candidate, scores: list[tuple[int, float]]) -> None:
        """The likeliest is whom the mention means; the ranking is kept."""


class Descriptions:
    """People by the noun phrases that they go by, as far as the story has been read.

    `met` are those whom a candidate was the first to mention, by its number; `introduced` those met as "a carter".
    """

    def __init__(self, mentions: list[Candidate], people: People, words: Words) -> None:
        self.mentions, self.people, self.words = mentions, people, words
        self.met: dict[int, int] = {}
        self.introduced: set[int] = set()
        self.by_noun: dict[object, tuple[int, int]] = {}
        self._look_around()

    def copied(self, mentions: list[Candidate], people: People) -> Descriptions:
        """The same among other mentions and people: copies of its own."""
        one = copy.copy(self)
        one.mentions, one.people = mentions, people
        one.met, one.introduced = dict(self.met), set(self.introduced)
        return one

    def begin(self) -> None:
        """Read from the beginning: no phrase has been read yet, but who was met by each stays known."""
        self.by_noun = {}

    def rename(self, aliases: dict[int, int]) -> None:
        """People found to be somebody else have become them in the mentions."""
        self.met = {mention: aliases.get(person, person) for mention, person in self.met.items()}
        self._look_around()

    def _look_around(self) -> None:
        """Who goes by a relation or a title, and who is named where."""
        self.relatives, self.titled = relatives(self.people), titled(self.people)
        self.named_at = Whereabouts(m for m in self.mentions if m.form == "name" and m.person >= 0)

    def person(self, index: int, mention: Candidate, known: Speech | None, nearby: Nearby) -> int:
        """Whom the noun phrase means, -1 for nobody; whoever is met by it for the first time is added.

        `known` is the speech it stands in, if its speaker is known.
        """
        if mention.vocative:
            titled = self._titled(mention, nearby.memory)
            return titled if titled >= 0 or not known or len(known.addressees) != 1 else known.addressees[0]
        phrase = self._phrase(mention)
        listed = self.people.nouns.get(phrase, self.people.nouns.get(mention.word, -1))
        if listed >= 0 and not self._vague(mention):
            return listed
        relative = self._relative(mention)
        if relative >= 0:
            return relative
        only = self._only_titled(mention)
        if only >= 0:
            return only
        keys = self._keys(mention, phrase)
        described = self._described(index, mention, phrase, listed, nearby)
        if described >= 0:
            if not self.people.everyone[described].named:
                self._remember(keys, described, mention.first)
            return described
        for key in keys:
            person, token = self.by_noun.get(key, (-1, 0))
            if person >= 0 and (mention.first - token < NOUN_MEMORY or mention.possessor >= 0):
                self._remember(keys, person, mention.first)
                return person
        titled = self._titled(mention, nearby.memory)
        if titled >= 0:
            return titled
        if mention.quote >= 0 and known is None:
            return -1
        person = listed if listed >= 0 else self.met.get(index, -1)
        if person < 0:
            person = self._meet(mention, phrase)
            self.met[index] = person
        self._remember(keys or [phrase], person, mention.first)
        if mention.possessor < 0:
            self._remember([mention.word], person, mention.first)
        return person

    def _relative(self, mention: Candidate) -> int:
        """ "your mother" is Umma, if one person of the story goes by a mother's name."""
        relation = lexicons.table("kin_names").get(mention.word)
        if relation is None or (mention.determiner not in POSSESSIVE and mention.determiner != "'s"):
            return -1
        bearers = self.relatives.get(relation, ())
        return bearers[0] if len(bearers) == 1 else -1

    def _vague(self, mention: Candidate) -> bool:
        """May the words mean anybody ("the lad", "the father"), whoever else goes by them?"""
        return mention.word in lexicons.words("generic_people") or (
            mention.possessor < 0 and mention.word in lexicons.table("kinship")
        )

    def _described(self, index: int, mention: Candidate, phrase: str, listed: int, nearby: Nearby) -> int:
        """Whom "the young man" or "her companion" means: somebody named and active, or whoever was met as that.

        -1 if it had better be somebody new. The ranking is kept in `choices`, as for a pronoun. `listed` is who goes
        by these words in a given cast.
        """
        beside = mention.possessor >= 0 and mention.word in lexicons.words("counterparts")
        generic = mention.word in lexicons.words("generic_people") and mention.determiner in ("the", "this", "that")
        if mention.plural or mention.quote >= 0 or not (beside or (generic and mention.gender)):
            return -1
        if self._told_apart(mention):
            return -1
        owner = self.mentions[mention.possessor].person if beside else -1
        scores = [(p, s) for p, s in nearby.scores(mention, None) if self.people.everyone[p].named and p != owner]
        met, token = self.by_noun.get(phrase, (-1, 0))
        if met >= 0 and not self.people.everyone[met].named and mention.first - token < NOUN_MEMORY:
            scores.append((met, JUST_MET if met in self.introduced and mention.first - token < LATELY else MET))
        elif listed >= 0:
            scores.append((listed, MET))
        if not scores or max(s for _, s in scores) < SOMEBODY_NEW:
            return -1
        nearby.rank(index, mention, scores)
        return mention.person

    def _told_apart(self, mention: Candidate) -> bool:
        """ "the man on the bench" is told apart from somebody known; "the man" may be anybody."""
        following = self.words.lower[mention.last] if mention.last < len(self.words.lower) else ""
        return following in (
            "on",
            "in",
            "with",
            "at",
            "by",
            "behind",
            "from",
            "who",
            "whose",
            "that",
            "opposite",
            "beside",
        )

    def _phrase(self, mention: Candidate) -> str:
        start = mention.first + bool(mention.determiner)
        return " ".join(self.words.lower[start if mention.determiner != "'s" else mention.head : mention.last])

    def _keys(self, mention: Candidate, phrase: str) -> list[object]:
        """What this phrase is remembered by: the possessor's brother, the whole phrase, its noun."""
        if mention.possessor >= 0:
            owner = self.mentions[mention.possessor].person
            return [(owner, mention.word)] if owner >= 0 else []
        if mention.determiner in INDEFINITE:
            return []
        return [phrase]

    def _remember(self, keys: list[object], person: int, token: int) -> None:
        for key in keys:
            self.by_noun[key] = (person, token)

    def _meet(self, mention: Candidate, phrase: str) -> int:
        name = " ".join(self.words.text[mention.first : mention.last]).replace(" 's", "'s").replace(" ’s", "’s")
        if mention.determiner and mention.determiner != "'s":
            name = name[:1].lower() + name[1:]
        if mention.determiner in ("a", "an", "some", "one", "this", "that"):
            name = f"the {phrase}"
        elif mention.possessor >= 0 and mention.determiner != "'s":
            owner = self.mentions[mention.possessor].person
            if owner >= 0:
                name = f"{self.people.everyone[owner].name}'s {phrase}"
        person = self.people.add("group" if mention.plural else "person", name)
        person.plural = mention.plural
        if mention.gender:
            person.votes[mention.gender] += 3
        person.names[name] += 0
        if not mention.determiner:
            # "Grandad took his cap off": a word for a relation that stands alone is a name
            person.given.add(name)
        person.settle()
        if mention.determiner in INDEFINITE:
            self.introduced.add(person.id)
        return person.id

    def _only_titled(self, mention: Candidate) -> int:
        """ "the captain" is Captain Venn, met or not, if nobody else bears the title and the name isn't far."""
        bearers = self.titled.get(mention.word, ())
        if len(bearers) != 1 or mention.determiner not in ("the", "") or mention.plural:
            return -1
        near = self.named_at.within(mention.first - NOUN_MEMORY, mention.first + NOUN_MEMORY)
        return bearers[0] if bearers[0] in near else -1

    def _titled(self, mention: Candidate, memory: Memory) -> int:
        """ "the captain" is Captain Venn if the captain was active lately."""
        if mention.determiner not in ("the", "this", "that", "") or mention.plural:
            return -1
        bearers = self.titled.get(mention.word, ())
        for person in memory.recent(6):
            if person in bearers:
                return person
        met = [p for p in bearers if p in memory.traces]
        return met[0] if len(met) == 1 else -1
