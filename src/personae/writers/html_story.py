"""The story as HTML: its blocks, and in them the quotes, mentions and italics as nested spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from itertools import groupby
from types import MappingProxyType

from personae.book import Book, Mention, Quote
from personae.text import STORY_KINDS, Block
from personae.writers.html_faces import LOW, Face, escape, is_line, shorten

PART = 6_000
"""Characters after which a part ends. A browser lays out only the parts near the window."""

_KIND_CLASS = {"speech": "", "thought": " t", "written": " w", "other": " o"}


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter's title (None where it has no heading), its anchor and its HTML."""

    anchor: str
    title: str | None
    html: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text in one element; `order` sorts the outer first where two are equally long.

    `anchor` is the id of the element, of the first where the stretch is cut.
    """

    start: int
    end: int
    order: int
    tag: str
    attributes: str
    quote: Quote | None = None
    first: bool = True
    anchor: str = ""

    def key(self) -> tuple[int, int, int]:
        return self.start, -self.end, self.order


def chapters(book: Book, faces: Sequence[Face], anchors: Mapping[int, str] = MappingProxyType({})) -> Iterator[Chapter]:
    """The story, chapter by chapter; `anchors` are the ids of tokens that something on the page leads to."""
    blocks = book.blocks or (Block(0, len(book.text), "verse"),)
    marked = zip(blocks, _by_block(blocks, _marks(book, faces, anchors)), strict=True)
    for number, (_, group) in enumerate(groupby(marked, key=lambda pair: pair[0].chapter)):
        pairs = list(group)
        yield Chapter(
            f"ch{number}", _title(book.text, [block for block, _ in pairs]), _parts(book.text, pairs, faces)
        )


def _title(text: str, blocks: Sequence[Block]) -> str | None:
    story = (block for block in blocks if block.kind in STORY_KINDS)
    headings = []
    for block in story:
        if block.kind != "heading":
            break
        headings.append(" ".join(text[block.start : block.end].split()))
    return shorten(" · ".join(headings), 70) if headings else None


def _parts(text: str, pairs: Iterable[tuple[Block, list[Mark]]], faces: Sequence[Face]) -> str:
    """The blocks in `<div class=part>` of about `PART` characters each."""
    parts: list[str] = []
    blocks: list[str] = []
    size = 0
    for html, length in _blocks(text, pairs, faces):
        blocks.append(html)
        size += length
        if size >= PART:
            parts.append("".join(blocks))
            blocks, size = [], 0
    if blocks:
        parts.append("".join(blocks))
    return "".join(f'<div class="part">\n{part}</div>\n' for part in parts)


def _blocks(
    text: str, pairs: Iterable[tuple[Block, list[Mark]]], faces: Sequence[Face]
) -> Iterator[tuple[str, int]]:
    """Each block's HTML and its length; neighbouring notes become one fold."""
    previous = "heading"
    headings = 0
    for aside, group in groupby(pairs, key=lambda pair: pair[0].kind not in STORY_KINDS):
        if aside:
            yield _note(text, [block for block, _ in group]), 0
            continue
        for block, marks in group:
            headings += block.kind == "heading"
            inner = inline(text, block.start, block.end, marks, label(marks, faces))
            yield _block(block, inner, previous, level=2 if headings <= 1 else 3), block.end - block.start
            previous = block.kind


def _block(block: Block, inner: str, previous: str, *, level: int) -> str:
    if block.kind == "heading":
        return f"<h{level}>{inner}</h{level}>\n"
    if block.kind == "break":
        words = any(character.isalnum() for character in inner)
        return f'<p class="br{" words" if words else ""}" role="separator">{inner}</p>\n'
    if block.kind == "verse":
        return f'<p class="v">{inner}</p>\n'
    return f"<p>{inner}</p>\n" if previous == "paragraph" else f'<p class="s">{inner}</p>\n'


def _note(text: str, blocks: Sequence[Block]) -> str:
    title = "A note from the author" if any(block.kind == "note" for block in blocks) else "About this text"
    inner = "".join(f"<p>{escape(text[block.start : block.end])}</p>" for block in blocks)
    return f'<details class="note"><summary>{title}</summary>{inner}</details>\n'


def label(marks: Iterable[Mark], faces: Sequence[Face]) -> str:
    """Attributes that put the speakers of a block in the margin (`data-w`, short `data-i`), or nothing."""
    quotes = list(_outermost(marks))
    if not quotes:
        return ""
    names = dict.fromkeys(_name(quote, faces) for quote in quotes)
    long, short = (" · ".join(column) for column in zip(*names, strict=True))
    return f' data-w="{escape(long)}" data-i="{escape(short)}"'


def _outermost(marks: Iterable[Mark]) -> Iterator[Quote]:
    """The lines in `marks` that aren't quoted within another."""
    end = 0
    for mark in sorted(marks, key=Mark.key):
        if mark.quote and is_line(mark.quote) and mark.end > end:
            end = mark.end
            yield mark.quote


def _name(quote: Quote, faces: Sequence[Face]) -> tuple[str, str]:
    if quote.speaker is None:
        return "?", "?"
    doubt = "?" if quote.confidence < LOW else ""
    face = faces[quote.speaker]
    return face.short + doubt, face.initials + doubt


def inline(text: str, start: int, end: int, marks: Iterable[Mark], label: str = "") -> str:
    """`text[start:end]` with its marks as properly nested elements; marks that cross are cut in two.

    `label` goes to the first quote that is a line.
    """
    waiting = [(mark.key(), number, mark) for number, mark in enumerate(marks)]
    heapify(waiting)
    out: list[str] = []
    opened: list[Mark] = []
    at = start
    while waiting:
        _, number, mark = heappop(waiting)
        at = _close(text, at, mark.start, opened, out)
        if opened and mark.end > opened[-1].end:
            rest = replace(mark, start=opened[-1].end, first=False)
            heappush(waiting, (rest.key(), number, rest))
            mark = replace(mark, end=opened[-1].end)
        out.append(escape(text[at : mark.start]))
        at = mark.start
        spoken = mark.quote is not None and is_line(mark.quote)
        out.append(_opening(mark, label if spoken else ""))
        label = "" if spoken else label
        opened.append(mark)
    at = _close(text, at, end, opened, out)
    out.append(escape(text[at:end]))
    return "".join(out)


def _close(text: str, at: int, until: int, opened: list[Mark], out: list[str]) -> int:
    """Close the marks that end by `until`; return how far the text is written."""
    while opened and opened[-1].end <= until:
        mark = opened.pop()
        out.append(f"{escape(text[at : mark.end])}</{mark.tag}>")
        at = mark.end
    return at


def _opening(mark: Mark, label: str) -> str:
    anchor = f' id="{mark.anchor}"' if mark.anchor and mark.first else ""
    return f"<{mark.tag}{anchor}{mark.attributes}{label}>"


def _by_block(blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[list[Mark]]:
    """For each block its marks, cut to it; a mark over several blocks goes on in the next."""
    waiting = iter(marks)
    mark = next(waiting, None)
    over: list[Mark] = []
    for block in blocks:
        found, over = over, []
        while mark is not None and mark.start < block.end:
            found.append(mark)
            mark = next(waiting, None)
        here: list[Mark] = []
        for item in found:
            if item.end > block.end:
                over.append(replace(item, start=block.end, first=item.first and item.start < block.start))
            start, end = max(item.start, block.start), min(item.end, block.end)
            if start < end:
                here.append(
                    item if (start, end) == (item.start, item.end) else replace(item, start=start, end=end)
                )
        yield here


def _marks(book: Book, faces: Sequence[Face], anchors: Mapping[int, str]) -> list[Mark]:
    start, end = book.tokens.start, book.tokens.end
    marks = [Mark(q.start, q.end, 0, "span", _quote(q, faces), q, anchor=f"q{q.id}") for q in book.quotes]
    marks += [Mark(int(start[t]), int(end[t]), 3, "span", "", anchor=id) for t, id in anchors.items()]
    marks += [Mark(start, end, 1, "em", "") for start, end in book.emphasis]
    marks += [Mark(m.start, m.end, 2, "span", _mention(m)) for m in book.mentions]
    return sorted((mark for mark in marks if mark.start < mark.end), key=Mark.key)


def _quote(quote: Quote, faces: Sequence[Face]) -> str:
    if not is_line(quote):
        return f' class="q{_KIND_CLASS[quote.kind]}" data-q="{quote.id}"'
    colour = "u" if quote.speaker is None else faces[quote.speaker].style
    doubt = " lo" if quote.speaker is not None and quote.confidence < LOW else ""
    style = f"q {colour}{_KIND_CLASS[quote.kind]}{doubt}"
    return f' class="{style}" data-q="{quote.id}"'


def _mention(mention: Mention) -> str:
    ids = " ".join(map(str, mention.entities))
    doubt = f' data-c="{mention.confidence:.0%}"' if mention.entities and mention.confidence < LOW else ""
    return f' data-e="{ids}"{doubt}'
