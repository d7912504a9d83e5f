"""A Book as TEI P5: a div a chapter, said and q around lines, names and rs around mentions.

The text of each p, head, ab and lg is its block's, to the character; notes stand in front.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from personae.book import Book, Mention, Quote, Span
from personae.text import STORY_KINDS, Block
from personae.writers.tei_header import NAMES, escape, header, identifier, language
from personae.writers.tei_marks import Mark, marks


def write(book: Book) -> bytes:
    """The Book as a TEI document in UTF-8."""
    return "".join(_document(book)).encode("utf-8")


def _document(book: Book) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n'
    yield from header(book)
    yield f'<text xml:lang="{language(book)}">\n'
    yield from _front(book)
    yield "<body>\n"
    yield from _Body(book).divisions()
    yield "</body>\n</text>\n</TEI>\n"


def _front(book: Book) -> Iterator[str]:
    notes = [block for block in book.blocks if block.kind not in STORY_KINDS and block.start < block.end]
    if not notes:
        return
    yield '<front>\n<div type="notes">\n'
    for block in notes:
        kind = "author" if block.kind == "note" else "metadata"
        yield f'<note type="{kind}" n="{block.chapter}">{escape(book.text[block.start : block.end])}</note>\n'
    yield "</div>\n</front>\n"


class _Body:
    """The story's blocks and what is marked in them.

    A unit is what an inline element can't leave: a block, or a line of verse.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._blocks = [block for block in book.blocks if block.kind in STORY_KINDS]
        units = sorted({unit for block in self._blocks for unit in _units(book, block)})
        self._marks = dict(zip(units, marks(book, units), strict=True))
        self._emphasis = _merged(book.emphasis)
        self._links = _links(book, (mark for found in self._marks.values() for mark in found))

    def divisions(self) -> Iterator[str]:
        """A div for each chapter; what stands before the first has one too."""
        if not self._blocks:
            yield '<div type="story">\n<p/>\n</div>\n'
        several = any(block.chapter for block in self._blocks)
        for chapter, blocks in groupby(self._blocks, key=lambda block: block.chapter):
            kind = "chapter" if chapter else "opening" if several else "story"
            yield f'<div type="{kind}" n="{chapter}">\n'
            yield from self._division(blocks)
            yield "</div>\n"

    def _division(self, blocks: Iterable[Block]) -> Iterator[str]:
        at_top = True  # TEI has a head only there
        for block in blocks:
            at_top = at_top and block.kind == "heading"
            yield from self._block(block, at_top)
            yield "\n"

    def _block(self, block: Block, at_top: bool) -> Iterator[str]:
        if block.kind == "break" and block.start == block.end:
            yield '<milestone unit="scene"/>'
            return
        opening, closing, line = _elements(block, at_top)
        at = block.start
        yield opening
        for unit in _units(self._book, block):
            yield self._book.text[at : unit[0]]  # line ends between lines of verse
            yield from (f"<{line}>" if line else "", *self._inline(unit), f"</{line}>" if line else "")
            at = unit[1]
        yield from (self._book.text[at : block.end], closing)

    def _inline(self, unit: Span) -> Iterator[str]:
        at = unit[0]
        open_: list[tuple[Mark, str]] = []
        for mark in self._marks[unit]:
            while open_ and open_[-1][0].end <= mark.start:
                closed, closing = open_.pop()
                yield from (*self._run(at, closed.end), closing)
                at = closed.end
            yield from self._run(at, mark.start)
            at = mark.start
            in_name = bool(open_) and not open_[-1][0].is_quote
            opening, closing = self._tags(mark, in_name=in_name)
            yield opening
            open_.append((mark, closing))
        for closed, closing in reversed(open_):
            yield from (*self._run(at, closed.end), closing)
            at = closed.end
        yield from self._run(at, unit[1])

    def _run(self, start: int, end: int) -> Iterator[str]:
        """Text between two tags, with what was in italics in hi."""
        text = self._book.text
        index = bisect_right(self._emphasis, start, key=lambda span: span[1])
        while start < end and index < len(self._emphasis) and self._emphasis[index][0] < end:
            first, last = max(start, self._emphasis[index][0]), min(end, self._emphasis[index][1])
            yield f'{escape(text[start:first])}<hi rend="italic">{escape(text[first:last])}</hi>'
            start, index = last, index + 1
        yield escape(text[start:end])

    def _tags(self, mark: Mark, *, in_name: bool) -> tuple[str, str]:
        if not mark.is_quote:
            return _mention(self._book.mentions[mark.index])
        quote = self._book.quotes[mark.index]
        tag = "said" if quote.kind in ("speech", "thought") else "q"
        kind = {"speech": "", "thought": ' aloud="false"'}.get(quote.kind, f' type="{quote.kind}"')
        links = f' xml:id="{_part(mark)}"{self._links.get(_part(mark), "")}'
        tags = f"<{tag}{links}{_ascribed(quote)}{kind}>", f"</{tag}>"
        return (f"<seg>{tags[0]}", f"{tags[1]}</seg>") if in_name else tags  # a TEI name holds phrases only


def _elements(block: Block, at_top: bool) -> tuple[str, str, str]:
    """Opening tag, closing tag, and the element of each line if lines are marked."""
    if block.kind == "verse":
        return "<lg>", "</lg>", "l"
    if block.kind == "paragraph":
        return "<p>", "</p>", ""
    if at_top:
        return "<head>", "</head>", ""
    return f'<ab type="{block.kind}">', "</ab>", ""


def _units(book: Book, block: Block) -> list[Span]:
    if block.kind != "verse":
        return [(block.start, block.end)]
    units, start = [], block.start
    for line in book.text[block.start : block.end].split("\n"):
        if line.strip(" \t\r"):
            units.append((start, start + len(line)))
        start += len(line) + 1
    return units


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The same characters as spans that are in order and lie apart."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _links(book: Book, found: Iterable[Mark]) -> dict[str, str]:
    """The prev and next attributes of each part of an utterance."""
    utterances: dict[int, list[str]] = {}
    for mark in found:
        if mark.is_quote:
            utterances.setdefault(book.quotes[mark.index].utterance, []).append(_part(mark))
    links: dict[str, str] = {}
    for parts in utterances.values():
        for before, after in pairwise(parts):
            links[before] = links.get(before, "") + f' next="#{after}"'
            links[after] = f' prev="#{before}"'
    return links


def _part(mark: Mark) -> str:
    return f"q{mark.index}.{mark.part}" if mark.part else f"q{mark.index}"


def _mention(mention: Mention) -> tuple[str, str]:
    refs = f' ref="{_pointers(mention.entities)}"{_cert(mention.confidence)}' if mention.entities else ""
    if mention.form == "name":
        return f"<{NAMES[mention.kind]}{refs}>", f"</{NAMES[mention.kind]}>"
    return f'<rs type="{mention.kind}" subtype="{mention.form}"{refs}>', "</rs>"


def _ascribed(quote: Quote) -> str:
    who = "" if quote.speaker is None else f' who="#{identifier(quote.speaker)}"{_cert(quote.confidence)}'
    return who + (f' toWhom="{_pointers(quote.addressees)}"' if quote.addressees else "")


def _pointers(entities: Sequence[int]) -> str:
    return " ".join(f"#{identifier(entity)}" for entity in entities)


def _cert(confidence: float) -> str:
    return f' cert="{min(1.0, max(0.0, confidence)):.3f}"'
