"""How often a line's speaker is among the people that its conversation is decided among: what no later step can mend.

    python -m evaluate.candidates --data DIR/pdnc --split dev --cast given
    python -m evaluate.candidates --data gold/scenes --split dev

At most `conversations.MOST` people are weighed for a conversation. The rules alone are run: the net of lines scores
the people that they have chosen. Which gold person each is goes as in `evaluate.speakers`: by the given cast's rows,
or one-to-one so that most lines agree. A line that wasn't found has no candidates.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evaluate.case import Protocol
from evaluate.rules import measured, rule
from evaluate.speakers import TYPES


@dataclass(frozen=True)
class Line:
    """A gold line: its type where the corpus says, whether it was found, and the people weighed for it."""

    document: str
    type: str | None
    found: bool
    weighed: int
    among: bool
    """Whether its speaker is one of those."""


def measure(corpus: str, folder: Path, protocol: Protocol, document: str) -> list[Line]:
    """Every gold line that has one speaker."""
    ruled = rule(corpus, folder, protocol, document)
    weighed = {line.quote: list(turn.probabilities) for turn in ruled.heard.musings for line in turn.lines}
    weighed |= {line.quote: c.present for c in ruled.heard.conversations for turn in c.turns for line in turn.lines}
    found = []
    for line in ruled.lines:
        candidates = weighed.get(line.quote, []) if line.quote is not None else []
        found.append(Line(document, line.type, line.quote is not None, len(candidates), line.speaker in candidates))
    return found


def rows(lines: Sequence[Line]) -> list[tuple[str, int, float, dict[str, float]]]:
    """(document or "all", lines, % with the speaker among the candidates, the same by type), fewest first."""

    def row(name: str, own: Sequence[Line]) -> tuple[str, int, float, dict[str, float]]:
        kinds = {kind: [line for line in own if line.type == kind] for kind in TYPES}
        return name, len(own), _share(own), {kind: _share(some) for kind, some in kinds.items() if some}

    documents = dict.fromkeys(line.document for line in lines)
    single = [row(name, [line for line in lines if line.document == name]) for name in documents]
    return [*sorted(single, key=lambda r: (r[2], r[0])), row("all", lines)]


def _share(lines: Sequence[Line]) -> float:
    return 100 * sum(line.among for line in lines) / len(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 and one line for a mistake in the request or the data."""
    each = measured("candidates", __doc__, measure, arguments)
    if each is None:
        return 1
    _show([line for lines in each for line in lines])
    return 0


def _show(lines: Sequence[Line]) -> None:
    weighed = [line.weighed for line in lines if line.found]
    kinds = [kind for kind in TYPES if any(line.type == kind for line in lines)]
    table = Table("", "lines", "all", *kinds)
    for name, count, share, types in rows(lines):
        own = (f"{types[kind]:.1f}" if kind in types else "–" for kind in kinds)
        table.add_row(name, str(count), f"{share:.1f}", *own)
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print("speaker among the candidates, per cent", highlight=False)
    console.print(table)
    console.print(f"{sum(weighed) / max(len(weighed), 1):.1f} people weighed for a line", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
