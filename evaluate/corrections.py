"""How many clicks bring a story's lines to 100 %: a perfect corrector, with and without solving again.

    python -m evaluate.corrections --data gold/scenes --split dev
    python -m evaluate.corrections --data DIR/pdnc --only TheSignOfTheFour

Nothing is given beforehand. The corrector knows the gold speaker of every line and works as the page has one work:

1. People: where two of the cast are one person, they are made one; a click each.
2. The queue of doubtful lines, least sure first: a line that is right is confirmed, one that is wrong is given its
   speaker, one that is no line in gold is said to be no speech; a click each. A speaker who isn't in the cast is
   brought in with that click.
3. What is still wrong, the least sure first: a click each.

With solving again, every click is evidence: the conversations around it are decided anew, and the queue with them.
Without it, a click changes its own line, all its parts together. Gold lines that nobody found can't be clicked: they
are counted as missed, and cost the same either way. Lines that gold gives no one speaker are left out.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from evaluate.assignment import best_pairs
from evaluate.case import story_of
from evaluate.speakers import matches, utterances
from gold.corpora import CORPORA, guess
from personae.annotators import open_story
from personae.annotators.solver import Solution, Solver
from personae.book import Book, Quote
from personae.corrections import Correction, Who
from personae.corrections.anchors import anchor
from personae.errors import PersonaeError
from personae.writers.html_doubts import doubtful


@dataclass
class Clicks:
    """What it took. `before` are the lines that were right at first."""

    lines: int = 0
    missed: int = 0
    before: int = 0
    merged: int = 0
    confirmed: int = 0
    corrected: int = 0
    removed: int = 0

    @property
    def all(self) -> int:
        return self.merged + self.confirmed + self.corrected + self.removed

    @property
    def wrong(self) -> int:
        """Clicks that put something right, confirmations left out."""
        return self.all - self.confirmed

    def __add__(self, other: Clicks) -> Clicks:
        return Clicks(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass
class Corrector:
    """Knows the gold speaker of each line, and whom of the cast each gold person is."""

    solver: Solver
    gold: Book
    again: bool
    clicks: Clicks = field(default_factory=Clicks)
    corrections: list[Correction] = field(default_factory=list)
    said: dict[int, int] = field(default_factory=dict)
    """Without solving again: lines, by where they start, that have been put right, and their gold speaker."""
    done: set[int] = field(default_factory=set)
    known: dict[str, int] = field(default_factory=dict)
    """Names of the cast, and the gold person that each is."""

    def run(self) -> Clicks:
        """From the first reading to the last wrong line."""
        self.solution: Solution = self.solver.solve()
        self.lines = dict(self._lines())
        self.told = {line.start for line in self._left_out()}
        self._meet()
        self.clicks.before = sum(self._right(line) for line in self.lines)
        self._merge()
        while (line := self._next()) is not None:
            self._answer(line)
        return self.clicks

    @property
    def book(self) -> Book:
        return self.solution.book

    def _lines(self) -> Iterator[tuple[int, int]]:
        """Each found line, by where it starts, with its gold speaker."""
        scored = [parts for parts in utterances(self.gold) if parts[0].speaker is not None]
        self.clicks.lines = len(scored)
        for parts, quote in zip(scored, matches(scored, self.book), strict=True):
            if quote is None or quote.kind not in ("speech", "thought"):
                self.clicks.missed += 1
            elif parts[0].speaker is not None:
                yield quote.start, parts[0].speaker

    def _left_out(self) -> Iterator[Quote]:
        """Lines that overlap gold ones without one speaker: nobody asks about them."""
        unknown = [parts for parts in utterances(self.gold) if parts[0].speaker is None]
        yield from (quote for quote in matches(unknown, self.book) if quote is not None)

    # --- people

    def _meet(self) -> None:
        """Whom of the cast each gold person is: one-to-one, so that most lines agree."""
        votes = Counter(self._votes())
        agreement = np.zeros((len(self.book.entities), len(self.gold.entities)))
        for pair, count in votes.items():
            agreement[pair] = count
        self.known = {self.book.entities[e].name: person for e, person in best_pairs(agreement)}

    def _votes(self) -> Iterator[tuple[int, int]]:
        by_start = {quote.start: quote for quote in self.book.quotes}
        for line, person in self.lines.items():
            speaker = by_start[line].speaker
            if speaker is not None:
                yield speaker, person

    def _merge(self) -> None:
        """Others of the cast most of whose lines are somebody's who has another name."""
        names = {person: name for name, person in self.known.items()}
        own: dict[int, Counter[int]] = {}
        for entity, person in self._votes():
            own.setdefault(entity, Counter())[person] += 1
        for entity, people in own.items():
            name, (person, count) = self.book.entities[entity].name, people.most_common(1)[0]
            if name not in self.known and person in names and 2 * count > people.total():
                self.known[name] = person
                self.clicks.merged += 1
                self.corrections.append(Correction("merge", people=(Who(names[person]), Who(name))))
        if self.again and self.corrections:
            self._solve()

    # --- lines

    def _next(self) -> int | None:
        """The line to look at: the first in the queue, else the least sure of those that are wrong."""
        waiting = [q for q in doubtful(self.book) if q.start not in self.done and q.why != "pinned"]
        waiting = [q for q in waiting if q.start not in self.told]
        if waiting:
            return waiting[0].start
        wrong = {line for line in self.lines if line not in self.done and not self._right(line)}
        left = [q for q in self.book.quotes if q.start in wrong]
        return min(left, key=lambda q: (q.confidence, q.start)).start if left else None

    def _right(self, line: int) -> bool:
        if line in self.said:
            return self.said[line] == self.lines[line]
        quote = next((q for q in self._quotes_at(line)), None)
        name = None if quote is None or quote.speaker is None else self.book.entities[quote.speaker].name
        return name is not None and self.known.get(name) == self.lines[line]

    def _quotes_at(self, line: int) -> Iterator[Quote]:
        if self._index_of is not self.book:
            self._index_of, self._index = self.book, {q.start: q for q in self.book.quotes}
        if line in self._index:
            yield self._index[line]

    _index_of: Book | None = None
    _index: dict[int, Quote] = field(default_factory=dict)

    def _answer(self, line: int) -> None:
        self.done.add(line)
        quote = next(self._quotes_at(line))
        place = (anchor(self.book.text, quote.start, quote.end),)
        if line not in self.lines:
            if any(q.utterance == quote.utterance and q.start in self.lines for q in self.book.quotes):
                return  # another part of a line that is looked at by itself
            self.clicks.removed += 1
            self._take(Correction("not_speech", place), quote)
        elif self._right(line):
            self.clicks.confirmed += 1
            self._take(Correction("speaker", place, people=(self._who(self.lines[line]),)), quote)
        else:
            self.clicks.corrected += 1
            self._take(Correction("speaker", place, people=(self._who(self.lines[line]),)), quote)

    def _who(self, person: int) -> Who:
        """The name in the cast of a gold person, who is brought in if there is none."""
        for name, known in self.known.items():
            if known == person:
                return Who(name)
        name = self.gold.entities[person].name
        self.known[name] = person
        return Who(name, new=True)

    def _take(self, correction: Correction, quote: Quote) -> None:
        if self.again:
            self.corrections.append(correction)
            self._solve()
        elif correction.op == "speaker":
            parts = [q.start for q in self.book.quotes if q.utterance == quote.utterance]
            self.said |= {start: self.lines[quote.start] for start in parts}
            self.done.update(parts)

    def _solve(self) -> None:
        corrections = tuple(self.corrections)
        self.solution = self.solver.quick(corrections, self.solution) or self.solver.solve(corrections)


def measure(corpus: str, folder: Path, document: str) -> tuple[Clicks, Clicks]:
    """Clicks without and with solving again."""
    gold = CORPORA[corpus].load(folder, document)
    solver = open_story(story_of(corpus, folder, document, gold))
    solver.remember()
    return Corrector(solver, gold, False).run(), Corrector(solver, gold, True).run()


ROWS: dict[str, Callable[[Clicks], float]] = {
    "lines": lambda c: c.lines, "right at first, %": lambda c: 100 * c.before / c.lines,
    "missed": lambda c: c.missed, "people made one": lambda c: c.merged, "confirmed": lambda c: c.confirmed,
    "given a speaker": lambda c: c.corrected, "said to be no speech": lambda c: c.removed,
    "clicks per 100 lines": lambda c: 100 * c.all / c.lines,
    "of them not confirmations": lambda c: 100 * c.wrong / c.lines,
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 and one line for a mistake in the request or the data."""
    parser = argparse.ArgumentParser(prog="python -m evaluate.corrections", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--split", metavar="NAME")
    parser.add_argument("--only", nargs="+", metavar="DOCUMENT")
    options = parser.parse_args(arguments)
    try:
        corpus = guess(options.data)
        documents = options.only or CORPORA[corpus].documents(options.data, options.split)
        measured = [measure(corpus, options.data, document) for document in documents]
    except (PersonaeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    _show(f"{corpus}, {', '.join(documents) if len(documents) < 4 else f'{len(documents)} documents'}", measured)
    return 0


def _show(title: str, measured: Sequence[tuple[Clicks, Clicks]]) -> None:
    alone, again = (sum(column, Clicks()) for column in zip(*measured, strict=True))
    table = Table("", "each line by itself", "solving again")
    for name, value in ROWS.items():
        table.add_row(name, *(f"{value(one):.1f}".removesuffix(".0") for one in (alone, again)))
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(title, highlight=False)
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
