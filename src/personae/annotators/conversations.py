"""Who says each line, and to whom: a conversation is decided as a whole.

Each turn has evidence of its own (a tag, a beat, a name called out), and turns alternate. Both are scores in nats
over the people present; forward–backward over pairs of consecutive speakers (a second-order hidden Markov model;
Rabiner 1989) gives each turn's probabilities given the entire conversation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personae import lexicons
from personae.annotators.cues import Cue, Line
from personae.annotators.mentions import Candidate
from personae.annotators.people import GENDERS, THEY, People, Person
from personae.annotators.turns import Turn, called_by
from personae.book import Why

MOST = 32
"""People one conversation is decided among."""
GAP = 220
"""Tokens of narration after which a new conversation begins."""
AROUND = 12


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts, in nats. Fitted on PDNC train by `train/fit_conversations.py`."""

    named_tag: float = 6.75
    noun_tag: float = 5.4
    pronoun_tag: float = 4.8
    tag_choice: float = 0.36
    beat: float = 2.1
    beat_choice: float = 0.3
    unranked: float = 2.5
    """Against somebody of the pronoun's gender whom the reading doesn't rank."""
    vocative: float = 3.6
    """Against whoever the turn calls by name."""
    called: float = 1.5
    """For whoever the turn before calls or speaks to."""
    later: float = 0.7
    """Share of `called` that is left once narration has come between."""
    mentioned: float = 2.5
    absent: float = 2.75
    rank: float = 0.19
    """Against each further person in order of recency; `rank_near` where narration came between."""
    rank_near: float = 0.375
    narrator_rank: float = 5.0
    group: float = 4.0
    unlisted: float = 6.0
    """Against somebody outside a given cast."""
    unnamed: float = 2.5
    """Against somebody known by a noun phrase alone."""
    takes_part: float = 1.5
    """For somebody who speaks or acts beside another line within `AROUND` turns."""
    more: float = 0.35
    """Share of it that is added for each e-fold of such lines."""
    same_next: float = 2.5
    same_near: float = 0.16
    same_inside: float = 0.12
    back_next: float = 1.0
    back_near: float = 0.19
    back_inside: float = 0.12


WEIGHTS = Weights()
MOST_PART = 1.6
"""Times `takes_part` at most."""
LAST_ACTIVE = 0.3
"""Share of `unnamed` for whoever was active last."""
NEGLIGIBLE = 0.002
"""Probabilities below this aren't kept."""


@dataclass
class Conversation:
    """Turns that were decided together among the people `present`.

    `scores` and `chances` are float64 `[n_turns, n_present]`: what speaks for each by itself, in nats, and each one's
    chance given the whole; so are `listeners`, where it is known whom each turn is said to.
    """

    turns: list[Turn]
    present: list[int]
    scores: NDArray[np.float64]
    chances: NDArray[np.float64]
    listeners: NDArray[np.float64] | None = None


def decide(
    turns: list[Turn],
    people: People,
    mentions: list[Candidate],
    choices: dict[int, list[tuple[int, float]]],
    narrator: Person | None,
    breaks: list[int],
    absent: Collection[int] = (),
    weights: Weights = WEIGHTS,
) -> list[Conversation]:
    """Fill every turn's `probabilities`, `addressees` and `why`; gives the conversations that have anybody present.

    `choices` are the reading's rankings of whom a pronoun means; `breaks` the tokens where a scene ends;
    `absent` are people only talked of or called, who have no lines unless a tag says so.
    """
    decided = []
    for conversation in _conversations(turns, breaks):
        present = _present(conversation, people, mentions, choices, narrator, absent)
        if present:
            column = {p: i for i, p in enumerate(present)}
            evidence = _Evidence(column, people, mentions, choices, narrator, weights)
            decided.append(_decide_one(conversation, evidence))
            fill(decided[-1], mentions, narrator)
    return decided


def _conversations(turns: list[Turn], breaks: list[int]) -> list[list[Turn]]:
    found: list[list[Turn]] = []
    at = 0
    for turn in turns:
        first = turn.lines[0].first
        ended = False
        while at < len(breaks) and breaks[at] <= first:
            at, ended = at + 1, True
        if not found or ended or first - found[-1][-1].lines[-1].last > GAP:
            found.append([])
            turn.gap = "near"
        else:
            turn.gap = _gap(found[-1][-1], turn)
        found[-1].append(turn)
    return found


def _gap(before: Turn, turn: Turn) -> str:
    blocks = turn.lines[0].block - before.lines[-1].block
    return "inside" if blocks == 0 else "next" if blocks == 1 else "near"


def _decide_one(turns: list[Turn], evidence: _Evidence) -> Conversation:
    scores = np.array([evidence.scores(t, turns[i - 1] if i else None) for i, t in enumerate(turns)])
    weights = evidence.weights
    part = _taking_part(turns, evidence.column, evidence.mentions)
    more = np.minimum(1 + weights.more * np.log(np.maximum(part, 1)), MOST_PART)
    scores += weights.takes_part * np.where(part > 0, more, 0.0)
    chances = forward_backward(scores, moves_of([t.gap for t in turns], weights))
    return Conversation(turns, list(evidence.column), scores, chances)


def fill(conversation: Conversation, mentions: list[Candidate], narrator: Person | None) -> None:
    """What the chances mean for each turn: its `probabilities`, `addressees` and `why`."""
    turns = conversation.turns
    for turn, row in zip(turns, conversation.chances.tolist(), strict=True):
        named = zip(conversation.present, row, strict=True)
        turn.probabilities = {person: chance for person, chance in named if chance > NEGLIGIBLE}
    speakers = [turn.speaker for turn in turns]
    for index, turn in enumerate(turns):
        turn.addressees = turn.by_turns = _addressees(turns, speakers, index, mentions, narrator)
        if conversation.listeners is not None:
            turn.addressees = _heard_by(conversation, index) or turn.by_turns
        turn.why = _why(turn, turns[index - 1] if index else None, mentions)


def fill_again(conversation: Conversation, mentions: list[Candidate], narrator: Person | None) -> None:
    """`fill`, once more than a turn's own evidence has changed the chances: where the speaker did, that decided it."""
    before = [(turn.speaker, turn.why) for turn in conversation.turns]
    fill(conversation, mentions, narrator)
    for turn, (speaker, why) in zip(conversation.turns, before, strict=True):
        if turn.speaker is not None and (turn.speaker != speaker or why == "model"):
            turn.why = "model"


def _present(
    turns: list[Turn],
    people: People,
    mentions: list[Candidate],
    choices: dict[int, list[tuple[int, float]]],
    narrator: Person | None,
    absent: Collection[int],
) -> list[int]:
    """The people this conversation is decided among: those its cues name first, then whoever is active."""
    weight: defaultdict[int, float] = defaultdict(float)
    for turn in turns:
        for line in turn.lines:
            for cue in line.cues:
                if mentions[cue.mention].person >= 0:
                    weight[mentions[cue.mention].person] += 10
                for person, share in choices.get(cue.mention, ())[:3]:
                    weight[person] += 5 * share
                for listener in cue.listeners:
                    if mentions[listener].person >= 0:
                        weight[mentions[listener].person] += 3
            for vocative in line.vocatives:
                if mentions[vocative].person >= 0:
                    weight[mentions[vocative].person] += 2
        for rank, person in enumerate(turn.active):
            weight[person] += 1 / (1 + rank)
    if narrator:
        weight[narrator.id] += 1.5
    ranked = sorted(weight, key=lambda p: (-weight[p], p))
    ranked = [p for p in ranked if p not in absent or weight[p] >= 10]
    return [p for p in ranked if people.everyone[p].kind in ("person", "group")][:MOST]


def _taking_part(turns: list[Turn], column: dict[int, int], mentions: list[Candidate]) -> NDArray[np.float64]:
    """How many other turns within `AROUND` have a cue about the person: `[n_turns, n_present]`."""
    cued = np.zeros((len(turns), len(column)))
    for index, turn in enumerate(turns):
        for line in turn.lines:
            for cue in line.cues:
                if mentions[cue.mention].person in column:
                    cued[index, column[mentions[cue.mention].person]] = 1
    total = np.vstack([np.zeros(len(column)), np.cumsum(cued, axis=0)])
    places = np.arange(len(turns))
    return total[np.minimum(places + AROUND + 1, len(turns))] - total[np.maximum(places - AROUND, 0)] - cued


class _Evidence:
    """What a turn itself says about its speaker, in nats, one number a person present."""

    def __init__(
        self,
        column: dict[int, int],
        people: People,
        mentions: list[Candidate],
        choices: dict[int, list[tuple[int, float]]],
        narrator: Person | None,
        weights: Weights,
    ) -> None:
        self.weights = weights
        self.column = column
        self.people = people
        self.mentions = mentions
        self.choices = choices
        self.narrator = narrator
        self.cast_given = people.cast_given

    def scores(self, turn: Turn, before: Turn | None) -> NDArray[np.float64]:
        """float64 `[n_present]`."""
        scores = self._presence(turn)
        for person in self._tagged(turn):
            scores[self.column[person]] = max(scores[self.column[person]], 0.0)
        for line in turn.lines:
            self._cues(scores, line)
        self._words(scores, turn)
        if before is not None and turn.gap != "inside":
            called = self.weights.called * (1.0 if turn.gap == "next" else self.weights.later)
            for person in called_by(before, self.mentions):
                if person in self.column:
                    scores[self.column[person]] += called
            self._answer(scores, before)
        return scores

    def _presence(self, turn: Turn) -> NDArray[np.float64]:
        scores = np.full(len(self.column), -self.weights.absent)
        each = self.weights.rank_near if turn.gap == "near" else self.weights.rank
        for rank, person in enumerate(turn.active):
            if person in self.column:
                scores[self.column[person]] = -each * rank
        if self.narrator:
            here = self.column.get(self.narrator.id, -1)
            if here >= 0:
                scores[here] = max(scores[here], -self.weights.rank * self.weights.narrator_rank)
        for person, column in self.column.items():
            somebody = self.people.everyone[person]
            if somebody.kind == "group":
                scores[column] -= self.weights.group
            if self.cast_given and somebody.cast is None and somebody is not self.narrator:
                scores[column] -= self.weights.unlisted
            elif not (somebody.named or somebody is self.narrator or somebody.cast is not None):
                scores[column] -= self.weights.unnamed * (LAST_ACTIVE if turn.active[:1] == [person] else 1.0)
        return scores

    def _tagged(self, turn: Turn) -> list[int]:
        """Whom a tag or beat of the turn names or describes: how present or prominent they are no longer counts."""
        cues = [line.tag or line.beat for line in turn.lines]
        tagged = [self.mentions[cue.mention] for cue in cues if cue]
        return [m.person for m in tagged if m.form != "pronoun" and m.person in self.column and m.confidence > 0.6]

    def _cues(self, scores: NDArray[np.float64], line: Line) -> None:
        if line.tag:
            self._cue(scores, line.tag, 1.0)
        if line.beat:
            self._cue(scores, line.beat, 0.0)

    def _cue(self, scores: NDArray[np.float64], cue: Cue, tag: float) -> None:
        mention, w = self.mentions[cue.mention], self.weights
        ranked = mention.form == "noun" and cue.mention in self.choices
        if ranked or (mention.form == "pronoun" and mention.gender not in ("I", "we", "you")):
            self._pronoun(scores, cue, mention, w.pronoun_tag if tag else w.beat, tag)
        elif mention.person in self.column:
            strength = (w.named_tag if mention.form != "noun" else w.noun_tag) if tag else w.beat
            scores -= strength
            scores[self.column[mention.person]] += strength
        for listener in cue.listeners:
            person = self.mentions[listener].person
            if person in self.column and person != mention.person:
                scores[self.column[person]] -= w.vocative if tag else w.beat / 2

    def _pronoun(self, scores: NDArray[np.float64], cue: Cue, mention: Candidate, strength: float, tag: float) -> None:
        """Only people of that pronoun, the likelier antecedents a little more so: taking turns decides the rest."""
        ranked = dict(self.choices.get(cue.mention, ()))
        share = self.weights.tag_choice if tag else self.weights.beat_choice
        for person, column in self.column.items():
            if person in ranked:
                scores[column] += share * max(np.log(ranked[person] + 1e-3), -3.0)
            elif mention.gender != THEY and self.people.everyone[person].might_be(mention.gender or ""):
                scores[column] -= self.weights.unranked
            else:
                scores[column] -= strength

    def _answer(self, scores: NDArray[np.float64], before: Turn) -> None:
        """Somebody called "sir" is a man: people of other pronouns are less likely to answer."""
        terms = {self.mentions[i].word for line in before.lines for i in line.vocatives}
        genders = {GENDERS[g] for t in terms if (g := lexicons.table("address_terms").get(t)) in GENDERS}
        for person, column in self.column.items():
            known = self.people.everyone[person].known
            if len(genders) == 1 and known is not None and known not in genders:
                scores[column] -= self.weights.called

    def _words(self, scores: NDArray[np.float64], turn: Turn) -> None:
        """Nobody calls themselves, and people seldom name themselves."""
        called = {self.mentions[i].person for line in turn.lines for i in line.vocatives}
        named = {self.mentions[i].person for line in turn.lines for i in line.named if self.mentions[i].form == "name"}
        for person in called & self.column.keys():
            scores[self.column[person]] -= self.weights.vocative
        for person in (named - called) & self.column.keys():
            scores[self.column[person]] -= self.weights.mentioned


def forward_backward(scores: NDArray[np.float64], moves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of each person at each turn, float64 `[n_turns, n_people]`, from `scores` of that shape.

    `moves` float64 `[n_turns, 2]` are the log-odds that a turn is said by whoever spoke last, and by the one before
    them, anybody else being 0.
    """
    turns, size = scores.shape
    own = np.exp(scores - scores.max(axis=1, keepdims=True))
    if turns == 1 or size == 1:
        return np.asarray(own / own.sum(axis=1, keepdims=True))
    odds = np.exp(moves).tolist()
    forward = np.empty((turns, size, size))
    # forward[t, i, j]: turn t-1 by i and turn t by j, given turns up to t
    forward[0] = own[0][None, :] / size
    for t in range(1, turns):
        same, back = odds[t]
        step = forward[t - 1].sum(axis=0)[:, None] + (back - 1) * forward[t - 1].T
        np.fill_diagonal(step, same * forward[t - 1].sum(axis=0))
        step *= own[t][None, :]
        forward[t] = step / step.sum()
    backward = np.ones((size, size))
    result = np.empty((turns, size))
    for t in range(turns - 1, -1, -1):
        pair = forward[t] * backward
        result[t] = pair.sum(axis=0) / pair.sum()
        if t:
            # backward[i, j] for pair (t-2, t-1)
            same, back = odds[t]
            following = own[t] * backward
            stay = np.diag(following)
            others = following.sum(axis=1) - stay
            backward = others[None, :] + (back - 1) * following.T
            np.fill_diagonal(backward, others)
            backward += same * stay[None, :]
            backward /= backward.max()
    return result


def moves_of(gaps: Iterable[str], weights: Weights = WEIGHTS) -> NDArray[np.float64]:
    """How turns are taken after each gap, by the rules: what `forward_backward` takes, `[n_turns, 2]`."""
    taken = [(-getattr(weights, f"same_{gap}"), getattr(weights, f"back_{gap}")) for gap in gaps]
    return np.array(taken, np.float64).reshape(-1, 2)


def _addressees(
    turns: list[Turn], speakers: Sequence[int | None], index: int, mentions: list[Candidate], narrator: Person | None
) -> tuple[int, ...]:
    """Whoever is called or spoken to; else who spoke before, or answers next; else who else is active."""
    turn, speaker = turns[index], speakers[index]
    called = [p for p in called_by(turn, mentions) if p != speaker]
    if called:
        return tuple(called[:2])
    near = [speakers[i] for i in (index - 1, index + 1, index - 2, index + 2) if 0 <= i < len(turns)]
    for person in near:
        if person is not None and person != speaker:
            return (person,)
    others = [p for p in turn.active if p != speaker and turn.probabilities.get(p) is not None]
    if narrator and speaker != narrator.id and narrator.id not in others[:1]:
        return (narrator.id,)
    return (others[0],) if others and speaker is not None else ()


def _heard_by(conversation: Conversation, index: int) -> tuple[int, ...]:
    """Whoever is likeliest spoken to, and anybody else about as likely."""
    assert conversation.listeners is not None
    speaker = conversation.turns[index].speaker
    row = zip(conversation.present, conversation.listeners[index].tolist(), strict=True)
    ranked = sorted(((p, chance) for p, chance in row if p != speaker), key=lambda pair: (-pair[1], pair[0]))
    return tuple(p for n, (p, chance) in enumerate(ranked[:3]) if chance >= (LISTENS if n == 0 else TOO))


LISTENS, TOO = 0.2, 0.35
"""Chances from which somebody is an addressee: the likeliest one, and anybody beside."""


def _why(turn: Turn, before: Turn | None, mentions: list[Candidate]) -> Why | None:
    """The strongest kind of evidence that points to the speaker."""
    speaker = turn.speaker
    if speaker is None:
        return None
    if any(line.tag for line in turn.lines):
        return "tag"
    if any(line.beat and mentions[line.beat.mention].person == speaker for line in turn.lines):
        return "beat"
    if before is not None and speaker in called_by(before, mentions):
        return "vocative"
    return "turn"
