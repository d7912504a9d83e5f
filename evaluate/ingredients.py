"""What each ingredient of deciding a conversation is worth to the rules: lines right with it left out.

    python -m evaluate.ingredients --data DIR/pdnc --split train --cast given
    python -m evaluate.ingredients --data gold/scenes --split dev

Everything up to the decision is as it is; then conversations are decided again with one thing changed. "Each line by
itself" knows no taking of turns and nobody called in the line before; "names only" weighs nobody who is known by a noun
phrase; conversations are cut every so many turns for a shorter context. Voices are the last thing added, so that all
rows but the last are without them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evaluate.case import Protocol
from evaluate.rules import Ruled, measured, rule
from evaluate.speakers import TYPES
from personae.annotators.conversations import WEIGHTS
from personae.annotators.turns import Turn

ALONE = replace(
    WEIGHTS, same_next=0.0, same_near=0.0, same_inside=0.0, back_next=0.0, back_near=0.0, back_inside=0.0, called=0.0
)  # fmt: skip
NAMES_ONLY = replace(WEIGHTS, unnamed=50.0)
CONTEXT = (2, 5, 10, 20, 40)

Right = list[tuple[str | None, bool]]
"""For each gold line its type, and whether it is right."""


def measure(corpus: str, folder: Path, protocol: Protocol, document: str) -> dict[str, Right]:
    """By what was changed."""
    ruled = rule(corpus, folder, protocol, document)
    found = {"with voices": right(ruled, ruled.turns())}
    found["without voices"] = right(ruled, ruled.decide())
    found["each line by itself"] = right(ruled, ruled.decide(ALONE))
    found["names only"] = right(ruled, ruled.decide(NAMES_ONLY))
    found["nobody likelier for speaking nearby"] = right(ruled, ruled.decide(replace(WEIGHTS, takes_part=0.0)))
    for size in CONTEXT:
        found[f"cut every {size} turns"] = right(ruled, ruled.decide(breaks=cuts(ruled, size)))
    return dict(sorted(found.items(), key=lambda pair: pair[0] == "with voices"))


def cuts(ruled: Ruled, size: int) -> Iterable[int]:
    """Tokens that every `size`-th turn begins with."""
    return (turn.lines[0].first for turn in ruled.heard.turns[size::size])


def right(ruled: Ruled, turns: dict[int, Turn]) -> Right:
    """Whether each gold line's turn has its speaker, now."""
    found = []
    for line in ruled.lines:
        turn = turns.get(line.quote) if line.quote is not None else None
        found.append((line.type, turn is not None and line.speaker is not None and turn.speaker == line.speaker))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 and one line for a mistake in the request or the data."""
    each = measured("ingredients", __doc__, measure, arguments)
    if each is None:
        return 1
    _show({name: [line for one in each for line in one[name]] for name in each[0]})
    return 0


def _show(found: dict[str, Right]) -> None:
    kinds = [kind for kind in TYPES if any(line[0] == kind for line in found["without voices"])]
    table = Table("lines right, per cent", "all", *kinds)
    for name, lines in found.items():
        types = [[is_right for own, is_right in lines if own == kind] for kind in kinds]
        shares = [sum(some) / len(some) for some in ([is_right for _, is_right in lines], *types)]
        table.add_row(name, *(f"{100 * share:.1f}" for share in shares))
    Console(width=None if sys.stdout.isatty() else 140).print(table)


if __name__ == "__main__":
    sys.exit(main())
