"""A Book as SSML 1.1 (W3C Recommendation of 7 September 2010): a p a paragraph, a voice around each line."""

from __future__ import annotations

from collections.abc import Iterator

from personae.book import Book
from personae.text import Block
from personae.writers.script import Piece, paragraphs
from personae.writers.tei_header import escape, language

_GENDERS = {"he/him": "male", "she/her": "female"}


def write(book: Book) -> bytes:
    """The Book as an SSML document in UTF-8."""
    return "".join(_document(book)).encode("utf-8")


def _document(book: Book) -> Iterator[str]:
    namespace = "http://www.w3.org/2001/10/synthesis"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<speak version="1.1" xmlns="{namespace}" xml:lang="{language(book)}">\n'
    voices = [_voice(book, entity) for entity in range(len(book.entities))]
    marked: set[int] = set()
    for block, cut in paragraphs(book):
        if block.kind == "break":
            yield '<break strength="x-strong"/>\n'
        elif cut:
            yield from ("<p>", *(_element(book, piece, block, voices, marked) for piece in cut), "</p>\n")
    yield "</speak>\n"


def _element(book: Book, piece: Piece, block: Block, voices: list[str], marked: set[int]) -> str:
    """A piece; the first of each quote has a mark before it."""
    words = escape(book.text[piece.start : min(piece.end, block.end)])
    if piece.quote is None:
        return words
    mark = "" if piece.quote.id in marked else f'<mark name="q{piece.quote.id}"/>'
    marked.add(piece.quote.id)
    voice = "" if piece.speaker is None else voices[piece.speaker]
    if not voice:
        return mark + words
    said = words.rstrip(" \t\n")
    return f"{mark}{voice}{said}</voice>{words[len(said) :]}"


def _voice(book: Book, entity: int) -> str:
    """The tag that begins a person's voice. A voice's name has no white space, for `name` is a list of them."""
    name = escape("_".join(book.entities[entity].name.split())).replace('"', "&quot;")
    gender = _GENDERS.get(book.entities[entity].pronouns or "")
    attributes = (f' name="{name}"' if name else "") + (f' gender="{gender}"' if gender else "")
    return f"<voice{attributes}>" if attributes else ""
