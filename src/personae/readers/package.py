"""The package of an EPUB: what it says of itself, its reading order, its table of contents."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from personae.errors import ReadError
from personae.readers.archive import Archive
from personae.readers.decode import decode
from personae.readers.markup import Element, find, parse_html, parse_xml, tag, text_of
from personae.readers.record import Record

_FONT_ONLY = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_OPS_TYPE = "{http://www.idpf.org/2007/ops}type"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")
_FRONT = frozenset([
    "cover", "titlepage", "title-page", "toc", "copyright-page", "copyright", "copyrightpage",
    "halftitlepage", "colophon", "imprint",
])  # fmt: skip


class Target(NamedTuple):
    """Where an entry of the contents leads: a file, the id of an element ("": the top), its words."""

    path: str
    fragment: str
    label: str


@dataclass(frozen=True, slots=True)
class Page:
    """A file of the reading order; one that isn't `linear` stands beside the story."""

    path: str
    linear: bool
    contents: bool


@dataclass(frozen=True, slots=True)
class Package:
    archive: Archive
    record: Record
    pages: tuple[Page, ...]
    contents: tuple[Target, ...]
    front: frozenset[str]
    """Files the package itself calls cover, title page, contents or copyright page."""
    stylesheets: tuple[str, ...]


def open_package(archive: Archive) -> Package:
    """Raises ReadError if the book is protected or no EPUB."""
    _refuse_protected(archive)
    path = _package_path(archive)
    root = _xml(archive, path)
    if root is None or tag(root) != "package":
        raise archive.damaged(f"{path!r} isn't valid XML")
    items = {item.get("id"): item for item in _all(root, "item")}
    pages = tuple(_pages(root, items, path))
    if not pages:
        raise ReadError(f"{archive.name}: its reading order lists no page; download it again")
    return Package(
        archive=archive,
        record=_record(root),
        pages=pages,
        contents=tuple(_contents(archive, root, items, path)),
        front=frozenset(_front(archive, root, items, path)),
        stylesheets=tuple(
            resolve(path, i.get("href")) for i in items.values() if i.get("media-type") == "text/css"
        ),
    )


def resolve(base: str, href: str | None) -> str:
    """The entry that `href` in the file `base` points at; a name to look up, so it leads nowhere else."""
    path = unquote((href or "").split("#", 1)[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)).lstrip("/") if path else base


def _all(root: Element, name: str) -> Iterator[Element]:
    return (e for e in root.iter() if tag(e) == name)


def _xml(archive: Archive, path: str) -> Element | None:
    return parse_xml(decode(archive.read(path), f"{archive.name}, {path}"))


def _refuse_protected(archive: Archive) -> None:
    protected = "META-INF/rights.xml" in archive or "META-INF/license.lcpl" in archive
    if not protected and "META-INF/encryption.xml" in archive:
        root = _xml(archive, "META-INF/encryption.xml")
        methods = (
            {e.get("Algorithm") for e in _all(root, "EncryptionMethod".lower())}
            if root is not None
            else {None}
        )
        protected = not methods <= _FONT_ONLY
    if protected:
        raise ReadError(
            f"{archive.name}: is protected (DRM) and can't be read; give a copy without protection"
        )


def _package_path(archive: Archive) -> str:
    if "META-INF/container.xml" in archive:
        root = _xml(archive, "META-INF/container.xml")
        found = next(_all(root, "rootfile"), None) if root is not None else None
        if found is not None and found.get("full-path") in archive:
            return str(found.get("full-path"))
    path = next((name for name in archive.names if name.endswith(".opf")), None)
    if path is None:
        raise ReadError(f"{archive.name}: is a zip file but no EPUB; give the book itself")
    return path


def _record(root: Element) -> Record:
    record = Record()
    creators = []
    for element in root.iter():
        name = tag(element)
        if name == "creator" and (element.get("{http://www.idpf.org/2007/opf}role") or "aut") == "aut":
            creators.append(text_of(element))
        elif name in ("title", "language"):
            record.put(name, [text_of(element)])
        elif name == "description" and text_of(element):
            record.put("summary", [text_of(parse_html(f"<p>{text_of(element)}</p>", "description"))])
        elif name == "subject":
            record.put("additional tags", [text_of(element)])
        elif name == "meta" and element.get("name") == "calibre:series":
            record.put("series", [element.get("content") or ""])
    record.put("author", list(dict.fromkeys(creators)))
    return record


def _pages(root: Element, items: dict[str | None, Element], path: str) -> Iterator[Page]:
    for itemref in _all(root, "itemref"):
        item = items.get(itemref.get("idref"))
        if item is not None and (item.get("media-type") or _PAGES[0]) in _PAGES:
            properties = (item.get("properties") or "").split()
            yield Page(resolve(path, item.get("href")), itemref.get("linear") != "no", "nav" in properties)


def _contents(
    archive: Archive, root: Element, items: dict[str | None, Element], path: str
) -> Iterator[Target]:
    nav = next((i for i in items.values() if "nav" in (i.get("properties") or "").split()), None)
    found = list(_from_nav(archive, resolve(path, nav.get("href")))) if nav is not None else []
    return iter(found) if found else _from_ncx(archive, root, items, path)


def _from_nav(archive: Archive, path: str) -> Iterator[Target]:
    root = _xml(archive, path) if path in archive else None
    if root is None:
        return
    navs = list(_all(root, "nav"))
    toc = next((n for n in navs if "toc" in (n.get(_OPS_TYPE) or "").split()), navs[0] if navs else root)
    for link in _all(toc, "a"):
        yield _target(path, link.get("href"), text_of(link))


def _from_ncx(
    archive: Archive, root: Element, items: dict[str | None, Element], path: str
) -> Iterator[Target]:
    spine = next(_all(root, "spine"), None)
    item = items.get(spine.get("toc")) if spine is not None else None
    if item is None:
        item = next((i for i in items.values() if i.get("media-type") == "application/x-dtbncx+xml"), None)
    ncx = resolve(path, item.get("href")) if item is not None else ""
    tree = _xml(archive, ncx) if ncx in archive else None
    for point in _all(tree, "navpoint") if tree is not None else ():
        content = next((child for child in point if tag(child) == "content"), None)
        label = next((child for child in point if tag(child) == "navlabel"), None)
        if content is not None:
            yield _target(ncx, content.get("src"), text_of(label) if label is not None else "")


def _target(base: str, href: str | None, label: str) -> Target:
    return Target(resolve(base, href), unquote((href or "").partition("#")[2]), label)


def _front(archive: Archive, root: Element, items: dict[str | None, Element], path: str) -> Iterator[str]:
    for reference in _all(root, "reference"):
        if (reference.get("type") or "").lower() in _FRONT:
            yield resolve(path, reference.get("href"))
    nav = next((i for i in items.values() if "nav" in (i.get("properties") or "").split()), None)
    nav_path = resolve(path, nav.get("href")) if nav is not None else ""
    tree = _xml(archive, nav_path) if nav_path in archive else None
    landmarks = find(tree, lambda e: "landmarks" in (e.get(_OPS_TYPE) or "")) if tree is not None else None
    for link in _all(landmarks, "a") if landmarks is not None else ():
        if _FRONT.intersection((link.get(_OPS_TYPE) or "").split()):
            yield resolve(nav_path, link.get("href"))
