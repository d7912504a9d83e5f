"""Text with line breaks in it, as pages and documents hold it: which lines are paragraphs, which verse."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from personae.readers.headings import ends_sentence
from personae.readers.layout import VERSE_WIDTH
from personae.readers.pieces import Piece, Span
from personae.text import BlockKind

_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"[^\n]+")


def flow(text: str, kind: BlockKind, emphasis: Sequence[Span]) -> Iterator[Piece]:
    """The pieces of `text`; `emphasis` are spans in it, in order and apart.

    An empty line ends a paragraph. So does any line end in prose; lines of verse stay together.
    """
    start = 0
    for match in [*_EMPTY_LINE.finditer(text), None]:
        end = match.start() if match else len(text)
        for a, b, verse in _lines(text, start, end, kind):
            yield Piece(text[a:b], "verse" if verse else kind, _within(emphasis, a, b))
        start = match.end() if match else end


def _lines(text: str, start: int, end: int, kind: BlockKind) -> Iterator[tuple[int, int, bool]]:
    if kind != "paragraph" or text.find("\n", start, end) < 0:
        yield start, end, False
    elif _looks_like_verse(text[start:end].split("\n")):
        yield start, end, True
    else:
        for match in _LINE.finditer(text, start, end):
            yield *match.span(), False


def _looks_like_verse(lines: list[str]) -> bool:
    lines = [line.strip() for line in lines if line.strip()]
    finished = sum(ends_sentence(line) for line in lines)
    return (
        len(lines) > 1 and all(len(line) <= VERSE_WIDTH for line in lines) and finished * 10 < len(lines) * 6
    )


def _within(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The spans that reach into `[start, end)`, counted from `start`."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    last = bisect_left(spans, end, key=lambda span: span[0])
    return tuple((max(a, start) - start, min(b, end) - start) for a, b in spans[first:last])
