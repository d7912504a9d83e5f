"""One task on one corpus under one protocol: predict and measure every document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from evaluate import coreference, events, mentions, pronouns, quotes, speakers, supersenses, trees
from evaluate.case import CASTS, PROTOCOLS, Case, Protocol, predict
from gold.corpora import CORPORA
from gold.layout import GoldError
from personae.writers import book_json

TASKS: dict[str, ModuleType] = {
    "quotes": quotes,
    "speakers": speakers,
    "coreference": coreference,
    "mentions": mentions,
    "pronouns": pronouns,
    "events": events,
    "trees": trees,
    "supersenses": supersenses,
}
"""Each has CORPORA, PROTOCOLS, `measure(case)` and `figures(measured)`; OWN_TOKENS False if it wants raw text."""

PROCESSES = 2
Item = TypeVar("Item")


@dataclass(frozen=True)
class Run:
    """What to run. Raises GoldError if the corpus or the protocol doesn't go with the task."""

    task: str
    corpus: str
    folder: Path
    split: str | None = None
    protocol: Protocol = "none"
    dump: Path | None = None
    weights: Path | None = None

    def __post_init__(self) -> None:
        task = TASKS[self.task]
        if self.corpus not in task.CORPORA:
            raise GoldError(
                f"{self.task}: {self.corpus} has no gold for it; give {' or '.join(task.CORPORA)}"
            )
        if self.protocol not in task.PROTOCOLS:
            raise GoldError(f"{self.task}: runs with --cast {' or '.join(task.PROTOCOLS)} only")
        if self.protocol != "none" and self.corpus not in CASTS:
            raise GoldError(f"{self.corpus}: has no character list to give; use --cast none")

    @property
    def own_tokens(self) -> bool:
        """Whether Personae is given the corpus's tokens where it has some."""
        return getattr(TASKS[self.task], "OWN_TOKENS", True)

    def case(self, document: str) -> Case:
        """One document, predicted."""
        return predict(self.corpus, self.folder, document, self.protocol, self.own_tokens, self.weights)

    def documents(self) -> list[str]:
        """The documents of the split."""
        return CORPORA[self.corpus].documents(self.folder, self.split)

    def measured(self, documents: Sequence[str]) -> list[Any]:
        """Each document's measure, in order; several documents are shared out over processes."""
        return [measures[0] for measures in measured_at_once([self], documents)]

    def figures(self, measured: Sequence[Any]) -> dict[str, float]:
        """The task's figures with two decimals."""
        figures = TASKS[self.task].figures(measured)
        return {name: round(value, 2) for name, value in figures.items()}

    def result(self, documents: Sequence[str], measured: Sequence[Any]) -> dict[str, Any]:
        """What `--json` writes."""
        return {
            "task": self.task,
            "split": self.split,
            "protocol": PROTOCOLS[self.protocol],
            "documents": list(documents),
            "figures": self.figures(measured),
        }


def measured_at_once(runs: Sequence[Run], documents: Sequence[str]) -> list[list[Any]]:
    """Each document's measures, one of each run. The runs have all but their task in common, and what is predicted is
    predicted once."""
    return shared_out(partial(_measure, runs), documents)


def shared_out(one: Callable[[str], Item], documents: Sequence[str]) -> list[Item]:
    """What `one` makes of each document, in order; several are shared out over processes."""
    if len(documents) < 2:
        return [one(document) for document in documents]
    with ProcessPoolExecutor(PROCESSES) as pool:
        return list(pool.map(one, documents, chunksize=max(1, len(documents) // 64)))


def _measure(runs: Sequence[Run], document: str) -> list[Any]:
    cases: dict[bool, Case] = {}
    measures = []
    for run in runs:
        if run.own_tokens not in cases:
            cases[run.own_tokens] = run.case(document)
        case = cases[run.own_tokens]
        if run.dump:
            run.dump.mkdir(parents=True, exist_ok=True)
            (run.dump / f"{document}.json").write_bytes(book_json.write(case.predicted))
        measures.append(TASKS[run.task].measure(case))
    return measures
