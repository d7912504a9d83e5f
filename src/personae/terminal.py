"""How a Book looks on a terminal, and plainly where there is none. Nothing here prints by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, TextIO

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from personae.text import STORY_KINDS

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from personae.book import Book, Entity
    from personae.writers import Writer

At = Callable[[str, float], None]
"""Called with what is done now and how many parts of the whole are done."""

PLAIN_WIDTH = 400
"""Columns where there is no terminal: wide enough that nothing is cut."""

SHOWN = 25
"""People in the short table."""

PATIENCE = 1.0
"""Seconds before progress shows."""

STEPS = {
    "reading": "reading the story",
    "conversations": "working out who speaks",
    "people": "telling people apart",
    "book": "putting the book together",
}
"""What `annotate` says it is doing, in words."""


def console(stream: TextIO) -> Console:
    """A console on `stream`; without a terminal it writes no escape codes and cuts no line."""
    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def printable(words: str) -> str:
    """`words` on one line, without characters that would act on the terminal."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in words)


def report(
    book: Book, outputs: Sequence[tuple[Path, Sequence[Path]]], *, short: bool
) -> Iterator[RenderableType]:
    """Title, cast, counts, and where the results are; `short` leaves out people who are hardly there."""
    yield _title(book)
    shown = book.cast[:SHOWN] if short else book.cast
    yield _cast_table(shown) if shown else Text("Nobody found.")
    if len(shown) < len(book.cast):
        yield Text(f"  and {len(book.cast) - len(shown):,} more, mentioned less often\n", style="dim")
    yield _counts(book)
    if outputs:
        yield _results(outputs)


def explained(book: Book, number: int) -> Iterator[RenderableType]:
    """A line, whom it was given to, and why, each reason with the words of the story that it rests on."""
    from personae.explanations import explain, spoken

    grounds = explain(book, number)
    quote = spoken(book)[number - 1]
    speaker = "nobody yet" if quote.speaker is None else printable(book.entities[quote.speaker].name)
    sure = "" if quote.speaker is None else f" ({quote.confidence:.0%} sure)"
    yield Text(f"Line {number}: {printable(book.text[quote.start : quote.end])}", style="bold")
    yield Text(f"  {speaker}{sure}")
    for ground in grounds:
        yield Text(f"  - {printable(ground.text)}")
        if ground.span:
            yield Text(f"      {printable(book.text[slice(*ground.span)])}", style="dim")


def formats_table(reads: Mapping[tuple[str, ...], str], writers: Iterable[Writer]) -> Iterator[Table]:
    """What STORY and OUT may be."""
    table = _table("STORY", "What is read")
    for endings, what in reads.items():
        table.add_row(" ".join(endings), what)
    yield table
    table = _table("OUT", "Format", "What is written")
    for writer in writers:
        table.add_row(" ".join(writer.endings), writer.name, writer.description)
    yield table


@contextmanager
def progress(stream: TextIO, total: int) -> Iterator[At]:
    """A bar of `total` parts on `stream` once the work has taken a second, if that is a terminal."""
    bar = _Bar(total)
    timer = Timer(PATIENCE, bar.show, (stream,))
    timer.daemon = True
    if stream.isatty():
        timer.start()
    try:
        yield bar.at
    finally:
        timer.cancel()
        bar.hide()


class _Bar:
    """Progress that is kept from the start and drawn once `show` is called, from another thread."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._now = ("", 0.0)
        self._began = time.monotonic()
        self._drawn: tuple[Progress, TaskID] | None = None
        self._over = False

    def at(self, step: str, done: float) -> None:
        self._now = (printable(STEPS.get(step, step)), done)
        if self._drawn:
            drawn, task = self._drawn
            drawn.update(task, description=self._now[0], completed=done)

    def show(self, stream: TextIO) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        share = TextColumn("{task.percentage:>3.0f} %", markup=False)
        columns = (TextColumn("{task.description}", markup=False), BarColumn(30), share, TimeElapsedColumn())
        drawn = Progress(*columns, console=console(stream), transient=True)
        if self._over:
            return
        step, done = self._now
        self._drawn = drawn, drawn.add_task(step, total=self._total)
        self.at(step, done)
        drawn.start()

    def hide(self) -> None:
        self._over = True
        if self._drawn:
            self._drawn[0].stop()


def _title(book: Book) -> Text:
    title = Text(printable(book.metadata.title or book.metadata.source or "Untitled"), style="bold")
    if book.metadata.author:
        title.append(f" by {printable(book.metadata.author)}", style="not bold")
    return title


def _table(*columns: str, numbers: Sequence[str] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=True)
    for column in (*columns, *numbers):
        table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    return table


def _cast_table(people: Iterable[Entity]) -> Table:
    table = _table("Name", "Pronouns", "", numbers=("Lines", "Mentions"))
    for person in people:
        mark = "narrator" if person.narrator else "group" if person.kind == "group" else ""
        table.add_row(
            Text(printable(person.name), style="bold" if person.quotes else ""),
            Text(printable(person.pronouns or "?"), style="" if person.pronouns else "dim"),
            Text(mark, style="italic"),
            *(Text(f"{n:,}", style="" if n else "dim") for n in (person.quotes, person.mentions)),
        )
    return table


def _counts(book: Book) -> Text:
    words = sum(len(book.text[b.start : b.end].split()) for b in book.blocks if b.kind in STORY_KINDS)
    lines = [quote for quote in book.quotes if quote.kind == "speech"]
    undecided = sum(quote.speaker is None for quote in lines)
    parts = (
        _count(sum(person.kind == "person" for person in book.cast), "person", "people"),
        _count(words, "word", "words"),
        _count(len(lines), "line", "lines"),
        f"{undecided:,} undecided",
    )
    return Text(" · ".join(parts))


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def _results(outputs: Sequence[tuple[Path, Sequence[Path]]]) -> Text:
    """The place of each output, which a terminal may let you click."""
    lines = Text()
    for output, files in outputs:
        for path in [output] if output in files or output.is_dir() else files:
            lines.append("\nwritten to " if not lines else "\n           ", style="dim")
            lines.append(printable(str(path)), style=f"bold link {path.absolute().as_uri()}")
    return lines
