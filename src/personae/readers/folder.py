"""A folder, or a zip file of one, read as one story, a file a chapter."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path, PurePath, PurePosixPath

from personae import readers
from personae.errors import ReadError
from personae.readers.archive import Archive
from personae.readers.pieces import clean
from personae.text import Block, Metadata, Text

_DIGITS = re.compile(r"(\d+)")
_LEADING_NUMBER = re.compile(r"^\d{1,4}[\s._-]+(?=\D)")
_SEPARATOR = "\n\n"
PACKED = ".zip"


def read(path: Path) -> Text:
    """Read the files of a folder in natural order of their names. Raises ReadError if none can be read."""
    return join([(f.stem, readers.read(f)) for f in _chapters(path)], clean(path.name))


def read_zip(data: bytes, name: str) -> Text:
    """Read the files of a zip file, as if they lay in a folder. Raises ReadError if none can be read."""
    archive = Archive(data, name)
    entries = sorted((PurePosixPath(e) for e in archive.names if is_chapter(PurePosixPath(e))), key=natural)
    if not entries:
        raise _nothing(name)
    texts = []
    for entry in entries:
        content, inner = archive.read(str(entry)), clean(entry.name)
        try:
            if readers.ending(content, inner) == PACKED:  # a zip file may hold itself
                raise ReadError(f"{inner}: is a zip file too; unpack it first")
            texts.append((entry.stem, readers.read_bytes(content, inner)))
        except ReadError as error:
            raise ReadError(f"{name}, {error}") from None
    return join(texts, clean(PurePosixPath(name).stem))


def pack(path: Path) -> bytes:
    """The files of a folder as a zip file, the same to the byte each time. Raises ReadError if none can be read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in _chapters(path):
            packed.writestr(zipfile.ZipInfo(file.name), file.read_bytes())
    return out.getvalue()


def is_chapter(path: PurePath) -> bool:
    """Whether a file of a folder is read: one with a known ending, not hidden."""
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return path.suffix.lower() in readers.READERS.keys() - {PACKED} and not hidden


def natural(path: PurePath) -> tuple[list[tuple[int, str]], str]:
    """A key that puts "chapter 2" before "chapter 10"."""
    parts = _DIGITS.split(path.name.casefold())
    key = [(int(part) if part.isdecimal() and len(part) < 400 else 0, part) for part in parts]
    return [(number, "" if number else part) for number, part in key], str(path)


def _chapters(path: Path) -> list[Path]:
    """The files of a folder that are read, in order. Raises ReadError if there are none."""
    files = [f for f in path.iterdir() if is_chapter(Path(f.name)) and f.is_file()]
    if not files:
        raise _nothing(clean(path.name) or "folder")
    return sorted(files, key=natural)


def _nothing(name: str) -> ReadError:
    endings = ", ".join(sorted(readers.READERS.keys() - {PACKED}))
    return ReadError(f"{name}: holds no story; put in files ending in {endings}")


def join(texts: list[tuple[str, Text]], name: str) -> Text:
    """One Text of several, each with a heading: its own, or else its title or its file's name."""
    content: list[str] = []
    blocks: list[Block] = []
    emphasis: list[tuple[int, int]] = []
    offset = 0
    for stem, text in texts:
        chapter = blocks[-1].chapter if blocks else 0
        if not any(block.kind == "heading" for block in text.blocks):
            text = _headed(text, text.metadata.title or _LEADING_NUMBER.sub("", clean(stem)))
        blocks += [Block(b.start + offset, b.end + offset, b.kind, b.chapter + chapter) for b in text.blocks]
        emphasis += [(start + offset, end + offset) for start, end in text.emphasis]
        content.append(text.content)
        offset += len(text.content) + len(_SEPARATOR)
    return Text(
        _SEPARATOR.join(content), tuple(blocks), _metadata([t for _, t in texts], name), tuple(emphasis)
    )


def _headed(text: Text, heading: str) -> Text:
    """`text` with a heading above it."""
    heading = " ".join(heading.split())
    shift = len(heading) + len(_SEPARATOR)
    first = Block(0, len(heading), "heading", 1)
    blocks = (Block(b.start + shift, b.end + shift, b.kind, 1) for b in text.blocks)
    return replace(
        text,
        content=heading + _SEPARATOR + text.content,
        blocks=(first, *blocks),
        emphasis=tuple((start + shift, end + shift) for start, end in text.emphasis),
    )


def _metadata(texts: list[Text], name: str) -> Metadata:
    """What the files say together; a title only if they agree on it, or else the folder's name."""
    first = texts[0].metadata
    titles = {t.metadata.title for t in texts} - {None}
    return replace(
        first,
        title=first.title if len(titles) == 1 and first.title else name or None,
        author=next((t.metadata.author for t in texts if t.metadata.author), None),
        source=name,
        notes=tuple(note for t in texts for note in t.metadata.notes),
    )
