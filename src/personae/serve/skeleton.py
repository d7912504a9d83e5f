"""A story without its words: chapters, people, who says each line; what the page needs before it shows anything."""

from __future__ import annotations

import json
from pathlib import Path

from personae.serve.people import entities, presence
from personae.serve.shelf import Story
from personae.serve.view import Json, View


def skeleton(view: View, until: int | None) -> bytes:
    """The part that is the same for a whole version, as the inside of a JSON object."""
    slices, counts = presence(view, until)
    found: Json = {
        "characters": len(view.book.text), "chapters": view.chapters, "blocks": len(view.blocks),
        "block_chars": [block.end - block.start for block in view.blocks], "entities": entities(view, until),
        "lines": view.columns(), "slices": slices, "presence": counts, "talks": view.talks(until),
        "queue": view.queue,
    }  # fmt: skip
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))[1:-1].encode("utf-8", "replace")


def with_story(inside: bytes, story: Story, more: Json) -> bytes:
    """The whole answer: what `skeleton` made, and what may change from one answer to the next."""
    now: Json = {
        "id": story.id, "title": story.title or Path(story.name).stem, "author": story.author, "words": story.words,
        "position": story.position, "read_to": story.read_to, **more,
    }  # fmt: skip
    head = json.dumps(now, ensure_ascii=False, separators=(",", ":"))[:-1].encode("utf-8", "replace")
    return b"".join((head, b",", inside, b"}"))
