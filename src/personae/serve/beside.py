"""The file of corrections beside a story, kept up to date, and taken up where somebody has changed it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from personae.corrections import Corrections
from personae.corrections.toml import beside, dumps, loads
from personae.errors import CorrectionError
from personae.serve.journal import Journal
from personae.serve.shelf import Shelf
from personae.writers.placing import place


@dataclass
class Beside:
    """`STORY.personae.toml` of one story.

    The shelf remembers what was last written or read, and how far the journal was then: so it is known whether the
    file, the journal or both have gone on since.
    """

    shelf: Shelf
    story: int
    path: Path

    @property
    def file(self) -> Path:
        return beside(self.path)

    def take(self, journal: Journal) -> None:
        """Take up the file if somebody has changed it; what the journal has since is kept. Raises CorrectionError."""
        try:
            content = self.file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            raise CorrectionError(f"{self.file}: can't be read ({error}); correct it or move it away") from None
        known = json.loads(self.shelf.extra(self.story, "file") or "null")
        if known and known["sha256"] == _sum(content):
            return
        found = loads(content, name=str(self.file))
        mine = journal.corrections()
        written = known["count"] if known else 0
        added = [one for one in mine[written:] if one not in found]
        if (*found, *added) != mine:
            journal.replace((*found, *added))
        self._note(content, len(found))

    def write(self, corrections: Corrections) -> None:
        """Bring the file up to date, whole or not at all. Raises WriteError."""
        content = dumps(corrections)
        if corrections or self.file.exists():
            place({self.file: content.encode("utf-8")})
            self._note(content, len(corrections))

    def _note(self, content: str, count: int) -> None:
        self.shelf.set(self.story, file=json.dumps({"sha256": _sum(content), "count": count}))


def _sum(content: str) -> str:
    return sha256(content.encode("utf-8")).hexdigest()
