"""A Book into files: one module a format, found by the ending of the output's name.

A format's module has `write(book)`, which returns the file's bytes, or, for a format of several files,
the bytes of each by what its name ends in. Modules are imported when they are first used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Literal

from personae.book import Book
from personae.errors import WriteError

Layout = Literal["file", "files", "folder"]


@dataclass(frozen=True, slots=True)
class Writer:
    """One format: its name, the endings that mean it, what it is, and the module that makes it.

    `layout` says where its `parts` go: "file" is OUT itself, "files" lie beside each other as NAME + part,
    "folder" is OUT with NAME + part in it. NAME is the output's name without its ending.
    """

    name: str
    endings: tuple[str, ...]
    description: str
    module: str
    layout: Layout = "file"
    parts: tuple[str, ...] = ()

    def make(self, book: Book) -> Mapping[str, bytes]:
        """The content of each part; a one-file format has the part "" only."""
        content: bytes | Mapping[str, bytes] = import_module(f"{__name__}.{self.module}").write(book)
        return {"": content} if isinstance(content, bytes) else content

    def paths(self, path: Path) -> dict[str, Path]:
        """Where each part goes if the output is `path`."""
        if self.layout == "file":
            return {"": path}
        name = _without_ending(path.name, self.endings)
        folder = path if self.layout == "folder" else path.parent
        return {part: folder / f"{name}{part}" for part in self.parts}


WRITERS: dict[str, Writer] = {
    writer.name: writer
    for writer in (
        Writer("json", (".json",), "everything, as data; Personae reads it back", "book_json"),
        Writer("html", (".html", ".htm"), "one page to read: lines in colour, the cast", "html"),
        Writer("tei", (".tei", ".tei.xml", ".xml"), "TEI P5: the story with said, persName and rs", "tei"),
        Writer(
            "booknlp", (".booknlp",), "a folder with the six files BookNLP makes", "booknlp", "folder",
            (".tokens", ".entities", ".quotes", ".supersense", ".book", ".book.html"),
        ),
        Writer(
            "csv", (".csv",), "tidy tables: tokens, mentions, quotes, entities, relations, supersenses", "tables",
            "files",
            (".tokens.csv", ".mentions.csv", ".quotes.csv", ".entities.csv", ".relations.csv", ".supersenses.csv"),
        ),
        Writer("gold", (".gold.xml",), "a gold scene: a corrected story to learn and measure from", "gold"),
        Writer("lines", (".lines.jsonl",), "a script as data: who reads each piece of the story", "script_lines"),
        Writer("fountain", (".fountain",), "a script as a Fountain screenplay", "fountain"),
        Writer("ssml", (".ssml",), "a script for voices: SSML 1.1", "ssml"),
        Writer("voices", (".voices.txt",), "a script for ebook2audiobook: text with voice tags", "voices"),
    )
}  # fmt: skip


def write(book: Book, path: str | PathLike[str], *, format: str | None = None) -> Path:
    """Write `book` to `path` in the format of its ending, or in `format`; return what to open first.

    That is `path` itself, or the table of lines for "csv"; `outputs` lists every file. The output appears
    whole or not at all. Raises WriteError if the format is unknown or the path can't be written.
    """
    from personae.writers.placing import place

    target, writer = Path(path), _writer(Path(path), format)
    paths = writer.paths(target)
    contents = writer.make(book)
    folder = target if writer.layout == "folder" else None
    place({paths[part]: content for part, content in contents.items()}, folder=folder)
    return paths[".quotes.csv"] if writer.name == "csv" else target


def outputs(path: str | PathLike[str], *, format: str | None = None) -> tuple[Path, ...]:
    """The files that `write` makes for this path. Raises WriteError if the format is unknown."""
    target = Path(path)
    return tuple(_writer(target, format).paths(target).values())


def expect(path: str | PathLike[str], *, format: str | None = None) -> tuple[Path, ...]:
    """`outputs`, after making sure that they can be written. Raises WriteError."""
    from personae.writers.placing import probe

    paths = outputs(path, format=format)
    probe([Path(path)] if _writer(Path(path), format).layout == "folder" else paths)
    return paths


def _writer(path: Path, format: str | None) -> Writer:
    if format is not None:
        if format not in WRITERS:
            raise WriteError(f"{path}: {format!r} is no format; choose one of {', '.join(WRITERS)}")
        return WRITERS[format]
    fitting = [w for w in WRITERS.values() if _without_ending(path.name, w.endings) != path.name]
    if fitting:  # ".gold.xml" before ".xml"
        return min(fitting, key=lambda writer: len(_without_ending(path.name, writer.endings)))
    known = ", ".join(ending for writer in WRITERS.values() for ending in writer.endings)
    raise WriteError(f"{path}: its ending means no format; end the name in one of {known}")


def _without_ending(name: str, endings: tuple[str, ...]) -> str:
    fitting = [ending for ending in endings if name.lower().endswith(ending)]
    return name[: -len(max(fitting, key=len))] if fitting else name
