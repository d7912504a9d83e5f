"""GUM (Zeldes 2017): trees, and entities and coreference in the MISC column of its Universal Dependencies files.

Layout: `dep/DOC.conllu`; splits in `splits/NAME.ids` or in the corpus's own `splits.md`. Personae knows people,
places and organizations: mentions of other types are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gold import conllu
from gold.layout import GoldError, chosen, read_raw
from personae.book import Book, Entity, EntityKind, Form, Mention
from personae.text import Metadata

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
    parsed = conllu.read(read_raw(folder / "dep" / f"{document}.conllu").splitlines())
    found = [(opened, last) for opened, last in _brackets(parsed.miscellany) if opened.kind in KINDS]
    groups = {name: number for number, name in enumerate(dict.fromkeys(opened.group for opened, _ in found))}
    mentions = sorted(
        (_mention(parsed, opened, last, groups) for opened, last in found), key=lambda m: (m.start, -m.end)
    )
    return Book(
        text=parsed.text,
        blocks=parsed.blocks,
        metadata=Metadata(title=document, language="en"),
        tokens=parsed.tokens,
        entities=tuple(_entities(groups, mentions)),
        mentions=tuple(mentions),
        grammar=parsed.grammar,
    )


@dataclass
class _Open:
    """A mention whose end hasn't come yet."""

    group: str
    kind: str
    head: int
    first: int


def _brackets(miscellany: Iterable[tuple[str, ...]]) -> Iterator[tuple[_Open, int]]:
    """Each mention and its last token, in the order that they close."""
    open_: list[_Open] = []
    for token, parts in enumerate(miscellany):
        value = next((part.removeprefix("Entity=") for part in parts if part.startswith("Entity=")), "")
        yield from _closed(value, token, open_)


def _closed(value: str, token: int, open_: list[_Open]) -> Iterator[tuple[_Open, int]]:
    """Open and close mentions, as in "(3-person-giv-…-1-ana" and "3)"; a closer has the group only."""
    for piece in re.findall(r"\([^()]+\)?|[^()]+\)", value):
        group, *fields = piece.strip("()").split("-")
        if piece.startswith("("):
            open_.append(_Open(group, fields[0], token + _first_number(fields[HEAD]) - 1, token))
        place = max((n for n, o in enumerate(open_) if o.group == group), default=None)
        if piece.endswith(")") and place is not None:
            yield open_.pop(place), token


def _mention(parsed: conllu.Parsed, opened: _Open, last: int, groups: dict[str, int]) -> Mention:
    head, tokens = min(opened.head, last), parsed.tokens
    span = int(tokens.start[opened.first]), int(tokens.end[last])
    words = int(tokens.start[head]), int(tokens.end[head])
    form = FORMS.get(parsed.grammar.upos[head], "noun")
    return Mention(*span, words, form, (groups[opened.group],), 1.0, KINDS[opened.kind])


def _first_number(field: str) -> int:
    """The first of a mention's head words, counted from 1 inside it."""
    found = re.match(r"\d+", field)
    return int(found[0]) if found else 1


def _entities(groups: dict[str, int], mentions: list[Mention]) -> Iterator[Entity]:
    """An entity is called by its number in the corpus; its kind is its first mention's."""
    for group, number in groups.items():
        own = [m for m in mentions if m.entities == (number,)]
        yield Entity(number, own[0].kind, group, mentions=len(own))
