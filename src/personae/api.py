"""The library's front door: a file in, a Book out, a Book into a file."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from personae.book import Book
from personae.cast import Cast, read_cast

if TYPE_CHECKING:
    from personae.annotators.solver import Progress
    from personae.corrections import Corrections
    from personae.text import Text

Source = str | PathLike[str] | BinaryIO


def read(
    source: Source,
    *,
    cast: Cast | str | PathLike[str] | None = None,
    corrections: Corrections | str | PathLike[str] = (),
    progress: Progress | None = None,
) -> Book:
    """Read a story and work out the people in it.

    `source` is a path, "-" for standard input, a folder (read as one story in the order of its file names),
    or an open binary file. `cast` is a Cast or the path of a cast file, `corrections` are what `read_corrections` gives
    or the path of their file (STORY.personae.toml). Raises a PersonaeError on bad input.
    """
    members = cast if cast is None or isinstance(cast, tuple) else read_cast(cast)
    known = corrections if isinstance(corrections, tuple) else read_corrections(corrections)
    return annotate(read_text(source), cast=members, corrections=known, progress=progress)


def read_text(source: Source) -> Text:
    """Read a story without annotating it: its content, blocks and metadata."""
    from personae.readers import read

    return read(source)


def read_corrections(path: str | PathLike[str]) -> Corrections:
    """What a reader has put right, from its file; docs/corrections.md describes it. Raises CorrectionError."""
    from personae.corrections.toml import load

    return load(Path(path))


def annotate(
    text: Text, *, cast: Cast | None = None, corrections: Corrections = (), progress: Progress | None = None
) -> Book:
    """Annotate a Text; the steps are in `personae.annotators`. Corrections that don't fit the text change nothing."""
    from personae import annotators

    return annotators.annotate(text, cast=cast, corrections=corrections, progress=progress or annotators.silent)


def load(source: str | PathLike[str] | bytes) -> Book:
    """Load a Book from a JSON file that `write` made, or from its bytes: `load(write(book)) == book`.

    Raises BookError, which names the place, if it isn't such a file.
    """
    from personae.writers.book_json import load

    return load(source)


def write(book: Book, path: str | PathLike[str], *, format: str | None = None) -> Path:
    """Write `book` to `path` in the format of its ending (or `format`); see `personae formats`.

    The output appears whole or not at all. Raises WriteError if the format is unknown or the path can't be
    written.
    """
    from personae.writers import write

    return write(book, path, format=format)
