"""Who says each line, and to whom.

A gold line is an utterance, all its parts together. It's matched to the predicted quote that overlaps any
of its parts most, in characters; a line that no predicted quote overlaps was not found and counts as
wrong. Lines that the corpus gives no one speaker (PDNC's `_group` and `_unknowable`, words in chorus) are
left out and counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from evaluate.case import Case
from evaluate.confidence import calibration_error, wrong_among_least_sure
from evaluate.coreference import b_cubed
from evaluate.meaning import meaning
from evaluate.spans import prf
from personae.book import Book, Quote, Span

TYPES = ("explicit", "anaphoric", "implicit")
CORPORA = ("pdnc", "scenes", "litbank")
PROTOCOLS = ("given", "none", "gold-quotes")


@dataclass(frozen=True, slots=True)
class Line:
    """One gold line and what was predicted for it."""

    document: str
    spans: tuple[Span, ...]
    type: str | None
    gold: str
    found: bool
    answered: bool
    right: bool
    addressed: bool | None
    """Whether a predicted addressee is a gold one; None where gold has no addressee."""
    candidate: bool
    """Whether the gold speaker is the predicted one or among the alternatives."""
    speaker: str | None
    """The predicted speaker's name in the predicted Book."""
    said_by: int | None
    """The predicted speaker's entity."""
    alternatives: tuple[tuple[str, float], ...]
    confidence: float
    why: str | None


@dataclass(frozen=True)
class Measured:
    """A document's lines, the number left out, and its text for reading the wrong ones."""

    document: str
    text: str
    lines: tuple[Line, ...]
    left_out: int


def measure(case: Case) -> Measured:
    """Compare every gold line with the quote predicted for it."""
    spoken = list(utterances(case.gold))
    scored = [parts for parts in spoken if parts[0].speaker is not None]
    matched = list(zip(scored, matches(scored, case.predicted), strict=True))
    people = meaning(case, _links(matched))
    lines = tuple(_line(case, parts, quote, people) for parts, quote in matched)
    return Measured(case.document, case.gold.text, lines, len(spoken) - len(scored))


def figures(measured: Sequence[Measured]) -> dict[str, float]:
    """Percentages over all lines of all documents, and two counts."""
    lines = [line for document in measured for line in document.lines]
    types = {kind: [line for line in lines if line.type == kind] for kind in TYPES}
    addressed = [line for line in lines if line.addressed is not None]
    found = [line for line in lines if line.found]
    answered = [line for line in lines if line.answered]
    sure, right = np.array([a.confidence for a in answered]), np.array([a.right for a in answered])
    return {
        "all": _share(line.right for line in lines),
        **{kind: _share(line.right for line in own) for kind, own in types.items() if own},
        **({"addressees": _share(line.addressed for line in addressed)} if addressed else {}),
        "found": _share(line.found for line in lines),
        "answered": _share(line.answered for line in lines),
        "right where answered": _share(line.right for line in answered),
        "B³": _b_cubed(measured),
        "gold among candidates": _share(line.candidate for line in lines),
        "calibration error": 100 * calibration_error(sure, right),
        "wrong among 10 % least sure": 100
        * wrong_among_least_sure(np.array([a.confidence for a in found]), np.array([a.right for a in found])),
        "lines": len(lines),
        "left out": sum(document.left_out for document in measured),
    }


def _b_cubed(measured: Sequence[Measured]) -> float:
    """B³ F1 over each document's lines by their speaker, as BookNLP reports it; a line without an answer is alone."""
    sums = [0.0, 0.0, 0.0, 0.0]
    for document in measured:
        key: defaultdict[str, set[Hashable]] = defaultdict(set)
        response: defaultdict[int, set[Hashable]] = defaultdict(set)
        for number, line in enumerate(document.lines):
            key[line.gold].add(number)
            response[~number if line.said_by is None else line.said_by].add(number)
        gold, predicted = [frozenset(c) for c in key.values()], [frozenset(c) for c in response.values()]
        parts = (*b_cubed(predicted, gold), *b_cubed(gold, predicted))
        sums = [total + part for total, part in zip(sums, parts, strict=True)]
    return prf("", *sums)[" F1"]


def _share(outcomes: Iterable[bool | None]) -> float:
    seen = list(outcomes)
    return 100 * sum(map(bool, seen)) / len(seen) if seen else 0.0


def utterances(gold: Book) -> Iterator[tuple[Quote, ...]]:
    """The parts of each spoken line, in order of the lines."""
    spoken = sorted((q for q in gold.quotes if q.kind == "speech"), key=lambda q: (q.utterance, q.start))
    yield from (tuple(parts) for _, parts in groupby(spoken, key=lambda q: q.utterance))


def matches(utterances: Sequence[tuple[Quote, ...]], predicted: Book) -> Iterator[Quote | None]:
    """For each line the predicted quote of any kind that overlaps one of its parts most."""
    quotes = predicted.quotes
    starts = np.array([q.start for q in quotes], np.int64)
    reach = np.maximum.accumulate(np.array([q.end for q in quotes], np.int64))
    for parts in utterances:
        found = [pair for part in parts for pair in _overlaps(part, quotes, starts, reach)]
        yield max(found, key=lambda pair: pair[0])[1] if found else None


def _overlaps(
    part: Quote, quotes: tuple[Quote, ...], starts: NDArray[np.int64], reach: NDArray[np.int64]
) -> Iterator[tuple[int, Quote]]:
    """Characters shared with each predicted quote that shares any; `reach` is the furthest end so far."""
    first = np.searchsorted(reach, part.start, side="right")
    last = np.searchsorted(starts, part.end, side="left")
    for quote in quotes[first:last]:
        shared = min(part.end, quote.end) - max(part.start, quote.start)
        if shared > 0:
            yield shared, quote


def _links(matched: Sequence[tuple[tuple[Quote, ...], Quote | None]]) -> Iterator[tuple[int, int]]:
    """(predicted, gold) for every line that has a speaker."""
    for parts, quote in matched:
        if quote is not None and quote.speaker is not None and parts[0].speaker is not None:
            yield quote.speaker, parts[0].speaker


def _line(case: Case, parts: tuple[Quote, ...], quote: Quote | None, people: dict[int, int]) -> Line:
    gold, entities = parts[0], case.predicted.entities
    speaker = quote.speaker if quote else None
    alternatives = quote.alternatives if quote else ()
    candidates = [c for c in (speaker, *(entity for entity, _ in alternatives)) if c is not None]
    addressees = {people.get(a) for a in (quote.addressees if quote else ())} - {None}
    return Line(
        document=case.document,
        spans=tuple((part.start, part.end) for part in parts),
        type=case.types.get(gold.utterance),
        gold=_name(case.gold, gold.speaker) or "",
        found=quote is not None,
        answered=speaker is not None,
        right=speaker is not None and people.get(speaker) == gold.speaker,
        addressed=bool(addressees & set(gold.addressees)) if gold.addressees else None,
        candidate=any(people.get(c) == gold.speaker for c in candidates),
        speaker=_name(case.predicted, speaker),
        said_by=speaker,
        alternatives=tuple((entities[entity].name, chance) for entity, chance in alternatives),
        confidence=quote.confidence if quote else 0.0,
        why=quote.why if quote else None,
    )


def _name(book: Book, entity: int | None) -> str | None:
    return None if entity is None else book.entities[entity].name


def reasons(measured: Sequence[Measured]) -> list[tuple[str, str, int, int]]:
    """(type, why, lines, lines right), the reasons with the most wrong lines first."""
    lines = [line for document in measured for line in document.lines]
    total = Counter((line.type or "–", _reason(line)) for line in lines)
    right = Counter((line.type or "–", _reason(line)) for line in lines if line.right)
    rows = [(*key, count, right[key]) for key, count in total.items()]
    return sorted(rows, key=lambda row: row[3] - row[2])


def _reason(line: Line) -> str:
    if not line.found:
        return "not found"
    return line.why or "none" if line.answered else "undecided"
