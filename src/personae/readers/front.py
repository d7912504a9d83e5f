"""The top of a story: title, byline, contents, and where they end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from personae.readers.gutenberg import is_credit, opening
from personae.readers.headings import ends_sentence, is_named, is_numbered, is_title, key, lone_number
from personae.readers.notes import labelled
from personae.readers.pieces import Piece
from personae.readers.record import Record, label_line

_BYLINE = re.compile(r"(?:written |a (?:story|novel|fanfic|fic) )?by:?\s+(\S.{1,78})", re.IGNORECASE)
_BY = re.compile(r"(?:written )?by:?", re.IGNORECASE)
_IMPRINT = re.compile(
    r"[\[(]?(?:\d{4}[\])]?$|(?:translated|illustrated|edited) (?:from|by)\b|with (?:\d+ )?illustrations\b"
    r"|copyright\b|©|all rights reserved|a novel$|first published\b)",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"\W*(?:table of )?contents\W*", re.IGNORECASE)
_ROMAN_FIRST = re.compile(r"I\s+[A-Z]")
LONGEST_CONTENTS = 600
"""Entries; a longer run of short lines is no table of contents."""


def find_front(pieces: Sequence[Piece], record: Record) -> frozenset[str]:
    """Mark title, byline, imprint and contents at the top; return the entries of the contents (see `key`)."""
    index = _skip(pieces, 0)
    index = _mark_title(pieces, index, record)
    entries: frozenset[str] = frozenset()
    while index < len(pieces):
        piece = pieces[index]
        if piece.undecided and _CONTENTS.fullmatch(piece.text.split("\n", 1)[0][:60]):
            index, entries = _mark_contents(pieces, index)
        elif piece.undecided and _is_list_of_headings(piece.text):
            piece.kind = "metadata"
            entries |= frozenset(key(line) for line in piece.text.split("\n"))
            index += 1
        elif piece.undecided and _is_front(piece.text, record):
            piece.kind = "metadata"
            index += 1
        elif piece.undecided and not _in_head(piece):
            break
        else:
            index += 1
    return entries


def _in_head(piece: Piece) -> bool:
    """Pieces that others decide on, which the front may reach beyond."""
    return bool(labelled(piece.text))


def _skip(pieces: Sequence[Piece], index: int) -> int:
    while index < len(pieces) and not pieces[index].undecided:
        index += 1
    return index


def _is_front(text: str, record: Record) -> bool:
    if len(text) > 700:
        return False
    known = opening(text)
    if known:
        record.put("title", [known[0]])
        record.put("author", [known[1] or ""])
    return bool(known) or is_credit(text) or (len(text) < 120 and _IMPRINT.match(text) is not None)


def _mark_title(pieces: Sequence[Piece], index: int, record: Record) -> int:
    """Mark a title, and a byline close below it; return where to go on."""
    if index >= len(pieces) - 1:
        return index
    lines = [line.strip() for line in pieces[index].text.split("\n")]
    if not _may_be_title(lines, pieces, index):
        return index
    record.put("title", [lines[0].strip("*_# ")])
    pieces[index].kind = "metadata"
    for line in lines[1:]:
        _put_byline(line, record)
    return _mark_byline(pieces, index + 1, record)


def _may_be_title(lines: list[str], pieces: Sequence[Piece], index: int) -> bool:
    first = lines[0]
    if (
        len(lines) > 4
        or label_line(first)
        or not is_title(first)
        or _is_division(first)
        or _CONTENTS.fullmatch(first)
    ):
        return False
    if len(lines) > 1 and not all(_BYLINE.fullmatch(line) or is_title(line) for line in lines[1:]):
        return False
    after = pieces[index + 1 : index + 4]
    bylines = any(_BYLINE.fullmatch(p.text) or _BY.fullmatch(p.text) for p in after if p.undecided)
    return bylines or after[0].gap > 1 or not after[0].undecided or len(first.split()) <= 8


def _is_division(line: str) -> bool:
    """Whether a line at the top heads the first chapter rather than the book."""
    plain = line.strip("_*")
    counted = lone_number(plain) is not None or _ROMAN_FIRST.match(plain) is not None
    return counted or is_numbered(plain) or is_named(plain)


def _put_byline(line: str, record: Record) -> bool:
    match = _BYLINE.fullmatch(line.strip("*_ ")) if len(line) < 100 else None
    if match is None or (match[1].endswith((".", "!", "?", ",")) and len(match[1].split()) > 3):
        return False
    record.put("author", [match[1].strip("*_ ")])
    return True


def _mark_byline(pieces: Sequence[Piece], index: int, record: Record) -> int:
    for offset in range(index, min(index + 3, len(pieces) - 1)):
        piece, after = pieces[offset], pieces[offset + 1]
        if not piece.undecided:
            continue
        if _put_byline(piece.text, record):
            _mark(pieces, index, offset + 1)
            return offset + 1
        if _BY.fullmatch(piece.text.strip()) and len(after.text) < 80 and "\n" not in after.text:
            record.put("author", [after.text])
            _mark(pieces, index, offset + 2)
            return offset + 2
        if not is_title(piece.text) and not _IMPRINT.match(piece.text):
            break
    return index


def _mark(pieces: Sequence[Piece], start: int, end: int) -> None:
    for piece in pieces[start:end]:
        if piece.undecided:
            piece.kind = "metadata"


def _is_list_of_headings(text: str) -> bool:
    lines = text.split("\n", LONGEST_CONTENTS)
    return len(lines) > 2 and all(is_numbered(line.strip()) or is_named(line.strip()) for line in lines)


def _mark_contents(pieces: Sequence[Piece], index: int) -> tuple[int, frozenset[str]]:
    """Mark a table of contents: short lines below the word, until its first entry comes again."""
    seen: list[str] = []
    end = index
    for end in range(index, min(index + LONGEST_CONTENTS, len(pieces))):
        lines = [line.strip() for line in pieces[end].text.split("\n")]
        entries = lines[1:] if end == index else lines
        if end > index and (not pieces[end].undecided or not all(map(_may_be_entry, lines))):
            break
        if seen and entries and _again(key(entries[0]), seen):
            break
        seen.extend(key(line) for line in entries)
    else:
        end += 1
    if not seen:
        return index + 1, frozenset()
    _mark(pieces, index, end)
    return end, frozenset(seen) - {""}


def _may_be_entry(line: str) -> bool:
    return len(line) <= 100 and (
        is_numbered(line) or is_title(line) or line[-1:].isdigit() or not ends_sentence(line)
    )


def _again(entry: str, seen: Sequence[str]) -> bool:
    """Whether `entry` is in `seen`, in full or as "chapter 1" of "chapter 1 the well"."""
    return any(entry == other or (is_numbered(entry) and other.startswith(f"{entry} ")) for other in seen[:3])
