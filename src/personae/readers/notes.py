"""Author's notes in running text: what stands in the file but not in the story."""

from __future__ import annotations

import re
from collections.abc import Sequence

from personae.readers.pieces import Piece
from personae.readers.record import FIELDS, Record, label_line

_NOTE = re.compile(
    r"[^\w\"“‘']{0,6}(?:[aA]/[nN]\b(?!/)|AN(?=\s*[:–—-])"
    r"|(?:(?:(?:author|writer|translator|beta|editor)['’]?s?['’]?\s+(?:end\s+|foot)?(?:notes?|comments?|ramblings?)"
    r"|(?:final |end |chapter |ending |beginning |opening |closing )(?:end )?notes?|disclaimers?)"
    r"(?=\W*$|\s*[:–—=\-.)\]*_\n])))",
    re.IGNORECASE,
)
_CUES = re.compile(
    r"\b(?:reviews?|reviewers?|reviewed|fics?|fanfics?|fanfiction|chapters?|updates?|updated|updating|posted|"
    r"posting|readers?|reading|comments?|kudos|beta|betas|betaed|constructive|criticism|flames?|one-?shot|"
    r"sequel|disclaimer|copyright|fandom|canon|oc|ocs|au|ooc|story|enjoy|feedback|prompts?|own|tumblr|"
    r"inspired|favou?rites?|follows?|thanks|thank you|writing|wrote)\b",
    re.IGNORECASE,
)
_NOTE_LABELS = frozenset(
    {"summary", "notes", "note", "disclaimer", "prompt", "author's notes", "warning", "warnings"}
)
_STRANGE_LABEL = re.compile(r"\w[\w ]{0,24}:\s")
_ADDRESSED = re.compile(r"\b(?:I|I'm|I’m|I've|I’ve|my|me|you|your|please|R&R)\b", re.IGNORECASE)
_SPEECH = tuple('"“„«‘—–')
LONGEST = 1500
"""Characters; a longer paragraph that doesn't name itself a note is none."""
LONGEST_RUN = 12
"""Paragraphs; a note that seems to go on for longer has run into the story."""


def is_note(text: str) -> bool:
    """Whether a paragraph says of itself that it is the author's: "A/N: …", "Disclaimer: …"."""
    return _NOTE.match(text) is not None


def find_notes(pieces: Sequence[Piece], record: Record) -> None:
    """Mark the author's notes among `pieces` and keep their words in `record`.

    A paragraph that names itself a note is one; so are those after it that speak of reviews and
    chapters, up to a break or heading. At the top and under headings weaker labels ("Summary:") count.
    """
    top = True
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        if not piece.undecided:
            top = top or piece.kind == "heading"
            index += 1
        elif is_note(piece.text):
            index = _mark_note(pieces, index, record)
        elif top and _mark_labels(piece, record):
            index += 1
        else:
            top = False
            index += 1


def _mark_note(pieces: Sequence[Piece], index: int, record: Record) -> int:
    """Mark the note that starts at `index`; return where the story goes on."""
    end = index + 1
    if _is_label_alone(pieces[index].text) and end < len(pieces) and _may_be_note(pieces[end]):
        end += 1
    while end < min(len(pieces), index + LONGEST_RUN) and _goes_on(pieces[end]):
        end += 1
    for piece in pieces[index:end]:
        piece.kind = "note"
    record.notes.append("\n\n".join(piece.text for piece in pieces[index:end]))
    return end


def _is_label_alone(text: str) -> bool:
    match = _NOTE.match(text)
    return match is not None and not any(character.isalnum() for character in text[match.end() :][:200])


def _may_be_note(piece: Piece) -> bool:
    return piece.undecided and not piece.text.startswith(_SPEECH)


def _goes_on(piece: Piece) -> bool:
    text = piece.text
    if not _may_be_note(piece):
        return False
    cues = (
        len(text) < 1500
        and _ADDRESSED.search(text) is not None
        and len(_CUES.findall(text)) * 300 >= len(text)
    )
    return cues or is_note(text)


def _mark_labels(piece: Piece, record: Record) -> bool:
    """Mark "Label: value" lines above a story: metadata, or a note where the value is prose."""
    pairs = labelled(piece.text)
    if not pairs:
        return False
    for label, value in pairs:
        record.put_line(label, value)
    prose = [value for label, value in pairs if label in _NOTE_LABELS]
    record.notes.extend(
        value for label, value in pairs if label in _NOTE_LABELS and FIELDS.get(label) is None
    )
    piece.kind = "note" if prose and len(pairs) == 1 else "metadata"
    return True


def labelled(text: str) -> list[tuple[str, str]]:
    """The pairs of a text made of "Label: value" lines; a value may run on. Empty if it isn't that.

    Unknown labels are only trusted among several known ones: the head of a letter is story.
    """
    if len(text) > 20_000 or label_line(text) is None:
        return []
    pairs: list[tuple[str, str]] = []
    strange = 0
    for line in text.split("\n"):
        pair = label_line(line)
        if pair is None:
            label, value = pairs.pop()
            strange += _STRANGE_LABEL.match(line) is not None
            pair = (label, f"{value} {line.strip()}")
        pairs.append(pair)
    return pairs if strange < len(pairs) - 1 or not strange else []
