"""A Book as JSON Lines: one piece of the story a line, who reads it, and to whom it is said."""

from __future__ import annotations

import json
from typing import Any

from personae.book import Book
from personae.writers.script import Piece, names, pieces

KEYS = ("speaker", "addressees", "kind", "text", "confidence", "chapter", "start", "end")
"""The keys of each line, in order."""

_LINE_ENDS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}
"""What some readers take for the end of a line; JSON may hold them as escapes."""


def write(book: Book) -> bytes:
    """The pieces of the story as JSON Lines (jsonlines.org) in UTF-8."""
    lines = (json.dumps(_record(book, piece), ensure_ascii=False) for piece in pieces(book))
    return "".join(f"{line.translate(_LINE_ENDS)}\n" for line in lines).encode("utf-8", "backslashreplace")


def _record(book: Book, piece: Piece) -> dict[str, Any]:
    speaker, addressees = names(book, piece)
    confidence = piece.quote.confidence if piece.quote else None
    text = book.text[piece.start : piece.end]
    values = (speaker, addressees, piece.kind, text, confidence, piece.block.chapter, piece.start, piece.end)
    return dict(zip(KEYS, values, strict=True))
