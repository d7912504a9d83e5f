"""GUM (Zeldes 2017): entities and coreference in the MISC column of its Universal Dependencies files.

Layout: `dep/DOC.conllu`; splits in `splits/NAME.ids` or in the corpus's own `splits.md`. The text is rebuilt
from the tokens. Personae knows people, places and organizations: mentions of other types are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gold.layout import GoldError, chosen, read_raw
from personae.book import Book, Entity, EntityKind, Form, Mention, Tokens
from personae.text import Block, BlockKind, Metadata

KINDS: dict[str, EntityKind] = {"person": "person", "place": "place", "organization": "organization"}
FORMS: dict[str, Form] = {"PRON": "pronoun", "DET": "pronoun", "PROPN": "name"}
HEAD = 4
"""The place of `minspan` after the group, in GRP-etype-infstat-salience-centering-minspan-link-identity."""


def documents(folder: Path, split: str | None = None) -> list[str]:
    """The file names without their ending."""
    present = [path.stem for path in folder.glob("dep/*.conllu")]
    table = folder / "splits.md"
    if split is None or (folder / "splits" / f"{split}.ids").is_file() or not table.is_file():
        return chosen(folder, split, present)
    section = re.search(rf"^## {re.escape(split)}$(.*?)(?=^## |\Z)", read_raw(table), re.S | re.M)
    listed = re.findall(r"\* (\S+)", section[1]) if section else []
    found = [name for name in listed if name in present]
    if not found:
        raise GoldError(f"{table}: lists no document of a split {split} that is there")
    return found


def load(folder: Path, document: str) -> Book:
    """Entities are the corpus's groups of people, places and organizations, singletons kept."""
    reading = _Reading()
    for line in read_raw(folder / "dep" / f"{document}.conllu").splitlines():
        reading.line(line)
    return reading.book(document)


@dataclass
class _Open:
    """A mention whose end hasn't come yet."""

    group: str
    kind: str
    head: int
    first: int


@dataclass
class _Reading:
    """A file as it's read, line by line."""

    content: str = ""
    space: str = ""
    blocks: list[Block] = field(default_factory=list)
    rows: list[tuple[int, int, int, int]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    closed: list[tuple[_Open, int]] = field(default_factory=list)
    sentence: int = -1
    joined: int = 0
    joined_space: bool = True

    def line(self, line: str) -> None:
        if line.startswith("# newpar_block"):
            self._kind(line)
        elif line.startswith("# newpar"):
            self._paragraph()
        elif line.startswith("# sent_id"):
            self.sentence += 1
        elif line and line[0].isdigit():
            self._word(line.split("\t"))

    def book(self, document: str) -> Book:
        self._end_block()
        found = [(o, last) for o, last in self.closed if o.kind in KINDS]
        groups = {name: number for number, name in enumerate(dict.fromkeys(o.group for o, _ in found))}
        mentions = sorted(
            (self._mention(o, last, groups) for o, last in found), key=lambda m: (m.start, -m.end)
        )
        start, end, sentence, block = np.array(self.rows, np.int32).reshape(-1, 4).T.copy()
        return Book(
            text=self.content,
            blocks=tuple(self.blocks),
            metadata=Metadata(title=document, language="en"),
            tokens=Tokens(start, end, sentence, block),
            entities=tuple(_entities(groups, mentions)),
            mentions=tuple(mentions),
        )

    def _paragraph(self) -> None:
        self._end_block()
        self.content += "\n\n" if self.content else ""
        self.space = ""
        self.blocks.append(Block(len(self.content), len(self.content), "paragraph"))

    def _kind(self, line: str) -> None:
        kind: BlockKind = "heading" if "= head" in line else "paragraph"
        self.blocks[-1] = Block(self.blocks[-1].start, self.blocks[-1].end, kind)

    def _end_block(self) -> None:
        if self.blocks:
            self.blocks[-1] = Block(self.blocks[-1].start, len(self.content), self.blocks[-1].kind)

    def _word(self, cells: list[str]) -> None:
        """A token; a line with a range of numbers only says whether a space follows the last of them."""
        number, form, tag, misc = cells[0], cells[1], cells[3], cells[9].split("|")
        spaced = "SpaceAfter=No" not in misc
        if "-" in number:
            first, last = map(int, number.split("-"))
            self.joined, self.joined_space = last - first + 1, spaced
        elif number.isdigit():
            self._token(form, tag, self._space_after(spaced))
            self._brackets(next((m.removeprefix("Entity=") for m in misc if m.startswith("Entity=")), ""))

    def _space_after(self, spaced: bool) -> bool:
        if not self.joined:
            return spaced
        self.joined -= 1
        return self.joined_space and not self.joined

    def _token(self, form: str, tag: str, spaced: bool) -> None:
        if not self.blocks:
            self._paragraph()
        start = len(self.content) + len(self.space)
        self.content += self.space + form
        self.space = " " if spaced else ""
        self.rows.append((start, len(self.content), max(self.sentence, 0), len(self.blocks) - 1))
        self.tags.append(tag)

    def _brackets(self, value: str) -> None:
        """Open and close mentions, as in "(3-person-giv-…-1-ana" and "3)"; a closer has the group only."""
        token = len(self.rows) - 1
        for piece in re.findall(r"\([^()]+\)?|[^()]+\)", value):
            group, *fields = piece.strip("()").split("-")
            if piece.startswith("("):
                self.open.append(_Open(group, fields[0], token + _first_number(fields[HEAD]) - 1, token))
            if piece.endswith(")"):
                self._close(group, token)

    def _close(self, group: str, token: int) -> None:
        place = max((n for n, o in enumerate(self.open) if o.group == group), default=None)
        if place is not None:
            self.closed.append((self.open.pop(place), token))

    def _mention(self, o: _Open, last: int, groups: dict[str, int]) -> Mention:
        head = min(o.head, last)
        start, end = self.rows[o.first][0], self.rows[last][1]
        form = FORMS.get(self.tags[head], "noun")
        return Mention(start, end, self.rows[head][:2], form, (groups[o.group],), 1.0, KINDS[o.kind])


def _first_number(field: str) -> int:
    """The first of a mention's head words, counted from 1 inside it."""
    found = re.match(r"\d+", field)
    return int(found[0]) if found else 1


def _entities(groups: dict[str, int], mentions: list[Mention]) -> Iterator[Entity]:
    """An entity is called by its number in the corpus; its kind is its first mention's."""
    for group, number in groups.items():
        own = [m for m in mentions if m.entities == (number,)]
        yield Entity(number, own[0].kind, group, mentions=len(own))
