"""The command `personae`: each command reads its arguments, calls the library and prints.

Tables go to standard output, in plain characters where that is no terminal; progress and errors go to
standard error. Exit codes: 0 done, 1 the input or the request is at fault (one line says how), 2 the command
was mistyped, 130 stopped by Ctrl-C. A bug shows its traceback.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from personae.errors import PersonaeError, WriteError

if TYPE_CHECKING:
    from personae.book import Book
    from personae.corrections import Corrections
    from personae.text import Text

READS = {
    (".txt", ".text"): "plain text; paragraphs apart, indented or hard-wrapped; Gutenberg's frame left out",
    (".md", ".markdown"): "Markdown, with or without front matter",
    (".html", ".htm", ".xhtml"): "an AO3 download, a FanFicFare save, a page of FanFiction.net or any other",
    (".epub",): "EPUB 2 and 3; chapters from the table of contents",
    (".docx",): "a Word document",
    (".zip",): "a zip file of chapters, read like a folder of them",
    ("a folder",): "the files in it as one story, in the order of their names",
    ("-",): "standard input; the format is seen from the content",
}
"""What STORY may be, as `personae formats` tells it."""

ANNOTATING = 50
"""How many times as long as opening or writing a file the annotation takes, on the bar of progress."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """The entry point of the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app(prog_name="personae")


def _version(wanted: bool) -> None:
    if wanted:
        from personae import __version__

        typer.echo(f"personae {__version__}")
        raise typer.Exit


@app.callback()
def personae(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Reads a story and works out the people in it: who is "he", who speaks each line, and to whom."""


@app.command()
def read(
    story: Annotated[
        str,
        typer.Argument(metavar="STORY", help="A file, a folder of chapters, or - for standard input."),
    ],
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output", "-o", metavar="OUT",
            help="Write the result there; the name's ending is the format (see personae formats).",
        ),
    ] = None,
    cast: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A CSV file of who is in it: name,aliases,pronouns."),
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What a reader has put right; else STORY.personae.toml, if it is there."),
    ] = None,
    no_corrections: Annotated[
        bool, typer.Option("--no-corrections", help="Leave STORY.personae.toml aside.")
    ] = False,
    explain: Annotated[
        list[int] | None,
        typer.Option(metavar="N", help="Tell why the Nth line was given to whom it was; may be said again."),
    ] = None,
) -> None:  # fmt: skip
    """Read a story, print its cast, and write what was found."""
    outputs = output or []
    with _told():
        _refuse_bad(outputs, story, cast)
        known = () if no_corrections else _corrections(story, corrections)
        book = _read_and_write(story, outputs, cast, known)
        if explain:
            _explain(book, explain)
        else:
            _show(book, outputs)


def _explain(book: Book, numbers: Sequence[int]) -> None:
    from personae.terminal import console, explained

    screen = console(sys.stdout)
    for number in numbers:
        for part in explained(book, number):
            screen.print(part)


def _corrections(story: str, named: Path | None) -> Corrections:
    """Those of the file that is named, else of the one beside the story."""
    from personae.api import read_corrections
    from personae.corrections.toml import beside

    if named is None and (story == "-" or not beside(Path(story)).is_file()):
        return ()
    return read_corrections(named or beside(Path(story)))


@app.command("open")
def open_(
    stories: Annotated[
        list[str] | None,
        typer.Argument(metavar="STORY", help="Files and folders to put on the shelf; without any, the shelf as it is."),
    ] = None,
    shelf: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The file that keeps the stories and their corrections."),
    ] = None,
    port: Annotated[int | None, typer.Option(metavar="N", min=0, max=65535, help="Listen there.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:  # fmt: skip
    """Read and correct stories in the browser; nothing leaves this machine."""
    from personae import serve

    with _told():
        serve.run(shelf or serve.own_shelf(), stories or [], port=port, opened=lambda url: _opened(url, browser))


def _opened(address: str, browser: bool) -> None:
    import webbrowser

    typer.echo(f"The page is at {address} (Ctrl-C stops it)")
    if browser:
        webbrowser.open(address)


@app.command()
def formats() -> None:
    """List the formats that can be read and written."""
    from personae.terminal import console, formats_table
    from personae.writers import WRITERS

    with _told():
        screen = console(sys.stdout)
        for table in formats_table(READS, WRITERS.values()):
            screen.print(table)


@contextmanager
def _told() -> Iterator[None]:
    """Turns a PersonaeError and Ctrl-C into one line on standard error and an exit code."""
    from personae.terminal import printable

    try:
        yield
    except PersonaeError as error:
        typer.echo(f"personae: {printable(str(error))}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("personae: stopped; no half-written file is left", err=True)
        raise typer.Exit(130) from None


def _refuse_bad(outputs: Sequence[Path], story: str, cast: Path | None) -> None:
    """Find out before a long read, not after it, that an output can't be. Raises WriteError."""
    from personae.writers import expect

    inputs = [Path(name) for name in (story, cast) if name is not None and name != "-"]
    for path in (path for output in outputs for path in expect(output)):
        if any(_spoils(path, given) for given in inputs):
            raise WriteError(f"{path}: would change what is read; choose another name for the output")


def _spoils(path: Path, given: Path) -> bool:
    """Whether writing `path` would change the file `given`, or add a chapter to the folder `given`."""
    from personae.readers import READERS

    if given.is_dir():
        return path.suffix.lower() in READERS and path.parent.resolve() == given.resolve()
    return path.exists() and given.exists() and path.samefile(given)


def _read_and_write(story: str, outputs: Sequence[Path], cast: Path | None, corrections: Corrections) -> Book:
    from personae import api
    from personae.cast import read_cast
    from personae.terminal import progress

    members = read_cast(cast) if cast else None
    with progress(sys.stderr, 1 + ANNOTATING + len(outputs)) as at:
        at("opening the file", 0)
        text = api.read_text(story)
        book = api.annotate(
            text, cast=members, corrections=corrections,
            progress=lambda step, done, total: at(step, 1 + ANNOTATING * done / total),
        )  # fmt: skip
        for index, output in enumerate(outputs):
            at(f"writing {output.name}", 1 + ANNOTATING + index)
            api.write(book, output)
    _tell_unfit(text, corrections)
    return book


def _tell_unfit(text: Text, corrections: Corrections) -> None:
    """A line on standard error for each correction that no longer fits; it stays in its file."""
    from personae.corrections.anchors import fit
    from personae.terminal import printable

    for one in fit(corrections, text).unfit:
        typer.echo(printable(f"personae: correction {one.number} no longer fits: {one.text} ({one.reason})"), err=True)


def _show(book: Book, outputs: Sequence[Path]) -> None:
    from personae.terminal import console, report
    from personae.writers import outputs as files

    screen = console(sys.stdout)
    for part in report(book, [(output, files(output)) for output in outputs], short=screen.is_terminal):
        screen.print(part)
