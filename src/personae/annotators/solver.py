"""From what the encoder read to a Book; again and again, as a reader puts things right, without reading anew."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from personae.annotators.assembly import assemble, find_scenes, number_people, said_by
from personae.annotators.beliefs import believe
from personae.annotators.corrected import bind, certain, copied, mark, pin_lines, rename, restructure
from personae.annotators.encoder import Reading
from personae.annotators.grammar import find_grammar, find_supersenses
from personae.annotators.links import Nodes, make_nodes
from personae.annotators.pins import Index, Pins, find_pins, with_kinds
from personae.annotators.quotes import Quotations
from personae.annotators.references import Settle, link, resolve
from personae.annotators.relations import find_relations
from personae.annotators.rethink import Thinker
from personae.annotators.talk import Heard, Revise, Talk, hear, read_off, unrevised
from personae.annotators.turns import Turn, spoken
from personae.annotators.words import Words
from personae.book import Book, Entity, Grammar, Mention, Quote, Span, Supersense, Tokens
from personae.cast import Cast
from personae.corrections import Correction, Corrections
from personae.corrections.anchors import Fit, Unfit, fit
from personae.models import Models
from personae.text import Text

Stored = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Each mention's antecedents and their chances, kept from a run before."""

Progress = Callable[[str, int, int], None]
"""Called as (step, done, total) while a long read goes on."""


def unwatched(step: str, done: int, total: int) -> None:
    """No progress."""


@dataclass(frozen=True)
class Ground:
    """What no correction changes: the text, its words, the lines as they were found, what the encoder made of it."""

    text: Text
    found: Quotations
    reading: Reading
    cast: Cast | None
    models: Models

    @property
    def tokens(self) -> Tokens:
        return self.found.tokens

    @property
    def words(self) -> Words:
        return self.found.words

    @property
    def lines(self) -> tuple[Quote, ...]:
        return self.found.lines

    @cached_property
    def grammar(self) -> Grammar:
        return find_grammar(self.reading, self.words, self.models.labels, self.models.known)

    @cached_property
    def supersenses(self) -> tuple[Supersense, ...]:
        return find_supersenses(self.reading, self.tokens, self.models.labels)

    @cached_property
    def characters(self) -> list[Span]:
        """Where each mention stands, in characters."""
        starts, ends = self.tokens.start.tolist(), self.tokens.end.tolist()
        return [(starts[span.first], ends[span.last - 1]) for span in self.reading.spans]


@dataclass(frozen=True)
class Links:
    """The mentions as nodes, each one's antecedents and their chances; made once, before anything is corrected."""

    nodes: Nodes
    others: NDArray[np.int32]
    chances: NDArray[np.float32]


@dataclass(frozen=True)
class Solution:
    """A Book, and how it came about.

    `ids` gives the entity of each person that the corrections and conversations know; `late` are the entities met
    after that, who may be others next time. `pinned` are the mentions, by number, that a correction is about; `turned`
    are the lines of conversations that have pinned ones.
    """

    book: Book
    corrections: Corrections
    unfit: tuple[Unfit, ...]
    ids: Mapping[int, int]
    late: frozenset[int]
    pinned: frozenset[int]
    turned: frozenset[int]


class Solver:
    """One story. `solve` is a function of the corrections alone; what was worked out before only makes it faster."""

    def __init__(
        self, ground: Ground, made_by: Mapping[str, object], stored: Stored | None = None, revise: Revise = unrevised
    ) -> None:  # fmt: skip
        self.ground, self.made_by, self.revise = ground, made_by, revise
        self._stored = stored
        self._links: Links | None = None
        self._thinker: Thinker | None = None
        self._solving, self._once = threading.RLock(), False
        self._heard: dict[tuple[Quote, ...], tuple[Heard, Index]] = {}
        self._structure: tuple[object, Heard] | None = None

    def solve(self, corrections: Corrections = (), progress: Progress = unwatched, *, once: bool = False) -> Solution:
        """The whole story; one at a time. `progress` may raise, to stop it.

        `once` is the last time: what only another would need is let go on the way, as far as nothing is corrected.
        """
        with self._solving:
            self._once = once and not corrections
            return self._solve(corrections, progress)

    def _solve(self, corrections: Corrections, progress: Progress) -> Solution:
        progress("conversations", 75, 100)
        found = fit(corrections, self.ground.text)
        heard, pins, turned = self._corrected(found)
        known = len(heard.people.everyone)
        talk = read_off(heard)
        progress("people", 90, 100)
        ground, links = self.ground, self.linked(talk if not corrections else None)
        if self._once:
            ground.reading.forget()
        mentions = resolve(
            ground.reading.spans, links.nodes, links.others, links.chances, talk.mentions, talk.people, ground.words,
            certain(ground.characters, pins, talk.people), self._settle(heard, known),
        )  # fmt: skip
        progress("book", 98, 100)
        pinned = bind(mentions, ground.characters, pins, ground.text.content)
        rename(talk.people, pins)
        lines = mark(talk.lines, [*heard.turns, *heard.musings], pins)
        ids = number_people(talk.people, mentions, lines)
        entities, resolved, quotes = assemble(ground.tokens, talk.people, mentions, lines, ids)
        book = self._book(entities, resolved, quotes)
        progress("book", 100, 100)
        late = frozenset(entity for person, entity in ids.items() if person >= known)
        ids = {person: entity for person, entity in ids.items() if person < known}
        return Solution(book, corrections, tuple(found.unfit), ids, late, pinned, turned)

    def quick(self, corrections: Corrections, last: Solution) -> Solution | None:
        """`last` with who says each line decided anew; None where that isn't all, or what it takes isn't at hand."""
        found = fit(corrections, self.ground.text)
        lines = with_kinds(self.ground.lines, found.fitted)
        if lines not in self._heard or _reaching(corrections) != _reaching(last.corrections):
            return None
        if [quote.start for quote in lines] != [quote.start for quote in last.book.quotes]:
            return None
        corrected = self._at_hand(found)
        if corrected is None:
            return None
        heard, pins, turned = corrected
        turns = [turn for turn in (*heard.turns, *heard.musings) if _other(turn, turned | last.turned)]
        spoken_now = spoken(turns, lines, self._heard[lines][1].spans)
        said = mark((spoken_now[line] for line in sorted(turned | last.turned)), turns, pins)
        ids = dict(last.ids)
        entities, quotes = said_by(last.book, heard.people, said, ids)
        book = replace(last.book, entities=entities, quotes=quotes)
        return replace(last, book=book, corrections=corrections, unfit=tuple(found.unfit), ids=ids, turned=turned)

    def remember(self) -> None:
        """Keep what was worked out, for the sake of solving again soon."""
        self._thinker = Thinker()

    def _settle(self, heard: Heard, known: int) -> Settle:
        if self._thinker is None:
            return believe
        first = len(self._hear(self.ground.lines)[0].people.everyone)
        self._thinker.about(heard.people, first, known, heard.reading.descriptions.met)
        return self._thinker

    def _corrected(self, found: Fit) -> tuple[Heard, Pins, frozenset[int]]:
        """The conversations with what corrections say of them, in a copy of its own."""
        heard, pins, key = self._pinned(found, mentions_too=True)
        if pins.structural:
            if self._structure is None or self._structure[0] != key:
                restructure(heard, pins)
                self._structure = key, heard
            heard = copied(self._structure[1])
        return heard, pins, pin_lines(heard, pins)

    def _at_hand(self, found: Fit) -> tuple[Heard, Pins, frozenset[int]] | None:
        """The same, its mentions shared; None if everybody would have to be listened to again."""
        heard, pins, key = self._pinned(found, mentions_too=False)
        if pins.structural:
            if self._structure is None or self._structure[0] != key:
                return None
            heard = copied(self._structure[1], mentions_too=False)
        return heard, pins, pin_lines(heard, pins)

    def _pinned(self, found: Fit, *, mentions_too: bool) -> tuple[Heard, Pins, object]:
        """A copy of the first reading, what corrections say of it, and what decides whether all changes with them."""
        base, index = self._hear(with_kinds(self.ground.lines, found.fitted))
        heard = base if self._once else copied(base, mentions_too=mentions_too)
        pins = find_pins(found.fitted, heard, self.ground.text.content, index)
        return heard, pins, (base.lines, pins.reaching, len(heard.people.everyone))

    def _hear(self, lines: tuple[Quote, ...]) -> tuple[Heard, Index]:
        """The story with these lines, nothing else corrected; it is never changed."""
        if lines not in self._heard:
            ground = self.ground
            found = Quotations.among(lines, ground.tokens, ground.words)
            heard = hear(ground.text, found, ground.cast, self.revise, ground.reading.spans)
            kept = {ground.lines: self._heard[ground.lines]} if ground.lines in self._heard else {}
            self._heard = kept | {lines: (heard, Index.of(heard))}
        return self._heard[lines]

    def linked(self, talk: Talk | None = None) -> Links:
        """The links, which an uncorrected `talk` makes once and for all."""
        if self._links is None:
            ground = self.ground
            talk = talk or read_off(copied(self._hear(ground.lines)[0]))
            nodes = make_nodes(
                ground.reading.spans, talk.mentions, talk.people, talk.speech, ground.tokens, ground.words,
                ground.found.quote_of, ground.grammar,
            )  # fmt: skip
            self._links = Links(nodes, *(self._stored or link(ground.reading.vectors, nodes, ground.models)))
        return self._links

    def _book(self, entities: tuple[Entity, ...], mentions: tuple[Mention, ...], lines: tuple[Quote, ...]) -> Book:
        ground, text = self.ground, self.ground.text
        return Book(
            text.content, text.blocks, text.metadata, text.emphasis, ground.tokens, entities, mentions, lines,
            find_scenes(text, lines, mentions), find_relations(text.content, entities, mentions, lines), (),
            ground.grammar, ground.supersenses, self.made_by,
        )  # fmt: skip


def _other(turn: Turn, lines: frozenset[int]) -> bool:
    return any(line.quote in lines for line in turn.lines)


def _reaching(corrections: Corrections) -> list[Correction]:
    """Those that change more than who says what to whom."""
    return [one for one in corrections if one.op not in ("speaker", "addressees")]
