"""A corrected story as a gold scene: the small part of TEI P5 that gold/scenes is written in.

Paragraphs, `said` with who and toWhom for what is spoken aloud, `rs` for mentions of people. What is doubtful isn't
told apart from what is certain, so correct the story first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from personae.book import Book, Entity, Quote
from personae.text import STORY_KINDS
from personae.writers.tei_header import escape
from personae.writers.tei_marks import Mark, marks

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
  <teiHeader>
    <fileDesc><titleStmt><title>{title}</title></titleStmt></fileDesc>
    <profileDesc><particDesc><listPerson>
"""
_MIDDLE = """    </listPerson></particDesc></profileDesc>
  </teiHeader>
  <text><body>
"""
_TAIL = "  </body></text>\n</TEI>\n"
NOBODY = "#none"


def write(book: Book) -> bytes:
    """The scene, in UTF-8. A line that nobody is known to say has who="#none"."""
    return "".join(_document(_of_people(book))).encode("utf-8")


def _of_people(book: Book) -> Book:
    """The Book with what a scene marks: speech, and mentions of people."""
    people = {entity.id for entity in book.entities if entity.kind in ("person", "group")}
    mentions = tuple(m for m in book.mentions if m.entities and people.issuperset(m.entities))
    return replace(book, mentions=mentions, quotes=tuple(q for q in book.quotes if q.kind == "speech"))


def _document(book: Book) -> Iterator[str]:
    ids = _identifiers(book)
    yield _HEAD.format(title=escape(book.metadata.title or book.metadata.source or "Untitled"))
    speaking = {person for quote in book.quotes for person in (quote.speaker, *quote.addressees)}
    for entity in (e for e in book.entities if e.id in ids):
        yield f"      {_person(entity, ids[entity.id], entity.id in speaking)}\n"
    yield _MIDDLE
    yield from (f"    <p>{paragraph}</p>\n" for paragraph in _paragraphs(book, ids))
    yield _TAIL


def _identifiers(book: Book) -> dict[int, str]:
    """An xml:id for everybody who is mentioned or speaks, made of the name."""
    wanted = {entity for mention in book.mentions for entity in mention.entities}
    wanted |= {person for q in book.quotes for person in (q.speaker, *q.addressees) if person is not None}
    found: dict[int, str] = {}
    for entity in (e for e in book.entities if e.id in wanted):
        plain = unicodedata.normalize("NFKD", entity.name).encode("ascii", "ignore").decode().lower()
        name = re.sub(r"[^a-z0-9]+", "_", re.sub(r"^(the|a|an) ", "", plain)).strip("_")
        name = name if name[:1].isalpha() and name != "none" else f"p_{name}".rstrip("_")
        taken = set(found.values())
        number = next(n for n in range(1, len(book.entities) + 2) if (name if n == 1 else f"{name}_{n}") not in taken)
        found[entity.id] = name if number == 1 else f"{name}_{number}"
    return found


def _person(entity: Entity, id: str, speaks: bool) -> str:
    names = dict.fromkeys((entity.name, *entity.aliases))
    told = "".join(f"<persName>{escape(name)}</persName>" for name in names)
    role = "present" if speaks or entity.narrator else "mentioned"
    gender = escape(entity.pronouns or "unknown")
    return f'<person xml:id="{id}" role="{role}">{told}<gender>{gender}</gender></person>'


def _paragraphs(book: Book, ids: Mapping[int, str]) -> Iterator[str]:
    """Each block's content; a break without words is written as scenes have it."""
    blocks = [block for block in book.blocks if block.kind in STORY_KINDS]
    units = [(block.start, block.end) for block in blocks]
    said: dict[int, int | None] = {}
    for block, found in zip(blocks, marks(book, units), strict=True):
        yield _inline(book, block.start, block.end, found, ids, said) or "* * *"


def _inline(
    book: Book, start: int, end: int, found: Sequence[Mark], ids: Mapping[int, str], said: dict[int, int | None]
) -> str:  # fmt: skip
    """Text with its elements; `said` has for each speaker the last utterance, so that it is known what goes on."""
    out: list[str] = []
    opened: list[Mark] = []
    at = start
    for mark in found:
        at = _close(book.text, at, mark.start, opened, out)
        out.append(escape(book.text[at : mark.start]))
        out.append(_opening(book, mark, ids, said))
        opened.append(mark)
        at = mark.start
    at = _close(book.text, at, end, opened, out)
    return "".join([*out, escape(book.text[at:end])])


def _close(text: str, at: int, until: int, opened: list[Mark], out: list[str]) -> int:
    while opened and opened[-1].end <= until:
        mark = opened.pop()
        out.append(f"{escape(text[at : mark.end])}</{'said' if mark.is_quote else 'rs'}>")
        at = mark.end
    return at


def _opening(book: Book, mark: Mark, ids: Mapping[int, str], said: dict[int, int | None]) -> str:
    if not mark.is_quote:
        return f'<rs ref="{_references(book.mentions[mark.index].entities, ids)}">'
    quote: Quote = book.quotes[mark.index]
    who = -1 if quote.speaker is None else quote.speaker
    goes_on = who >= 0 and said.get(who) == quote.utterance
    said[who] = quote.utterance
    speaker = _references(() if quote.speaker is None else (quote.speaker,), ids)
    previous = ' prev="true"' if goes_on else ""
    return f'<said who="{speaker}" toWhom="{_references(quote.addressees, ids)}"{previous}>'


def _references(entities: Iterable[int], ids: Mapping[int, str]) -> str:
    return " ".join(f"#{ids[entity]}" for entity in entities) or NOBODY
