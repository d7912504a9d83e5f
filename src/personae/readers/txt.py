"""Plain text: kept to the letter, and carved into blocks."""

from __future__ import annotations

from collections.abc import Iterator

from personae.errors import ReadError
from personae.readers import gutenberg
from personae.readers.classify import classify
from personae.readers.decode import decode
from personae.readers.headings import key
from personae.readers.layout import Paragraph, measure, paragraphs
from personae.readers.lines import read_groups
from personae.readers.pieces import Piece, number_chapters, trim
from personae.readers.record import Record
from personae.text import Block, Text


def read(data: bytes, name: str) -> Text:
    """Read a plain text. Raises ReadError if it is empty or isn't text."""
    return read_content(decode(data, name), name)


def read_content(content: str, name: str) -> Text:
    """Carve up `content`, in which line ends become "\\n" and nothing else changes."""
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    if not content or content.isspace():
        raise ReadError(f"{name}: is empty; give a file with a story in it")
    start, end = gutenberg.envelope(content)
    record = Record()
    for label, value in gutenberg.header_fields(content[:start]):
        record.put(label, [value])
    groups = read_groups(content, start, end)
    parts = list(paragraphs(groups, measure(groups)))
    pieces = [_piece(content, part) for part in parts]
    classify(pieces, record, known=frozenset(_tabbed(content, parts)))
    blocks = (*_outside(content, 0, start, 0), *_blocks(parts, pieces))
    after = _outside(content, end, len(content), blocks[-1].chapter)
    return Text(content, (*blocks, *after), record.metadata(name))


def _piece(content: str, part: Paragraph) -> Piece:
    return Piece(content[part.start : part.end], "verse" if part.verse else "paragraph", gap=part.gap)


def _tabbed(content: str, parts: list[Paragraph]) -> Iterator[str]:
    """Lines set off by a tab and more than one blank line: how FanFicFare writes the titles of chapters."""
    for part in parts:
        if part.gap > 1 and len(part.lines) == 1 and content[part.start - 1 : part.start] == "\t":
            yield key(content[part.start : part.end])


def _blocks(parts: list[Paragraph], pieces: list[Piece]) -> Iterator[Block]:
    for part, piece, chapter in zip(parts, pieces, number_chapters(pieces), strict=True):
        yield Block(part.start, part.end, piece.kind, chapter)


def _outside(content: str, start: int, end: int, chapter: int) -> tuple[Block, ...]:
    """The header or licence around a story, as one block."""
    span = trim(content, start, end)
    return (Block(*span, "metadata", chapter),) if span else ()
