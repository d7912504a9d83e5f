"""How a plain text is set: hard-wrapped or a paragraph a line, first lines indented or not, verse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from personae.readers.headings import ends_sentence, is_bare, is_break, is_numbered, is_title
from personae.readers.lines import Group, Line

WIDEST = 110
"""Columns; a text whose lines run longer isn't wrapped by hand."""
SAMPLE = 20_000
VERSE_WIDTH = 75
SLACK = 8
"""Columns a wrapped line may be short of the width; editors break before long words."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`width` in columns; `wrapped`: paragraphs run over lines; `indented`: an indent starts a paragraph."""

    width: int
    wrapped: bool
    indented: bool


def measure(groups: Sequence[Group]) -> Layout:
    pairs = list(islice(_inner_pairs(groups), SAMPLE))
    if not pairs:
        return Layout(WIDEST, wrapped=True, indented=False)
    base = min(min(a.indent, b.indent) for a, b in pairs)
    starts = sum(b.indent > base >= a.indent or b.indent == a.indent > base for a, b in pairs)
    within = [a for a, b in pairs if b.indent <= base] or [a for a, _ in pairs]
    widths = sorted(line.width for line in within)
    width = widths[len(widths) * 95 // 100]
    finished = sum(ends_sentence(line.text) for line in within)
    return Layout(
        width=width,
        wrapped=width <= WIDEST and finished * 10 < len(within) * 6,
        indented=starts > max(2, min(len(groups), SAMPLE)),
    )


def _inner_pairs(groups: Iterable[Group]) -> Iterator[tuple[Line, Line]]:
    for group in groups:
        yield from pairwise(group.lines)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together."""

    lines: Sequence[Line]
    gap: int
    verse: bool = False

    @property
    def start(self) -> int:
        return self.lines[0].start

    @property
    def end(self) -> int:
        return self.lines[-1].end


def paragraphs(groups: Iterable[Group], layout: Layout) -> Iterator[Paragraph]:
    for group in groups:
        gap = group.gap
        for part in _split_at_breaks(group.lines):
            for lines, verse in _split(part, layout):
                yield Paragraph(lines, gap, verse)
                gap = 0


def _split_at_breaks(lines: list[Line]) -> Iterator[list[Line]]:
    """Take lines that are a scene break, and a heading above its text, out of a group."""
    if len(lines) == 1:
        yield lines
        return
    top = _heading_lines(lines)
    if top:
        yield lines[:top]
    part: list[Line] = []
    for line in lines[top:]:
        if is_break(line.text):
            if part:
                yield part
            yield [line]
            part = []
        else:
            part.append(line)
    if part:
        yield part


def _heading_lines(lines: list[Line]) -> int:
    """How many lines at the top of a group are a numbered heading and its title."""
    first = lines[0].text
    if not is_numbered(first) or not (is_bare(first) or is_title(first)):
        return 0
    count = 1
    while count < min(len(lines), 3) and is_title(lines[count].text):
        count += 1
    return count


def _split(lines: list[Line], layout: Layout) -> Iterator[tuple[list[Line], bool]]:
    if len(lines) == 1 or is_numbered(lines[0].text):
        yield lines, False
    elif layout.indented:
        yield from _split_at_indents(lines)
    elif _is_verse(lines, layout):
        yield lines, True
    elif not layout.wrapped or _all_finished(lines, layout):
        yield from (([line], False) for line in lines)
    else:
        yield from _split_wrapped(lines, layout)


def _split_at_indents(lines: list[Line]) -> Iterator[tuple[list[Line], bool]]:
    base = min(line.indent for line in lines)
    if base == max(line.indent for line in lines):
        base = 0
    part: list[Line] = []
    for line in lines:
        if part and line.indent > base:
            yield part, False
            part = []
        part.append(line)
    yield part, False


def _split_wrapped(lines: list[Line], layout: Layout) -> Iterator[tuple[list[Line], bool]]:
    """Where the line before had room for one more word and this one is indented, a new paragraph starts."""
    base = min(line.indent for line in lines)
    part = [lines[0]]
    for before, line in pairwise(lines):
        if line.indent > base and ends_sentence(before.text) and _has_room(before, line, layout.width):
            yield part, False
            part = []
        part.append(line)
    yield part, False


def _has_room(line: Line, following: Line, width: int) -> bool:
    word = (
        following.text.split(None, 1)[0]
        if len(following.text) < 400
        else following.text[:40].split(None, 1)[0]
    )
    return line.width + 1 + len(word) < width


def _is_verse(lines: list[Line], layout: Layout) -> bool:
    if any(len(line.text) > VERSE_WIDTH for line in lines):
        return False
    capital = sum(not line.text.lstrip("_*'\"“‘(")[:1].islower() for line in lines)
    if capital * 10 < len(lines) * 7 or _all_finished(lines, layout):
        return False
    slack = SLACK if lines[-1].indent <= lines[0].indent else 0
    room = sum(_has_room(a, b, layout.width - slack) for a, b in pairwise(lines))
    return not layout.wrapped or room * 2 > len(lines) - 1


def _all_finished(lines: list[Line], layout: Layout) -> bool:
    """Whether each line is a sentence of its own, as in a text with a paragraph a line."""
    finished = sum(ends_sentence(line.text) for line in lines)
    if not layout.wrapped:
        return finished * 10 >= len(lines) * 6
    return finished == len(lines) and all(_has_room(a, b, layout.width) for a, b in pairwise(lines))
