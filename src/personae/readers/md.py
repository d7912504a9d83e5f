"""Markdown: the words without their markup."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from personae.errors import ReadError
from personae.readers.classify import classify_marked_up
from personae.readers.decode import decode
from personae.readers.markup import Walker, parse_html
from personae.readers.pieces import assemble
from personae.readers.record import Record
from personae.text import Text

_FRONT_MATTER = re.compile(r"(?:---|\+\+\+)[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.|\+\+\+)[ \t]*(?:\n|$)", re.DOTALL)
_ENTRY = re.compile(r"(\w[\w -]{0,30}?)\s*[:=]\s*(.*)")
_ITEM = re.compile(r"\s*-\s+(.+)")
_LONGEST_LINE = 1_000_000
"""Characters; Markdown's rules for emphasis aren't made for longer lines."""


def read(data: bytes, name: str) -> Text:
    """Read a Markdown file. Raises ReadError if it is empty or isn't text."""
    content = decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    if not content.strip():
        raise ReadError(f"{name}: is empty; give a file with a story in it")
    record = Record()
    body = _take_front_matter(content.lstrip("\n"), record)
    root = parse_html(f"<html><body>{_render(body)}</body></html>", name)
    pieces = Walker().walk(root)
    classify_marked_up(pieces, record)
    return assemble(pieces, record.metadata(name), name)


def _render(body: str) -> str:
    """As HTML, which is then read like any other; a story has no code blocks, so indents mean nothing."""
    markdown = MarkdownIt("commonmark", {"breaks": True, "maxNesting": 40}).disable("code")
    return str(markdown.render(body))


def _take_front_matter(content: str, record: Record) -> str:
    """Keep "title: …" and the like between `---` lines at the top; return the rest."""
    match = _FRONT_MATTER.match(content)
    if match is None or not all(_is_entry(line) for line in match[1].split("\n")):
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


def _is_entry(line: str) -> bool:
    return not line.strip() or line[0] in " #" or bool(_ITEM.fullmatch(line) or _ENTRY.fullmatch(line.strip()))


def _values(text: str) -> list[str]:
    text = text.strip()
    return text[1:-1].split(",") if text.startswith("[") and text.endswith("]") else [text]


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
