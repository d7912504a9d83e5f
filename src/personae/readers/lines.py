"""The lines of a plain text, and the groups they form between blank lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_LINE = re.compile(r"\S[^\n]*")
TAB = 4


class Line(NamedTuple):
    """A line that holds something: its span without white space at the ends, its indent in columns."""

    start: int
    end: int
    indent: int
    text: str

    @property
    def width(self) -> int:
        return self.indent + len(self.text)


class Group(NamedTuple):
    """Lines with no blank line between them; `gap` counts the blank lines before."""

    lines: list[Line]
    gap: int


def read_lines(content: str, start: int, end: int) -> Iterator[Line]:
    """The non-blank lines in `content[start:end]`, in order."""
    for match in _LINE.finditer(content, start, end):
        text = match.group().rstrip()
        left = content.rfind("\n", start, match.start()) + 1 or start
        indent = len(content[left : match.start()].expandtabs(TAB)) if left < match.start() else 0
        yield Line(match.start(), match.start() + len(text), indent, text)


def read_groups(content: str, start: int, end: int) -> list[Group]:
    groups: list[Group] = []
    last = start
    for line in read_lines(content, start, end):
        breaks = content.count("\n", last, line.start)
        if groups and breaks < 2:
            groups[-1].lines.append(line)
        else:
            groups.append(Group([line], max(breaks - 1, 0) if groups else 0))
        last = line.end
    return groups
