"""What has changed from one version of a story to another, as the page takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from personae.serve.people import entities, presence
from personae.serve.view import Json, View

if TYPE_CHECKING:
    from personae.serve.copy import Copy

MOST = 400
"""Blocks that come with a change; the page asks for the others."""

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """What of a version is compared: lines by where they start, mentions by number, who there is, and their names."""

    lines: dict[int, Row]
    marks: dict[int, Row]
    mentions: list[Row]
    meant: frozenset[int]
    people: frozenset[int]
    names: list[Row]


def sign(view: View, before: Sign | None = None) -> Sign:
    """What is to be compared; `before` is another version's whose mentions mean the same."""
    ids, quotes = view.ids, view.book.quotes
    lines: dict[int, Row] = {}
    for quote in quotes:
        lines[quote.start] = view.number(quote.speaker), tuple(ids[a] for a in quote.addressees), quote.kind
    marks: dict[int, Row] = {q.start: (round(q.confidence, 2), q.why, q.end) for q in quotes}
    speakers = {ids[q.speaker] for q in quotes if q.speaker is not None}
    names: list[Row] = [(e.name, e.aliases, e.pronouns, e.kind) for e in view.book.entities]
    if before:
        return Sign(lines, marks, before.mentions, before.meant, before.meant | speakers, names)
    mentions: list[Row] = [(n in view.pinned, *[ids[e] for e in m.entities]) for n, m in enumerate(view.book.mentions)]
    meant = frozenset(ids[entity] for mention in view.book.mentions for entity in mention.entities)
    return Sign(lines, marks, mentions, meant, meant | speakers, names)


def change(copy: Copy, before: Sign | None, until: int | None, first: int | None) -> Json:
    """Everything counts as changed where it isn't known how it was before.

    While only lines are other than before, and the whole is still being solved, what is counted of people is None: as
    before, for now.
    """
    view, now = copy.view, copy.sign
    lines = _differing(before.lines if before else {}, now.lines)
    lines.sort(key=lambda line: (line != first, line))
    marks = lines if not before else _differing(before.marks, now.marks)
    mentions = range(len(now.mentions)) if not before else _moved(before.mentions, now.mentions)
    places = {view.block_at(line) for line in (*lines, *marks)}
    places |= {view.block_at(view.book.mentions[number].start) for number in mentions}
    blocks = sorted(places)
    shown = _nearest(blocks, view.block_at(first) if first is not None else None)
    other = before is None or before.lines.keys() != now.lines.keys()
    whole = not copy.settling or before is None or before.people != now.people
    whole = whole or before is None or before.mentions is not now.mentions or before.names != now.names
    return {
        "version": copy.version, "settling": copy.settling,
        "changed": {"lines": lines, "blocks": blocks}, "blocks": [view.block(number) for number in shown],
        "entities": entities(view, until) if whole else None,
        "gone": sorted(before.people - now.people) if before else [],
        "queue": view.queue, "talks": view.talks(until) if whole else None,
        "presence": presence(view, until)[1] if whole else None,
        "lines": view.columns() if other else None, "corrections": copy.corrections(),
    }  # fmt: skip


def _differing(before: dict[int, Row], now: dict[int, Row]) -> list[int]:
    """Lines that are otherwise than before, those that are gone too."""
    changed = [line for line, row in now.items() if before.get(line) != row]
    return sorted([*changed, *(before.keys() - now.keys())])


def _moved(before: list[Row], now: list[Row]) -> list[int]:
    if before is now:
        return []
    return [number for number, (old, new) in enumerate(zip(before, now, strict=True)) if old != new]


def _nearest(blocks: list[int], here: int | None) -> list[int]:
    """As many as go with a change: those nearest to the line that was corrected."""
    if len(blocks) <= MOST:
        return blocks
    return sorted(sorted(blocks, key=lambda number: abs(number - (here or 0)))[:MOST])
