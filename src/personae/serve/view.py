"""A solved story as the page sees it: blocks, lines and people as JSON, people under ids that last.

Lines are named by the character where they start, mentions by their place in the Book; neither changes while
somebody corrects.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from personae.book import Book, Entity, Quote
from personae.text import STORY_KINDS, Block
from personae.writers.html_deeds import Rows, telling
from personae.writers.html_doubts import WHY, doubtful
from personae.writers.html_faces import is_line

COLOURS = 12
OWN = 8
"""People with a colour of their own; the others share what is left."""
SLICES = 40
"""Equal stretches in which presence is counted where a story has few chapters."""
CHAPTERS = range(5, 81)
"""Numbers of chapters with which presence is counted by chapter."""

Json = dict[str, Any]


@dataclass(frozen=True)
class View:
    """One version of a story. `ids` gives each entity of the Book the number that the page knows it by.

    `colours` are by that number; `pinned` are the mentions that a correction is about.
    """

    book: Book
    ids: tuple[int, ...]
    colours: Mapping[int, int]
    pinned: frozenset[int] = frozenset()

    def after(self, before: View) -> View:
        """Itself, taking over what the version before has worked out and what is the same now."""
        kept = ["blocks", "_starts", "words", "_emphasis_in"]
        if self.book.mentions is before.book.mentions and self.ids[: len(before.ids)] == before.ids:
            kept += ["_mentions_in"]
        self.__dict__.update({name: before.__dict__[name] for name in kept if name in before.__dict__})
        return self

    # --- where things are

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return self.book.blocks or (Block(0, len(self.book.text), "paragraph"),)

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    def block_at(self, place: int) -> int:
        """Number of the block that holds a character."""
        return max(bisect_right(self._starts, place) - 1, 0)

    @cached_property
    def by_start(self) -> dict[int, Quote]:
        """Lines by their number on the page."""
        return {quote.start: quote for quote in self.book.quotes}

    @cached_property
    def entity_of(self) -> dict[int, Entity]:
        """Entities by their number on the page."""
        return {number: entity for number, entity in zip(self.ids, self.book.entities, strict=True)}

    @cached_property
    def _lines_in(self) -> dict[int, list[Quote]]:
        return _grouped(self.book.quotes, self._starts)

    @cached_property
    def _mentions_in(self) -> dict[int, list[int]]:
        starts = np.array([m.start for m in self.book.mentions], np.int64)
        places = np.searchsorted(np.array(self._starts, np.int64), starts, side="right") - 1
        found: dict[int, list[int]] = {}
        for number, place in enumerate(places.tolist()):
            found.setdefault(max(place, 0), []).append(number)
        return found

    @cached_property
    def _emphasis_in(self) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = {}
        for span in self.book.emphasis:
            found.setdefault(self.block_at(span[0]), []).append(span)
        return found

    @cached_property
    def deeds(self) -> Callable[[Entity], Rows]:
        """What tells the rows of a person's card."""
        return telling(self.book)

    # --- one thing as JSON

    def block(self, number: int) -> Json:
        block = self.blocks[number]
        return {
            "n": number, "kind": block.kind, "start": block.start, "text": self.book.text[block.start : block.end],
            "lines": [self.line(quote) for quote in self._lines_in.get(number, ())],
            "mentions": [self.mention(m) for m in self._mentions_in.get(number, ())],
            "emphasis": self._emphasis_in.get(number, []),
        }  # fmt: skip

    def line(self, quote: Quote) -> Json:
        return {
            "id": quote.start, "start": quote.start, "end": quote.end, "kind": quote.kind,
            "speaker": self.number(quote.speaker), "addressees": [self.ids[a] for a in quote.addressees],
            "confidence": quote.confidence, "pinned": quote.why == "pinned", "utterance": quote.utterance,
            "alternatives": [[self.ids[who], chance] for who, chance in quote.alternatives],
            "why": WHY[quote.why],
        }  # fmt: skip

    def mention(self, number: int) -> Json:
        mention = self.book.mentions[number]
        return {
            "id": number, "start": mention.start, "end": mention.end,
            "entities": [self.ids[e] for e in mention.entities], "form": mention.form,
            "confidence": mention.confidence, "pinned": number in self.pinned,
        }  # fmt: skip

    def meant_in(self, block: int) -> list[int]:
        """Entities of the Book that a block mentions."""
        mentions = self.book.mentions
        return [entity for m in self._mentions_in.get(block, ()) for entity in mentions[m].entities]

    def is_person(self, entity: int) -> bool:
        return self.book.entities[entity].kind in ("person", "group")

    def number(self, entity: int | None) -> int | None:
        """The page's number of an entity of the Book."""
        return None if entity is None else self.ids[entity]

    # --- the whole story

    @cached_property
    def chapters(self) -> list[Json]:
        """Title, blocks, words and lines of each chapter; one without a title if the story has none."""
        bounds: list[list[int]] = []
        for number, block in enumerate(self.blocks):
            if not bounds or block.chapter != self.blocks[bounds[-1][0]].chapter:
                bounds.append([number, number + 1])
            bounds[-1][1] = number + 1
        return [self._chapter(first, last) for first, last in bounds]

    def _chapter(self, first: int, last: int) -> Json:
        spoken = [q for n in range(first, last) for q in self._lines_in.get(n, ()) if q.kind == "speech"]
        return {
            "title": self._title(first, last), "block": first, "end_block": last,
            "words": sum(self.words[first:last]), "lines": len(spoken),
            "speech_words": sum(len(self.book.text[q.start : q.end].split()) for q in spoken),
        }  # fmt: skip

    def _title(self, first: int, last: int) -> str | None:
        found = []
        for block in (b for b in self.blocks[first:last] if b.kind in STORY_KINDS):
            if block.kind != "heading":
                break
            found.append(" ".join(self.book.text[block.start : block.end].split()))
        return " · ".join(found) or None

    @cached_property
    def words(self) -> list[int]:
        """Words of each block; a note has none."""
        text = self.book.text
        return [len(text[b.start : b.end].split()) if b.kind in STORY_KINDS else 0 for b in self.blocks]

    def columns(self) -> Json:
        """Every line, as columns."""
        lines = self.book.quotes
        ids = self.ids
        return {
            "id": [q.start for q in lines], "block": [self.block_at(q.start) for q in lines],
            "start": [q.start for q in lines], "speaker": [-1 if q.speaker is None else ids[q.speaker] for q in lines],
            "addressees": [[ids[a] for a in q.addressees] for q in lines],
            "confidence": [q.confidence for q in lines], "pinned": [int(q.why == "pinned") for q in lines],
            "kind": [q.kind for q in lines],
        }  # fmt: skip

    @cached_property
    def queue(self) -> list[int]:
        """The doubtful lines, least sure first; what has been corrected isn't in doubt."""
        return [quote.start for quote in doubtful(self.book) if quote.why != "pinned"]

    def count_lines(self) -> int:
        return sum(is_line(quote) for quote in self.book.quotes)

    def talks(self, until: int | None = None) -> list[list[int]]:
        """[from, to, lines], most lines first; with `until` only what stands before that character."""
        counts = Counter(
            (quote.speaker, to)
            for quote in self.book.quotes
            if quote.speaker is not None and quote.kind in ("speech", "written")
            and (until is None or quote.start < until)
            for to in quote.addressees
            if to != quote.speaker
        )  # fmt: skip
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [[self.ids[a], self.ids[b], count] for (a, b), count in ranked]


def _grouped(quotes: Sequence[Quote], starts: Sequence[int]) -> dict[int, list[Quote]]:
    found: dict[int, list[Quote]] = {}
    for quote in quotes:
        found.setdefault(max(bisect_right(starts, quote.start) - 1, 0), []).append(quote)
    return found
