"""A Book at a glance, as a piece of HTML for a notebook: no script, no style sheet, everything escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from personae.book import Book, Entity

_SHOWN = 20
_HEAD = ("Name", "Pronouns", "Lines", "Mentions")


def summary(book: Book) -> str:
    """Title, cast and how many lines are undecided."""
    cast = book.cast
    more = f"<p>and {len(cast) - _SHOWN:,} more</p>" if len(cast) > _SHOWN else ""
    return f"<div><p>{_title(book)}</p>{_table(cast[:_SHOWN])}{more}<p>{_lines(book)}</p></div>"


def _title(book: Book) -> str:
    title = f"<strong>{_safe(book.metadata.title or book.metadata.source or 'Untitled')}</strong>"
    return f"{title} by {_safe(book.metadata.author)}" if book.metadata.author else title


def _table(cast: Iterable[Entity]) -> str:
    head = "".join(f"<th>{name}</th>" for name in _HEAD)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in _cells(person))}</tr>" for person in cast)
    if not body:
        return "<p>Nobody found.</p>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(person: Entity) -> tuple[str, ...]:
    name = _safe(person.name) + (" <em>(narrator)</em>" if person.narrator else "")
    return name, _safe(person.pronouns or "?"), f"{person.quotes:,}", f"{person.mentions:,}"


def _lines(book: Book) -> str:
    lines = [quote for quote in book.quotes if quote.kind == "speech"]
    undecided = sum(quote.speaker is None for quote in lines)
    return f"{len(lines):,} lines of speech, {undecided:,} undecided"


def _safe(words: str) -> str:
    return escape(words.encode("utf-8", "replace").decode("utf-8"))
