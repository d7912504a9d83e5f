"""A reader's memory: who is active where a mention stands, and so whom a pronoun means."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from personae import lexicons
from personae.annotators.descriptions import Descriptions
from personae.annotators.memory import FORGOTTEN, Memory, Speech, Trace
from personae.annotators.mentions import NOMINATIVE, POSSESSIVE, REFLEXIVE, Candidate
from personae.annotators.people import THEY, People, Person
from personae.annotators.turns import Turn
from personae.annotators.words import Words
from personae.book import Tokens

NEW_SENTENCE = 0.55
SUBJECT = 0.9
OWN_POSSESSIVE = 1.0
SAME_CLAUSE_OBJECT = 3.0
UNKNOWN_PRONOUNS = 1.0
BESIDE_OWN_LINE = 1.5
"""For whoever has just spoken, in the rest of their line's paragraph."""
FURTHER = 0.015
FURTHEST = 60
"""Each token between costs a little, up to so many."""
NEW_PARAGRAPH = 0.15
LEARN = 0.7
ACTIVE = 10
SEVERAL = 0.25
"""Confidence where a "we" or "they" is taken for two people: about as often right on our train scenes."""
TOPIC = 25
"""Sentences for which somebody talked of stays what "he" in speech may mean."""
TALKED_OF = 2.5


class Reading:
    """One pass over the mentions in order. `run` may be called again with speakers known.

    `choices` ranks whom a candidate may mean, for the `wanted` ones only.
    """

    def __init__(
        self,
        mentions: list[Candidate],
        people: People,
        tokens: Tokens,
        words: Words,
        narrator: Person | None,
        reader: Person | None,
        wanted: Collection[int],
    ) -> None:
        self.mentions = mentions
        self.people = people
        self.words = words
        self.teller = narrator or reader
        self.own = ("I", "we") if narrator else ("you",)
        self.sentence = tokens.sentence.data
        self.block = tokens.block.data
        self.descriptions = Descriptions(mentions, people, words)
        self.owner = -1
        self.wanted = wanted
        self.choices: dict[int, list[tuple[int, float]]] = {}
        self.active: dict[int, list[int]] = {}
        self.memory = Memory()
        self.topics = Memory()
        self.held: dict[int, int] = {}
        """Candidates to whom they mean, whatever the reading would make of them: corrections."""

    def listen(self, turns: Sequence[Turn], breaks: list[int]) -> None:
        """Read without knowing who speaks, and note in every turn who is active where it begins."""
        stops = sorted((t.lines[0].first, i) for i, t in enumerate(turns))
        self.run({}, {}, breaks, stops)
        for index, turn in enumerate(turns):
            turn.active = self.active.get(index, [])

    def rename(self, aliases: dict[int, int]) -> None:
        """People found to be somebody else become them, the narrator too."""
        for name, person in aliases.items():
            self.people.merge(name, person)
            if self.teller and name == self.teller.id:
                self.people.everyone[person].narrator = self.teller.narrator
                self.teller.narrator = False
                self.teller = self.people.everyone[person]
        self.choices = {}
        for mention in self.mentions:
            mention.person = aliases.get(mention.person, mention.person)
        self.descriptions.rename(aliases)

    def run(
        self,
        forced: dict[int, int],
        speech: dict[int, Speech],
        breaks: list[int],
        stops: Sequence[tuple[int, int]] = (),
    ) -> None:
        """Resolve every candidate.

        `stops` are (token, key) in order: whoever is active there is noted in `active[key]`. `forced` maps a
        candidate to the person it must mean; `speech` a quotation to its speaker and addressees. `breaks` are the
        tokens at which a scene ends.
        """
        self.memory, self.topics = Memory(), Memory()
        forced = {**forced, **self.held}
        self.descriptions.begin()
        stop = rupture = heard = 0
        said = sorted((s for s in speech.values() if s.speaker is not None), key=lambda s: s.last)
        for index, mention in enumerate(self.mentions):
            while heard < len(said) and said[heard].last <= mention.first:
                self._hear(said[heard])
                heard += 1
            while stop < len(stops) and stops[stop][0] <= mention.first:
                self.active[stops[stop][1]] = self.memory.recent(ACTIVE)
                stop += 1
            while rupture < len(breaks) and breaks[rupture] <= mention.first:
                self.memory.forget(self.sentence[mention.first])
                rupture += 1
            if mention.kind in ("person", "group"):
                self._read(index, mention, forced, speech)
        for _, key in stops[stop:]:
            self.active[key] = self.memory.recent(ACTIVE)

    def _read(self, index: int, mention: Candidate, forced: dict[int, int], speech: dict[int, Speech]) -> None:
        known = speech.get(mention.quote) if mention.quote >= 0 else None
        if known is None and mention.quote >= 0 and mention.form == "pronoun":
            return
        if index in forced:
            mention.person, mention.confidence = forced[index], 0.9
        elif mention.form == "noun":
            self._read_noun(index, mention, known, forced, speech)
        elif mention.form == "pronoun" and index != self.owner:
            self._read_pronoun(index, mention, known)
        elif mention.form == "name":
            mention.confidence = 0.95
        if mention.person >= 0:
            self._note(mention, known)

    def _hear(self, speech: Speech) -> None:
        """Whoever has just spoken is who acts next, unless the story says otherwise."""
        here = speech.last - 1
        for person in speech.addressees:
            if person in self.memory.traces:
                self.memory.touch(person, self.sentence[here] - 1, here, False)
        if speech.speaker is not None:
            self.memory.touch(speech.speaker, self.sentence[here], here, False)
            self.memory.traces[speech.speaker].spoke = True

    def _note(self, mention: Candidate, known: Speech | None) -> None:
        """Remember whom this mention made active, or talked of."""
        here = mention.first
        if mention.quote < 0:
            self.memory.touch(mention.person, self.sentence[here], here, mention.subject)
            return
        if known is None or mention.person not in (known.speaker, *known.addressees):
            self.topics.touch(mention.person, self.sentence[here], here, mention.subject)
        if mention.person not in self.memory.traces and mention.form == "name":
            self.memory.touch(mention.person, self.sentence[here] - 2, here, False)

    # --- pronouns

    def _read_pronoun(self, index: int, mention: Candidate, known: Speech | None) -> None:
        gender = mention.gender or ""
        mention.several = ()
        if gender in ("I", "we", "you"):
            self._read_person(mention, gender, known)
        elif gender == THEY:
            self._read_they(index, mention, known)
        elif gender == "it/its":
            self._read_it(index, mention, known)
        else:
            self._choose(index, mention, known)

    def _read_person(self, mention: Candidate, gender: str, known: Speech | None) -> None:
        """First and second person: the speaker, the listener, or the narrator outside speech."""
        mention.person, mention.confidence = -1, 0.0
        if mention.quote < 0:
            if self.teller and gender in self.own:
                mention.person, mention.confidence = self.teller.id, 0.5 if gender == "we" else 0.97
            return
        if known is None:
            return
        if gender == "I" and known.speaker is not None:
            mention.person, mention.confidence = known.speaker, 0.9
        elif gender == "you" and len(known.you) == 1:
            mention.person, mention.confidence = known.you[0], 0.8
        elif gender == "you":
            mention.several, mention.confidence = known.you, 0.7
        elif gender == "we" and known.speaker is not None:
            mention.several, mention.confidence = (known.speaker, *known.you), SEVERAL

    def _read_they(self, index: int, mention: Candidate, known: Speech | None) -> None:
        """A person who goes by "they" if one is active, else the two people last seen together."""
        mention.person, mention.confidence = -1, 0.0
        singular = [p for p in self.memory.recent(4) if self.people.everyone[p].known == THEY]
        if singular:
            self._choose(index, mention, known)
            return
        here = self.sentence[mention.first]
        recent = [p for p in self.memory.recent(3) if here - self.memory.traces[p].sentence <= 3]
        if recent and self.people.everyone[recent[0]].kind == "group":
            mention.person, mention.confidence = recent[0], 0.6
        elif len(recent) >= 2:
            mention.several, mention.confidence = tuple(sorted(recent[:2])), SEVERAL

    def _read_it(self, index: int, mention: Candidate, known: Speech | None) -> None:
        mention.person, mention.confidence = -1, 0.0
        if any(self.people.everyone[p].known == "it/its" for p in self.memory.recent(3)):
            self._choose(index, mention, known)

    def _choose(self, index: int, mention: Candidate, known: Speech | None) -> None:
        scores = self.scores(mention, known)
        if not scores:
            mention.person, mention.confidence = -1, 0.0
            return
        self.rank(index, mention, scores)
        self._learn(mention)

    def rank(self, index: int, mention: Candidate, scores: list[tuple[int, float]]) -> None:
        """Scores to probabilities, kept in `choices`; the likeliest is whom the mention means."""
        top = max(s for _, s in scores)
        weights = [(p, math.exp(s - top)) for p, s in scores]
        total = sum(w for _, w in weights)
        ranked = sorted(((p, w / total) for p, w in weights), key=lambda pair: (-pair[1], pair[0]))
        if index in self.wanted:
            self.choices[index] = ranked
        mention.person, mention.confidence = ranked[0]

    def _learn(self, mention: Candidate) -> None:
        """A pronoun that can hardly mean anybody else tells something of somebody whose pronouns aren't known."""
        somebody = self.people.everyone[mention.person]
        certain = mention.confidence > LEARN and mention.word in NOMINATIVE and mention.quote < 0
        if somebody.known is None and certain:
            somebody.votes[mention.gender or ""] += 1
            somebody.settle()

    def scores(self, mention: Candidate, known: Speech | None) -> list[tuple[int, float]]:
        """Everybody whom the pronoun may mean, with a score in nats."""
        here = self.sentence[mention.first]
        scores = self._topic_scores(mention, known) if mention.quote >= 0 else []
        talked = {p for p, _ in scores}
        fallback: tuple[int, float] | None = None
        for person in reversed(self.memory.traces):
            somebody = self.people.everyone[person]
            if (somebody is self.teller and mention.gender != THEY) or somebody.kind == "group" or person in talked:
                continue
            if mention.gender and not somebody.might_be(mention.gender):
                continue
            trace = self.memory.traces[person]
            if here - trace.sentence > FORGOTTEN:
                fallback = fallback or (person, -9.0)
                break
            scores.append((person, self._score(mention, somebody, trace, known)))
            if len(scores) == 8:
                break
        return scores or ([fallback] if fallback else [])

    def _topic_scores(self, mention: Candidate, known: Speech | None) -> list[tuple[int, float]]:
        """People talked of in this conversation, for a pronoun inside speech."""
        here = self.sentence[mention.first]
        scores: list[tuple[int, float]] = []
        for person, trace in reversed(self.topics.traces.items()):
            distance = here - trace.sentence
            if distance > TOPIC or len(scores) == 4:
                break
            somebody = self.people.everyone[person]
            if somebody.kind == "person" and somebody.might_be(mention.gender or ""):
                score = TALKED_OF - 0.25 * distance - UNKNOWN_PRONOUNS * (somebody.known is None)
                scores.append((person, score - self._present(person, known)))
        return scores

    def _present(self, person: int, known: Speech | None) -> float:
        """What it costs that the speaker or the listener should be "he"."""
        if known is None:
            return 0.0
        return 6.0 * (person == known.speaker) + 4.0 * (person in known.addressees)

    def _score(self, mention: Candidate, somebody: Person, trace: Trace, known: Speech | None) -> float:
        distance = self.sentence[mention.first] - trace.sentence
        paragraphs = self.block[mention.first] - self.block[trace.token]
        score = 0.25 * math.log1p(trace.count) - NEW_SENTENCE * min(distance, 12) - NEW_PARAGRAPH * min(paragraphs, 8)
        score += SUBJECT * trace.subject - FURTHER * min(mention.first - trace.token, FURTHEST)
        if trace.spoke and not paragraphs:
            score += BESIDE_OWN_LINE
        if somebody.known is None:
            score -= UNKNOWN_PRONOUNS
        if distance <= 0 and mention.quote < 0:
            score += self._same_sentence(mention, trace)
        return score - self._present(somebody.id, known)

    def _same_sentence(self, mention: Candidate, trace: Trace) -> float:
        if mention.word.endswith(REFLEXIVE):
            return 5.0 if trace.subject else 0.0
        if mention.word in POSSESSIVE and not self._is_object(mention):
            return OWN_POSSESSIVE if trace.subject else 0.0
        if mention.word in NOMINATIVE:
            return 0.6 if trace.subject else 0.0
        return -SAME_CLAUSE_OBJECT if trace.subject and self._same_clause(trace.token, mention.first) else 0.0

    def _is_object(self, mention: Candidate) -> bool:
        """ "her" before a mark, a preposition or the end is an object, else a possessive."""
        if mention.word != "her":
            return False
        if self.words.lower[mention.first - 1] in lexicons.words("perception_verbs"):
            return True
        following = self.words.text[mention.last] if mention.last < len(self.words.text) else "."
        return not following[0].isalnum() or following in lexicons.words("after_object")

    def _same_clause(self, start: int, end: int) -> bool:
        return not any(
            w in (",", ";", "—", "and", "but", "that", "when", "as", "while", "because", "if")
            for w in self.words.lower[start:end]
        )

    # --- noun phrases

    def _read_noun(
        self,
        index: int,
        mention: Candidate,
        known: Speech | None,
        forced: dict[int, int],
        speech: dict[int, Speech],
    ) -> None:
        if mention.possessor >= 0:
            inner = self.mentions[mention.possessor]
            if inner.form == "pronoun" and mention.possessor not in forced:
                self._read_pronoun(mention.possessor, inner, speech.get(inner.quote) if inner.quote >= 0 else None)
                self.owner = mention.possessor
        self.choices.pop(index, None)
        mention.confidence = 0.7
        mention.person = self.descriptions.person(index, mention, known, self)
        if mention.person < 0:
            mention.confidence = 0.0
