"""EPUB 2 and 3: pages in reading order, chapters where the table of contents says."""

from __future__ import annotations

import re

from personae.readers import ao3, fanficfare
from personae.readers.archive import Archive
from personae.readers.classify import mark_breaks_and_notes
from personae.readers.decode import decode
from personae.readers.headings import find_breaks, find_headings, key
from personae.readers.html import declared_encoding, stylesheet
from personae.readers.markup import (
    Element,
    Walker,
    by_id,
    classes,
    find,
    italic_classes,
    parse_html,
    parse_xml,
    tag,
    text_of,
)
from personae.readers.package import Package, Page, Target, open_package
from personae.readers.pieces import Piece, assemble
from personae.text import Text

_FRONT_LABEL = re.compile(
    r"cover(?: page)?|(?:half[ -]?)?title ?page|(?:un)?copyright(?: page)?|(?:table of )?contents|imprint|"
    r"colophon|also by .*|about the (?:author|publisher)|(?:the )?(?:full )?project gutenberg.*",
    re.IGNORECASE,
)
_FRONT_TYPES = frozenset({
    "cover", "titlepage", "halftitlepage", "halftitle", "imprint", "colophon", "copyright-page", "toc",
    "landmarks", "loi", "lot", "backlink",
})  # fmt: skip
_OPS_TYPE = "{http://www.idpf.org/2007/ops}type"
SHORT_PAGE = 600
"""Characters; a page above the first chapter that is no longer is a title page or the like."""


def read(data: bytes, name: str) -> Text:
    """Read an EPUB. Raises ReadError if it is protected, damaged or without text."""
    package = open_package(Archive(data, name))
    italics = _italics(package)
    opens = _chapters_of(package)
    pieces: list[Piece] = []
    for index, page in enumerate(package.pages):
        root = _parse(package.archive, page)
        if root is not None:
            found = _read_page(package, page, root, opens, italics)
            pieces += _as_metadata(found) if _is_front(package, page, index, root, found) else found
    _finish(package, pieces)
    return assemble(pieces, package.record.metadata(name), name)


def _finish(package: Package, pieces: list[Piece]) -> None:
    """Settle what depends on the whole book."""
    labels = frozenset(key(target.label) for target in package.contents)
    if sum(bool(piece.opens) for piece in pieces) < 2 and sum(p.kind == "heading" for p in pieces) > 1:
        for piece in pieces:
            piece.opens = None
    find_breaks(pieces)
    find_headings(pieces, labels - {""})
    mark_breaks_and_notes(pieces, package.record)


def _italics(package: Package) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for path in package.stylesheets:
        if path in package.archive:
            found |= italic_classes(package.archive.read(path).decode("utf-8", "replace"))
    return found


def _chapters_of(package: Package) -> dict[str, list[Target]]:
    """The entries of the contents by file, without cover, title page and so on."""
    found: dict[str, list[Target]] = {}
    for target in package.contents:
        if not _FRONT_LABEL.fullmatch(target.label) and target.path not in package.front:
            found.setdefault(target.path, []).append(target)
    return found


def _parse(archive: Archive, page: Page) -> Element | None:
    """The tree of a page; XML first, as HTML would take `<a id="x"/>` for an open link."""
    if page.path not in archive:
        return None
    data = archive.read(page.path)
    if not data.strip():
        return None
    text = decode(data, f"{archive.name}, {page.path}", declared=declared_encoding(data))
    root = parse_xml(text)
    if root is None or find(root, lambda e: tag(e) == "body") is None:
        root = parse_html(text, f"{archive.name}, {page.path}")
    return root


def _read_page(
    package: Package, page: Page, root: Element, opens: dict[str, list[Target]], italics: frozenset[str]
) -> list[Piece]:
    body = find(root, lambda e: tag(e) == "body")
    body = root if body is None else body
    _put_archive_labels(package, root)
    walker = Walker(
        italics=italics | italic_classes(stylesheet(root)),
        kind_of=_kind_of,
        opens_at=_openings(body, opens.get(page.path, [])) if opens else None,
    )
    found = walker.walk(body)
    return found if page.linear else _as_metadata(found)


def _put_archive_labels(package: Package, root: Element) -> None:
    if find(root, lambda e: tag(e) == "body" and "fff_titlepage" in classes(e)) is not None:
        fanficfare.put_labels(root, package.record)
    preface = by_id(root, "preface")
    if preface is not None and find(preface, lambda e: tag(e) == "dl") is not None:
        ao3.preface(preface, package.record)


def _openings(body: Element, targets: list[Target]) -> frozenset[Element]:
    wanted = {target.fragment for target in targets}
    found = {
        e for e in body.iter() if e.get("id") in wanted or (tag(e) == "a" and e.get("name") in wanted)
    } - {None}
    missing = len(wanted - {""} - {e.get("id") or e.get("name") for e in found})
    return frozenset(found | ({body} if "" in wanted or missing else set()))


def _kind_of(element: Element) -> str | None:
    types = (element.get(_OPS_TYPE) or "").split()
    if _FRONT_TYPES.intersection(types) and tag(element) != "a":
        return "metadata"
    if tag(element) == "nav":
        return "metadata"
    return fanficfare.kind_of(element) or ao3.kind_of(element)


def _is_front(package: Package, page: Page, index: int, root: Element, found: list[Piece]) -> bool:
    """Whether a page is cover, title page, copyright page or contents rather than story."""
    if page.contents or page.path in package.front:
        return True
    labels = [target.label for target in package.contents if target.path == page.path]
    if labels:
        return all(map(_FRONT_LABEL.fullmatch, labels))
    length = sum(len(piece.text) for piece in found)
    return _mostly_links(root, length) or (length <= SHORT_PAGE and _above_first_chapter(package, index))


def _mostly_links(root: Element, length: int) -> bool:
    links = [e for e in root.iter() if tag(e) == "a" and e.get("href")]
    return len(links) > 2 and 2 * sum(len(text_of(link)) for link in links) > length


def _above_first_chapter(package: Package, index: int) -> bool:
    """Whether the contents lead to later pages only."""
    listed = {t.path for t in package.contents if not _FRONT_LABEL.fullmatch(t.label)}
    paths = [page.path for page in package.pages]
    return any(path in listed for path in paths[index + 1 :]) and not any(
        p in listed for p in paths[: index + 1]
    )


def _as_metadata(pieces: list[Piece]) -> list[Piece]:
    return [Piece(p.text, "note" if p.kind == "note" else "metadata", p.emphasis) for p in pieces]
