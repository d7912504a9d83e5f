"""Pieces of a story, and how a Text is put together from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from personae.errors import ReadError
from personae.text import Block, BlockKind, Metadata, Text

Span = tuple[int, int]

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Piece:
    """A block that has no place yet.

    `emphasis` counts from the start of `text`. `gap` is the number of blank lines before it (0 where a format
    has none). `opens` says whether a chapter begins here; None leaves it to the kind: a heading does.
    """

    text: str
    kind: BlockKind = "paragraph"
    emphasis: tuple[Span, ...] = ()
    gap: int = 0
    opens: bool | None = None

    @property
    def undecided(self) -> bool:
        return self.kind in ("paragraph", "verse")


def clean(text: str) -> str:
    """`text` without control characters and lone surrogates: a space where they are space, else U+FFFD."""
    return _FORBIDDEN.sub(lambda match: " " if match[0].isspace() else "\ufffd", text)


def number_chapters(pieces: Iterable[Piece]) -> list[int]:
    """The chapter of each piece. Headings with no story between them open one chapter together."""
    chapter, fresh, numbers = 0, False, []
    for piece in pieces:
        opens = piece.kind == "heading" if piece.opens is None else piece.opens
        if opens and not fresh:
            chapter += 1
            fresh = True
        if piece.undecided:
            fresh = False
        numbers.append(chapter)
    return numbers


def assemble(pieces: Sequence[Piece], metadata: Metadata, name: str) -> Text:
    """Join `pieces` by blank lines; their text is clean and has no white space at its ends.

    Raises ReadError if none of them holds a word.
    """
    _pass_openings_on(pieces)
    kept = [piece for piece in pieces if piece.text]
    if not kept:
        raise ReadError(f"{name}: holds no text; give a file with a story in it")
    blocks: list[Block] = []
    emphasis: list[Span] = []
    offset = 0
    for piece, chapter in zip(kept, number_chapters(kept), strict=True):
        blocks.append(Block(offset, offset + len(piece.text), piece.kind, chapter))
        emphasis.extend((offset + start, offset + end) for start, end in piece.emphasis)
        offset += len(piece.text) + 2
    return Text("\n\n".join(p.text for p in kept), tuple(blocks), metadata, tuple(emphasis))


def trim(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends, or None if nothing is left of it."""
    start, end = max(start, 0), min(end, len(text))
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _pass_openings_on(pieces: Sequence[Piece]) -> None:
    """A chapter that opens at an empty piece opens at the next one."""
    pending = False
    for piece in pieces:
        if piece.text and pending:
            piece.opens, pending = True, False
        elif not piece.text:
            pending = pending or bool(piece.opens)
