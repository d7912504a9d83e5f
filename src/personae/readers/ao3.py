"""A work downloaded from the Archive of Our Own as HTML."""

from __future__ import annotations

import re

from personae.readers.classify import mark_breaks_and_notes
from personae.readers.markup import HEADINGS, Element, Walker, by_id, classes, find, prose_of, tag, text_of
from personae.readers.pieces import Piece
from personae.readers.record import Record

_PART_OF = re.compile(r"Part \d+ of\s+", re.IGNORECASE)


def recognises(root: Element) -> bool:
    return by_id(root, "chapters") is not None and by_id(root, "preface") is not None


def pieces(root: Element) -> tuple[list[Piece], Record]:
    record = Record()
    found: list[Piece] = []
    for part, gather in (("preface", preface), ("chapters", _chapters), ("afterword", _afterword)):
        element = by_id(root, part)
        if element is not None:
            found.extend(gather(element, record))
    return found, record


def preface(element: Element, record: Record) -> list[Piece]:
    for dt in element.iter("{*}dt"):
        dd = dt.getnext()
        if dd is not None and tag(dd) == "dd":
            _put_tags(text_of(dt), dd, record)
    title = find(element, lambda e: tag(e) == "h1")
    record.put("title", [text_of(title) if title is not None else ""])
    byline = find(element, lambda e: "byline" in classes(e))
    record.put("author", [re.sub(r"^by\s+", "", text_of(byline)) if byline is not None else ""])
    _put_quoted(element, record)
    return Walker(kind_of=kind_of).walk(element)


def _put_tags(label: str, dd: Element, record: Record) -> None:
    links = [text_of(a) for a in dd.iter("{*}a")]
    label = label.rstrip(":").strip()
    if label.casefold().startswith("series"):
        record.put("series", [_PART_OF.sub("", value) for value in links or [text_of(dd)]])
    elif links:
        record.put(label, links)
    else:
        record.put_line(label, text_of(dd))


def _put_quoted(element: Element, record: Record) -> None:
    """Summary and notes: each a paragraph with its label, then a blockquote."""
    label = ""
    for child in element.iter("{*}p", "{*}blockquote"):
        quoted = any(tag(e) == "blockquote" for e in child.iterancestors())
        if tag(child) == "p" and not quoted:
            label = text_of(child).rstrip(":").casefold()
        elif tag(child) == "blockquote" and not quoted:
            if label == "summary":
                record.put("summary", [prose_of(child)])
            else:
                record.notes.append(prose_of(child))


def kind_of(element: Element) -> str | None:
    """What an element is; None for the story.

    Traps: `userstuff` is the class of notes and of story; a one-chapter work hides its title in a heading.
    """
    names = classes(element)
    if "toc-heading" in names:
        return "skip"
    if element.get("id") in ("preface", "afterword"):
        return "metadata"
    parent = element.getparent()
    if parent is not None and "meta" in classes(parent) and tag(element) not in HEADINGS:
        return "note" if find_above(element, "preface") is None or tag(element) == "blockquote" else None
    return None


def find_above(element: Element, identifier: str) -> Element | None:
    """The ancestor with that id."""
    return next((e for e in element.iterancestors() if e.get("id") == identifier), None)


def _chapters(element: Element, record: Record) -> list[Piece]:
    for meta in element.iter("{*}div"):
        if "meta" in classes(meta):
            _put_quoted(meta, record)
    found = Walker(kind_of=kind_of).walk(element)
    mark_breaks_and_notes(found, record)
    return found


def _afterword(element: Element, record: Record) -> list[Piece]:
    _put_quoted(element, record)
    return Walker(kind_of=kind_of).walk(element)
