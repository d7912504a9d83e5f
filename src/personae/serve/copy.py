"""One open story: its solved Book as the page sees it, and what the reader has put right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from personae.api import annotate
from personae.serve.shelf import Shelf
from personae.serve.view import COLOURS, View
from personae.text import STORY_KINDS, Text

Progress = Callable[[str, int, int], None]


class Copy:
    """A story that is open."""

    def __init__(self, shelf: Shelf, story: int, text: Text, view: View) -> None:
        self.shelf, self.story, self.text = shelf, story, text
        self.view = view
        self.version = 1

    @classmethod
    def opened(cls, shelf: Shelf, story: int, text: Text, progress: Progress) -> Copy:
        book = annotate(text, progress=progress)
        return cls(shelf, story, text, View(book, tuple(e.id for e in book.entities), {e.id: e.id % COLOURS for e in book.entities}))

    def figures(self) -> dict[str, Any]:
        """What the shelf shows of it."""
        meta = self.text.metadata
        words = sum(len(self.text.content[b.start : b.end].split()) for b in self.text.blocks if b.kind in STORY_KINDS)
        return {
            "title": meta.title, "author": meta.author, "words": words,
            "doubtful": len(self.view.queue()), "lines": self.view.count_lines(), "corrections": 0,
        }

    def corrections(self) -> dict[str, Any]:
        return {"count": 0, "undo": False, "redo": False, "unfit": []}
