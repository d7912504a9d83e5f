"""The passages in tests/cases: who speaks each line. tests/cases/README.md says how they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import personae
from personae.book import Book, Entity, Quote
from tests.stories import text_of

FOLDER = Path(__file__).parent / "cases"
MOST_GAPS = 6
"""Known gaps that there may be; lower it when one is closed."""

NOT_SPEECH = "not speech"
OPEN = "nobody known"
NARRATOR = "narrator"


@dataclass(frozen=True)
class Expected:
    """The parts of one utterance, who says it, and, where the case tells, to whom."""

    parts: tuple[str, ...]
    speaker: str
    addressees: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    topic: str
    title: str
    passage: str
    lines: tuple[Expected, ...]
    gap: str | None


def read_cases(path: Path) -> list[Case]:
    parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not parts[0].strip(), f"{path.name}: begins with something that is no case"
    return [_case(path.stem, part) for part in parts[1:]]


def _case(topic: str, part: str) -> Case:
    head, _, rest = part.partition("\n")
    gap = re.match(r"known gap: (.+)\n", rest)
    passage, mark, lines = (rest[gap.end() :] if gap else rest).partition("\n---\n")
    assert mark, f"{topic}: {head} has no line ---"
    expected = tuple(_expected(line) for line in lines.splitlines() if line.strip())
    return Case(topic, head, passage.strip(), expected, gap[1] if gap else None)


def _expected(line: str) -> Expected:
    words, mark, who = line.rpartition(" = ")
    assert mark, f"no ' = ' in {line}"
    speaker, _, addressees = who.partition(" -> ")
    return Expected(tuple(words.split(" + ")), speaker, tuple(filter(None, addressees.split(", "))))


CASES = [case for path in sorted(FOLDER.glob("*.txt")) for case in read_cases(path)]


def _parameter(case: Case) -> Any:
    marks = [pytest.mark.xfail(reason=case.gap, strict=False)] if case.gap else []
    return pytest.param(case, id=f"{case.topic}: {case.title}", marks=marks)


@pytest.mark.parametrize("case", [_parameter(case) for case in CASES])
def test_case(case: Case) -> None:
    book = personae.annotate(text_of(case.passage))
    found = [_told(book, quote) for quote in book.quotes if quote.kind in ("speech", "thought")]
    wanted = [part for line in case.lines if line.speaker != NOT_SPEECH for part in line.parts]
    assert len(found) == len(wanted), f"lines found: {found}"
    at = 0
    for line in case.lines:
        at = _check(book, line, case.passage, at)


def test_known_gaps_are_few() -> None:
    assert sum(case.gap is not None for case in CASES) <= MOST_GAPS
    assert len({(case.topic, case.title) for case in CASES}) == len(CASES) >= 60


def _check(book: Book, line: Expected, passage: str, at: int) -> int:
    """Compare one expected utterance, whose first part starts at or after `at`; return where it ends."""
    utterances = set()
    for part in line.parts:
        start, end = _find(part, passage, at)
        quote = _quote_at(book, start, end)
        at = end
        if line.speaker == NOT_SPEECH:
            assert quote is None or quote.kind not in ("speech", "thought"), _told(book, quote)
            continue
        assert quote is not None, f"no line at {part}"
        utterances.add(quote.utterance)
        _check_people(book, line, quote)
    assert len(utterances) <= 1, "parts of one utterance were taken apart"
    return at


def _check_people(book: Book, line: Expected, quote: Quote) -> None:
    told = _told(book, quote)
    if line.speaker == OPEN:
        assert quote.speaker is None, told
        return
    assert quote.speaker is not None and _is_called(book.entities[quote.speaker], line.speaker), told
    if line.addressees:
        people = [book.entities[id] for id in quote.addressees]
        assert len(people) == len(line.addressees), told
        assert all(any(_is_called(one, name) for one in people) for name in line.addressees), told


def _find(part: str, passage: str, at: int) -> tuple[int, int]:
    pattern = r"(?:.|\n)+?".join(map(re.escape, re.split(r" … | …$", part)))
    found = re.compile(pattern).search(passage, at)
    assert found, f"{part} isn't in the passage"
    return found.span()


def _quote_at(book: Book, start: int, end: int) -> Quote | None:
    return next((q for q in book.quotes if q.start < end and start < q.end), None)


def _is_called(person: Entity, name: str) -> bool:
    """Any of the person's names, or its last word: "Benno" for "Old Benno"."""
    if name == NARRATOR:
        return person.narrator
    names = [alias.casefold() for alias in (person.name, *person.aliases)]
    return any(alias == name.casefold() or alias.endswith(" " + name.casefold()) for alias in names)


def _told(book: Book, quote: Quote) -> str:
    who = None if quote.speaker is None else book.entities[quote.speaker].name
    to = [book.entities[id].name for id in quote.addressees]
    return f"{book.text[quote.start : quote.end]} ({quote.kind}, {quote.why}) = {who} -> {', '.join(to)}"
