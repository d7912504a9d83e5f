"""What each paragraph of a running text is, where no markup says so."""

from __future__ import annotations

from personae.readers.front import find_front
from personae.readers.gutenberg import is_picture
from personae.readers.headings import find_breaks, find_headings
from personae.readers.notes import find_notes
from personae.readers.pieces import Piece
from personae.readers.record import Record

_LAST_LINES = frozenset({"End file."})


def classify(pieces: list[Piece], record: Record, *, known: frozenset[str] = frozenset()) -> None:
    """Decide for each undecided piece: break, front matter, heading, note, or indeed a paragraph.

    `known` are headings known beforehand (see `headings.key`). What the text says of itself goes to `record`.
    """
    find_breaks(pieces)
    for piece in pieces:
        if piece.undecided and is_picture(piece.text):
            piece.kind = "metadata"
    entries = find_front(pieces, record)
    find_headings(pieces, entries | known)
    find_notes(pieces, record)
    if len(pieces) > 1 and pieces[-1].text in _LAST_LINES:
        pieces[-1].kind = "metadata"


def mark_breaks_and_notes(pieces: list[Piece], record: Record) -> None:
    """The same for a story whose headings and front matter are marked up already."""
    find_breaks(pieces)
    find_notes(pieces, record)


def classify_marked_up(pieces: list[Piece], record: Record) -> None:
    """The same for a story with headings of its own, the first of which may be its title."""
    first = pieces[0] if pieces else None
    if first is not None and first.kind == "heading":
        first.kind = "paragraph"
        classify(pieces, record)
        first.kind = "heading" if first.undecided else first.kind
    else:
        classify(pieces, record)
