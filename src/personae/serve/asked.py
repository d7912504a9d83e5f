"""What the page asks to be put right, as a Correction. Everything it says is checked here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from personae.annotators.solver import Solution
from personae.book import Entity, Mention, Quote
from personae.corrections import Anchor, Correction, Who
from personae.corrections.anchors import anchor
from personae.errors import CorrectionError
from personae.serve.view import View

LONGEST_NAME = 200
LONGEST_LINE = 20_000
MANY = 40
"""Mentions by which somebody whom only the net has found is told, where they go as a whole."""

Body = Mapping[str, Any]


def correction_of(body: object, view: View, solution: Solution) -> Correction:
    """Raises CorrectionError where something is missing or means nothing here."""
    if not isinstance(body, Mapping):
        raise CorrectionError("a correction must be a JSON object")
    asked = _Asked(view, solution)
    made = getattr(asked, f"on_{body.get('op')}", None) if isinstance(body.get("op"), str) else None
    if made is None:
        raise CorrectionError(f"op: {body.get('op')!r} is nothing that can be corrected")
    found: Correction = made(body)
    return found


class _Asked:
    """One method an op."""

    def __init__(self, view: View, solution: Solution) -> None:
        self.view, self.solution, self.book = view, solution, view.book

    # --- lines

    def on_speaker(self, body: Body) -> Correction:
        line = self._line(body)
        everywhere = body.get("all") is True
        was = self._who(self.book.entities[line.speaker]) if everywhere and line.speaker is not None else None
        return Correction("speaker", (self._anchor(line),), people=self._person(body), was=was, everywhere=everywhere)

    def on_confirm(self, body: Body) -> Correction:
        line = self._line(body)
        people = () if line.speaker is None else (self._who(self.book.entities[line.speaker]),)
        return Correction("speaker", (self._anchor(line),), people=people)

    def on_addressees(self, body: Body) -> Correction:
        people = tuple(self._somebody(number) for number in _several(body, "persons"))
        return Correction("addressees", (self._anchor(self._line(body)),), people=people)

    def on_not_speech(self, body: Body) -> Correction:
        return Correction("not_speech", (self._anchor(self._line(body)),))

    def on_thought(self, body: Body) -> Correction:
        return Correction("thought", (self._anchor(self._line(body)),))

    def on_speech(self, body: Body) -> Correction:
        if "line" in body:
            return Correction("speech", (self._anchor(self._line(body)),))
        start, end = self._stretch(body)
        return Correction("speech", (anchor(self.book.text, start, end),))

    def _stretch(self, body: Body) -> tuple[int, int]:
        start, end = _number(body, "start"), _number(body, "end")
        text = self.book.text
        if not 0 <= start < end <= len(text) or end - start > LONGEST_LINE or not text[start:end].strip():
            raise CorrectionError("start and end: mark some words of one paragraph")
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        start += len(text[start:end]) - len(text[start:end].lstrip())
        block = self.view.blocks[self.view.block_at(start)]
        if block.kind not in ("paragraph", "verse"):
            raise CorrectionError("start and end: that is no part of the story itself")
        if self.view.block_at(start) != self.view.block_at(end - 1):
            raise CorrectionError("start and end: mark words of one paragraph")
        crossing = [q for q in self.book.quotes if q.start < end and start < q.end]
        if crossing and (crossing[0].start, crossing[0].end) != (start, end):
            raise CorrectionError("there is already a line there; say what that line is")
        return start, end

    # --- mentions

    def on_mention(self, body: Body) -> Correction:
        mention = self._mention(_number(body, "mention"))
        everywhere = body.get("all") is True
        was = self._who(self.book.entities[mention.entities[0]]) if everywhere and mention.entities else None
        return Correction(
            "mention", mentions=(self._anchor(mention),), people=self._person(body), was=was, everywhere=everywhere
        )

    # --- people

    def on_merge(self, body: Body) -> Correction:
        others = [number for number in _several(body, "persons") if number != body.get("into")]
        if not others:
            raise CorrectionError("persons: choose somebody else who is the same person")
        people = tuple(self._somebody(number) for number in (_number(body, "into"), *others))
        return Correction("merge", mentions=self._all_of(others), people=people)

    def on_split(self, body: Body) -> Correction:
        was = self._entity(_number(body, "person"))
        lines = tuple(self._anchor(self._line({"line": number})) for number in _several(body, "lines"))
        mentions = tuple(self._anchor(self._mention(number)) for number in _several(body, "mentions"))
        if not lines and not mentions:
            raise CorrectionError("lines, mentions: choose some that are somebody else's")
        name = _text(body, "name") if body.get("name") else self._called(mentions, was)
        return Correction("split", lines, mentions, value=name, was=self._who(was))

    def _called(self, mentions: tuple[Anchor, ...], was: Entity) -> str:
        """A name for somebody new, where none is given: what the story calls them there."""
        words = [" ".join(anchor.words.split()) for anchor in mentions if len(anchor.words) > 3]
        taken = {entity.name.casefold() for entity in self.book.entities}
        found = [word for word in words if word.casefold() not in taken]
        number = 2
        while f"{was.name} ({number})".casefold() in taken:
            number += 1
        return found[0] if found else f"{was.name} ({number})"

    def on_rename(self, body: Body) -> Correction:
        return self._valued("rename", body, "name")

    def on_pronouns(self, body: Body) -> Correction:
        return self._valued("pronouns", body, "pronouns")

    def on_alias(self, body: Body) -> Correction:
        return self._valued("alias", body, "alias")

    def _valued(self, op: Any, body: Body, key: str) -> Correction:
        return Correction(op, people=(self._somebody(_number(body, "person")),), value=_text(body, key))

    def on_not_person(self, body: Body) -> Correction:
        number = _number(body, "person")
        return Correction("not_person", mentions=self._all_of([number]), people=(self._somebody(number),))

    # --- what numbers mean

    def _line(self, body: Body) -> Quote:
        line = self.view.by_start.get(_number(body, "line"))
        if line is None:
            raise CorrectionError("line: no line begins there")
        return line

    def _mention(self, number: object) -> Mention:
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(self.book.mentions):
            raise CorrectionError("mention: there is no such mention")
        return self.book.mentions[number]

    def _entity(self, number: object) -> Entity:
        entity = self.view.entity_of.get(number) if type(number) is int else None
        if entity is None:
            raise CorrectionError("person: nobody here goes by that number")
        return entity

    def _somebody(self, number: object) -> Who:
        return self._who(self._entity(number))

    def _person(self, body: Body) -> tuple[Who, ...]:
        """The person of a correction: a number, a new name, or nobody."""
        given = body.get("person")
        if given is None:
            return ()
        if not isinstance(given, Mapping):
            return (self._somebody(given),)
        name = _text(given, "new")
        same = [entity for entity in self.book.entities if entity.name.casefold() == name.casefold()]
        return (self._who(same[0]) if same else Who(name, new=True),)

    def _who(self, entity: Entity) -> Who:
        """How a file tells who that is: by name, and where that isn't enough by a mention of them."""
        alike = [e for e in self.book.entities if e.name.casefold() == entity.name.casefold()]
        if len(alike) == 1 and not self._is_late(entity):
            return Who(entity.name)
        own = self.own.get(entity.id, [])
        described = [mention for mention in own if mention.form != "pronoun"]
        alike_named = [m for m in described if self.book.text[m.start : m.end].casefold() == entity.name.casefold()]
        best = (alike_named or described or own)[:1]
        return Who(entity.name, self._anchor(best[0]) if best else None)

    def _is_late(self, entity: Entity) -> bool:
        """Whether only the net has found them: the rules know nobody of that name."""
        return entity.id in self.solution.late

    @cached_property
    def own(self) -> dict[int, list[Mention]]:
        """Each one's mentions."""
        found: dict[int, list[Mention]] = {}
        for mention in self.book.mentions:
            for entity in mention.entities if len(mention.entities) == 1 else ():
                found.setdefault(entity, []).append(mention)
        return found

    def _all_of(self, numbers: list[Any]) -> tuple[Anchor, ...]:
        """Places of those whom only the net has found, since a name alone wouldn't tell them."""
        late = [entity for entity in map(self._entity, numbers) if self._is_late(entity)]
        own = self.own if late else {}
        mentions = [m for entity in late for m in own.get(entity.id, []) if m.form != "pronoun"]
        return tuple(self._anchor(mention) for mention in mentions[:MANY])

    def _anchor(self, item: Quote | Mention) -> Anchor:
        return anchor(self.book.text, item.start, item.end)


def _number(body: Body, key: str) -> int:
    value = body.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise CorrectionError(f"{key}: must be a number")
    return value


def _several(body: Body, key: str) -> list[Any]:
    value = body.get(key, [])
    if not isinstance(value, list) or len(value) > 10_000:
        raise CorrectionError(f"{key}: must be a list")
    return value


def _text(body: Body, key: str) -> str:
    value = body.get(key)
    words = " ".join(value.split()) if isinstance(value, str) else ""
    if not words or len(words) > LONGEST_NAME or not words.isprintable():
        raise CorrectionError(f"{key}: must be a few words, at most {LONGEST_NAME} characters")
    return words
