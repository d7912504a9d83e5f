"""Whom every mention means: a net's links between mentions, held together by who is called what.

People are anchored on their names, which the rules have clustered: mentions of two people with names of their own
never become one. Every other mention joins whoever the net's antecedents speak for most, all links to one of them
together (the chance that the net was trained to give, Lee et al. 2017).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from personae.annotators.links import GENDERS, Nodes, antecedents, match, pairs
from personae.annotators.mentions import Candidate
from personae.annotators.people import People
from personae.annotators.spans import KINDS, Span
from personae.annotators.words import Words
from personae.models import Models

CHUNK, MARGIN = 192, 32
"""Nodes that the net reads at once, and those at either end read only for the sake of the others; as in training."""

ROWS = 512
"""Mentions held against their antecedents at once."""

SEVERAL_OF_THEM = 2
"""The number of a plural in `Nodes.columns`."""

Floats = NDArray[np.float32]


def link(vectors: NDArray[np.float16], nodes: Nodes, models: Models) -> tuple[NDArray[np.int32], Floats]:
    """Each mention's antecedents `[n, k]`; the chances `[n, 1 + k]` that it means nobody before, and each of them."""
    others = antecedents(nodes)
    size = len(nodes)
    if not size:
        return others, np.zeros((0, 1 + others.shape[1]), np.float32)
    read = _read(vectors, nodes, models)
    width = (read.shape[1] - 1) // 2
    later, earlier, new = read[:, :width], read[:, width : 2 * width], read[:, -1:]
    chances = np.zeros((size, 1 + others.shape[1]), np.float32)
    for start in range(0, size, ROWS):
        rows = np.arange(start, min(start + ROWS, size), dtype=np.int32)
        own = others[rows]
        given = {
            "later": later[rows], "earlier": earlier[np.maximum(own, 0)], "features": pairs(nodes, rows, own),
        }  # fmt: skip
        scores = np.where(own < 0, -1e4, models.pairs.run(None, given)[0])
        chances[rows] = _softmax(np.concatenate([new[rows], scores], 1))
    return others, chances


def _read(vectors: NDArray[np.float16], nodes: Nodes, models: Models) -> Floats:
    """Every node's row of the first half of the net, stretch by stretch."""
    size, step = len(nodes), CHUNK - 2 * MARGIN
    parts = []
    for start in range(0, size, step):
        a, b = max(0, start - MARGIN), min(size, start + step + MARGIN)
        out = models.nodes.run(None, {"phrases": vectors[a:b].astype(np.float32), "columns": nodes.columns[a:b]})[0]
        parts.append(out[start - a : min(start + step, size) - a])
    return np.concatenate(parts)


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(1, keepdims=True))
    chances: Floats = (raised / raised.sum(1, keepdims=True)).astype(np.float32)
    return chances


@dataclass
class _Cluster:
    """Mentions that mean the same. `person` is whom the rules know by a name of theirs, -1 while nobody."""

    person: int = -1
    genders: Counter[int] = field(default_factory=Counter)
    people: Counter[int] = field(default_factory=Counter)
    members: list[int] = field(default_factory=list)


def resolve(
    spans: Sequence[Span],
    nodes: Nodes,
    others: NDArray[np.int32],
    chances: Floats,
    candidates: Sequence[Candidate],
    people: People,
    words: Words,
) -> list[Candidate]:
    """The spans as mentions with the person, place or thing each means; new people are added to `people`."""
    matched = match(spans, candidates)
    solving = _Solving(spans, nodes, others, chances, matched, people)
    solving.run()
    owners = solving.owners(words)
    several = solving.several()
    found = []
    for number, span in enumerate(spans):
        plural = bool(nodes.columns[number, 7] == SEVERAL_OF_THEM)
        cluster = solving.cluster_of[number]
        found.append(_mention(span, owners[cluster], several.get(cluster, ()), solving.sure[number], plural))
    return found


def choices(
    wanted: Iterable[int],
    spans: Sequence[Span],
    nodes: Nodes,
    others: NDArray[np.int32],
    chances: Floats,
    candidates: Sequence[Candidate],
    people: People,
) -> dict[int, list[tuple[int, float]]]:
    """For each of the `wanted` candidates that the net reads too, the people it may mean, the likeliest first."""
    solving = _Solving(spans, nodes, others, chances, match(spans, candidates), people)
    solving.run()
    owner = [c.person if c.person >= 0 else solving.by_vote(c) for c in solving.clusters]
    exact = {(s.first, s.last): n for n, s in enumerate(spans)}
    found: dict[int, list[tuple[int, float]]] = {}
    for index in wanted:
        number = exact.get((candidates[index].first, candidates[index].last))
        if number is None or candidates[index].form == "name":
            continue
        mass: dict[int, float] = defaultdict(float)
        for cluster, share in solving.mass(number, -1).items():
            if owner[cluster] >= 0:
                mass[owner[cluster]] += share
        ranked = sorted(mass.items(), key=lambda pair: (-pair[1], pair[0]))
        total = sum(mass.values())
        if total > 0:
            found[index] = [(p, m / total) for p, m in ranked]
    return found


def _mention(span: Span, person: int, several: tuple[int, ...], sure: float, plural: bool) -> Candidate:
    """A mention of the book: of one person, or of `several`."""
    return Candidate(
        span.first, span.last, span.head, span.form, KINDS[span.type], -1 if several else person, several,
        plural=plural and span.form != "name", confidence=min(sure, SEVERAL) if several else sure, type=span.type,
    )  # fmt: skip


SEVERAL = 0.25
"""Confidence where a "we" or "they" is taken for several people: about as often right on our train scenes."""


class _Solving:
    """One way through the mentions, each joined to a cluster or opening one."""

    def __init__(
        self, spans: Sequence[Span], nodes: Nodes, others: NDArray[np.int32], chances: Floats,
        matched: Sequence[Candidate | None], people: People,
    ) -> None:  # fmt: skip
        self.spans, self.nodes, self.others, self.chances = spans, nodes, others, chances
        self.matched, self.people = matched, people
        self.clusters: list[_Cluster] = []
        self.cluster_of: list[int] = []
        self.sure: list[float] = []
        self.of_person: dict[int, int] = {}

    def run(self) -> None:
        for number in range(len(self.spans)):
            cluster, sure = self._choose(number)
            self.cluster_of.append(cluster)
            self.sure.append(sure)
            self._join(number, cluster)

    def _choose(self, number: int) -> tuple[int, float]:
        anchored = self._anchor(number)
        if anchored >= 0 and anchored in self.of_person:
            return self.of_person[anchored], 0.97
        mass = self.mass(number, anchored)
        best = max(mass, key=lambda c: mass[c], default=-1)
        if best < 0 or mass[best] < self.chances[number, 0]:
            self.clusters.append(_Cluster())
            return len(self.clusters) - 1, float(self.chances[number, 0])
        return best, min(mass[best], 1.0)

    def _anchor(self, number: int) -> int:
        """Whom a name means, as the rules have it: names are clustered over the whole book."""
        candidate = self.matched[number]
        if candidate is None or self.spans[number].form != "name" or candidate.form != "name":
            return -1
        return candidate.person

    def mass(self, number: int, anchored: int) -> dict[int, float]:
        """Chances of the clusters that the antecedents are in; those it can't be are left out."""
        mass: dict[int, float] = defaultdict(float)
        chances = self.chances[number, 1:]
        for place in np.flatnonzero(chances > 1e-3).tolist():
            mass[self.cluster_of[self.others[number, place]]] += float(chances[place])
        return {c: m for c, m in mass.items() if self._may_join(number, self.clusters[c], anchored)}

    def _may_join(self, number: int, cluster: _Cluster, anchored: int) -> bool:
        if anchored >= 0 and cluster.person >= 0 and cluster.person != anchored:
            return False
        gender = int(self.nodes.columns[number, 5])
        known = self._gender(cluster)
        return not (gender in (1, 2) and known in (1, 2) and gender != known)

    def _gender(self, cluster: _Cluster) -> int:
        """1 for he, 2 for she, 0 where it isn't known or the evidence is divided."""
        if cluster.person >= 0 and (known := self.people.everyone[cluster.person].known):
            return GENDERS.get(known, 0)
        he, she = cluster.genders[1], cluster.genders[2]
        return 1 if he > 2 * she else 2 if she > 2 * he else 0

    def _join(self, number: int, place: int) -> None:
        cluster = self.clusters[place]
        cluster.members.append(number)
        cluster.genders[int(self.nodes.columns[number, 5])] += 1
        candidate = self.matched[number]
        if candidate is not None and candidate.person >= 0:
            weight = {"name": 8, "noun": 3, "pronoun": 1}[self.spans[number].form]
            cluster.people[candidate.person] += weight
        anchored = self._anchor(number)
        if anchored >= 0 and cluster.person < 0:
            cluster.person = anchored
            self.of_person.setdefault(anchored, place)

    def owners(self, words: Words) -> list[int]:
        """The person of each cluster: whom its names mean, else whom the rules took most of it for, else somebody new.

        One person may own several clusters, since the rules know of the book what the net, reading nearby, doesn't.
        """
        found = []
        for cluster in self.clusters:
            person = cluster.person
            if person < 0:
                person = self.by_vote(cluster)
            found.append(person if person >= 0 else self._new(cluster, words))
        return found

    def several(self) -> dict[int, tuple[int, ...]]:
        """Clusters of "they" and "we" alone: the people whom the rules take most of them for."""
        found = {}
        for place, cluster in enumerate(self.clusters):
            own = [self.matched[n] for n in cluster.members if self._is_plural(n)]
            sets = Counter(c.several for c in own if c is not None and c.several)
            if sets and len(own) == len(cluster.members):
                found[place] = max(sets, key=lambda s: (sets[s], s))
        return found

    def _is_plural(self, number: int) -> bool:
        return self.spans[number].form == "pronoun" and self.nodes.columns[number, 7] == SEVERAL_OF_THEM

    def by_vote(self, cluster: _Cluster) -> int:
        """Whom the rules take more than half of the cluster for, of people without a name in another cluster."""
        if not cluster.people:
            return -1
        person, votes = cluster.people.most_common(1)[0]
        total = sum(self._weight(n) for n in cluster.members)
        return person if 2 * votes > total else -1

    def _weight(self, number: int) -> int:
        return {"name": 8, "noun": 3, "pronoun": 1}[self.spans[number].form]

    def _new(self, cluster: _Cluster, words: Words) -> int:
        """Somebody or something known by a phrase, the first name or else noun phrase; a lone pronoun means nobody."""
        described = [n for n in cluster.members if self.spans[n].form != "pronoun"]
        if not described:
            return -1 if len(cluster.members) < 2 else self._add(cluster, cluster.members[0], words)
        named = [n for n in described if self.spans[n].form == "name"]
        return self._add(cluster, (named or described)[0], words)

    def _add(self, cluster: _Cluster, number: int, words: Words, called: str = "{}") -> int:
        span = self.spans[number]
        text = called.format(" ".join(words.text[span.first : span.last]))
        plural = span.type == "PER" and span.form == "noun" and self.nodes.columns[number, 7] == SEVERAL_OF_THEM
        person = self.people.add("group" if plural else KINDS[span.type], text)
        person.names[text] += 1
        gender = self._gender(cluster)
        if gender:
            person.votes[("", "he/him", "she/her")[gender]] += cluster.genders[gender]
        person.settle()
        return person.id
