"""The shelf: one SQLite file with the stories, what has been read of them, and every correction in order.

Each change is one transaction, written ahead (WAL): a process that is killed loses nothing that was answered.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from personae.errors import ShelfError

SCHEMA = """
CREATE TABLE IF NOT EXISTS shelf (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS stories (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, path TEXT, content BLOB NOT NULL,
  title TEXT, author TEXT, words INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'waiting', error TEXT, doubtful INTEGER NOT NULL DEFAULT 0,
  lines INTEGER NOT NULL DEFAULT 0, corrections INTEGER NOT NULL DEFAULT 0,
  position INTEGER NOT NULL DEFAULT 0, read_to INTEGER, colours TEXT NOT NULL DEFAULT '{}',
  people BLOB, file TEXT
);
CREATE TABLE IF NOT EXISTS readings (
  story INTEGER PRIMARY KEY REFERENCES stories(id) ON DELETE CASCADE, made_by TEXT NOT NULL, content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS journal (
  number INTEGER PRIMARY KEY AUTOINCREMENT, story INTEGER NOT NULL REFERENCES stories(id) ON DELETE CASCADE,
  content TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0, key TEXT
);
CREATE INDEX IF NOT EXISTS journal_of ON journal (story, number);
"""

FORMAT = "1"


@dataclass(frozen=True, slots=True)
class Story:
    """A row of the shelf, without the story itself."""

    id: int
    name: str
    path: str | None
    title: str | None
    author: str | None
    words: int
    state: str
    error: str | None
    doubtful: int
    lines: int
    corrections: int
    position: int
    read_to: int | None


COLUMNS = "id, name, path, title, author, words, state, error, doubtful, lines, corrections, position, read_to"


class Shelf:
    """One file; methods may be called from any thread. Raises ShelfError if the file can't be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            with suppress(FileExistsError):
                path.touch(0o600, exist_ok=False)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self._db.execute(f"PRAGMA {pragma}")
            self._db.executescript(SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise ShelfError(f"{path}: can't be used as a shelf ({error}); name another file with --shelf") from None
        if self._meta("format", FORMAT) != FORMAT:
            raise ShelfError(f"{path}: is the shelf of another version; name another file with --shelf")

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @property
    def token(self) -> str:
        """What guards every write; it lives as long as the file."""
        return self._meta("token", secrets.token_urlsafe(32))

    def _meta(self, key: str, default: str) -> str:
        with self.change() as db:
            db.execute("INSERT OR IGNORE INTO shelf VALUES (?, ?)", (key, default))
            row: tuple[str] = db.execute("SELECT value FROM shelf WHERE key = ?", (key,)).fetchone()
            return row[0]

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    # --- stories

    def stories(self) -> list[Story]:
        return [Story(*row) for row in self.rows(f"SELECT {COLUMNS} FROM stories ORDER BY id")]

    def story(self, id: int) -> Story | None:
        rows = self.rows(f"SELECT {COLUMNS} FROM stories WHERE id = ?", id)
        return Story(*rows[0]) if rows else None

    def add(self, name: str, content: bytes, path: str | None = None) -> int:
        """A new story. One that lies at a path is there once: its content is brought up to date, and read again."""
        with self.change() as db:
            known = "SELECT id, content, state FROM stories WHERE path = ?"
            row = db.execute(known, (path,)).fetchone() if path else None
            if row is None:
                done = db.execute("INSERT INTO stories (name, path, content) VALUES (?, ?, ?)", (name, path, content))
                return int(done.lastrowid or 0)
            if row[1] != content:
                db.execute("UPDATE stories SET content = ?, state = 'waiting' WHERE id = ?", (content, row[0]))
                db.execute("DELETE FROM readings WHERE story = ?", (row[0],))
            elif row[2] in ("failed", "cancelled"):
                db.execute("UPDATE stories SET state = 'waiting', error = NULL WHERE id = ?", (row[0],))
            return int(row[0])

    def content(self, id: int) -> bytes:
        rows = self.rows("SELECT content FROM stories WHERE id = ?", id)
        return bytes(rows[0][0]) if rows else b""

    def set(self, id: int, **values: Any) -> None:
        """Change columns of a story."""
        names = ", ".join(f"{name} = ?" for name in values)
        with self.change() as db:
            db.execute(f"UPDATE stories SET {names} WHERE id = ?", (*values.values(), id))

    def remove(self, id: int) -> None:
        with self.change() as db:
            db.execute("DELETE FROM stories WHERE id = ?", (id,))

    def extra(self, id: int, column: Literal["colours", "people", "file"]) -> Any:
        """A column that only an open story needs."""
        rows = self.rows(f"SELECT {column} FROM stories WHERE id = ?", id)
        return rows[0][0] if rows else None

    # --- what the encoder made of a story

    def reading(self, id: int, made_by: str) -> bytes | None:
        """The stored reading, if the same weights and version made it."""
        rows = self.rows("SELECT content FROM readings WHERE story = ? AND made_by = ?", id, made_by)
        return bytes(rows[0][0]) if rows else None

    def keep_reading(self, id: int, made_by: str, content: bytes) -> None:
        with self.change() as db:
            db.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", (id, made_by, content))
