"""Markdown: the words without their markup."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from personae.errors import ReadError
from personae.readers.classify import classify_marked_up
from personae.readers.decode import decode
from personae.readers.headings import is_title
from personae.readers.layout import measure
from personae.readers.lines import read_groups
from personae.readers.markup import ITALIC, Walker, parse_html
from personae.readers.pieces import assemble
from personae.readers.record import LABELS, Record
from personae.text import Text

_FRONT_MATTER = re.compile(
    r"(?:---|\+\+\+)[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.|\+\+\+)[ \t]*(?:\n|$)", re.DOTALL
)
_ENTRY = re.compile(r"(\w[\w -]{0,30}?)\s*[:=]\s*(.*)")
_ITEM = re.compile(r"\s*-\s+(.+)")
_UNDERLINED = re.compile(r"(?:(?<=\n\n)|\A)([^\n]{1,80})\n(=|-)\2{2,}[ \t]*(?=\n|\Z)")
MOST_LINKS = 2000
"""Brackets; the time the library takes for them grows with their square."""
_MEANT = re.compile(r"&lt;(/?(?:i|em|b|strong|u|s|br|hr|p|div|span|center|sub|sup)(?: [^&<>]{0,200})?/?)&gt;")
"""Tags that people use within Markdown."""


def read(data: bytes, name: str) -> Text:
    """Read a Markdown file. Raises ReadError if it is empty or isn't text."""
    content = decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    if not content.strip():
        raise ReadError(f"{name}: is empty; give a file with a story in it")
    record = Record()
    body = _take_front_matter(content.lstrip("\n"), record)
    root = parse_html(f"<html><body>{_render(body)}</body></html>", name)
    pieces = Walker(emphatic=ITALIC | {"strong"}).walk(root)
    classify_marked_up(pieces, record)
    return assemble(pieces, record.metadata(name), name)


def _render(body: str) -> str:
    """As HTML, which is then read like any other; a story has no code blocks, so indents mean nothing.

    A line end is a space, but not in a text with a paragraph a line. Tags other than the usual are words.
    Nor are there lists: "- Yes." is speech, and "1985. A dry year." no entry.
    """
    body = _UNDERLINED.sub(_heading, body)
    wrapped = measure(read_groups(body, 0, len(body))).wrapped
    markdown = MarkdownIt("commonmark", {"breaks": not wrapped, "html": False, "maxNesting": 40})
    markdown.disable(["code", "html_block", "html_inline", "list", "lheading"])
    if body.count("[") > MOST_LINKS:
        markdown.disable(["link", "image"])
    return _MEANT.sub(r"<\1>", str(markdown.render(body)))


def _heading(match: re.Match[str]) -> str:
    """A title that is underlined; below other words the line is a break."""
    return f"{'#' if match[2] == '=' else '##'} {match[1]}" if is_title(match[1]) else match[0]


def _take_front_matter(content: str, record: Record) -> str:
    """Keep "title: …" and the like between `---` lines at the top; return the rest."""
    match = _FRONT_MATTER.match(content)
    if match is None or not _is_front_matter(match[1].split("\n")):
        return content
    label = ""
    for line in match[1].split("\n"):
        item, entry = _ITEM.fullmatch(line), _ENTRY.fullmatch(line.strip())
        if item and label:
            record.put(label, [_unquoted(item[1])])
        elif entry:
            label = entry[1].lower()
            record.put(label, [_unquoted(value) for value in _values(entry[2])])
    return content[match.end() :]


def _is_front_matter(lines: list[str]) -> bool:
    """Whether all are entries, items, comments or continued lines, and one has a label that stories have."""
    labels = [entry[1].lower() for line in lines if (entry := _ENTRY.fullmatch(line))]
    others = [line for line in lines if line.strip() and line[0] not in " #-" and not _ENTRY.fullmatch(line)]
    return not others and any(label in LABELS for label in labels)


def _values(text: str) -> list[str]:
    text = text.strip()
    return text[1:-1].split(",") if text.startswith("[") and text.endswith("]") else [text]


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
