"""From a tree of HTML to pieces of a story: shared by every format that holds HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.entities import html5
from typing import Any

from lxml import etree

from personae.errors import ReadError
from personae.readers.flow import flow
from personae.readers.pieces import Piece, Span
from personae.text import BlockKind

Element = Any
"""lxml ships no types."""

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
SILENT = frozenset({
    "applet", "area", "audio", "base", "button", "canvas", "col", "datalist", "embed", "frame", "frameset",
    "head", "iframe", "img", "input", "link", "map", "math", "meta", "noembed", "noscript", "object",
    "optgroup", "option", "param", "picture", "progress", "script", "select", "source", "style", "svg",
    "template", "textarea", "title", "track", "video",
})  # fmt: skip
"""Elements whose text is never text of a story."""
_OUTSIDE: dict[str, BlockKind] = {"metadata": "metadata", "note": "note"}
ITALIC = frozenset(["em", "i", "cite", "dfn", "var"])
_SPACE = re.compile(r"[ \t\n\r\f]+")
_ITALIC_STYLE = re.compile(r"font(?:-style)?\s*:[^;]*\b(?:italic|oblique)\b", re.IGNORECASE)
_CLASS = re.compile(r"\.([\w-]+)\s*$")
_REFERENCE = re.compile(r"&(?:#(?P<number>[xX][0-9A-Fa-f]+|[0-9]+);?|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^>\[]*(\[)?", re.IGNORECASE)
_BOILERPLATE = frozenset({"pg-header", "pg-footer", "pg-start-separator", "pg-end-separator"})
_NOTE_TYPES = frozenset({"footnote", "footnotes", "endnote", "endnotes", "rearnote", "rearnotes"})


def parse_html(text: str, name: str) -> Element:
    """The root of an HTML page, however broken. Raises ReadError if nothing is in it."""
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, huge_tree=True, no_network=True, remove_pis=True
    )
    root = _root(text, parser)
    if root is None:
        raise ReadError(f"{name}: holds no text; give a file with a story in it")
    if any("depth" in error.message for error in parser.error_log.filter_from_errors()):
        raise ReadError(f"{name}: its elements are nested too deep to be a story; save the page anew")
    return root


def parse_xml(text: str) -> Element | None:
    """The root of an XML document, None if it is broken beyond repair. Entities are never expanded."""
    plain = _REFERENCE.sub(_character, _without_doctype(text))
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        huge_tree=True,
        no_network=True,
        load_dtd=False,
        resolve_entities=False,
        remove_pis=True,
    )
    return _root(plain, parser)


def _without_doctype(text: str) -> str:
    """Entities a document defines for itself are never expanded: their definitions go."""
    match = _DOCTYPE.search(text, 0, 4096)
    if match is None:
        return text
    end = text.find(">", text.find("]", match.end())) if match[1] else text.find(">", match.start())
    return text[: match.start()] + text[end + 1 :] if end >= 0 else text


def _root(text: str, parser: Any) -> Element | None:
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        return None


def _character(match: re.Match[str]) -> str:
    """What a reference stands for: XML knows five names only, and whoever defines more gets them as text."""
    number, name = match["number"], match["name"]
    if name:
        return match[0] if name in _XML_ENTITIES else html5.get(f"{name};", f"&amp;{name};")
    digits, base = (number[1:], 16) if number[0] in "xX" else (number, 10)
    digits = digits.lstrip("0")
    value = int(digits, base) if 0 < len(digits) < 8 else 0
    allowed = (
        value in (9, 10, 13) or 32 <= value < 0xD800 or 0xE000 <= value < 0xFFFE or 2**16 <= value < 0x110000
    )
    return f"&#{value};" if allowed else "\ufffd"


def tag(element: Element) -> str:
    """The name of an element in lower case without its namespace; "" for comments and the like."""
    name = element.tag
    return name.rsplit("}", 1)[-1].lower() if isinstance(name, str) else ""


def classes(element: Element) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())


def find(root: Element, matches: Callable[[Element], bool]) -> Element | None:
    """The first element in document order that matches."""
    return next((e for e in root.iter(etree.Element) if matches(e)), None)


def by_id(root: Element, identifier: str) -> Element | None:
    return find(root, lambda e: e.get("id") == identifier)


def text_of(element: Element) -> str:
    """The words in an element on one line, without those of scripts and styles."""
    return " ".join(" ".join(piece.text for piece in Walker().walk(element)).split())


def prose_of(element: Element) -> str:
    """The words in an element, its paragraphs parted by blank lines."""
    return "\n\n".join(text for piece in Walker().walk(element) if (text := piece.text.strip()))


def italic_classes(css: str) -> frozenset[str]:
    """The classes a style sheet sets in italics."""
    found: set[str] = set()
    for rule in css[:1_000_000].split("}"):
        selectors, _, body = rule.rpartition("{")
        if _ITALIC_STYLE.search(body):
            found.update(match[1] for s in selectors.split(",") if (match := _CLASS.search(s)))
    return frozenset(found)


@dataclass(slots=True)
class Walker:
    """Walks a tree once and gathers its text into pieces.

    `italics` are classes set in italics, `emphatic` the elements that are. `kind_of` may say what an element
    and all in it is (None: nothing special; "skip": leave out). `opens_at` are elements that open a chapter;
    if it is None, headings do.
    """

    italics: frozenset[str] = frozenset()
    emphatic: frozenset[str] = ITALIC
    kind_of: Callable[[Element], str | None] = lambda element: None
    opens_at: frozenset[Element] | None = None
    pieces: list[Piece] = field(default_factory=list)
    _buffer: list[str] = field(default_factory=list)
    _length: int = 0
    _spans: list[Span] = field(default_factory=list)
    _emphasis: int = 0
    _emphasis_start: int = 0
    _kinds: list[str] = field(default_factory=list)
    _preformatted: int = 0
    _opens: bool = False

    def walk(self, root: Element) -> list[Piece]:
        """The pieces of `root`, in order; the text behind its end tag isn't its own. A comment has none."""
        if not tag(root):
            return []
        skipping: Element = None
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if skipping is not None:
                if event == "end" and element is skipping:
                    skipping = None
                else:
                    continue
            elif event == "start":
                if element is not root and self._is_silent(element):
                    skipping = element
                else:
                    self._enter(element)
                continue
            elif event == "end":
                self._leave(element)
            if element is not root:
                self._add(element.tail)
        self._flush()
        if self._opens:  # a page with no words, say a picture of the chapter's title
            self.pieces.append(Piece("", "metadata", opens=True))
        return self.pieces

    def _is_silent(self, element: Element) -> bool:
        return tag(element) in SILENT or self.kind_of(element) == "skip" or _is_note_mark(element)

    def _enter(self, element: Element) -> None:
        name = tag(element)
        if name in BLOCKS:
            self._flush()
        if self.opens_at is not None and element in self.opens_at:
            self._open()
        kind = self.kind_of(element) or _kind(element, name)
        if kind:
            self._flush()
            self._kinds.append(kind)
        if self._is_italic(element, name):
            self._start_emphasis()
        self._preformatted += name == "pre"
        self._mark(name)
        self._add(element.text)

    def _leave(self, element: Element) -> None:
        name = tag(element)
        if name == "q":
            self._append("”")
        if self._is_italic(element, name):
            self._end_emphasis()
        kind = self.kind_of(element) or _kind(element, name)
        if name in BLOCKS or kind:
            self._flush()
        if kind:
            self._kinds.pop()
        self._preformatted -= name == "pre"

    def _mark(self, name: str) -> None:
        if name == "br":
            self._append("\n")
        elif name == "hr":
            self._flush()
            kind = self._kind_now()
            self.pieces.append(Piece("* * *", "break" if kind in ("paragraph", "verse") else kind))
        elif name in ("td", "th"):
            self._append(" ")
        elif name == "q":
            self._append("“")

    def _open(self) -> None:
        self._flush()
        self._opens = True

    def _is_italic(self, element: Element, name: str) -> bool:
        if name in self.emphatic:
            return True
        style = element.get("style")
        return bool(style and _ITALIC_STYLE.search(style)) or bool(
            self.italics and classes(element) & self.italics
        )

    def _start_emphasis(self) -> None:
        if not self._emphasis:
            self._emphasis_start = self._length
        self._emphasis += 1

    def _end_emphasis(self) -> None:
        self._emphasis -= 1
        if not self._emphasis:
            self._spans.append((self._emphasis_start, self._length))

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if not self._preformatted:
            text = _SPACE.sub(" ", text)
            if text[0] == " " and (not self._buffer or self._buffer[-1][-1:] in (" ", "\n")):
                text = text[1:]
        self._append(text)

    def _append(self, text: str) -> None:
        if text:
            self._buffer.append(text)
            self._length += len(text)

    def _kind_now(self) -> BlockKind:
        """What isn't story stays so whatever is in it; of those two the inner one counts."""
        for kind in reversed(self._kinds):
            if kind in _OUTSIDE:
                return _OUTSIDE[kind]
        return "heading" if "heading" in self._kinds else "verse" if "verse" in self._kinds else "paragraph"

    def _flush(self) -> None:
        """Make pieces of what has been gathered."""
        if self._emphasis:
            self._spans.append((self._emphasis_start, self._length))
        text, spans = "".join(self._buffer), self._spans
        self._buffer, self._spans, self._length, self._emphasis_start = [], [], 0, 0
        for piece in flow(text, self._kind_now(), spans):
            piece.opens = None if self.opens_at is None else self._opens
            self.pieces.append(piece)
            self._opens = False


def _kind(element: Element, name: str) -> str | None:
    if name in HEADINGS or name == "hgroup":
        return "heading"
    if name not in BLOCKS:
        return None
    if element.get("id") in _BOILERPLATE or "pg-boilerplate" in classes(element):
        return "metadata"
    kinds = (element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or "").split()
    if _NOTE_TYPES.intersection(kinds) or element.get("role") in ("doc-footnote", "doc-endnotes"):
        return "note"
    if (
        "z3998:verse" in kinds
        or "z3998:poem" in kinds
        or classes(element) & {"poem", "verse", "stanza", "poetry"}
    ):
        return "verse"
    return None


def _is_note_mark(element: Element) -> bool:
    """Whether this is the little number that leads to a footnote."""
    kinds = element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or ""
    return "noteref" in kinds or element.get("role") == "doc-noteref"
