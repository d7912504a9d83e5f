"""Who may say a line: the likely ones first, then everybody who is there."""

from __future__ import annotations

from personae.book import Quote
from personae.serve.view import Json, View

AROUND = 12
"""Lines before and after, and blocks, in which somebody counts as there."""

MOST = 30


def choices(view: View, line: Quote) -> list[Json]:
    """Entity, probability (0 where nothing speaks for them) and a reason in a few words."""
    found: dict[int, Json] = {}
    if line.speaker is not None:
        found[line.speaker] = _choice(view, line.speaker, line.confidence, "the guess")
    for entity, chance in line.alternatives:
        found.setdefault(entity, _choice(view, entity, chance, "may be"))
    for entity, reason in _present(view, line):
        if len(found) < MOST:
            found.setdefault(entity, _choice(view, entity, 0.0, reason))
    return list(found.values())


def _choice(view: View, entity: int, chance: float, reason: str) -> Json:
    return {"entity": view.ids[entity], "probability": round(chance, 4), "reason": reason}


def _present(view: View, line: Quote) -> list[tuple[int, str]]:
    """People who speak or are spoken to nearby, then those mentioned nearby, the nearest first."""
    near = view.book.quotes[max(line.id - AROUND, 0) : line.id + AROUND + 1]
    near = tuple(sorted(near, key=lambda q: abs(q.id - line.id)))
    found = [(q.speaker, "speaks nearby") for q in near if q.speaker is not None]
    found += [(entity, "is spoken to nearby") for q in near for entity in q.addressees]
    here = view.block_at(line.start)
    around = range(max(here - AROUND, 0), min(here + AROUND, len(view.blocks)))
    for block in sorted(around, key=lambda number: abs(number - here)):
        found += [(entity, "is mentioned nearby") for entity in view.meant_in(block)]
    return [(entity, reason) for entity, reason in found if view.is_person(entity)]
