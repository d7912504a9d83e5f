"""Conversations as nodes: what the net of lines reads, and what it makes of who speaks and to whom.

A conversation's turns and the mentions around them are nodes in the order of the text; the people present are nodes
too. Each node carries chances of whom it means (a turn: of who speaks it, as the rules have decided it), so that the
net sees who is who without knowing any name. It scores every turn against every person present.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from personae.annotators.conversations import Conversation, fill_again, forward_backward, moves_of
from personae.annotators.cues import Line
from personae.annotators.encoder import POINTED, Reading
from personae.annotators.links import match
from personae.annotators.mentions import POSSESSIVE, Candidate
from personae.annotators.people import HE, SHE, THEY, People, Person
from personae.annotators.references import softmax
from personae.annotators.turns import Turn, told
from personae.annotators.words import Words
from personae.book import Tokens
from personae.models import Models

TURNS, MARGIN = 40, 8
"""Turns read at once, and those at either end that are read only for the sake of the others."""
BEFORE, AFTER = 200, 60
"""Tokens of narration read before and after a stretch."""
NODES = 480
"""Nodes of one stretch at most; those furthest from a turn are left out."""

TURN, TAG, BEAT_BEFORE, BEAT_AFTER, LISTENER, VOCATIVE, QUOTED, TOLD_OF = range(8)
"""The first column: what a node is to the lines beside it."""
PRONOUN = 3
FORMS = {"name": 1, "noun": 2, "pronoun": PRONOUN}
GENDERS = {None: 0, HE: 1, SHE: 2, THEY: 3, "I": 4, "you": 5, "we": 6, "it/its": 7}
GAPS = {"next": 1, "near": 2, "inside": 3}
ENDS = {".": 1, "?": 2, "!": 3, ",": 4, "—": 5, "--": 5, "-": 5, "–": 5, "…": 6, "...": 6}
CUES = {("tag", "name"): 1, ("tag", "noun"): 2, ("tag", "pronoun"): 3, ("beat", "name"): 4, ("beat", "noun"): 5,
        ("beat", "pronoun"): 6}  # fmt: skip
LENGTHS = np.array([4, 7, 12, 24, 60])
SENTENCES = np.array([1, 2, 3, 5, 9])
COUNTS = np.array([1, 2, 4, 8, 16])
RANKS = 8

NODE_SIZES = (8, 4, 9, 3, 4, 7, 8, 8, 7)
"""Role, form, what the words say of gender, subject or possessive, a turn's gap, its length, its last mark, its cue,
sentences since the node before."""
PERSON_SIZES = (5, 2, 2, 2, 6, 6)
"""Gender, named, several, the narrator, mentions and turns in the stretch."""
PAIR_SIZES = (RANKS + 2, 2, 2, 2, 3)
"""Rank among the active, named in the turn, called in it, called in the turn before, addressee by the rules."""
FLOATS = 4
"""The rules' evidence, the log of their chance, and the chances that the turn before and the one after are theirs."""


@dataclass(frozen=True)
class Stretch:
    """Turns `[first, last)` of a conversation are decided by it.

    `numbers` int32 `[n]` is a mention's number, -1 for a turn, and `place` int32 `[n]` its first token; `turns` int64
    `[t]` are the turns' nodes, `quotes` int32 `[t]` their longest quotations; `columns` int64 `[n, len(NODE_SIZES)]`,
    `who` float32 `[n, p]`, `persons` int64 `[p, len(PERSON_SIZES)]`, `pairs` int64 `[t, p, len(PAIR_SIZES)]`, `floats`
    float32 `[t, p, FLOATS]`.
    """

    conversation: int
    first: int
    last: int
    skipped: int
    numbers: NDArray[np.int32]
    quotes: NDArray[np.int32]
    columns: NDArray[np.int64]
    who: NDArray[np.float32]
    place: NDArray[np.int32]
    turns: NDArray[np.int64]
    persons: NDArray[np.int64]
    pairs: NDArray[np.int64]
    floats: NDArray[np.float32]


def find_stretches(
    conversations: Sequence[Conversation], mentions: Sequence[Candidate], people: People, tokens: Tokens, words: Words,
    narrator: Person | None,
) -> Iterator[Stretch]:  # fmt: skip
    """Every conversation, cut so that no stretch is long."""
    maker = _Maker(mentions, people, tokens, words, narrator)
    for number, conversation in enumerate(conversations):
        for first in range(0, len(conversation.turns), TURNS):
            yield maker.stretch(number, conversation, first, min(first + TURNS, len(conversation.turns)))


class _Maker:
    def __init__(
        self, mentions: Sequence[Candidate], people: People, tokens: Tokens, words: Words, narrator: Person | None
    ) -> None:
        self.mentions, self.people, self.words, self.narrator = mentions, people, words, narrator
        self.sentence = tokens.sentence.data
        self.firsts = [m.first for m in mentions]

    def stretch(self, number: int, conversation: Conversation, first: int, last: int) -> Stretch:
        begin, end = max(0, first - MARGIN), min(len(conversation.turns), last + MARGIN)
        turns, column = conversation.turns[begin:end], {p: i for i, p in enumerate(conversation.present)}
        roles = self._roles(turns)
        nodes: list[tuple[int, int, int]] = [(t.lines[0].first, -1, i) for i, t in enumerate(turns)]
        low = bisect_left(self.firsts, turns[0].lines[0].first - BEFORE)
        high = bisect_left(self.firsts, turns[-1].lines[-1].last + AFTER)
        kept = [i for i in range(low, high) if self.mentions[i].kind in ("person", "group")]
        nodes += [(self.firsts[i], i, -1) for i in self._nearest(kept, turns, NODES - len(turns))]
        nodes.sort()
        columns = np.zeros((len(nodes), len(NODE_SIZES)), np.int64)
        who = np.zeros((len(nodes), len(column)), np.float32)
        place = np.zeros(len(nodes), np.int32)
        at = np.zeros(len(turns), np.int64)
        before = nodes[0][0]
        chances = conversation.chances[begin:end]
        for row, (token, mention, turn) in enumerate(nodes):
            apart = int(np.searchsorted(SENTENCES, self.sentence[token] - self.sentence[before], side="right"))
            before = token
            if turn >= 0:
                columns[row], place[row] = self._turn(turns[turn], apart), token
                who[row], at[turn] = chances[turn], row
            else:
                candidate = self.mentions[mention]
                columns[row] = self._mention(candidate, roles.get(mention), apart)
                place[row] = candidate.first
                self._mark(who[row], candidate, column)
        return Stretch(
            number, first, last, first - begin, np.array([mention for _, mention, _ in nodes], np.int32),
            np.array([_longest(t).quote for t in turns], np.int32), columns, who, place, at,
            self._persons(column, who, at), self._pairs(conversation, begin, end, column),
            self._floats(conversation, begin, end),
        )  # fmt: skip

    def _nearest(self, kept: list[int], turns: Sequence[Turn], most: int) -> list[int]:
        """At most so many mentions: the ones of narration far from any line go first."""
        if len(kept) <= most:
            return kept
        edges = np.array([edge for t in turns for edge in (t.lines[0].first, t.lines[-1].last)])
        apart = {i: int(np.abs(edges - self.firsts[i]).min()) for i in kept}
        return sorted(sorted(kept, key=lambda i: apart[i])[:most])

    def _roles(self, turns: Sequence[Turn]) -> dict[int, int]:
        roles: dict[int, int] = {}
        for turn in turns:
            for line in turn.lines:
                roles.update(dict.fromkeys(line.vocatives, VOCATIVE))
                for cue in line.cues:
                    beat = BEAT_AFTER if cue.after else BEAT_BEFORE
                    roles[cue.mention] = TAG if cue.kind == "tag" else roles.get(cue.mention, beat)
            roles.update(dict.fromkeys(told(turn), LISTENER))
        return roles

    def _turn(self, turn: Turn, apart: int) -> Sequence[int]:
        said = sum(line.last - line.first for line in turn.lines)
        longest = _longest(turn)
        end = max(longest.first, longest.last - 2)
        mark = ENDS.get(self.words.text[end], 0)
        cue = turn.cue
        kind = CUES[cue.kind, self.mentions[cue.mention].form] if cue else 0
        return TURN, 0, 0, 0, GAPS[turn.gap], int(np.searchsorted(LENGTHS, said)) + 1, mark, kind, apart + 1

    def _mention(self, mention: Candidate, role: int | None, apart: int) -> Sequence[int]:
        if role is None:
            role = QUOTED if mention.quote >= 0 else TOLD_OF
        part = 1 if mention.subject else 2 if mention.word in POSSESSIVE else 0
        return role, FORMS[mention.form], GENDERS.get(mention.gender, 8), part, 0, 0, 0, 0, apart + 1

    def _mark(self, row: NDArray[np.float32], mention: Candidate, column: dict[int, int]) -> None:
        """Whom the rules take the mention for; "I" and "you" in a line mean whoever they mean there."""
        if mention.quote >= 0 and mention.gender in ("I", "you", "we"):
            return
        if mention.person in column:
            row[column[mention.person]] = 1.0 if mention.form == "name" else max(mention.confidence, 0.3)

    def _persons(self, column: dict[int, int], who: NDArray[np.float32], turns: NDArray[np.int64]) -> NDArray[np.int64]:
        counts = np.searchsorted(COUNTS, who.sum(0) - who[turns].sum(0), side="right")
        spoken = np.searchsorted(COUNTS, who[turns].sum(0), side="right")
        rows = np.zeros((len(column), len(PERSON_SIZES)), np.int64)
        for person, i in column.items():
            somebody = self.people.everyone[person]
            rows[i] = (
                {HE: 1, SHE: 2, None: 0}.get(somebody.known, 3 if somebody.known == THEY else 4),
                somebody.named or somebody.cast is not None, somebody.kind == "group", somebody is self.narrator,
                counts[i], spoken[i],
            )  # fmt: skip
        return rows

    def _pairs(self, conversation: Conversation, begin: int, end: int, column: dict[int, int]) -> NDArray[np.int64]:
        rows = np.zeros((end - begin, len(column), len(PAIR_SIZES)), np.int64)
        rows[..., 0] = RANKS + 1
        for t in range(begin, end):
            turn, row = conversation.turns[t], rows[t - begin]
            for rank, person in enumerate(turn.active):
                if person in column:
                    row[column[person], 0] = min(rank, RANKS)
            named = {self.mentions[i].person for line in turn.lines for i in line.named}
            called = {self.mentions[i].person for line in turn.lines for i in line.vocatives}
            before = conversation.turns[t - 1] if t else None
            asked = {self.mentions[i].person for line in before.lines for i in line.vocatives} if before else set()
            for place, persons in ((1, named), (2, called), (3, asked), (4, set(turn.addressees))):
                for person in persons & column.keys():
                    row[column[person], place] = 1
        return rows

    def _floats(self, conversation: Conversation, begin: int, end: int) -> NDArray[np.float32]:
        own, chances = conversation.scores[begin:end], conversation.chances
        padded = np.pad(chances, ((1, 1), (0, 0)))
        return np.stack(
            [
                np.maximum(own - own.max(1, keepdims=True), -15) / 5, np.log(np.maximum(chances[begin:end], 1e-3)) / 3,
                padded[begin:end], padded[begin + 2 : end + 2],
            ],
            -1,
        ).astype(np.float32)  # fmt: skip


def _longest(turn: Turn) -> Line:
    return max(turn.lines, key=lambda line: line.last - line.first)


DISTANCES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192)
"""Borders of the buckets of a distance in tokens, as the encoder's own heads have learnt it."""
REACH = 24
"""Nodes apart beyond which attention knows no difference."""
OF_PERSON, AMONG_PERSONS = 2 * REACH + 1, 2 * REACH + 2


def inputs(
    stretch: Stretch, mentions: NDArray[np.floating], lines: NDArray[np.floating]
) -> dict[str, NDArray[Any]]:  # fmt: skip
    """What the net takes: the stretch's own arrays, and

    `mentions` float32 `[n, 256]` and `lines` float32 `[t, 512]`, what the encoder makes of the nodes and turns; `at`
    float32 `[t, n]`, 1 where the node is the turn; `gap` int64 `[t, n]` and `apart` int64 `[n + p, n + p]`, buckets of
    the distance in tokens and in nodes.
    """
    n, p = stretch.who.shape
    places = np.arange(n)
    apart = np.full((n + p, n + p), OF_PERSON, np.int64)
    apart[:n, :n] = np.clip(places[:, None] - places[None, :], -REACH, REACH) + REACH
    apart[n:, n:] = AMONG_PERSONS
    start = stretch.place
    gap = start[None, :] - start[stretch.turns][:, None]
    return {
        "columns": stretch.columns, "who": stretch.who, "at": (places == stretch.turns[:, None]).astype(np.float32),
        "persons": stretch.persons, "pairs": stretch.pairs, "floats": stretch.floats,
        "mentions": mentions.astype(np.float32), "lines": lines.astype(np.float32),
        "gap": np.searchsorted(DISTANCES, np.abs(gap)) + (gap > 0) * (len(DISTANCES) + 1), "apart": apart,
    }  # fmt: skip


def rows_of(mentions: Sequence[Candidate], reading: Reading) -> NDArray[np.int32]:
    """Which of the encoder's mentions each of the rules' is, -1 for none."""
    number_of = {id(mention): number for number, mention in enumerate(mentions)}
    rows = np.full(len(mentions) + 1, -1, np.int32)
    for row, mention in enumerate(match(reading.spans, mentions)):
        if mention is not None:
            rows[number_of[id(mention)]] = row
    return rows


def vectors(
    stretch: Stretch, rows: NDArray[np.int32], reading: Reading
) -> tuple[NDArray[np.float16], NDArray[np.float16]]:  # fmt: skip
    """What the encoder makes of the stretch's nodes `[n, 256]` (nothing of a turn) and turns `[t, 512]`."""
    mentions = np.zeros((len(stretch.numbers), POINTED), np.float16)
    own = rows[stretch.numbers]
    mentions[own >= 0] = reading.pointed[own[own >= 0]]
    return mentions, reading.said[stretch.quotes]


def weighed(
    conversation: Conversation, speakers: NDArray[np.float32], listeners: NDArray[np.float32]
) -> NDArray[np.float64]:  # fmt: skip
    """The conversation decided as a whole once more, with the net's chances `[t, p]` of speaking and being spoken to.

    The net starts from the rules' chances of speaking, so only the difference is new evidence; and whoever is spoken to
    is likely to speak next. Taking turns is then weighed anew, so that no two opinions are mixed into an order of turns
    that neither of them holds.
    """
    new = np.log(np.maximum(speakers, LEAST)) - np.log(np.maximum(conversation.chances, LEAST))
    gaps = [turn.gap for turn in conversation.turns]
    scores = conversation.scores + NET * new
    scores[1:] += ANSWERS * _next_to(gaps) * np.log(listeners[:-1] + UNHEARD)
    chances = forward_backward(scores, moves_of(gaps)) ** MILDER
    calibrated: NDArray[np.float64] = chances / chances.sum(1, keepdims=True)
    return calibrated


def listening(
    listeners: NDArray[np.float32], chances: NDArray[np.float64], gaps: Sequence[str]
) -> NDArray[np.float64]:  # fmt: skip
    """The net's chances of being spoken to `[t, p]`, given who speaks, and who has spoken before and answers after.

    Nobody speaks to themselves; narration between two turns leaves it open whether they belong together.
    """
    next_to = _next_to(gaps)
    spoken = BESIDE * np.log(chances + UNHEARD)
    scores = np.log(listeners + HARDLY) + np.log(1 - np.minimum(chances, CERTAINLY))
    scores[:-1] += next_to * spoken[1:]
    scores[1:] += next_to * spoken[:-1]
    raised = np.exp(scores - scores.max(1, keepdims=True))
    found: NDArray[np.float64] = raised / raised.sum(1, keepdims=True)
    return found


def _next_to(gaps: Sequence[str]) -> NDArray[np.bool_]:
    """Which turns but the first follow the one before without narration between, `[t - 1, 1]`."""
    return np.array([gap == "next" for gap in gaps[1:]], bool)[:, None]


NET, LEAST = 0.5, 1e-4
"""What a nat of the net's counts beside the rules' evidence, and the least chance that counts. These and those below
were chosen on PDNC dev and our scenes; docs/evaluation.md has what other ways gave."""
ANSWERS, UNHEARD = 0.25, 0.05
"""What a nat of being spoken to counts for speaking in the next paragraph, and what everybody has of it."""
MILDER = 0.8
"""Power of the chances, which are too sure by themselves."""
BESIDE, HARDLY, CERTAINLY = 0.5, 0.02, 0.98
"""What a nat of speaking in the paragraph before or after counts for being spoken to; the least chance of it that the
net's word is taken for, and the most that a speaker's is."""


class Reviser:
    """Changes the chances that the rules have given, by the net of lines."""

    def __init__(self, reading: Reading, tokens: Tokens, words: Words, models: Models) -> None:
        self.reading, self.tokens, self.words, self.models = reading, tokens, words, models

    def __call__(
        self, conversations: list[Conversation], mentions: list[Candidate], people: People, narrator: Person | None
    ) -> None:  # fmt: skip
        rows = rows_of(mentions, self.reading)
        said = [np.zeros((2, *conversation.chances.shape), np.float32) for conversation in conversations]
        for stretch in find_stretches(conversations, mentions, people, self.tokens, self.words, narrator):
            said[stretch.conversation][:, stretch.first : stretch.last] = list(self._scores(stretch, rows))
        for conversation, (speakers, listeners) in zip(conversations, said, strict=True):
            conversation.chances = weighed(conversation, speakers, listeners)
            conversation.listeners = listening(listeners, conversation.chances, [t.gap for t in conversation.turns])
            fill_again(conversation, mentions, narrator)

    def _scores(self, stretch: Stretch, rows: NDArray[np.int32]) -> Iterator[NDArray[np.float32]]:
        """Chances of speaking and of being spoken to, `[t, p]` each, of the turns that the stretch decides."""
        mentions, lines = vectors(stretch, rows, self.reading)
        kept = slice(stretch.skipped, stretch.skipped + stretch.last - stretch.first)
        for scores in self.models.speakers.run(None, inputs(stretch, mentions, lines)):
            yield softmax(scores)[kept, 1:]
