"""What a heading and a scene break look like in running text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from personae.readers.numbers import NUMBER, parse_number
from personae.readers.pieces import Piece

LONGEST = 120
"""Characters; nothing longer is taken for a heading."""

_DIVISIONS = (
    "chapter|chapitre|kapitel|chap|part|book|volume|vol|act|scene|canto|section|episode|stave|letter|day|night|"
    "phase|arc|tale"
)
_STRONG = frozenset({"chapter", "chapitre", "kapitel", "chap"})
_NAMED = (
    "prologue|prolog|epilogue|epilog|preface|introduction|foreword|interlude|intermission|afterword|postscript|"
    "coda|prelude|finale|intermezzo|omake|bonus chapter|author's preface|introductory note"
)
_NUMBERED = re.compile(
    rf"(?:the )?(?:(?P<word>{_DIVISIONS})\.?\s+(?:the )?#?(?P<number>{NUMBER})"
    rf"|(?P<ordinal>[a-z]{{5,11}})\s+(?P<word2>{_DIVISIONS}))(?![^\W_]|['’])(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NAMED_HEADING = re.compile(
    rf"(?:the )?(?:{_NAMED})(?:\s+{NUMBER})?(?:\s*[.:\-–—]+\s*(?P<rest>\S.*)?)?", re.IGNORECASE
)
_NUMBER_ALONE = re.compile(rf"[\s\-–—*~#.\[(_:=|]*({NUMBER})[\s\-–—*~#.\])_:=|]*", re.IGNORECASE)
_TITLE_AFTER_NUMBER = re.compile(rf"({NUMBER})\s*[.:)\-–—]+\s+(\S.*)", re.IGNORECASE)

_OPENING = tuple("\"“”„«»‘'‹「『—–-")
_FINAL = tuple(".!?…\"”’'»›」』)]:;*_")
_UNFINISHED = (",", ";", ":", '"', "”", "…", "-", "–", "—")
_END_MARK = re.compile(r"\W*(?:the )?(?:end|fin|finis)\b(?: of .{1,60})?\W*", re.IGNORECASE)
_SMALL = frozenset({
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "is", "it", "nor", "of", "off",
    "on", "or", "out", "over", "so", "than", "that", "the", "to", "up", "upon", "via", "vs", "with", "de",
    "la", "le", "du", "des", "von", "van", "der", "und", "et", "y",
})  # fmt: skip
_BREAK_WORDS = re.compile(
    r"\W*(?:(?:line|page|scene|section) ?break|time ?skip|<hr ?/?>|\[hr\])\W*", re.IGNORECASE
)
_BREAK_LETTERS = re.compile(r"[\W_]*(?:[oO0xX][\W_]*){2,}")
_SENTENCE_MARKS = frozenset(".!?…,;:'\"“”‘’«»()[]&%$€£")


def ends_sentence(text: str) -> bool:
    return text.endswith(_FINAL)


def is_break(text: str) -> bool:
    """Whether a line only parts scenes: "* * *", "---", "#", "o0o", "~ line break ~"."""
    if len(text) > LONGEST or not text:
        return False
    if _BREAK_WORDS.fullmatch(text):
        return not text[0].isalpha() or text.casefold().startswith(
            ("line", "page", "scene", "section", "time")
        )
    marks = [c for c in text if not c.isspace()]
    if any(c.isalnum() for c in marks):
        return _is_letter_break(text)
    if all(c in "-—–" for c in marks):
        return len(marks) > 1 or marks[0] != "-"
    return not any(c in _SENTENCE_MARKS for c in marks) and any(_is_symbol(c) for c in marks)


def _is_letter_break(text: str) -> bool:
    """ "o0o", "xXx", "-x-": but "XX" and "XXX" may be chapters."""
    if not _BREAK_LETTERS.fullmatch(text):
        return False
    letters = [c for c in text if c.isalnum()]
    return len(letters) > 2 and (len(set(letters)) > 1 or len(letters) > 3 or letters[0] in "oO0x")


def _is_symbol(character: str) -> bool:
    return unicodedata.category(character)[0] in "SP"


def is_numbered(text: str) -> bool:
    """Whether a line says what part of a book follows: "CHAPTER I.", "Part Two", "Chapter 3: The Well"."""
    return _numbered(text) is not None


def is_bare(text: str) -> bool:
    """Whether a heading gives a number but no title."""
    match = _numbered(text)
    if match is not None:
        return not match["rest"].strip(" .:-–—\n")
    return _NUMBER_ALONE.fullmatch(text) is not None


def _numbered(text: str) -> re.Match[str] | None:
    if len(text) > LONGEST:
        return None
    match = _NUMBERED.match(text.lstrip("*_#=~|[ \t"))
    if match is None or (match["ordinal"] and parse_number(match["ordinal"]) is None):
        return None
    strong = (match["word"] or match["word2"]).lower() in _STRONG
    return match if _may_follow(match["rest"], strong=strong) else None


def _may_follow(rest: str, *, strong: bool) -> bool:
    """Whether what stands after the number may be a title, and isn't the rest of a sentence."""
    title = rest.strip(" \t\n.:-–—*_#=~|)]")
    if not title:
        return True
    apart = rest.lstrip(" \t*_")[:1] in (".", ":", "-", "–", "—", "\n", "|", ")")
    if strong:
        return apart or (not title[0].islower() and is_title(title))
    return (
        is_title(title) if apart else is_title(title) and len(title.split()) <= 6 and not title[0].islower()
    )


def is_named(text: str) -> bool:
    """Whether a line is "Prologue", "Epilogue: Home" and the like."""
    if len(text) > LONGEST or "\n" in text:
        return False
    match = _NAMED_HEADING.fullmatch(text.strip("*_#=~|[] \t"))
    return match is not None and (not match["rest"] or is_title(match["rest"]))


def is_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)


def is_title(text: str) -> bool:
    """Whether words are set as a title is: capitals, no end of a sentence, not speech."""
    text = text.strip().strip("_*")
    if not text or len(text) > 80 or text.startswith(_OPENING) or text.endswith(_UNFINISHED):
        return False
    words = text.split()
    if is_capitals(text):
        return len(words) <= 14
    if text.endswith(".") or not any(c.isalpha() for c in text):
        return False
    lower = sum(w[0].islower() and w.lower().strip(".,!?") not in _SMALL for w in words)
    return not words[0][0].islower() and lower * 3 <= len(words) and len(words) <= 14


def find_breaks(pieces: Sequence[Piece]) -> None:
    """Mark the scene breaks among `pieces`."""
    for piece in pieces:
        if piece.undecided and is_break(piece.text):
            piece.kind = "break"


def find_headings(pieces: Sequence[Piece], known: frozenset[str] = frozenset()) -> None:
    """Mark the headings among `pieces`; `known` are the entries of a table of contents (see `key`)."""
    for piece in pieces:
        if piece.undecided and len(piece.text) <= LONGEST and _stands_out(piece.text, known):
            piece.kind = "heading"
    _mark_numbers(pieces)
    _mark_titles(pieces)


def _stands_out(text: str, known: frozenset[str]) -> bool:
    listed = "\n" not in text and not text.startswith(_OPENING) and not text.endswith(_UNFINISHED)
    return (listed and key(text) in known) or is_numbered(text) or is_named(text)


def key(text: str) -> str:
    """A heading without case, punctuation and page number, to find it again."""
    text = re.sub(r"[\s.]+\d{1,4}$", "", text.strip()) if not _NUMBER_ALONE.fullmatch(text) else text
    return " ".join(re.findall(r"\w+", text.casefold()))


def _mark_numbers(pieces: Sequence[Piece]) -> None:
    """Numbers alone on a line are headings where they count up, and stand between finished paragraphs."""
    last = 0
    for index, value in _numbers(pieces):
        piece = pieces[index]
        before = pieces[index - 1] if index else None
        between = before is None or not before.undecided or ends_sentence(before.text) or piece.gap > 1
        if (between and value in (1, last + 1)) or (between and last and value == last + 2):
            piece.kind = "heading"
            last = value


def _numbers(pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    for index, piece in enumerate(pieces):
        if (
            piece.kind in ("paragraph", "verse", "break")
            and len(piece.text) <= 80
            and index + 1 < len(pieces)
        ):
            value = lone_number(piece.text)
            if value is not None:
                yield index, value


def lone_number(text: str) -> int | None:
    """The number of "IV", "- 4 -", "4. The Well"; None for anything else."""
    titled = _TITLE_AFTER_NUMBER.fullmatch(text)
    if titled and is_title(titled[2]) and (titled[1].isdigit() or titled[1].isupper()):
        return parse_number(titled[1])
    match = _NUMBER_ALONE.fullmatch(text) if len(text) <= 30 else None
    if match is None:
        return None
    number = match[1]
    if number.isalpha() and number != number.upper() and (text[-1] in ".:" or number.islower()):
        roman = len(number) < 5 and set(number) <= set("ivx")
        return parse_number(number) if roman and text != "i" else None  # "Three." is a sentence, "iii." isn't
    return parse_number(number)


def _mark_titles(pieces: Sequence[Piece]) -> None:
    """Mark titles under a bare number, and lines in capitals that stand apart or head a chapter.

    Where chapters are numbered, such lines open none.
    """
    usual = _usual_gap(pieces)
    numbered = sum(piece.kind == "heading" for piece in pieces) > 1
    for index, piece in enumerate(pieces[:-1]):
        if not piece.undecided or len(piece.text) > LONGEST or not is_title(piece.text):
            continue
        before = pieces[index - 1] if index else None
        under = before is not None and before.kind == "heading" and is_bare(before.text)
        if (under and not is_title(pieces[index + 1].text)) or (
            under and pieces[index + 1].kind == "heading"
        ):
            piece.kind = "heading"
        elif _is_capital_heading(piece, before, pieces[index + 1], usual):
            piece.kind = "heading"
            piece.opens = not numbered


def _is_capital_heading(piece: Piece, before: Piece | None, after: Piece, usual: int) -> bool:
    if not is_capitals(piece.text) or "\n" in piece.text or piece.text.endswith(("!", "?")):
        return False
    if sum(c.isalpha() for c in piece.text) < 4 or before is None or _END_MARK.fullmatch(piece.text):
        return False
    finished = not before.undecided or before.text.endswith((".", "!", "?", '"', "”", "’", "…"))
    apart = piece.gap > max(usual, 1) or (before.kind == "heading" and after.gap > max(usual, 1))
    return apart and finished and not is_capitals(after.text[:LONGEST])


def _usual_gap(pieces: Sequence[Piece]) -> int:
    gaps = sorted(piece.gap for piece in pieces[1:])
    return gaps[len(gaps) * 3 // 4] if gaps else 0
