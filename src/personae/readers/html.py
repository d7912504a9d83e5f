"""HTML pages: an archive's download if we know the archive, else the main text of the page."""

from __future__ import annotations

import re

from personae.readers import ao3, fanficfare, ffnet
from personae.readers.classify import classify_marked_up
from personae.readers.decode import decode
from personae.readers.markup import Element, Walker, find, italic_classes, parse_html, tag, text_of
from personae.readers.pieces import Piece, assemble
from personae.readers.record import Record
from personae.text import Text

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_CLUTTER = frozenset(["nav", "aside", "footer", "form"])
_ROLES = frozenset(["navigation", "banner", "contentinfo", "complementary", "search"])
_AUTHOR = frozenset({"author", "dc.creator", "dc.author", "article:author"})
_MAIN = frozenset({"article", "main"})


def read(data: bytes, name: str) -> Text:
    """Read an HTML page. Raises ReadError if it holds no text."""
    return read_page(decode(data, name, declared=declared_encoding(data)), name)


def declared_encoding(data: bytes) -> str | None:
    match = _CHARSET.search(data[:4096])
    return match[1].decode("ascii") if match else None


def read_page(text: str, name: str) -> Text:
    root = parse_html(text, name)
    for archive in (ao3, fanficfare, ffnet):
        if archive.recognises(root):
            pieces, record = archive.pieces(root)
            break
    else:
        pieces, record = _pieces(root)
    return assemble(pieces, record.metadata(name), name)


def stylesheet(root: Element) -> str:
    return "\n".join(e.text or "" for e in root.iter("{*}style"))


def _pieces(root: Element) -> tuple[list[Piece], Record]:
    record = Record()
    found = Walker(italics=italic_classes(stylesheet(root)), kind_of=_page_kind).walk(_main(root))
    classify_marked_up(found, record)
    _put_head(root, record)
    return found, record


def _put_head(root: Element, record: Record) -> None:
    """What a page says of itself above its text."""
    for meta in root.iter("{*}meta"):
        label = (meta.get("name") or meta.get("property") or "").lower()
        if label in _AUTHOR:
            record.put("author", [meta.get("content") or ""])
    title = find(root, lambda e: tag(e) == "title")
    words = " ".join((title.text or "").split()) if title is not None else ""
    if record.title and words.startswith(f"{record.title} by "):
        record.put("author", [words[len(record.title) + 4 :]])
    record.put("title", [words])
    record.put("language", [root.get("lang") or ""])


def _page_kind(element: Element) -> str | None:
    name = tag(element)
    if name in _CLUTTER or element.get("role") in _ROLES or element.get("hidden") is not None:
        return "skip"
    if name == "header" and find(element, lambda e: tag(e) in ("h1", "h2", "h3")) is None:
        return "skip"
    return None


def _main(root: Element) -> Element:
    """The element that holds the story: marked as such, or else the body."""
    marked = find(root, lambda e: tag(e) in _MAIN or e.get("role") == "main")
    body = find(root, lambda e: tag(e) == "body")
    whole = root if body is None else body
    if marked is None:
        return whole
    articles = sum(tag(e) == "article" for e in root.iter())
    return marked if articles <= 1 and 2 * len(text_of(marked)) > len(text_of(whole)) else whole
