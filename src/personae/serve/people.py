"""The people of a version for the page: names, counts, where they first appear; nothing from beyond a limit.

A reader may be somewhere in the story: with a limit (a character), what comes after isn't counted, people who haven't
come in yet aren't there, and nobody has a name that hasn't been told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from personae.book import Entity, Mention
from personae.serve.view import CHAPTERS, SLICES, Json, View


@dataclass(slots=True)
class _Seen:
    """What is counted of one entity."""

    mentions: int = 0
    lines: int = 0
    words: int = 0
    first: int | None = None
    first_line: int | None = None
    called: Counter[str] = field(default_factory=Counter)
    named: bool = False


def entities(view: View, until: int | None = None) -> list[Json]:
    """All people and things, the most present first."""
    seen = _count(view, until)
    rows = [_row(view, number, seen[number], until) for number in seen if seen[number].first is not None]
    return sorted(rows, key=lambda row: (-row["lines"] - row["mentions"], row["id"]))


def _count(view: View, until: int | None) -> dict[int, _Seen]:
    book = view.book
    found = {number: _Seen() for number in range(len(book.entities))}
    for mention in _before(book.mentions, until):
        words = book.text[mention.start : mention.end]
        for entity in mention.entities:
            one = found[entity]
            one.mentions += 1
            one.first = mention.start if one.first is None else one.first
            if mention.form != "pronoun":
                one.called[words] += 1
                one.named = one.named or mention.form == "name"
    for quote in book.quotes:
        if quote.speaker is None or quote.kind == "other" or (until is not None and quote.start >= until):
            continue
        one = found[quote.speaker]
        one.lines += quote.kind == "speech"
        one.words += len(book.text[quote.start : quote.end].split())
        one.first = quote.start if one.first is None else min(one.first, quote.start)
        one.first_line = quote.start if one.first_line is None else one.first_line
    return found


def _before(mentions: Iterable[Mention], until: int | None) -> Iterable[Mention]:
    return mentions if until is None else (m for m in mentions if m.start < until)


def _row(view: View, number: int, seen: _Seen, until: int | None) -> Json:
    entity = view.book.entities[number]
    name, aliases = (entity.name, list(entity.aliases)) if until is None else _told(entity, seen)
    id = view.ids[number]
    return {
        "id": id, "name": name, "kind": entity.kind, "aliases": aliases, "pronouns": entity.pronouns,
        "narrator": entity.narrator, "mentions": seen.mentions, "lines": seen.lines, "words_said": seen.words,
        "first_block": view.block_at(seen.first or 0),
        "first_line_block": None if seen.first_line is None else view.block_at(seen.first_line),
        "color": view.colours[id], "unnamed": not seen.named and entity.cast is None,
    }  # fmt: skip


def _told(entity: Entity, seen: _Seen) -> tuple[str, list[str]]:
    """Name and aliases as far as the story has told them."""
    told = " ".join(seen.called).casefold()
    aliases = [alias for alias in entity.aliases if alias.casefold() in told]
    if entity.name in aliases or (entity.narrator and not seen.named):
        return entity.name if entity.name in aliases else "Narrator", aliases
    usual = [words for words, _ in seen.called.most_common(1)]
    name = (aliases or usual or ["somebody"])[0]
    return name, aliases or usual


def presence(view: View, until: int | None = None) -> tuple[Json, dict[str, list[int]]]:
    """How often each person is named, meant or speaks along the story, and in which stretches that is counted."""
    chapters = view.chapters
    size = max(len(view.book.text), 1)
    by_chapter = len(chapters) in CHAPTERS
    starts = [view.blocks[c["block"]].start for c in chapters] if by_chapter else []
    borders = np.array(starts if by_chapter else [size * n // SLICES for n in range(SLICES)], np.int64)
    found: dict[int, np.ndarray[tuple[int], np.dtype[np.int64]]] = defaultdict(
        lambda: np.zeros(len(borders), np.int64)
    )
    book = view.book
    places = [(m.start, e) for m in book.mentions for e in m.entities]
    places += [(q.start, q.speaker) for q in book.quotes if q.speaker is not None]
    places = [pair for pair in places if until is None or pair[0] < until]
    slots = np.maximum(np.searchsorted(borders, [p for p, _ in places], side="right") - 1, 0).tolist()
    for slot, (_, entity) in zip(slots, places, strict=True):
        found[entity][slot] += 1
    people = {e.id for e in book.entities if e.kind in ("person", "group")}
    counts = {str(view.ids[e]): row.tolist() for e, row in found.items() if e in people}
    return {"unit": "chapter" if by_chapter else "slice", "count": len(borders)}, counts
