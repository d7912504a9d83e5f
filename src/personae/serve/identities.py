"""Keeps people's numbers on the page the same, however they are numbered in the Book that was just solved."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from personae.book import Book

Ids = tuple[int, ...]


@dataclass(frozen=True)
class Trace:
    """Whom each mention meant and who spoke each line, by the numbers on the page; `next` is the first free one."""

    mentions: Sequence[Sequence[int]] = ()
    speakers: dict[int, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    next: int = 0

    @classmethod
    def of(cls, book: Book, ids: Ids, last: Trace, *, same: bool = False) -> Trace:
        """`same`: the mentions mean whom they meant in `last`."""
        mentions = last.mentions if same else [[ids[e] for e in m.entities] for m in book.mentions]
        speakers = {q.start: ids[q.speaker] for q in book.quotes if q.speaker is not None}
        names = {number: entity.name for number, entity in zip(ids, book.entities, strict=True)}
        return cls(mentions, speakers, names, max([last.next, *(number + 1 for number in ids)]))

    def to_bytes(self) -> bytes:
        whole = [self.mentions, list(self.speakers.items()), list(self.names.items()), self.next]
        return zlib.compress(json.dumps(whole, separators=(",", ":")).encode(), 3)

    @classmethod
    def from_bytes(cls, content: bytes | None) -> Trace:
        """Nothing known where that is no trace."""
        try:
            mentions, speakers, names, free = json.loads(zlib.decompress(content or b""))
            return cls(mentions, dict(speakers), dict(names), int(free))
        except (ValueError, TypeError, zlib.error):
            return cls()


def carry(last: Trace, book: Book, kept: int | None = None) -> Ids:
    """The page's number of each entity: of whoever had most of its mentions and lines; `kept` keeps its own first."""
    shared: Counter[tuple[int, int]] = Counter()
    if len(last.mentions) == len(book.mentions):
        for before, mention in zip(last.mentions, book.mentions, strict=True):
            if len(before) == 1 and len(mention.entities) == 1:
                shared[before[0], mention.entities[0]] += 1
    for quote in book.quotes:
        if quote.speaker is not None and quote.start in last.speakers:
            shared[last.speakers[quote.start], quote.speaker] += 1
    found = _pair(shared, kept, {pair for pair in shared if last.names.get(pair[0]) == book.entities[pair[1]].name})
    taken = set(found.values())
    called = {name: number for number, name in last.names.items() if number not in taken}
    free = last.next
    ids = []
    for entity in book.entities:
        number = found.get(entity.id)
        if number is None:
            number = called.pop(entity.name, None)
        if number is None:
            number, free = free, free + 1
        ids.append(number)
    return tuple(ids)


def _pair(shared: Counter[tuple[int, int]], kept: int | None, same: set[tuple[int, int]]) -> dict[int, int]:
    """Entity to number, each at most once: those called the `same` first, then those who share most."""
    ranked = sorted(
        shared.items(), key=lambda item: (item[0][0] != kept, item[0] not in same, -item[1], item[0])
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for (number, entity), _ in ranked:
        if entity not in found and number not in taken:
            found[entity] = number
            taken.add(number)
    return found
