"""Small parsed Books: a story as one line a token."""

from __future__ import annotations

import re

import numpy as np

from personae.book import Book, Entity, Grammar, Mention, Supersense, Tokens, check
from personae.text import Block, Metadata

_CLOSING = re.compile(r"[.,!?;:”’]|n['’]t|['’]s")
_FORMS = {"PRON": "pronoun", "PROPN": "name"}


def parsed(source: str, *people: Entity, senses: tuple[tuple[str, str], ...] = ()) -> Book:
    """A Book of lines "word lemma UPOS XPOS head relation [mentions] [!]", an empty line between sentences.

    `head` counts from 1 in its sentence, 0 is the root; "!" marks an event. "(0", "1)", "(0+1)" are mentions that
    begin, end or are the word, with the entities they mean. "---" begins a paragraph.
    """
    building = _Building()
    for line in source.strip().splitlines():
        building.add(line.split())
    return check(building.book(people, senses))


class _Building:
    def __init__(self) -> None:
        self.text = ""
        self.rows: list[tuple[int, int, int, int]] = []
        self.words: list[tuple[str, str, str, int, str, bool]] = []
        self.starts, self.opened, self.first = [0], [], 0
        self.mentions: list[Mention] = []
        self.sentence, self.after_opening = 0, True

    def add(self, fields: list[str]) -> None:
        if not fields or fields == ["---"]:
            self.sentence, self.first = self.sentence + 1, len(self.rows)
            if fields:
                self.text += "\n\n"
                self.starts.append(len(self.text))
                self.after_opening = True
            return
        word, lemma, upos, xpos, head, relation, *rest = fields
        glued = self.after_opening or _CLOSING.fullmatch(word)
        self.text += word if glued else f" {word}"
        self.after_opening = word == "“"
        start = len(self.text) - len(word)
        self.rows.append((start, len(self.text), self.sentence, len(self.starts) - 1))
        above = self.first + int(head) - 1 if int(head) else -1
        self.words.append((lemma, upos, xpos, above, relation, "!" in rest))
        for mark in rest:
            self._mention(mark, start, upos)

    def _mention(self, mark: str, start: int, upos: str) -> None:
        if mark.startswith("("):
            self.opened.append((start, mark.strip("()")))
        if mark.endswith(")"):
            at = max(i for i, (_, who) in enumerate(self.opened) if who == mark.strip("()"))
            first, who = self.opened.pop(at)
            span, entities = (first, len(self.text)), tuple(map(int, who.split("+")))
            self.mentions.append(Mention(*span, (start, len(self.text)), _FORMS.get(upos, "noun"), entities, 0.9))

    def book(self, people: tuple[Entity, ...], senses: tuple[tuple[str, str], ...]) -> Book:
        lemma, upos, xpos, head, relation, event = zip(*self.words, strict=True)
        ends = [start - 2 for start in self.starts[1:]] + [len(self.text)]
        spans = ((self.text.index(words), words, category) for words, category in senses)
        return Book(
            self.text,
            tuple(Block(start, end, "paragraph", 1) for start, end in zip(self.starts, ends, strict=True)),
            Metadata("Low Water"),
            tokens=Tokens(*(np.array(column, np.int32) for column in zip(*self.rows, strict=True))),
            entities=people,
            mentions=tuple(sorted(self.mentions, key=lambda mention: mention.start)),
            grammar=Grammar(upos, xpos, lemma, np.array(head, np.int32), relation, np.array(event, np.bool_)),
            supersenses=tuple(Supersense(at, at + len(words), category) for at, words, category in sorted(spans)),
            made_by={"personae": "0.1.0"},
        )
