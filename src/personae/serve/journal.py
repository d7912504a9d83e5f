"""Every correction in the order in which it was made, and which are undone; part of the shelf's file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from personae.corrections import Correction, Corrections
from personae.corrections.toml import correction_of, table_of
from personae.serve.shelf import Shelf

INSTEAD = "instead"
"""Key of a row that holds a whole list of corrections, in the place of all before it."""


@dataclass(frozen=True, slots=True)
class Journal:
    """The corrections of one story."""

    shelf: Shelf
    story: int

    def corrections(self) -> Corrections:
        """Those that hold, in order."""
        rows = self.shelf.rows("SELECT content FROM journal WHERE story = ? AND NOT undone ORDER BY number", self.story)
        tables: list[dict[str, Any]] = []
        for (content,) in rows:
            found = json.loads(content)
            tables = found.get(INSTEAD, [*tables, found])
        return tuple(correction_of(table, "the shelf") for table in tables)

    def has(self, key: str) -> bool:
        """Whether a correction of that key has been taken down already."""
        return bool(self.shelf.rows("SELECT 1 FROM journal WHERE story = ? AND key = ?", self.story, key))

    def add(self, correction: Correction, key: str | None = None) -> None:
        """Take a correction down; what was undone is forgotten."""
        self._add(table_of(correction), key)

    def replace(self, corrections: Corrections) -> None:
        """Nothing but these, as a file has them: one step, which can be undone like any other."""
        self._add({INSTEAD: [table_of(one) for one in corrections]}, None)

    def _add(self, content: dict[str, Any], key: str | None) -> None:
        with self.shelf.change() as db:
            db.execute("DELETE FROM journal WHERE story = ? AND undone", (self.story,))
            db.execute(
                "INSERT INTO journal (story, content, key) VALUES (?, ?, ?)",
                (self.story, json.dumps(content, ensure_ascii=False), key),
            )

    def drop_last(self) -> None:
        """Forget the last one: it couldn't be worked with."""
        with self.shelf.change() as db:
            db.execute(
                "DELETE FROM journal WHERE number = (SELECT max(number) FROM journal WHERE story = ?)", (self.story,)
            )

    def undo(self) -> bool:
        """Undo the last that holds; False if there is none."""
        return self._turn("max", 0)

    def redo(self) -> bool:
        """The first that was undone holds again; False if there is none."""
        return self._turn("min", 1)

    def _turn(self, which: str, undone: int) -> bool:
        with self.shelf.change() as db:
            done = db.execute(
                f"UPDATE journal SET undone = NOT undone WHERE number = "
                f"(SELECT {which}(number) FROM journal WHERE story = ? AND undone = ?)",
                (self.story, undone),
            )
            return done.rowcount > 0

    def can(self) -> tuple[bool, bool]:
        """Whether there is something to undo, and to redo."""
        rows = self.shelf.rows("SELECT DISTINCT undone FROM journal WHERE story = ?", self.story)
        return (0,) in rows, (1,) in rows
