"""`python -m evaluate TASK --data DIR`: predict, compare with gold, print a table."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from evaluate import wrong
from evaluate.case import PROTOCOLS
from evaluate.run import TASKS, Run
from gold.corpora import CORPORA, guess
from personae.errors import PersonaeError

WRONG: dict[str, Callable[..., None]] = {
    "quotes": wrong.show_spans,
    "speakers": wrong.show_speakers,
    "pronouns": wrong.show_pronouns,
    "mentions": wrong.show_spans,
    "events": wrong.show_spans,
    "supersenses": wrong.show_spans,
}
MOST_COLUMNS = 6


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a task; 1 and one line for a mistake in the request or the data."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.errors and options.task not in WRONG:
        parser.error(f"--errors is for {', '.join(WRONG)}")
    console = Console(width=None if sys.stdout.isatty() else 140)
    try:
        run = Run(
            options.task,
            options.corpus or guess(options.data),
            options.data,
            options.split,
            options.cast,
            options.dump,
            options.weights,
        )
        documents = run.documents()
        measured = run.measured(documents)
        result = run.result(documents, measured)
        if options.json:
            options.json.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    except (PersonaeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    _show(console, run, result, measured)
    if options.errors:
        WRONG[run.task](console, measured, options.errors, options.only)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluate", description=__doc__)
    parser.add_argument("task", choices=TASKS)
    for flag, options in OPTIONS.items():
        parser.add_argument(flag, **options)
    return parser


OPTIONS: dict[str, dict[str, Any]] = {
    "--data": {"type": Path, "required": True, "metavar": "DIR", "help": "a folder laid out like the corpus"},
    "--corpus": {"choices": CORPORA, "help": "which corpus it is; guessed from its files if left out"},
    "--split": {"metavar": "NAME", "help": "the documents in splits/NAME.ids; all if left out"},
    "--cast": {"choices": PROTOCOLS, "default": "none", "help": "what is given beforehand (default: none)"},
    "--json": {"type": Path, "metavar": "OUT", "help": "write the figures there"},
    "--dump": {"type": Path, "metavar": "DIR", "help": "write each predicted Book there as DOCUMENT.json"},
    "--weights": {"type": Path, "metavar": "DIR", "help": "other weights than the released ones"},
    "--errors": {"type": int, "metavar": "N", "help": "print N wrong cases in their context"},
    "--only": {
        "metavar": "WHAT",
        "help": "of --errors: a quote type, a why, a pronoun's class, a document; missed, added, a category",
    },
}


def _show(console: Console, run: Run, result: dict[str, Any], measured: Sequence[Any]) -> None:
    """Figures as rows; a column a document if they're few."""
    documents = result["documents"]
    each = documents if 1 < len(documents) <= MOST_COLUMNS else []
    columns = [run.figures([one]) for one in measured] if each else []
    table = Table("", "all", *each)
    for name, value in result["figures"].items():
        table.add_row(name, *_cells([value, *(column.get(name) for column in columns)]))
    split = "every document" if run.split is None else f"split {run.split}"
    count = f"{len(documents)} document{'s' * (len(documents) != 1)}"
    console.print(
        f"{run.task} · {run.corpus}, {split}, {count} · protocol: {result['protocol']}", highlight=False
    )
    console.print(table)


def _cells(values: Sequence[float | None]) -> Iterator[str]:
    for value in values:
        yield "–" if value is None else str(value) if isinstance(value, int) else f"{value:.1f}"


if __name__ == "__main__":
    sys.exit(main())
