"""Which gold person a predicted one is."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from evaluate.assignment import best_pairs
from evaluate.case import Case


def meaning(case: Case, links: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Predicted entity to gold entity.

    A given cast's rows are the gold ids. With nothing given it's the one-to-one mapping that agrees with most
    of `links`, pairs (predicted, gold) that meet on the same line or mention.
    """
    if case.protocol != "none":
        return {e.id: e.cast for e in case.predicted.entities if e.cast is not None}
    agreement = np.zeros((len(case.predicted.entities), len(case.gold.entities)))
    for pair in links:
        agreement[pair] += 1
    return dict(best_pairs(agreement))
