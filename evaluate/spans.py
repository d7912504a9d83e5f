"""Which spans of two lists are the same, or nearly."""

from __future__ import annotations

from collections.abc import Sequence

from personae.book import Span


def half_matches(gold: Sequence[Span], predicted: Sequence[Span]) -> dict[Span, Span]:
    """Gold span to predicted span, one-to-one, where they share at least half of the longer one.

    The greatest overlap is matched first, then the shortest spans. Both lists are sorted by start.
    """
    matched: dict[Span, Span] = {}
    taken: set[Span] = set()
    for _, _, span, other in sorted(_halves(gold, predicted)):
        if span not in matched and other not in taken:
            matched[span] = other
            taken.add(other)
    return matched


def _halves(gold: Sequence[Span], predicted: Sequence[Span]) -> list[tuple[int, int, Span, Span]]:
    """(minus the characters shared, length of the longer one, gold span, predicted span)."""
    pairs = []
    first = 0
    for span in gold:
        while first < len(predicted) and predicted[first][1] <= span[0]:
            first += 1
        for other in predicted[first:]:
            if other[0] >= span[1]:
                break
            shared = min(span[1], other[1]) - max(span[0], other[0])
            longer = max(span[1] - span[0], other[1] - other[0])
            if shared > 0 and 2 * shared >= longer:
                pairs.append((-shared, longer, span, other))
    return pairs


def scores(name: str, right: float, gold: float, predicted: float) -> dict[str, float]:
    """Precision, recall and F1 in percent, called "NAME P", "NAME R", "NAME F1"."""
    return prf(name, right, predicted, right, gold)


def prf(
    name: str, right_predicted: float, predicted: float, right_gold: float, gold: float
) -> dict[str, float]:
    """The same where precision and recall count different things."""
    precision = 100 * right_predicted / predicted if predicted else 0.0
    recall = 100 * right_gold / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {f"{name} P": precision, f"{name} R": recall, f"{name} F1": f1}
