"""What a correction says, put into the Book at once; the whole story is solved with it while the reader reads on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from personae.annotators.relations import find_relations
from personae.annotators.solver import Solution
from personae.book import Book, Entity, Mention, Quote
from personae.corrections import Correction, Corrections
from personae.serve.view import Json, View

Whom = Callable[[int], int | None]
"""Who somebody is from now on; None for nobody."""


def rough(body: Json, correction: Correction, view: View, last: Solution, corrections: Corrections) -> Solution:
    """`last` with just this put right, by the numbers on the page that `body` has."""
    book = view.book
    numbers = {number: entity.id for number, entity in view.entity_of.items()}
    made = getattr(_Rough(book, numbers), f"on_{correction.op}")(body, correction)
    pinned, ids = last.pinned, dict(last.ids)
    if correction.op in ("mention", "split"):
        named = body.get("mentions", []) if correction.op == "split" else [body["mention"]]
        pinned = pinned | frozenset(named)
    if correction.op == "merge":
        others = {numbers[n] for n in body["persons"]}
        ids = {person: numbers[body["into"]] if entity in others else entity for person, entity in ids.items()}
    relations = find_relations(made.text, made.entities, made.mentions, made.quotes)
    counted = replace(made, entities=_counted(made), relations=relations)
    return replace(last, book=counted, corrections=corrections, pinned=pinned, ids=ids)


def _counted(book: Book) -> tuple[Entity, ...]:
    mentions = Counter(entity for mention in book.mentions for entity in mention.entities)
    lines = Counter(quote.speaker for quote in book.quotes if quote.kind == "speech")
    return tuple(replace(e, mentions=mentions[e.id], quotes=lines[e.id]) for e in book.entities)


class _Rough:
    """One method an op; ops on who says what are solved at once, but for what changes the kind of a line."""

    def __init__(self, book: Book, numbers: dict[int, int]) -> None:
        self.book, self.numbers = book, numbers

    # --- lines

    def on_speaker(self, body: Json, correction: Correction) -> Book:
        line = next(quote for quote in self.book.quotes if quote.start == body["line"])
        book, speaker = self._person(body.get("person")) if body["op"] == "speaker" else (self.book, line.speaker)
        kind = line.kind if line.kind in ("speech", "thought") else "speech"
        return self._line(book, line.start, kind=kind, speaker=speaker)

    def on_addressees(self, body: Json, correction: Correction) -> Book:
        people = tuple(self.numbers[number] for number in body.get("persons", ()))
        quotes = (replace(q, addressees=people) if q.start == body["line"] else q for q in self.book.quotes)
        return replace(self.book, quotes=tuple(quotes))

    def on_not_speech(self, body: Json, correction: Correction) -> Book:
        return self._line(self.book, body["line"], kind="other", speaker=None, addressees=())

    def on_thought(self, body: Json, correction: Correction) -> Book:
        return self._line(self.book, body["line"], kind="thought", addressees=())

    def on_speech(self, body: Json, correction: Correction) -> Book:
        anchor = correction.lines[0]
        if any(quote.start == anchor.at for quote in self.book.quotes):
            return self._line(self.book, anchor.at, kind="speech")
        end = anchor.at + (anchor.length or len(anchor.words))
        new = Quote(0, anchor.at, end, "speech", len(self.book.quotes), confidence=0.0)
        ordered = sorted([*self.book.quotes, new], key=lambda quote: quote.start)
        return replace(self.book, quotes=tuple(replace(q, id=number) for number, q in enumerate(ordered)))

    def _line(self, book: Book, start: int, **values: Any) -> Book:
        known: dict[str, Any] = {"why": "pinned", "confidence": 1.0, "alternatives": ()}
        return replace(
            book, quotes=tuple(replace(q, **known, **values) if q.start == start else q for q in book.quotes)
        )

    # --- mentions

    def on_mention(self, body: Json, correction: Correction) -> Book:
        book, person = self._person(body.get("person"))
        one = book.mentions[body["mention"]]
        alike = {body["mention"]}
        if correction.everywhere:
            words = correction.mentions[0].words.casefold()
            same = (n for n, m in enumerate(book.mentions) if m.entities == one.entities)
            alike |= {n for n in same if self._words(book.mentions[n]) == words}
        return self._meaning(book, alike, person)

    def _words(self, mention: Mention) -> str:
        return self.book.text[mention.start : mention.end].casefold()

    def _meaning(self, book: Book, numbers: set[int], person: int | None) -> Book:
        entities, sure = (() if person is None else (person,)), 0.0 if person is None else 1.0
        mentions = tuple(
            replace(m, entities=entities, confidence=sure) if n in numbers else m for n, m in enumerate(book.mentions)
        )
        return replace(book, mentions=mentions)

    def _person(self, given: Any) -> tuple[Book, int | None]:
        """The entity that a body names; somebody new is added."""
        if given is None:
            return self.book, None
        if not isinstance(given, dict):
            return self.book, self.numbers[given]
        name = " ".join(given["new"].split())
        for entity in self.book.entities:
            if entity.name.casefold() == name.casefold():
                return self.book, entity.id
        return self._with_new(name)

    def _with_new(self, name: str) -> tuple[Book, int]:
        new = Entity(len(self.book.entities), "person", name, (name,))
        return replace(self.book, entities=(*self.book.entities, new)), new.id

    # --- people

    def on_merge(self, body: Json, correction: Correction) -> Book:
        others = {self.numbers[number] for number in body["persons"]}
        into = self.numbers[body["into"]]
        book = self._everybody(lambda entity: into if entity in others else entity)
        names = [name for entity in book.entities if entity.id in others for name in entity.aliases]
        return _entity(book, into, aliases=lambda own: tuple(dict.fromkeys([*own.aliases, *names])))

    def on_not_person(self, body: Json, correction: Correction) -> Book:
        gone = self.numbers[body["person"]]
        return self._everybody(lambda entity: None if entity == gone else entity)

    def _everybody(self, whom: Whom) -> Book:
        mentions = tuple(replace(m, entities=_all(whom, m.entities)) for m in self.book.mentions)
        quotes = tuple(
            replace(
                q, speaker=None if q.speaker is None else whom(q.speaker), addressees=_all(whom, q.addressees),
                alternatives=tuple((to, chance) for e, chance in q.alternatives if (to := whom(e)) is not None),
            )
            for q in self.book.quotes
        )  # fmt: skip
        return replace(self.book, mentions=mentions, quotes=quotes)

    def on_split(self, body: Json, correction: Correction) -> Book:
        book, new = self._with_new(correction.value or "")
        lines = set(body.get("lines", ()))
        quotes = tuple(
            replace(q, speaker=new, why="pinned", confidence=1.0, alternatives=()) if q.start in lines else q
            for q in book.quotes
        )
        return self._meaning(replace(book, quotes=quotes), set(body.get("mentions", ())), new)

    def on_rename(self, body: Json, correction: Correction) -> Book:
        name = correction.value or ""
        aliases = lambda own: tuple(dict.fromkeys([name, *own.aliases]))  # noqa: E731
        return _entity(self.book, self.numbers[body["person"]], name=lambda own: name, aliases=aliases)

    def on_pronouns(self, body: Json, correction: Correction) -> Book:
        return _entity(self.book, self.numbers[body["person"]], pronouns=lambda own: correction.value)

    def on_alias(self, body: Json, correction: Correction) -> Book:
        name, person = correction.value or "", self.numbers[body["person"]]
        book = _entity(self.book, person, aliases=lambda own: tuple(dict.fromkeys([*own.aliases, name])))
        called = (n for n, m in enumerate(book.mentions) if m.form != "pronoun")
        return self._meaning(book, {n for n in called if self._words(book.mentions[n]) == name.casefold()}, person)


def _all(whom: Whom, entities: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(to for entity in entities if (to := whom(entity)) is not None))


def _entity(book: Book, id: int, **changes: Callable[[Entity], Any]) -> Book:
    made = {name: change(book.entities[id]) for name, change in changes.items()}
    return replace(book, entities=tuple(replace(e, **made) if e.id == id else e for e in book.entities))
