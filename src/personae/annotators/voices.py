"""How each person talks: the words of the lines that are likely theirs speak for other lines being theirs, or against.

Naive Bayes over words, as Mosteller and Wallace (1964) told authors apart: whoever says "sir" and "reckon" elsewhere is
likelier to say it here. Everybody's words are smoothed by those of all speech, so that somebody of few lines has no
voice; and a story with little speech tells hardly anything, so that it counts less there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from personae.annotators.conversations import Conversation, fill_again, forward_backward, moves_of
from personae.annotators.mentions import Candidate
from personae.annotators.people import Person
from personae.annotators.turns import Turn
from personae.annotators.words import Words

LIKELY = 0.2
"""Chance from which a turn's words count, by so much, as somebody's."""
SMOOTHING = 6000.0
"""Words of anybody's that are added to each person's own."""
MOST = 2.0
"""Nats that a turn's words may speak for or against somebody, before they are weighed."""
WEIGHT = 0.3
"""What a nat of words counts beside other evidence: words come in clumps. This and the two above were chosen on nine
novels of PDNC train with nothing given; half or twice of each does about as well."""
ENOUGH = 20_000
"""Words of speech in a story from which voices count in full; with fewer, in proportion."""
FEWEST = 5
"""Times a word must be said to tell anything."""


def listen_to_voices(
    conversations: Sequence[Conversation], words: Words, mentions: list[Candidate], narrator: Person | None
) -> None:
    """Add to every conversation's scores what the words of its turns say, and decide it anew."""
    lows: dict[str, int] = {}
    low_of = np.array([lows.setdefault(w.lower().replace("’", "'"), len(lows)) for w in words.types], np.int64)
    said = [[_said(turn, words, low_of) for turn in conversation.turns] for conversation in conversations]
    total = np.zeros(len(lows))
    for bags in said:
        for kinds, times in bags:
            total[kinds] += times
    spoken = total.sum()
    if not spoken:
        return
    voices = _Voices(conversations, said, total)
    weight = WEIGHT * min(1.0, spoken / ENOUGH)
    for number, conversation in enumerate(conversations):
        conversation.scores = conversation.scores + weight * voices.scores(number)
        moves = moves_of(turn.gap for turn in conversation.turns)
        conversation.chances = forward_backward(conversation.scores, moves)
        fill_again(conversation, mentions, narrator)


Bag = tuple[NDArray[np.int64], NDArray[np.int64]]
"""The kinds of words in a turn, and how often each stands there."""


def _said(turn: Turn, words: Words, low_of: NDArray[np.int64]) -> Bag:
    kinds = np.concatenate([low_of[words.type_ids[line.first : line.last]] for line in turn.lines])
    return np.unique(kinds, return_counts=True)


class _Voices:
    """Everybody's words of the kinds that are said often enough, kept sparse: a long book has thousands of people.

    The words of the person in row r are `kinds[starts[r]:starts[r + 1]]`, so many `times` each; `size[r]` are all.
    """

    def __init__(
        self, conversations: Sequence[Conversation], said: Sequence[Sequence[Bag]], total: NDArray[np.float64]
    ) -> None:
        self.conversations, self.said = conversations, said
        self.column = np.where(total >= FEWEST, np.cumsum(total >= FEWEST) - 1, -1)
        self.usual = total[total >= FEWEST] / total.sum()
        self.row: dict[int, int] = {}
        size: list[float] = []
        keys, weights = [np.zeros(0, np.int64)], [np.zeros(0)]
        for conversation, bags in zip(conversations, said, strict=True):
            for chances, (kinds, times) in zip(conversation.chances, bags, strict=True):
                here = self.column[kinds]
                for place in np.flatnonzero(chances > LIKELY).tolist():
                    row = self.row.setdefault(conversation.present[place], len(self.row))
                    size += [0.0] * (row == len(size))
                    size[row] += chances[place] * times.sum()
                    keys.append(row * len(self.usual) + here[here >= 0])
                    weights.append(chances[place] * times[here >= 0])
        self.size = np.array(size)
        whole, where = np.unique(np.concatenate(keys), return_inverse=True)
        self.times = np.bincount(where, np.concatenate(weights), len(whole))
        self.kinds = whole % max(len(self.usual), 1)
        self.starts = np.searchsorted(whole, np.arange(len(self.row) + 1) * len(self.usual))

    def scores(self, number: int) -> NDArray[np.float64]:
        """What each turn's words say of each person present, in nats: `[n_turns, n_present]`."""
        conversation, bags = self.conversations[number], self.said[number]
        found = np.zeros_like(conversation.scores)
        known = [place for place, person in enumerate(conversation.present) if person in self.row]
        rows = [self.row[conversation.present[place]] for place in known]
        own = np.zeros((len(rows), len(self.usual)))
        for place, row in enumerate(rows):
            words = slice(self.starts[row], self.starts[row + 1])
            own[place, self.kinds[words]] = self.times[words]
        sizes = self.size[rows][:, None]
        for turn, (kinds, times) in enumerate(bags):
            here = self.column[kinds]
            usual, seen = self.usual[here[here >= 0]], times[here >= 0]
            chances = conversation.chances[turn, known]
            chances = np.where(chances > LIKELY, chances, 0.0)[:, None]  # the turn itself doesn't count
            mine = np.maximum(own[:, here[here >= 0]] - chances * seen, 0.0)
            size = np.maximum(sizes - chances * times.sum(), 0.0)
            odds = (mine + SMOOTHING * usual) / ((size + SMOOTHING) * usual)
            found[turn, known] = np.clip((seen * np.log(odds)).sum(1), -MOST, MOST)
        return found
