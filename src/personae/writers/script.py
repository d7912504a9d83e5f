"""The story cut into pieces that one voice reads: narration, lines, headings and breaks.

A piece is `[start, end)` of the text. Only story blocks are cut: an author's note or metadata is in no piece.
White space behind a piece belongs to it, so that the pieces joined are `story(book)`, nothing lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from personae.book import Book, Quote, Span
from personae.text import STORY_KINDS, Block

PieceKind = Literal["narration", "heading", "break", "speech", "thought", "written"]

NARRATOR = "NARRATOR"
"""Who reads what nobody says."""

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_Part = tuple[int, int, Quote | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one voice reads without a stop: where it stands, in which block, and the quote if it is a line."""

    start: int
    end: int
    kind: PieceKind
    block: Block
    quote: Quote | None = None

    @property
    def speaker(self) -> int | None:
        """The entity that says it; None for narration and where undecided."""
        return self.quote.speaker if self.quote else None


def pieces(book: Book) -> list[Piece]:
    """The story as consecutive pieces, in order."""
    return [piece for _, cut in paragraphs(book) for piece in cut]


def paragraphs(book: Book) -> Iterator[tuple[Block, list[Piece]]]:
    """Each story block with its pieces; a block without text has none, unless it is a break."""
    lines, at = _lines(book), 0
    for (start, end), block in _stretches(book):
        if block.kind == "heading" or block.kind == "break":
            yield block, [Piece(start, end, block.kind, block)] if start < end or block.kind == "break" else []
            continue
        while at < len(lines) and lines[at][1] <= start:
            at += 1
        parts: list[_Part] = []
        index = at
        while index < len(lines) and lines[index][0] < block.end:
            parts.append(lines[index])
            index += 1
        at = max(at, index - 1)  # the last of them may go on in the next block
        yield block, [_piece(part, block) for part in _filled(book.text, (start, end), block, parts)]


def story(book: Book) -> str:
    """The text that the pieces hold: each story block with what stands between it and the next block."""
    return "".join(book.text[start:end] for (start, end), _ in _stretches(book))


def names(book: Book, piece: Piece) -> tuple[str | None, list[str]]:
    """Who says a piece and to whom, by name; None where undecided."""
    if piece.quote is None:
        return NARRATOR, []
    speaker = None if piece.speaker is None else book.entities[piece.speaker].name
    return speaker, [book.entities[entity].name for entity in piece.quote.addressees]


def runs(cut: Iterable[Piece]) -> Iterator[tuple[Quote | None, Span]]:
    """The pieces of a block, where neighbours that nobody is known to read aloud are one.

    Those are narration, and written words whose writer is unknown.
    """

    def aloud(piece: Piece) -> Quote | None:
        return None if piece.kind == "written" and piece.speaker is None else piece.quote

    for quote, group in groupby(cut, key=aloud):
        together = list(group)
        yield quote, (together[0].start, together[-1].end)


def legal(words: str) -> str:
    """`words` with control characters and other things that aren't text as U+FFFD."""
    return _ILLEGAL.sub("\ufffd", words)


def in_lines(words: str, block: Block) -> list[str]:
    """`words` as lines without white space around them: verse as it stands, anything else as one line."""
    lines = words.splitlines() if block.kind == "verse" else [words]
    return [flat for line in lines if (flat := legal(" ".join(line.split())))]


def _stretches(book: Book) -> Iterator[tuple[Span, Block]]:
    """Each story block, with its span prolonged to where the next block of any kind begins."""
    for index, block in enumerate(book.blocks):
        if block.kind in STORY_KINDS:
            is_last = index + 1 == len(book.blocks)
            yield (block.start, len(book.text) if is_last else book.blocks[index + 1].start), block


def _lines(book: Book) -> list[_Part]:
    """What is said, thought or written, so that no two overlap: of a quote in a quote the outer one counts."""
    found: list[_Part] = []
    at = 0
    for quote in sorted(book.quotes, key=lambda quote: (quote.start, -quote.end)):
        if quote.kind != "other" and max(at, quote.start) < quote.end:
            found.append((max(at, quote.start), quote.end, quote))
            at = quote.end
    return found


def _filled(text: str, stretch: Span, block: Block, lines: Iterable[_Part]) -> list[_Part]:
    """The stretch of a block without a gap: its lines, and between them narration."""
    parts: list[_Part] = []
    at, end = stretch
    for first, last, quote in lines:
        _add(parts, text, (at, max(at, first), None))
        at = max(at, first)
        _add(parts, text, (at, min(last, block.end), quote))
        at = max(at, min(last, block.end))
    _add(parts, text, (at, block.end, None))
    if parts and block.end < end:
        parts[-1] = (parts[-1][0], end, parts[-1][2])
    return parts or ([(*stretch, None)] if stretch[0] < end else [])


def _add(parts: list[_Part], text: str, part: _Part) -> None:
    """One more part; white space alone goes to the part before."""
    start, end, quote = part
    if start >= end:
        return
    if parts and quote is None and text[start:end].isspace():
        parts[-1] = (parts[-1][0], end, parts[-1][2])
    else:
        parts.append(part)


def _piece(part: _Part, block: Block) -> Piece:
    start, end, quote = part
    if quote is None or quote.kind == "other":
        return Piece(start, end, "narration", block)
    return Piece(start, end, quote.kind, block, quote)
