"""A story saved by FanFicFare: one HTML page, or the pages in its EPUB."""

from __future__ import annotations

import re

from personae.readers.classify import mark_breaks_and_notes
from personae.readers.markup import Element, Walker, classes, find, italic_classes, prose_of, tag, text_of
from personae.readers.pieces import Piece
from personae.readers.record import Record

_SECTION = re.compile(r"section\d+")
TITLE_PAGES = frozenset({"fff_titlepage", "fff_tocpage", "fff_coverpage", "fff_logpage"})
NOTES = frozenset({"fff_chapter_notes", "fff_head_notes", "fff_foot_notes"})


def recognises(root: Element) -> bool:
    return find(root, _is_section) is not None


def _is_section(element: Element) -> bool:
    return tag(element) == "a" and _SECTION.fullmatch(element.get("name") or "") is not None


def pieces(root: Element) -> tuple[list[Piece], Record]:
    record = Record()
    put_title(root, record)
    put_labels(root, record)
    css = "\n".join(e.text or "" for e in root.iter("{*}style"))
    found = Walker(italics=italic_classes(css), kind_of=kind_of).walk(root)
    _keep_front_apart(root, found)
    mark_breaks_and_notes(found, record)
    return found, record


def put_title(root: Element, record: Record) -> None:
    """Title and author from the heading "<a>Title</a> by <a>Author</a>"."""
    heading = find(root, lambda e: tag(e) in ("h1", "h3"))
    link = find(heading, lambda e: tag(e) == "a") if heading is not None else None
    if heading is None or link is None:
        return
    title, whole = text_of(link), text_of(heading)
    record.put("title", [title])
    record.put("author", [re.sub(r"^\W*by\s+", "", whole[len(title) :])])


def put_labels(root: Element, record: Record) -> None:
    """What stands on a title page: `<b>Label:</b>` in one cell and the value in the next, or behind it."""
    for bold in root.iter("{*}b"):
        label = text_of(bold)
        if label.endswith(":"):
            links, value = _value(bold)
            _put(label.rstrip(":"), links, value, record)


def _value(bold: Element) -> tuple[list[str], str]:
    cell = bold.getparent()
    following = cell.getnext() if cell is not None and tag(cell) == "td" else None
    if following is not None:
        return [text_of(a) for a in following.iter("{*}a")], prose_of(following)
    words, links, node = [bold.tail or ""], [], bold.getnext()
    while node is not None and tag(node) not in ("br", "b"):
        if tag(node) == "a":
            links.append(text_of(node))
        words += [text_of(node), node.tail or ""]
        node = node.getnext()
    return links, "".join(words)


def _put(label: str, links: list[str], value: str, record: Record) -> None:
    """On title pages "Category" is what archives file a story under: its fandom."""
    name = "fandom" if label.casefold() in ("category", "categories") else label
    if links and len(links) == value.count(",") + 1:
        record.put(name, links)
    else:
        record.put_line(name, value)


def kind_of(element: Element) -> str | None:
    names = classes(element)
    if names & NOTES:
        return "note"
    if (
        names & TITLE_PAGES
        or (tag(element) == "table" and "full" in names)
        or element.get("name") == "TOCTOP"
    ):
        return "metadata"
    return None


def _keep_front_apart(root: Element, found: list[Piece]) -> None:
    """All above the first chapter is title page and contents."""
    first = find(root, _is_section)
    heading = text_of(first) if first is not None else ""
    at = next(
        (i for i, p in enumerate(found) if p.kind == "heading" and " ".join(p.text.split()) == heading), 0
    )
    for piece in found[:at]:
        piece.kind = "metadata"
