"""The finished Book: people numbered and named, mentions in characters, lines, scenes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from personae.annotators.mentions import Candidate
from personae.annotators.people import People, Person
from personae.book import Book, Entity, Mention, Quote, Scene, Span, Tokens
from personae.text import Text

FEWEST = 2
"""Mentions from which somebody without a name, a line or a place in the given cast is an entity."""


def number_people(people: People, candidates: list[Candidate], quotes: tuple[Quote, ...]) -> dict[int, int]:
    """Keep whoever matters, give them ids in the order of the given cast and then of prominence."""
    mentioned: Counter[int] = Counter()
    for candidate in candidates:
        mentioned.update(_meant(candidate))
    lines = Counter(q.speaker for q in quotes if q.speaker is not None and q.kind == "speech")
    named = {q.speaker for q in quotes} | {p for q in quotes for p in q.addressees}
    kept = [p for p in people.everyone if _kept(p, mentioned[p.id], p.id in named)]
    kept.sort(key=lambda p: (p.cast is None, p.cast or 0, -mentioned[p.id] - lines[p.id], p.id))
    return {p.id: number for number, p in enumerate(kept)}


def assemble(
    tokens: Tokens, people: People, candidates: list[Candidate], quotes: tuple[Quote, ...], ids: dict[int, int]
) -> tuple[tuple[Entity, ...], tuple[Mention, ...], tuple[Quote, ...]]:
    """The Book's values of the people in `ids`, which gives each one's id there."""
    kept = [people.everyone[person] for person in ids]
    starts, ends = tokens.start.data, tokens.end.data
    mentions = tuple(_mention(c, ids, starts, ends) for c in candidates)
    renumbered = tuple(_renumber(q, ids) for q in quotes)
    counts = Counter(e for m in mentions for e in m.entities)
    spoken = Counter(q.speaker for q in renumbered if q.kind == "speech")
    entities = tuple(_entity(p, ids[p.id], counts[ids[p.id]], spoken[ids[p.id]]) for p in kept)
    return entities, mentions, renumbered


def _meant(candidate: Candidate) -> tuple[int, ...]:
    return candidate.several or ((candidate.person,) if candidate.person >= 0 else ())


def _kept(person: Person, mentions: int, in_quotes: bool) -> bool:
    if person.cast is not None or in_quotes or (person.narrator and mentions):
        return True
    named = person.named or person.kind == "place"
    return mentions >= (1 if named else FEWEST)


def _entity(person: Person, number: int, mentions: int, quotes: int) -> Entity:
    aliases = [
        n for n, c in sorted(person.names.items(), key=lambda pair: (-pair[1], pair[0])) if c or n == person.name
    ]
    return Entity(
        number,
        person.kind,
        person.name,
        tuple(dict.fromkeys([person.name, *aliases])),
        person.pronouns if person.kind == "person" else None,
        person.narrator,
        person.cast,
        mentions,
        quotes,
    )


def _mention(candidate: Candidate, ids: dict[int, int], starts: memoryview, ends: memoryview) -> Mention:
    entities = tuple(sorted({ids[p] for p in _meant(candidate) if p in ids}))
    return Mention(
        starts[candidate.first],
        ends[candidate.last - 1],
        (starts[candidate.head], ends[candidate.head]),
        candidate.form,
        entities,
        round(candidate.confidence, 3) if entities else 0.0,
        "group" if candidate.plural and candidate.form == "noun" and candidate.kind == "person" else candidate.kind,
        candidate.type,
    )


def _renumber(quote: Quote, ids: dict[int, int]) -> Quote:
    return replace(
        quote,
        speaker=None if quote.speaker is None else ids[quote.speaker],
        addressees=tuple(ids[p] for p in quote.addressees),
        alternatives=tuple((ids[p], v) for p, v in quote.alternatives if p in ids),
    )


def said_by(
    book: Book, people: People, lines: Sequence[Quote], ids: dict[int, int]
) -> tuple[tuple[Entity, ...], tuple[Quote, ...]]:
    """Entities and lines after some lines have come to be said by others; whoever is new is added, to `ids` too."""
    spoken_of = (p for q in lines for p in (q.speaker, *q.addressees) if p is not None)
    entities = list(book.entities)
    for person in dict.fromkeys(p for p in spoken_of if p not in ids):
        ids[person] = len(entities)
        entities.append(_entity(people.everyone[person], len(entities), 0, 0))
    quotes = list(book.quotes)
    for line in lines:
        quotes[line.id] = replace(_renumber(line, ids), utterance=quotes[line.id].utterance)
    spoken = Counter(quote.speaker for quote in quotes if quote.kind == "speech")
    counted = (e if e.quotes == spoken[e.id] else replace(e, quotes=spoken[e.id]) for e in entities)
    return tuple(counted), tuple(quotes)


def find_scenes(text: Text, quotes: tuple[Quote, ...], mentions: tuple[Mention, ...]) -> tuple[Scene, ...]:
    """Stretches between headings and breaks, with those who speak or act in them (place and time are not known yet)."""
    bounds = _scene_bounds(text)
    present: list[set[int]] = [set() for _ in bounds]
    at = 0
    acting = sorted(
        [(q.start, q.speaker) for q in quotes if q.speaker is not None]
        + [(m.start, m.entities[0]) for m in mentions if m.form == "pronoun" and len(m.entities) == 1]
    )
    for start, entity in acting:
        while at < len(bounds) - 1 and bounds[at][1] <= start:
            at += 1
        present[at].add(entity)
    return tuple(Scene(s, e, present=tuple(sorted(p))) for (s, e), p in zip(bounds, present, strict=True))


def _scene_bounds(text: Text) -> list[Span]:
    bounds: list[Span] = []
    start = end = None
    for block in text.blocks:
        if block.kind in ("heading", "break"):
            if start is not None and end is not None:
                bounds.append((start, end))
            start = end = None
        elif block.kind in ("paragraph", "verse"):
            start, end = block.start if start is None else start, block.end
    if start is not None and end is not None:
        bounds.append((start, end))
    return bounds
