"""Fit `personae.annotators.conversations.Weights` by coordinate search on train splits.

    python -m train.fit_conversations --pdnc DIR --scenes gold/scenes [--rounds 2]

Everything up to the decision is computed once a document; then one weight at a time is moved up and down, and
a move is kept if it raises the score: the share of lines right, three times, plus the mean log probability of
the right speaker (floored, so that a line nobody could know costs no more than a wrong one); half of it on PDNC
(cast given and nothing given), half on our own scenes with nothing given.
Prints the weights, to be copied into `Weights`.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from evaluate.assignment import best_pairs
from evaluate.case import Protocol, predict
from evaluate.speakers import matches, utterances
from gold.corpora import CORPORA
from personae.annotators import conversations, talk
from personae.annotators.conversations import WEIGHTS, Weights
from personae.annotators.turns import Turn

STEPS = (0.6, 0.8, 1.25, 1.6)
FLOOR = 0.01
ACCURACY = 3.0


@dataclass
class Prepared:
    """A document up to its decision. `wanted` maps a quote to its speaker's number in the people being read."""

    corpus: str
    arguments: tuple[Any, ...]
    wanted: dict[int, int]
    lines: int

    def turns(self) -> list[Turn]:
        turns: list[Turn] = self.arguments[0]
        return turns

    def score(self, weights: Weights) -> tuple[float, int]:
        """(sum of log probabilities, lines right) over the document's lines."""
        conversations.decide(*self.arguments, weights=weights)
        total, right = (self.lines - len(self.wanted)) * math.log(FLOOR), 0
        for turn in self.turns():
            for line in turn.lines:
                if line.quote in self.wanted:
                    person = self.wanted[line.quote]
                    total += math.log(max(turn.probabilities.get(person, 0.0), FLOOR))
                    right += turn.speaker == person
        return total, right


def prepare(corpus: str, folder: Path, document: str, protocol: Protocol) -> Prepared:
    """Annotate once, keep what `decide` was last given for the whole story, and find the right answers."""
    calls: list[tuple[Any, ...]] = []
    original = talk.decide

    def recording(*arguments: Any) -> None:
        if len(arguments) == 7:
            calls.append(arguments)
        original(*arguments)

    talk.decide = recording  # type: ignore[assignment]
    try:
        case = predict(corpus, folder, document, protocol)
    finally:
        talk.decide = original
    scored = [parts for parts in utterances(case.gold) if parts[0].speaker is not None]
    speakers = {
        quote.id: parts[0].speaker
        for parts, quote in zip(scored, matches(scored, case.predicted), strict=True)
        if quote is not None
    }
    arguments = calls[-1]
    people = _people(arguments, speakers, len(case.gold.entities), given=protocol != "none")
    wanted = {quote: people[gold] for quote, gold in speakers.items() if gold in people}
    return Prepared(corpus, arguments, wanted, len(scored))


def _people(arguments: tuple[Any, ...], speakers: dict[int, int | None], size: int, *, given: bool) -> dict[int, int]:
    """Gold entity to the person being read: by the cast's rows, or by most agreement."""
    turns, everyone = arguments[0], arguments[1].everyone
    if given:
        return {p.cast: p.id for p in everyone if p.cast is not None}
    conversations.decide(*arguments)
    agreement = np.zeros((len(everyone), size))
    for turn in turns:
        for line in turn.lines:
            if turn.speaker is not None and speakers.get(line.quote) is not None:
                agreement[turn.speaker, speakers[line.quote]] += 1
    return {gold: person for person, gold in best_pairs(agreement)}


def objective(documents: Sequence[Prepared], weights: Weights) -> tuple[float, str]:
    """The score, corpora weighing the same, and the shares right for the log."""
    means, shares = [], []
    for corpus in sorted({d.corpus for d in documents}):
        own = [d for d in documents if d.corpus == corpus]
        scores = [d.score(weights) for d in own]
        lines = sum(d.lines for d in own)
        right = sum(r for _, r in scores) / lines
        means.append(sum(s for s, _ in scores) / lines + ACCURACY * right)
        shares.append(f"{corpus} {100 * right:.2f}")
    return sum(means) / len(means), ", ".join(shares)


def search(documents: Sequence[Prepared], rounds: int) -> Weights:
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
    documents: list[Prepared] = []
    for corpus, folder, protocols in (
        ("pdnc", options.pdnc, ("given", "none")),
        ("scenes", options.scenes, ("none",)),
    ):
        for document in CORPORA[corpus].documents(folder, "train"):
            documents += [prepare(corpus, folder, document, p) for p in protocols]
    print(search(documents, options.rounds))


if __name__ == "__main__":
    main()
