"""Text with line breaks in it, as pages and documents hold it: which lines are paragraphs, which verse."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from personae.readers.headings import ends_sentence
from personae.readers.layout import VERSE_WIDTH
from personae.readers.pieces import Piece, Span, clean, trim
from personae.text import BlockKind

_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"[^\n]+")


def flow(text: str, kind: BlockKind, emphasis: Sequence[Span]) -> Iterator[Piece]:
    """The pieces of `text`, without white space at their ends; `emphasis` are spans in it, in order.

    An empty line ends a paragraph. So does any line end in prose; lines of verse stay together.
    """
    text = clean(text)
    start = 0
    for match in [*_EMPTY_LINE.finditer(text), None]:
        end = match.start() if match else len(text)
        for first, last, verse in _lines(text, start, end, kind):
            span = trim(text, first, last)
            if span:
                yield Piece(
                    text[slice(*span)], "verse" if verse else kind, tuple(_within(text, emphasis, *span))
                )
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


def _within(text: str, spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    """The spans that reach into `[start, end)`, counted from `start`, without white space at their ends."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    last = bisect_left(spans, end, key=lambda span: span[0])
    for a, b in spans[first:last]:
        span = trim(text, max(a, start), min(b, end))
        if span:
            yield span[0] - start, span[1] - start
