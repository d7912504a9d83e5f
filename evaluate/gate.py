"""Keep the figures from falling: run what floors.json names and compare.

    python -m evaluate.gate                          # our own scenes, which are always there
    python -m evaluate.gate --data DIR               # and the corpora in DIR/pdnc, DIR/litbank, …
    python -m evaluate.gate --pin                    # raise the floors to the present figures
    python -m evaluate.gate --pin --lower "REASON"   # also lower them, or accept changed data; recorded

A floor holds for the data it was pinned on: if the gold files change, the gate fails until it's pinned again.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluate.run import Run, measured_at_once
from gold.corpora import fingerprint
from personae.errors import PersonaeError

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "floors.json"
SCENES = HERE.parent / "gold" / "scenes"

Entry = dict[str, Any]
"""One run of floors.json: task, corpus, split, protocol, data (a hash, null before the first pin), floors."""


@dataclass(frozen=True)
class Outcome:
    """One run beside its floors."""

    entry: Entry
    data: str
    figures: dict[str, float]

    def falls(self) -> Iterator[str]:
        """What is wrong, a line each; nothing for a run that was never pinned."""
        if self.entry["data"] is None:
            return
        if self.entry["data"] != self.data:
            yield f"{title(self.entry)}: the gold data changed since its floors were pinned"
        for name, floor in self.entry["floors"].items():
            if self.figures.get(name, 0.0) < floor:
                yield f"{title(self.entry)}: {name} is {self.figures.get(name, 0.0)}, below its floor {floor}"

    def pinned(self) -> Entry:
        """The entry with the present data and the present figures as floors, rounded down to a tenth."""
        floors = {name: math.floor(10 * self.figures.get(name, 0.0)) / 10 for name in self.entry["floors"]}
        return {**self.entry, "data": self.data, "floors": floors}


def title(entry: Entry) -> str:
    """How an entry is called in messages."""
    corpus = " ".join(filter(None, (entry["corpus"], entry["split"])))
    return f"{entry['task']} on {corpus}, --cast {entry['protocol']}"


def run_alike(entries: Sequence[Entry], folder: Path) -> Iterator[Outcome]:
    """Run entries that differ in their task alone on the corpus in `folder`."""
    runs = [Run(one["task"], one["corpus"], folder, one["split"], one["protocol"]) for one in entries]
    measured = measured_at_once(runs, runs[0].documents())
    for number, (entry, run) in enumerate(zip(entries, runs, strict=True)):
        yield Outcome(entry, fingerprint(run.corpus, folder), run.figures([each[number] for each in measured]))


def folder_of(entry: Entry, data: Path | None) -> Path | None:
    """Where the entry's corpus is; None if it isn't given."""
    if entry["corpus"] == "scenes":
        return SCENES
    return data / entry["corpus"] if data else None


def pin(floors: dict[str, Any], outcomes: Sequence[Outcome], reason: str | None) -> dict[str, Any]:
    """New floors. Whatever falls is recorded with the reason; without one PersonaeError is raised."""
    fallen = [line for one in outcomes for line in one.falls()]
    if fallen and not reason:
        raise PersonaeError(f'{fallen[0]}; to accept it, say why: --pin --lower "REASON"')
    pinned = {title(one.entry): one.pinned() for one in outcomes}
    runs = [pinned.get(title(entry), entry) for entry in floors["runs"]]
    lowered = [{"what": line, "reason": reason} for line in fallen]
    return {"runs": runs, "lowered": [*floors["lowered"], *lowered]}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if every floor that can be checked holds, else 1."""
    options = _parser().parse_args(arguments)
    try:
        floors = json.loads(options.floors.read_text(encoding="utf-8"))
        outcomes = list(_outcomes(floors["runs"], options.data))
        if options.pin:
            content = pin(floors, outcomes, options.lower)
            text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
            options.floors.write_text(text, encoding="utf-8")
            return 0
    except (PersonaeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    fallen = [line for one in outcomes for line in one.falls()]
    print("\n".join(fallen), file=sys.stderr, end="\n" if fallen else "")
    return 1 if fallen else 0


def _outcomes(entries: Sequence[Entry], data: Path | None) -> Iterator[Outcome]:
    alike: dict[tuple[str | None, ...], list[Entry]] = {}
    for entry in entries:
        alike.setdefault((entry["corpus"], entry["split"], entry["protocol"]), []).append(entry)
    for own in alike.values():
        folder = folder_of(own[0], data)
        if folder is None:
            for entry in own:
                print(f"{title(entry)}: not run, give --data DIR with a folder {entry['corpus']}")
            continue
        for one in run_alike(own, folder):
            print(f"{title(one.entry)}: " + ", ".join(_beside(one)))
            yield one


def _beside(one: Outcome) -> Iterator[str]:
    for name, floor in one.entry["floors"].items():
        yield f"{name} {one.figures.get(name, 0.0)} (floor {'–' if one.entry['data'] is None else floor})"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluate.gate", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="a folder that holds the corpora by name")
    parser.add_argument("--pin", action="store_true", help="make the present figures the floors")
    parser.add_argument("--lower", metavar="REASON", help="with --pin: accept lower figures or changed data")
    parser.add_argument("--floors", type=Path, default=FLOORS, metavar="FILE", help="another file of floors")
    return parser


if __name__ == "__main__":
    sys.exit(main())
