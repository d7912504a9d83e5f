"""Whether a confidence means what it says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BINS = 15


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = BINS) -> float:
    """Expected calibration error, from 0 to 1, in equal-width bins (Guo et al., ICML 2017)."""
    if not len(confidence):
        return 0.0
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    gap = np.bincount(place, confidence - right, bins)
    return float(np.abs(gap).sum() / len(confidence))


def wrong_among_least_sure(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], share: float = 0.1
) -> float:
    """Which part of all wrong lines is among the `share` of lines with the lowest confidence, from 0 to 1.

    0.1 is chance. Lines of equal confidence at the border count in part, so that their order has no say.
    """
    wrong = ~right.astype(bool)
    if not wrong.any():
        return 0.0
    room = share * len(confidence)
    caught = 0.0
    for level in np.unique(confidence):
        here = confidence == level
        taken = min(room, here.sum())
        caught += wrong[here].sum() * taken / here.sum()
        room -= taken
        if room <= 0:
            break
    return float(caught / wrong.sum())
