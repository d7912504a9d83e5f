"""A Book as tidy tables, one row a token, mention, line, person, relation or supersense; and as CSV files of them."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from typing import Any

from personae.book import Book, Grammar
from personae.errors import PersonaeError

Row = dict[str, Any]
_CHUNK = 4096

TABLES: dict[str, tuple[str, ...]] = {
    "tokens": (
        "id", "start", "end", "text", "sentence", "block", "chapter", "lemma", "upos", "xpos", "relation", "head",
        "event",
    ),
    "mentions": (
        "id", "start", "end", "text", "head_start", "head_end", "head_text", "form", "kind", "entity", "name",
        "entities", "names", "confidence", "chapter",
    ),
    "quotes": (
        "id", "start", "end", "text", "kind", "utterance", "speaker", "speaker_name", "addressees",
        "addressee_names", "confidence", "why", "cue_start", "cue_end", "cue_text", "alternatives", "chapter",
    ),
    "entities": ("id", "name", "kind", "aliases", "pronouns", "narrator", "cast", "mentions", "quotes"),
    "relations": (
        "id", "source", "source_name", "target", "target_name", "kind", "weight", "evidence", "text",
    ),
    "supersenses": ("id", "start", "end", "text", "category", "chapter"),
}  # fmt: skip
"""Each table's columns, in order."""


def rows(book: Book, table: str) -> Iterator[Row]:
    """The rows of one of TABLES, keys in the order of its columns. Raises PersonaeError for another name.

    Unknown is None; several ids are one string with spaces between, several names one with "; ".
    """
    if table not in TABLES:
        raise PersonaeError(f"{table!r} is no table; choose one of {', '.join(TABLES)}")
    return (dict(zip(TABLES[table], row, strict=True)) for row in _ROWS[table](book))


def write(book: Book) -> dict[str, bytes]:
    """Every table as CSV (RFC 4180, UTF-8), by what the name of its file ends in."""
    return {f".{table}.csv": _csv(columns, _ROWS[table](book)) for table, columns in TABLES.items()}


def _csv(columns: Iterable[str], cells: Iterable[tuple[Any, ...]]) -> bytes:
    file = io.BytesIO()
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(cells)
    text.flush()
    return file.getvalue()


def _tokens(book: Book) -> Iterator[tuple[Any, ...]]:
    t, text = book.tokens, book.text
    chapters = [block.chapter for block in book.blocks]
    columns = (t.start, t.end, t.sentence, t.block)
    for first in range(0, len(t), _CHUNK):
        chunk = zip(*(column[first : first + _CHUNK].tolist() for column in columns), strict=True)
        parsed = _parsed(book.grammar, first, min(first + _CHUNK, len(t)))
        for id, ((start, end, sentence, block), labels) in enumerate(zip(chunk, parsed, strict=True), first):
            yield id, start, end, text[start:end], sentence, block, chapters[block], *labels


def _parsed(grammar: Grammar, first: int, after: int) -> Iterable[tuple[Any, ...]]:
    """The grammar's columns for some tokens; a root's head is None, and so is everything without grammar."""
    if not len(grammar):
        return repeat((None,) * 6, after - first)
    labels = (column[first:after] for column in (grammar.lemma, grammar.upos, grammar.xpos, grammar.relation))
    heads = (head if head >= 0 else None for head in grammar.head[first:after].tolist())
    return zip(*labels, heads, grammar.event[first:after].tolist(), strict=True)


def _mentions(book: Book) -> Iterator[tuple[Any, ...]]:
    chapter, text = _chapters(book), book.text
    for id, m in enumerate(book.mentions):
        entity = m.entities[0] if len(m.entities) == 1 else None
        yield (
            id, m.start, m.end, text[m.start : m.end], *m.head, text[slice(*m.head)], m.form, m.kind,
            entity, _name(book, entity), _ids(m.entities), _names(book, m.entities), m.confidence,
            chapter(m.start),
        )  # fmt: skip


def _quotes(book: Book) -> Iterator[tuple[Any, ...]]:
    chapter, text = _chapters(book), book.text
    for q in book.quotes:
        cue = (*q.cue, text[slice(*q.cue)]) if q.cue else (None, None, None)
        others = " ".join(f"{entity}:{probability:g}" for entity, probability in q.alternatives) or None
        yield (
            q.id, q.start, q.end, text[q.start : q.end], q.kind, q.utterance,
            q.speaker, _name(book, q.speaker), _ids(q.addressees), _names(book, q.addressees),
            q.confidence, q.why, *cue, others, chapter(q.start),
        )  # fmt: skip


def _entities(book: Book) -> Iterator[tuple[Any, ...]]:
    for e in book.entities:
        aliases = "; ".join(e.aliases) or None
        yield e.id, e.name, e.kind, aliases, e.pronouns, e.narrator, e.cast, e.mentions, e.quotes


def _relations(book: Book) -> Iterator[tuple[Any, ...]]:
    for id, r in enumerate(book.relations):
        evidence = " ".join(f"{start}-{end}" for start, end in r.evidence)
        yield (
            id, r.source, _name(book, r.source), r.target, _name(book, r.target), r.kind, r.weight, evidence,
            book.text[slice(*r.evidence[0])],
        )  # fmt: skip


def _supersenses(book: Book) -> Iterator[tuple[Any, ...]]:
    chapter = _chapters(book)
    for id, sense in enumerate(book.supersenses):
        words = book.text[sense.start : sense.end]
        yield id, sense.start, sense.end, words, sense.category, chapter(sense.start)


_ROWS: dict[str, Callable[[Book], Iterator[tuple[Any, ...]]]] = {
    "tokens": _tokens, "mentions": _mentions, "quotes": _quotes, "entities": _entities,
    "relations": _relations, "supersenses": _supersenses,
}  # fmt: skip


def _chapters(book: Book) -> Callable[[int], int | None]:
    """A function from a character to its chapter; None where no block lies."""
    starts = [block.start for block in book.blocks]

    def chapter(character: int) -> int | None:
        index = bisect_right(starts, character) - 1
        return book.blocks[index].chapter if index >= 0 else None

    return chapter


def _name(book: Book, entity: int | None) -> str | None:
    return None if entity is None else book.entities[entity].name


def _ids(entities: tuple[int, ...]) -> str | None:
    return " ".join(map(str, entities)) or None


def _names(book: Book, entities: tuple[int, ...]) -> str | None:
    return "; ".join(book.entities[entity].name for entity in entities) or None
