"""Fit `personae.annotators.conversations.Weights` by coordinate search on train splits.

    python -m train.fit_conversations --pdnc DIR --scenes gold/scenes [--rounds 2]

Everything up to the decision is computed once a document, by the rules alone and without voices; then one weight at a
time is moved up and down, and a move is kept if it raises the score: the share of lines right, three times, plus the
mean log probability of the right speaker (floored, so that a line nobody could know costs no more than a wrong one);
half of it on PDNC (cast given and nothing given), half on our own scenes with nothing given. Prints the weights, to be
copied into `Weights`.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

from evaluate.case import Protocol
from evaluate.rules import Ruled, rule
from gold.corpora import CORPORA
from personae.annotators.conversations import WEIGHTS, Weights

STEPS = (0.6, 0.8, 1.25, 1.6)
FLOOR = 0.01
ACCURACY = 3.0


def score(ruled: Ruled, weights: Weights) -> tuple[float, int]:
    """(sum of log probabilities, lines right) over the document's lines."""
    turns = ruled.decide(weights)
    total, right = 0.0, 0
    for line in ruled.lines:
        turn = turns.get(line.quote) if line.quote is not None else None
        chance = turn.probabilities.get(line.speaker, 0.0) if turn and line.speaker is not None else 0.0
        total += math.log(max(chance, FLOOR))
        right += turn is not None and line.speaker is not None and turn.speaker == line.speaker
    return total, right


def objective(documents: Sequence[Ruled], weights: Weights) -> tuple[float, str]:
    """The score, corpora weighing the same, and the shares right for the log."""
    means, shares = [], []
    for corpus in sorted({d.corpus for d in documents}):
        own = [d for d in documents if d.corpus == corpus]
        scores = [score(d, weights) for d in own]
        lines = sum(len(d.lines) for d in own)
        right = sum(r for _, r in scores) / lines
        means.append(sum(s for s, _ in scores) / lines + ACCURACY * right)
        shares.append(f"{corpus} {100 * right:.2f}")
    return sum(means) / len(means), ", ".join(shares)


def search(documents: Sequence[Ruled], rounds: int) -> Weights:
    """Coordinate search from the weights in use."""
    best = WEIGHTS
    top, shares = objective(documents, best)
    print(f"start {top:.4f} ({shares})", flush=True)
    for _ in range(rounds):
        for field in fields(Weights):
            for step in STEPS:
                tried = replace(best, **{field.name: round(getattr(best, field.name) * step, 3)})
                score, shares = objective(documents, tried)
                if score > top + 1e-5:
                    best, top = tried, score
                    print(f"{field.name} = {getattr(best, field.name)}: {top:.4f} ({shares})", flush=True)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pdnc", type=Path, required=True)
    parser.add_argument("--scenes", type=Path, default=Path("gold/scenes"))
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    documents: list[Ruled] = []
    sources: tuple[tuple[str, Path, tuple[Protocol, ...]], ...] = (
        ("pdnc", options.pdnc, ("given", "none")), ("scenes", options.scenes, ("none",)),
    )  # fmt: skip
    for corpus, folder, protocols in sources:
        for document in CORPORA[corpus].documents(folder, "train"):
            documents += [rule(corpus, folder, protocol, document) for protocol in protocols]
    print(search(documents, options.rounds))


if __name__ == "__main__":
    main()
