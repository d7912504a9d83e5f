"""Word documents: the words of the main part, its styles for headings and italics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from personae.readers.archive import Archive
from personae.readers.classify import classify_marked_up
from personae.readers.decode import decode
from personae.readers.flow import flow
from personae.readers.markup import Element, parse_xml, tag
from personae.readers.pieces import Piece, Span, assemble
from personae.readers.record import Record
from personae.text import BlockKind, Text

_MAIN_PART = "word/document.xml"
_MAIN_TYPE = "wordprocessingml.document.main+xml"
_OFF = frozenset({"0", "false", "off", "none"})
_SKIPPED = frozenset({"txbxcontent", "fallback", "movefrom", "del", "instrtext", "ppr"})
"""Text boxes come on their own; the others repeat, are deleted or aren't text."""
_MARKS = {"tab": " ", "br": "\n", "cr": "\n", "nobreakhyphen": "-"}


def read(data: bytes, name: str) -> Text:
    """Read a .docx file. Raises ReadError if it is damaged or without text."""
    archive = Archive(data, name)
    root = _part(archive, _main_part(archive))
    if root is None:
        raise archive.damaged("its text isn't valid XML")
    pieces = list(_pieces(root, _styles(archive)))
    record = Record()
    titles = [piece.text for piece in pieces if piece.kind == "metadata"]
    record.put("title", titles[:1])
    classify_marked_up(pieces, record)
    _put_properties(archive, record)
    return assemble(pieces, record.metadata(name), name)


def _part(archive: Archive, path: str) -> Element | None:
    return parse_xml(decode(archive.read(path), f"{archive.name}, {path}"))


def _main_part(archive: Archive) -> str:
    """Where the text is; some programs call it otherwise than the usual `word/document.xml`."""
    types = _part(archive, "[Content_Types].xml") if "[Content_Types].xml" in archive else None
    for override in types.iter() if types is not None else ():
        path = (override.get("PartName") or "").lstrip("/")
        if (override.get("ContentType") or "").endswith(_MAIN_TYPE) and path in archive:
            return str(path)
    return _MAIN_PART


def _put_properties(archive: Archive, record: Record) -> None:
    root = _part(archive, "docProps/core.xml") if "docProps/core.xml" in archive else None
    for element in root.iter(etree.Element) if root is not None else ():
        label = {"title": "title", "creator": "author", "language": "language"}.get(tag(element))
        if label:
            record.put(label, [element.text or ""])


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says, or the style it is based on."""

    kind: BlockKind | None = None
    italic: bool | None = None


def _styles(archive: Archive) -> dict[str, _Style]:
    root = _part(archive, "word/styles.xml") if "word/styles.xml" in archive else None
    elements = [e for e in root.iter(etree.Element) if tag(e) == "style"] if root is not None else []
    own: dict[str, tuple[_Style, str]] = {
        _attribute(e, "styleId"): (_own_style(e), _attribute(_child(e, "basedon"), "val")) for e in elements
    }
    return {identifier: _inherited(identifier, own) for identifier in own}


def _own_style(element: Element) -> _Style:
    name = _attribute(_child(element, "name"), "val").casefold()
    kind: BlockKind | None = None
    if name.startswith("heading") or _child(_child(element, "ppr"), "outlinelvl") is not None:
        kind = "heading"
    elif name in ("title", "subtitle"):
        kind = "metadata"
    return _Style(kind, _italic(_child(element, "rpr")))


def _inherited(identifier: str, own: dict[str, tuple[_Style, str]]) -> _Style:
    kind: BlockKind | None = None
    italic: bool | None = None
    for _ in range(12):  # styles may be based on each other in a ring
        style, parent = own.get(identifier, (_Style(), ""))
        kind = kind or style.kind
        italic = style.italic if italic is None else italic
        identifier = parent
    return _Style(kind, italic)


def _child(element: Element | None, name: str) -> Element | None:
    return next((c for c in element if tag(c) == name), None) if element is not None else None


def _attribute(element: Element | None, name: str) -> str:
    """An attribute whatever its namespace: there are two, for strict and for usual documents."""
    if element is None:
        return ""
    return next((str(v) for k, v in element.items() if k.rsplit("}", 1)[-1] == name), "")


def _italic(properties: Element | None) -> bool | None:
    mark = _child(properties, "i")
    return None if mark is None else _attribute(mark, "val").lower() not in _OFF


def _pieces(root: Element, styles: dict[str, _Style]) -> Iterator[Piece]:
    """The pieces of all paragraphs; empty ones count as the gap before the next."""
    gap = 0
    for paragraph in (e for e in root.iter(etree.Element) if tag(e) == "p"):
        properties = _child(paragraph, "ppr")
        style = styles.get(_attribute(_child(properties, "pstyle"), "val"), _Style())
        kind = "heading" if _child(properties, "outlinelvl") is not None else style.kind or "paragraph"
        gathered = _Gathered(styles, bool(style.italic))
        gathered.walk(paragraph)
        text = "".join(gathered.words)
        for piece in flow(text, kind, gathered.emphasis):
            piece.gap = gap
            yield piece
        gap = 0 if text.strip() else gap + 1


@dataclass(slots=True)
class _Gathered:
    """The words of one paragraph and which of them are in italics."""

    styles: dict[str, _Style]
    italic: bool
    words: list[str] = field(default_factory=list)
    emphasis: list[Span] = field(default_factory=list)
    _length: int = 0

    def walk(self, paragraph: Element) -> None:
        skipping: Element = None
        italic = self.italic
        for event, element in etree.iterwalk(paragraph, events=("start", "end")):
            if event == "end":
                skipping = None if skipping is element else skipping
                continue
            name = tag(element)
            if skipping is not None:
                continue
            if name in _SKIPPED:
                skipping = element
            elif name == "r":
                italic = self._run_italic(element)
            elif name == "t":
                self._add(element.text or "", italic)
            elif name in _MARKS and tag(element.getparent()) == "r":
                self._add(_MARKS[name], italic)

    def _run_italic(self, run: Element) -> bool:
        properties = _child(run, "rpr")
        direct = _italic(properties)
        if direct is not None:
            return direct
        style = self.styles.get(_attribute(_child(properties, "rstyle"), "val"), _Style())
        return self.italic if style.italic is None else style.italic

    def _add(self, text: str, italic: bool) -> None:
        start, self._length = self._length, self._length + len(text)
        self.words.append(text)
        if not italic or not text:
            return
        if self.emphasis and self.emphasis[-1][1] == start:
            start = self.emphasis.pop()[0]
        self.emphasis.append((start, self._length))
