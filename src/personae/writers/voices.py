"""A Book as text with ebook2audiobook's tags (its SML): `[voice:NAME]…[/voice]` around lines, `[pause]`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from personae.book import Book
from personae.text import Block
from personae.writers.script import Piece, legal, paragraphs

_BRACKETS = str.maketrans("[]", "()")


def write(book: Book) -> bytes:
    """The story as tagged text in UTF-8, paragraphs with an empty line between."""
    return "".join(f"{paragraph}\n\n" for paragraph in _paragraphs(book)).encode("utf-8")


def _paragraphs(book: Book) -> Iterator[str]:
    for block, cut in paragraphs(book):
        if block.kind == "break":
            yield "[pause]"
        elif words := "".join(_read(book, piece, block) for piece in cut).strip():
            yield words


def _read(book: Book, piece: Piece, block: Block) -> str:
    """A piece in its speaker's voice. Square brackets of the story are round, for the tags have no escape."""
    whole = _spaced(book.text[piece.start : piece.end], block)
    words = whole.strip()
    name = "" if piece.speaker is None else _spaced(book.entities[piece.speaker].name, None).strip()
    if not name or not words:
        return whole
    before, _, after = whole.partition(words)
    return f"{before}[voice:{name}]{words}[/voice]{after}"


def _spaced(words: str, block: Block | None) -> str:
    """Words on one line, or on lines of verse, with nothing that could be a tag."""
    lines = re.split(r"\s*\n\s*", words) if block and block.kind == "verse" else [words]
    return legal("\n".join(re.sub(r"\s+", " ", line) for line in lines)).translate(_BRACKETS)
