"""Whom each mention means, given what every other mention means: beliefs passed along the links between mentions.

A mention means whoever its antecedents mean (forward), and whoever the mentions that take it up mean (back): a name
that comes later tells who "he" was before it. Names are certain; the rules' reading is evidence beside the net's links.
Mean-field rounds over the links (Jordan et al. 1999); time and memory are linear in the number of mentions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Belief = dict[int, float]
"""Chances by label: a person's number, or `~i` for whoever mention i is the first to mean."""

ROUNDS = 2
LATER = 0.25
"""Share of "nobody before" for each person who is first named later: "a girl" may be whom the story then names."""
LINK = 0.02
"""Chance from which a link counts."""
NEW = 0.05
"""Chance from which a mention may mean somebody new: less would only gather those who take it up."""
ANYBODY = 1e-2
"""Chance that a mention means somebody whom none of its links leads to."""
BACK = 2.0
"""Weight of what later mentions say of an earlier one. It and the two below were chosen on our dev scenes."""
SPEAKER = 3.0
"""Nats for the rules' reading of "I" and "you", read off a line's speaker and listener, or off who tells the story."""
RULES = {"pronoun": 1.0, "noun": 0.5, "name": 0.5}
"""Nats for the rules' reading of any other mention, by its form."""
LIKELY, KEPT, MOST = 0.05, 1e-3, 12
"""Nats from which a later mention proposes somebody; the share below which a label is dropped; how many are kept."""


@dataclass(frozen=True)
class Evidence:
    """What is known of each mention by itself: `[n]` each.

    `certain` is the person of a name, else -1; `rules` whom the rules take it for, -1 for nobody, with `weight` in
    nats; `may` says whether a mention can mean a label at all (its gender).
    """

    certain: Sequence[int]
    rules: Sequence[int]
    weight: Sequence[float]
    may: Callable[[int, int], bool]


def believe(others: NDArray[np.int32], chances: NDArray[np.float32], evidence: Evidence) -> list[Belief]:
    """The belief about every mention, from its antecedents `[n, k]` and the chances `[n, 1 + k]` of none and each."""
    passing = Passing(others, chances, evidence)
    passing.forward()
    for number in range(ROUNDS):
        passing.round(backwards=number % 2 == 0)
    return passing.beliefs


class _Links:
    """Links of every mention, side by side: lists of pairs would take more memory than the story."""

    def __init__(
        self, own: NDArray[Any], other: NDArray[Any], strength: NDArray[np.float32], size: int
    ) -> None:
        order = np.argsort(own, kind="stable")
        self.starts: list[int] = np.searchsorted(own[order], np.arange(size + 1)).tolist()
        self.other, self.strength = other[order].astype(np.int32), strength[order]

    def __getitem__(self, number: int) -> list[tuple[int, float]]:
        """The mentions it is linked to, and how likely each link is."""
        span = slice(self.starts[number], self.starts[number + 1])
        return list(zip(self.other[span].tolist(), self.strength[span].tolist(), strict=True))


class Passing:
    """Beliefs while they are passed along."""

    def __init__(self, others: NDArray[np.int32], chances: NDArray[np.float32], evidence: Evidence) -> None:
        self.evidence = evidence
        self.size = len(others)
        self.new: list[float] = chances[:, 0].tolist() if self.size else []
        later, places = np.nonzero(chances[:, 1:] > LINK)
        earlier, strength = others[later, places], chances[later, places + 1]
        self.before = _Links(later, earlier, strength, self.size)
        self.after = _Links(earlier, later, strength, self.size)
        self.named: dict[int, int] = {}
        for number, person in enumerate(evidence.certain):
            self.named.setdefault(person, number)
        self.beliefs: list[Belief] = [{} for _ in range(self.size)]
        self.terms: list[Belief] = [{} for _ in range(self.size)]
        """Chance of each label by the antecedents alone, kept up to date as beliefs change."""

    def forward(self) -> None:
        """A first reading, in the order of the text."""
        for number in range(self.size):
            self.terms[number] = self._from_before(number)
            self.beliefs[number] = self._settle(number, {})

    def round(self, backwards: bool) -> None:
        """Every mention once more, with what those after it say."""
        order = range(self.size - 1, -1, -1) if backwards else range(self.size)
        for number in order:
            if self.evidence.certain[number] < 0:
                self._change(number, self._settle(number, self._from_after(number)))

    def _change(self, number: int, belief: Belief) -> None:
        """Take the new belief into the terms of those that take this mention up."""
        old = self.beliefs[number]
        moved = {label: belief.get(label, 0.0) - old.get(label, 0.0) for label in belief.keys() | old.keys()}
        for later, chance in self.after[number]:
            term = self.terms[later]
            for label, change in moved.items():
                value = term.get(label, 0.0) + chance * change
                term[label] = value if value > 0.0 else 0.0
        self.beliefs[number] = belief

    def _from_before(self, number: int) -> Belief:
        """Chance of each label by the antecedents alone."""
        found: Belief = {}
        for earlier, chance in self.before[number]:
            for label, share in self.beliefs[earlier].items():
                found[label] = found.get(label, 0.0) + chance * share
        if self.evidence.certain[number] < 0 and self.new[number] > NEW:
            found[~number] = self.new[number]
        return found

    def _from_after(self, number: int) -> Belief:
        """Log of how well each label fits those that take this mention up, over how well any other does."""
        found: Belief = {}
        own = self.beliefs[number]
        for later, chance in self.after[number]:
            theirs, term, rest = self.beliefs[later], self.terms[later], 0.0
            for label, share in theirs.items():
                others = term.get(label, 0.0) + ANYBODY - chance * own.get(label, 0.0)
                rest += share * (others if others > 1e-4 else 1e-4)
            if self.evidence.certain[later] >= 0:  # a name needs nobody before it
                rest += self.new[later]
            for label, share in theirs.items():
                if label >= ~number:
                    found[label] = found.get(label, 0.0) + BACK * math.log1p(chance * share / rest)
        return found

    def _settle(self, number: int, after: Belief) -> Belief:
        """Everything together, as chances."""
        certain = self.evidence.certain[number]
        if certain >= 0:
            return {certain: 1.0}
        rules, before = self.evidence.rules[number], self.terms[number]
        labels = {label for label, share in before.items() if share > KEPT}
        labels |= {p for p, nats in after.items() if p >= 0 and nats > LIKELY}
        labels |= {rules} if rules >= 0 else set()
        may, log, weight = self.evidence.may, math.log, self.evidence.weight[number]
        named, unnamed_yet = self.named, LATER * self.new[number]
        scores: Belief = {}
        for label in labels:
            if may(number, label):
                known = before.get(label, 0.0) + (unnamed_yet if named.get(label, -1) > number else 0.0)
                scores[label] = log(known + ANYBODY) + after.get(label, 0.0) + (weight if label == rules else 0.0)
        scores = scores or {~number: 0.0}
        likeliest = sorted(scores, key=lambda label: (-scores[label], label))[:MOST]
        raised = {label: math.exp(scores[label] - scores[likeliest[0]]) for label in likeliest}
        total = sum(raised.values())
        return {label: value / total for label, value in raised.items() if value > KEPT * total}
