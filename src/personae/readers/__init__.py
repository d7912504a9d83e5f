"""Bytes in, a Text out: one module a format, and what tells the formats apart."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import import_module
from os import PathLike, fspath
from pathlib import Path
from typing import BinaryIO

from personae.errors import ReadError
from personae.text import Text

Reader = Callable[[bytes, str], Text]


def _reader(module: str, function: str = "read") -> Reader:
    """A function of a module here, which is imported when it is first needed."""

    def read_with(data: bytes, name: str) -> Text:
        read: Reader = getattr(import_module(f"personae.readers.{module}"), function)
        return read(data, name)

    return read_with


_TXT, _MD, _HTML, _EPUB, _DOCX = map(_reader, ("txt", "md", "html", "epub", "docx"))
READERS: dict[str, Reader] = {
    ".txt": _TXT,
    ".text": _TXT,
    ".md": _MD,
    ".markdown": _MD,
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
    ".epub": _EPUB,
    ".docx": _DOCX,
    ".zip": _reader("folder", "read_zip"),
}
"""Ending to the function that reads `(data, name)`; `name` is what metadata and errors call the source."""

_FOREIGN = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"7z\xbc\xaf", "a packed file (7z)"),
    (b"Rar!", "a packed file (RAR)"),
)
_MOBI = (b"BOOKMOBI", b"TEXtREAd")
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?(?:<!--.{0,500}?-->\s{0,200})?"
    rb"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(rb"</?[a-zA-Z!]")
LARGEST = 300 * 2**20
"""Bytes; the largest file that is read."""


def read(source: str | PathLike[str] | BinaryIO) -> Text:
    """Read a story from a path, "-" (standard input), a folder or an open binary file.

    Raises ReadError, which says in one line what is wrong.
    """
    if not isinstance(source, str | PathLike):
        return _read_open(source)
    if source == "-":
        return _read_open(sys.stdin.buffer, "standard input")
    path = Path(fspath(source))
    name = _printable(path.name or str(path))
    try:
        if path.is_dir():
            return import_module("personae.readers.folder").read(path)  # type: ignore[no-any-return]
        if path.stat().st_size > LARGEST:
            raise ReadError(f"{name}: is larger than {LARGEST >> 20} MB; give one story at a time")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise ReadError(f"{_printable(str(path))}: can't be read ({reason}); check the path") from None
    return read_bytes(data, name)


def read_bytes(data: bytes, name: str) -> Text:
    """Read a story from `data`; `name` gives the format by its ending, unless the content says otherwise."""
    if not data.strip():
        raise ReadError(f"{name}: is empty; give a file with a story in it")
    return READERS[ending(data, name)](data, name)


def ending(data: bytes, name: str) -> str:
    """The ending in READERS that fits the content best, and the name if the content leaves it open."""
    for start, what in _FOREIGN:
        if data.startswith(start):
            raise ReadError(f"{name}: is {what}; save it as .txt, .html, .epub or .docx")
    if data[60:68] in _MOBI:
        raise ReadError(f"{name}: is a Kindle book; convert it to .epub")
    named = Path(name).suffix.lower()
    if data.startswith(b"PK"):
        return _zipped(data, name, named)
    if _HTML_START.match(data):
        return ".html"
    if named in (".html", ".htm", ".xhtml"):
        return named if _TAG.search(data, 0, 2**20) or b"\0" in data[:4096] else ".txt"
    return named if named in (".md", ".markdown") else ".txt"


def _zipped(data: bytes, name: str, named: str) -> str:
    from personae.readers.archive import Archive

    names = Archive(data, name).names
    if any(entry.startswith("word/") for entry in names):
        return ".docx"
    if "META-INF/container.xml" in names or any(entry.endswith(".opf") for entry in names):
        return ".epub"
    if named in (".epub", ".docx"):
        what = "no EPUB" if named == ".epub" else "no Word document"
        raise ReadError(f"{name}: is a zip file but {what}; give the story itself")
    return ".zip"


def _read_open(file: BinaryIO, name: str | None = None) -> Text:
    given = name or getattr(file, "name", None)
    name = _printable(Path(given).name) if isinstance(given, str) else "the open file"
    try:
        data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise ReadError(f"{name}: can't be read ({error}); check where it comes from") from None
    if not isinstance(data, bytes):
        raise ReadError(f"{name}: was opened as text; open it with mode 'rb'")
    if len(data) > LARGEST:
        raise ReadError(f"{name}: is larger than {LARGEST >> 20} MB; give one story at a time")
    return read_bytes(data, name)


def _printable(name: str) -> str:
    """A file name on one line, as it can be written to UTF-8."""
    name = name.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() else "\ufffd" for c in name)
