"""The Project Dialogism Novel Corpus (Vishnubhotla, Hammond and Hirst, LREC 2022): who says what to whom.

Layout: `data/NOVEL/{novel_text.txt,quotation_info.csv,character_info.csv}`. Spans are bytes, and as the texts
are ASCII also characters; they leave the quotation marks out, and so do the quotes of the Book. Mentions are marked
within lines alone, and there those of the characters but "I".
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from gold.layout import BLANK_LINES, MARKS, chosen, normalise, paragraphs, read_raw, trim
from personae import lexicons
from personae.book import Book, Entity, Form, Mention, Quote, Span
from personae.cast import Cast, Member
from personae.text import Metadata

NARRATOR = "_narr"
PRONOUNS = {"M": "he/him", "F": "she/her"}
TYPES = ("explicit", "anaphoric", "implicit")
ARTICLES = frozenset({"a", "an", "the", "my", "your", "his", "her", "our", "their"})
OPENERS, CLOSERS = "\"'“‘`", "\"'”’`"
Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Character:
    """A row of the character list; `_group` and `_unknowable` are marks and never one."""

    name: str
    aliases: tuple[str, ...]
    pronouns: str | None
    narrator: bool


def documents(folder: Path, split: str | None = None) -> list[str]:
    """The novels' folder names."""
    return chosen(folder, split, (path.parent.name for path in folder.glob("data/*/quotation_info.csv")))


def story(folder: Path, document: str) -> Path:
    """The novel's text file."""
    return folder / "data" / document / "novel_text.txt"


def cast(folder: Path, document: str) -> Cast:
    """The character list with its aliases as the corpus has them (incomplete), marks left out."""
    return tuple(Member(c.name, c.aliases) for c in characters(folder, document))


def characters(folder: Path, document: str) -> tuple[Character, ...]:
    """The people of the character list, in its order: a character's place is its id in the Book."""
    rows = _rows(folder / "data" / document / "character_info.csv")
    return tuple(_character(row) for row in rows if not _is_mark(row["Main Name"]))


def quote_types(folder: Path, document: str) -> dict[int, str]:
    """Utterance to "explicit", "anaphoric" or "implicit"; an utterance without a type is absent."""
    types = enumerate(row["quoteType"].lower() for row in _quotations(folder, document))
    return {utterance: kind for utterance, kind in types if kind in TYPES}


def referring(folder: Path, document: str) -> dict[int, str]:
    """Utterance to the words beside it that say who speaks ("said his host"), where there are any."""
    return {utterance: words for utterance, row in enumerate(_quotations(folder, document))
            if (words := row["referringExpression"].strip())}


def load(folder: Path, document: str) -> Book:
    """Entities are the characters, `cast` their place in `cast()`; a speech's parts share its row number.

    A line marked `_group` or `_unknowable` has no speaker.
    """
    raw = read_raw(story(folder, document))
    text, moved = normalise(raw)
    people = characters(folder, document)
    ids = _ids(people)
    rows = _quotations(folder, document)
    parts = sorted(
        (int(moved[start]), int(moved[end]), utterance, row)
        for utterance, row in enumerate(rows)
        for start, end in _spans(raw, row)
    )
    quotes = tuple(_quote(number, part, ids) for number, part in enumerate(parts))
    within = {(int(moved[a]), int(moved[b])): names for row in rows for (a, b), names in _marked(raw, row)}
    mentions = tuple(m for (a, b), names in sorted(within.items()) if (m := _mention(text, a, b, names, ids)))
    return Book(
        text=text,
        blocks=paragraphs(text),
        metadata=Metadata(title=document, language="en"),
        entities=tuple(_entity(number, person, quotes, mentions) for number, person in enumerate(people)),
        mentions=mentions,
        quotes=quotes,
    )


def with_marks(text: str, span: Span) -> Span:
    """A gold span with the quotation marks before and after it, at most a space away, as Books have it."""
    start, end = span
    first = next((n for n in (start - 1, start - 2) if n >= 0 and text[n] in OPENERS), start)
    last = next((n + 1 for n in (end, end + 1) if n < len(text) and text[n] in CLOSERS), end)
    return first, last


def _rows(path: Path) -> Rows:
    return list(csv.DictReader(StringIO(read_raw(path), newline="")))


def _quotations(folder: Path, document: str) -> Rows:
    csv.field_size_limit(1 << 24)
    return _rows(folder / "data" / document / "quotation_info.csv")


def _is_mark(name: str) -> bool:
    return name.startswith("_")


def _character(row: dict[str, str]) -> Character:
    name = row["Main Name"].strip()
    aliases = {str(alias).strip() for alias in _literal(row["Aliases"])}
    names = sorted(alias for alias in aliases - {name} if alias and not _is_mark(alias))
    return Character(name, tuple(names), PRONOUNS.get(row.get("Gender", "")), NARRATOR in aliases)


def _literal(cell: str) -> Any:
    """A cell that holds a Python literal; the alias sets have no order of their own."""
    return ast.literal_eval(cell) if cell.strip() not in ("", "nan", "set()") else []


def _ids(people: tuple[Character, ...]) -> dict[str, int]:
    """Names to ids; a main name goes before somebody else's alias."""
    aliases = {alias: number for number, person in enumerate(people) for alias in person.aliases}
    return aliases | {person.name: number for number, person in enumerate(people)}


def _spans(raw: str, row: dict[str, str]) -> Iterator[Span]:
    """The utterance's parts; a part that runs over a blank line is one part a paragraph."""
    for start, end in _literal(row["quoteByteSpans"]):
        borders = [
            start,
            *(edge for gap in BLANK_LINES.finditer(raw, start, end) for edge in gap.span()),
            end,
        ]
        pieces = list(zip(borders[::2], borders[1::2], strict=True))
        for piece in pieces:
            first, last = trim(raw, *piece, MARKS) if len(pieces) > 1 else piece
            if first < last:
                yield first, last


def _quote(number: int, part: tuple[int, int, int, dict[str, str]], ids: dict[str, int]) -> Quote:
    start, end, utterance, row = part
    addressees = (ids.get(name.strip()) for name in _literal(row["addressees"]))
    return Quote(
        id=number,
        start=start,
        end=end,
        kind="speech",
        utterance=utterance,
        speaker=ids.get(row["speaker"].strip()),
        addressees=tuple(dict.fromkeys(a for a in addressees if a is not None)),
        confidence=1.0,
    )


def _marked(raw: str, row: dict[str, str]) -> Iterator[tuple[Span, list[str]]]:
    """The mentions within an utterance, the spaces around them left out, and the names of those who are meant.

    In a part with more names than mentions (21 utterances of A Room with a View) nobody knows which is whose: none.
    """
    spans, names = _literal(row["mentionSpansList"]), _literal(row["mentionEntitiesList"])
    for part in zip(spans, names, strict=True):
        for (start, end), meant in zip(*part, strict=True) if len(part[0]) == len(part[1]) else ():
            words = raw[start:end]
            start, end = start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
            if start < end:
                yield (start, end), meant


def _mention(text: str, start: int, end: int, names: list[str], ids: dict[str, int]) -> Mention | None:
    """None if somebody of those meant is not in the character list."""
    meant = [ids.get(name.strip()) for name in names]
    known = tuple(sorted({m for m in meant if m is not None}))
    if not known or None in meant:
        return None
    words = text[start:end]
    form: Form = "noun"
    if words.lower() in lexicons.table("pronouns"):
        form = "pronoun"
    elif any(word[:1].isupper() for word in words.split()[words.split()[0].lower() in ARTICLES :]):
        form = "name"
    return Mention(start, end, (start, end), form, known, 1.0)


def _entity(
    number: int, person: Character, quotes: tuple[Quote, ...], mentions: tuple[Mention, ...]
) -> Entity:  # fmt: skip
    return Entity(
        id=number,
        kind="person",
        name=person.name,
        aliases=person.aliases,
        pronouns=person.pronouns,
        narrator=person.narrator,
        cast=number,
        mentions=sum(number in m.entities for m in mentions),
        quotes=sum(quote.speaker == number for quote in quotes),
    )
