"""Which mentions mean the same: predicted mentions against gold ones, singletons kept.

A mention is its exact span. A cluster is the mentions of one entity, or of one set of entities for a
group; an unresolved mention is a cluster of its own. Numerators and denominators are summed over the
documents, as the CoNLL scorer does. MUC: Vilain et al., MUC-6 1995. B³: Bagga and Baldwin 1998. CEAFφ4:
Luo, HLT 2005. CoNLL: the mean of the three F1, Pradhan et al., CoNLL 2012. LEA: Moosavi and Strube, ACL
2016.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

import numpy as np

from evaluate.assignment import best_pairs
from evaluate.case import Case
from evaluate.spans import prf
from personae.book import Book, Mention, Span

CORPORA = ("litbank", "gum", "scenes")
PROTOCOLS = ("none",)
PEOPLE = frozenset({"person", "group"})

Cluster = frozenset[Hashable]
Clusters = Sequence[Cluster]
Parts = tuple[float, float]
"""What a metric adds up: a numerator and a denominator."""

Meaning = dict[Span, Hashable]
"""What the mention of each span means."""

Totals = defaultdict[tuple[str, str, str], float]
"""Such parts by (which mentions, metric, part)."""


def measure(case: Case) -> Totals:
    """The parts of every metric over all mentions and over those of people."""
    counts: Totals = defaultdict(float)
    for which, wanted in (("", _any), ("people ", _is_person)):
        gold, predicted = (clusters(meaning(book, wanted)) for book in (case.gold, case.predicted))
        counts |= parts(gold, predicted, which)
    return counts


def parts(gold: Clusters, predicted: Clusters, which: str = "") -> Totals:
    """The parts of every metric."""
    counts: Totals = defaultdict(float)
    for name, metric in METRICS.items():
        for side, (right, all_of_them) in (("R", metric(gold, predicted)), ("P", metric(predicted, gold))):
            counts[which, name, f"{side} right"] += right
            counts[which, name, f"{side} all"] += all_of_them
    return counts


def figures(measured: Sequence[Totals]) -> dict[str, float]:
    """P, R and F1 of every metric, and the CoNLL mean, over all mentions and over people."""
    total: Totals = defaultdict(float)
    for key, value in (item for counts in measured for item in counts.items()):
        total[key] += value
    found: dict[str, float] = {}
    for which in ("", "people "):
        own: dict[str, float] = {}
        for name in METRICS:
            parts = [total[which, name, part] for part in ("P right", "P all", "R right", "R all")]
            own |= prf(f"{which}{name}", *parts)
        mean = sum(own[f"{which}{name} F1"] for name in ("MUC", "B³", "CEAFφ4")) / 3
        found |= {f"{which}CoNLL": mean} | own
    return found


def meaning(book: Book, wanted: Callable[[Mention], bool]) -> Meaning:
    """What the Book's mentions mean; where a span is there twice, its first mention counts."""
    found: Meaning = {}
    for mention in filter(wanted, book.mentions):
        span = mention.start, mention.end
        found.setdefault(span, frozenset(mention.entities) or span)
    return found


def clusters(means: Meaning) -> list[Cluster]:
    """The mentions that mean the same."""
    found: defaultdict[Hashable, set[Span]] = defaultdict(set)
    for span, whom in means.items():
        found[whom].add(span)
    return [frozenset(spans) for spans in found.values()]


def muc(key: Clusters, response: Clusters) -> Parts:
    """Links of `key` that are in `response` too; a cluster of n mentions has n - 1."""
    place = _places(response)
    parts = (len(cluster) - _pieces(cluster, place) for cluster in key)
    return float(sum(parts)), float(sum(len(cluster) - 1 for cluster in key))


def b_cubed(key: Clusters, response: Clusters) -> Parts:
    """For each mention of `key`, how much of its cluster it shares with its cluster in `response`."""
    place = _places(response)
    right = sum(
        shared * shared / len(cluster)
        for cluster in key
        for shared in Counter(place[mention] for mention in cluster if mention in place).values()
    )
    return right, float(sum(map(len, key)))


def ceaf_e(key: Clusters, response: Clusters) -> Parts:
    """Similarity φ4 = 2|K∩R| / (|K|+|R|) under the one-to-one alignment that has most of it."""
    place = _places(response)
    similarity = np.zeros((len(key), len(response)))
    for row, cluster in enumerate(key):
        for column, shared in Counter(place[m] for m in cluster if m in place).items():
            similarity[row, column] = 2 * shared / (len(cluster) + len(response[column]))
    return float(sum(similarity[pair] for pair in best_pairs(similarity))), float(len(key))


def lea(key: Clusters, response: Clusters) -> Parts:
    """The share of each cluster's links found, weighted by its size; a singleton's one link is to itself."""
    place = _places(response)
    right = sum(len(cluster) * _resolved(cluster, place, response) for cluster in key)
    return right, float(sum(map(len, key)))


METRICS: dict[str, Callable[[Clusters, Clusters], Parts]] = {
    "MUC": muc,
    "B³": b_cubed,
    "CEAFφ4": ceaf_e,
    "LEA": lea,
}


def _places(clusters: Clusters) -> dict[Hashable, int]:
    return {mention: number for number, cluster in enumerate(clusters) for mention in cluster}


def _pieces(cluster: Cluster, place: dict[Hashable, int]) -> int:
    """Into how many pieces the response breaks the cluster; each mention it lacks is a piece."""
    known = [place[mention] for mention in cluster if mention in place]
    return len(set(known)) + len(cluster) - len(known)


def _resolved(cluster: Cluster, place: dict[Hashable, int], response: Clusters) -> float:
    if len(cluster) == 1:
        return float(cluster in {response[place[mention]] for mention in cluster if mention in place})
    shared = Counter(place[mention] for mention in cluster if mention in place).values()
    return sum(map(_links, shared)) / _links(len(cluster))


def _links(mentions: int) -> int:
    return mentions * (mentions - 1) // 2


def _any(_: Mention) -> bool:
    return True


def _is_person(mention: Mention) -> bool:
    return mention.kind in PEOPLE


def f1(
    metric: Callable[[Clusters, Clusters], Parts], key: Iterable[Cluster], response: Iterable[Cluster]
) -> float:
    """One metric's F1, from 0 to 1, for one document."""
    gold, predicted = list(key), list(response)
    return prf("", *metric(predicted, gold), *metric(gold, predicted))[" F1"] / 100
