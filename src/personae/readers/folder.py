"""A folder read as one story, a file a chapter."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from personae import readers
from personae.errors import ReadError
from personae.readers.pieces import clean
from personae.text import Block, Metadata, Text

_DIGITS = re.compile(r"(\d+)")
_LEADING_NUMBER = re.compile(r"^\d{1,4}[\s._-]+(?=\D)")
_SEPARATOR = "\n\n"


def read(path: Path) -> Text:
    """Read the files of a folder in natural order of their names. Raises ReadError if none can be read."""
    files = [
        f
        for f in path.iterdir()
        if f.suffix.lower() in readers.READERS and f.is_file() and not f.name.startswith(".")
    ]
    if not files:
        endings = ", ".join(sorted(readers.READERS))
        raise ReadError(f"{clean(path.name) or 'folder'}: holds no story; put in files ending in {endings}")
    return join([(f.stem, readers.read(f)) for f in sorted(files, key=natural)], clean(path.name))


def natural(path: Path) -> tuple[list[tuple[int, str]], str]:
    """A key that puts "chapter 2" before "chapter 10"."""
    parts = _DIGITS.split(path.name.casefold())
    key = [(int(part) if part.isdecimal() and len(part) < 400 else 0, part) for part in parts]
    return [(number, "" if number else part) for number, part in key], path.name


def join(texts: list[tuple[str, Text]], name: str) -> Text:
    """One Text of several, each with a heading: its own, or else its title or its file's name."""
    content: list[str] = []
    blocks: list[Block] = []
    emphasis: list[tuple[int, int]] = []
    offset = 0
    for stem, text in texts:
        chapter = blocks[-1].chapter if blocks else 0
        if not any(block.kind == "heading" for block in text.blocks):
            text = _headed(text, text.metadata.title or _LEADING_NUMBER.sub("", clean(stem)))
        blocks += [Block(b.start + offset, b.end + offset, b.kind, b.chapter + chapter) for b in text.blocks]
        emphasis += [(start + offset, end + offset) for start, end in text.emphasis]
        content.append(text.content)
        offset += len(text.content) + len(_SEPARATOR)
    return Text(
        _SEPARATOR.join(content), tuple(blocks), _metadata([t for _, t in texts], name), tuple(emphasis)
    )


def _headed(text: Text, heading: str) -> Text:
    """`text` with a heading above it."""
    heading = " ".join(heading.split())
    shift = len(heading) + len(_SEPARATOR)
    first = Block(0, len(heading), "heading", 1)
    blocks = (Block(b.start + shift, b.end + shift, b.kind, 1) for b in text.blocks)
    return replace(
        text,
        content=heading + _SEPARATOR + text.content,
        blocks=(first, *blocks),
        emphasis=tuple((start + shift, end + shift) for start, end in text.emphasis),
    )


def _metadata(texts: list[Text], name: str) -> Metadata:
    """What the files say together; a title only if they agree on it, or else the folder's name."""
    first = texts[0].metadata
    titles = {t.metadata.title for t in texts} - {None}
    return replace(
        first,
        title=first.title if len(titles) == 1 and first.title else name or None,
        author=next((t.metadata.author for t in texts if t.metadata.author), None),
        source=name,
        notes=tuple(note for t in texts for note in t.metadata.notes),
    )
