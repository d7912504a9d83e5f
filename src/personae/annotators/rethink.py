"""Beliefs passed again where evidence has changed, and nowhere else.

`believe` goes over all mentions a few times, each time in order. Here every pass is remembered; when some of the
evidence changes, a mention is settled anew in a pass only if something that it is settled by has become another. The
outcome is that of `believe` with the new evidence, but for differences below `SAME`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from personae.annotators.beliefs import ROUNDS, Belief, Evidence, Passing
from personae.annotators.links import GENDERS
from personae.annotators.people import People

SAME = 1e-4
"""Chances nearer than this are the same."""

MANY = 0.4
"""So many times as there are mentions may one be settled anew, before everything is."""

FRESH, LATE, OTHERS = 10**7, 10**8, 10**9
"""Labels of people who aren't those of the first reading: whom corrections brought in; who was met last, by the
candidate that brought them in; anybody else."""


class Thinker:
    """The beliefs of one story, as corrections come and go."""

    def __init__(self) -> None:
        self._labels: list[int] = []
        self._people: dict[int, int] = {}
        self._genders: dict[int, int] = {}
        self._trail: _Trail | None = None

    def about(self, people: People, first: int, known: int, met: Mapping[int, int]) -> None:
        """Whom the evidence will be about: `first` of the first reading, then, up to `known`, whom corrections brought
        in, then those in `met`, by candidate. What is believed is kept by labels that are the same next time."""
        late = {person: LATE + candidate for candidate, person in met.items()}
        fresh = [FRESH + number for number in range(known - first)]
        last = [late.get(number, OTHERS + number) for number in range(known, len(people.everyone))]
        self._labels = [*range(first), *fresh, *last]
        self._people = {label: number for number, label in enumerate(self._labels)}
        self._genders = {self._labels[person.id]: GENDERS.get(person.known, 0) for person in people.everyone}

    def __call__(
        self, others: NDArray[np.int32], chances: NDArray[np.float32], evidence: Evidence
    ) -> list[Belief]:  # fmt: skip
        """As `believe`."""
        lasting = self._lasting(evidence)
        if self._trail is None:
            self._trail = _Trail(others, chances, lasting, self._genders)
        else:
            self._trail.change(lasting, self._genders)
        return [self._own(number, belief) for number, belief in enumerate(self._trail.stages[-1])]

    def _lasting(self, evidence: Evidence) -> Evidence:
        """The evidence about people by their labels; whoever isn't there any more can't be meant."""
        labels, people, may = self._labels, self._people, evidence.may
        certain, rules = ([labels[p] if p >= 0 else p for p in row] for row in (evidence.certain, evidence.rules))

        def might(number: int, label: int) -> bool:
            return may(number, label) if label < 0 else label in people and may(number, people[label])

        return Evidence(certain, rules, evidence.weight, might)

    def _own(self, number: int, belief: Belief) -> Belief:
        """A belief about this time's people."""
        if all(label < FRESH for label in belief):
            return belief
        people = self._people
        there = {label: share for label, share in belief.items() if label < 0 or label in people}
        found = {label if label < 0 else people[label]: share for label, share in there.items()}
        return found or {~number: 1.0}


class _Trail(Passing):
    """Every pass over the mentions: `stages[0]` after the first reading, then one for each round."""

    def __init__(
        self, others: NDArray[np.int32], chances: NDArray[np.float32], evidence: Evidence, genders: Mapping[int, int]
    ) -> None:  # fmt: skip
        super().__init__(others, chances, evidence)
        self.genders = dict(genders)
        self._left = 0
        self.forward()
        self.stages = [list(self.beliefs)]
        for number in range(ROUNDS):
            self.round(backwards=number % 2 == 0)
            self.stages.append(list(self.beliefs))

    def change(self, evidence: Evidence, genders: Mapping[int, int]) -> None:
        """Take other evidence."""
        changed = self._differing(evidence, genders)
        self.evidence, self.genders = replace(evidence), dict(genders)
        self.named = {}
        for number, person in enumerate(evidence.certain):
            self.named.setdefault(person, number)
        if changed and not self._again(changed):
            self._anew()

    def _anew(self) -> None:
        self.terms = [{} for _ in range(self.size)]
        self.beliefs = [{} for _ in range(self.size)]
        self.forward()
        self.stages = [list(self.beliefs)]
        for number in range(ROUNDS):
            self.round(backwards=number % 2 == 0)
            self.stages.append(list(self.beliefs))

    def _differing(self, evidence: Evidence, genders: Mapping[int, int]) -> set[int]:
        """Mentions whose own evidence is another, or that may mean somebody of whom something else is known."""
        old = self.evidence
        rows = zip(old.certain, evidence.certain, old.rules, evidence.rules, old.weight, evidence.weight, strict=True)
        found = {number for number, (a, b, c, d, e, f) in enumerate(rows) if a != b or c != d or e != f}
        people = {label for label, gender in genders.items() if self.genders.get(label, gender) != gender}
        people |= (self.genders.keys() - genders.keys()) | self._named_otherwise(evidence.certain)
        if people:
            found |= {n for n, belief in enumerate(self.stages[-1]) if not people.isdisjoint(belief)}
        return found

    def _named_otherwise(self, certain: Sequence[int]) -> set[int]:
        """Whose name comes first elsewhere than it did."""
        named: dict[int, int] = {}
        for number, person in enumerate(certain):
            named.setdefault(person, number)
        people = {person for person in named.keys() | self.named.keys() if person >= 0}
        return {person for person in people if named.get(person) != self.named.get(person)}

    def _again(self, changed: set[int]) -> bool:
        """Each pass once more, as far as it comes out otherwise; False if that would be most of it."""
        self._left = int(MANY * self.size) + 100
        moved: set[int] = set()
        for stage in range(ROUNDS + 1):
            moved = self._pass(stage, set(changed), moved)
            if self._left < 0:
                return False
        return True

    def _pass(self, stage: int, changed: set[int], before: set[int]) -> set[int]:
        """One pass; `before` are the mentions that came out otherwise in the pass before. Gives those of this one."""
        backwards = stage % 2 == 1
        sign = -1 if backwards else 1
        waiting = changed.union(*map(self._reach, before)) if before else changed
        heap = [sign * number for number in waiting]
        heapify(heap)
        seen, moved = set(waiting), set()
        here = self.stages[stage]
        while heap and self._left >= 0:
            self._left -= 1
            number = sign * heappop(heap)
            belief = self._first(number) if stage == 0 else self._later(number, stage, backwards)
            if not _same(belief, here[number]):
                here[number] = belief
                moved.add(number)
                for other in self._reach(number) if stage else [later for later, _ in self.after[number]]:
                    if other not in seen and sign * other > sign * number:
                        seen.add(other)
                        heappush(heap, sign * other)
        return moved

    def _reach(self, number: int) -> Iterable[int]:
        """All mentions that are settled by what this one means."""
        yield number
        yield from (earlier for earlier, _ in self.before[number])
        for later, _ in self.after[number]:
            yield later
            yield from (earlier for earlier, _ in self.before[later])

    def _first(self, number: int) -> Belief:
        self.beliefs = self.stages[0]
        self.terms[number] = self._from_before(number)
        return self._settle(number, {})

    def _later(self, number: int, stage: int, backwards: bool) -> Belief:
        """What a round makes of a mention, those that come before it in that round being done already."""
        if self.evidence.certain[number] >= 0:
            return {self.evidence.certain[number]: 1.0}
        done, still = self.stages[stage], self.stages[stage - 1]
        self.beliefs = _Mixed(done, still, number) if backwards else _Mixed(still, done, number - 1)
        self.terms[number] = self._from_before(number)
        for later, _ in self.after[number]:
            self.terms[later] = self._from_before(later)
        return self._settle(number, self._from_after(number))


class _Mixed(list[Belief]):
    """Beliefs of two passes: of one after a mention, of the other up to it."""

    def __init__(self, after: list[Belief], upto: list[Belief], border: int) -> None:
        super().__init__()
        self._after, self._upto, self._border = after, upto, border

    def __getitem__(self, number: int) -> Belief:  # type: ignore[override]
        return self._after[number] if number > self._border else self._upto[number]


def _same(one: Belief, other: Belief) -> bool:
    if one.keys() == other.keys():
        return all(abs(share - other[label]) < SAME for label, share in one.items())
    labels = one.keys() | other.keys()
    return all(abs(one.get(label, 0.0) - other.get(label, 0.0)) < SAME for label in labels)
