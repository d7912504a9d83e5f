"""A story as a file to keep, in every format that is written."""

from __future__ import annotations

import io
import zipfile

from personae.book import Book
from personae.writers import WRITERS

KINDS = {
    "json": "application/json", "html": "text/html; charset=utf-8", "tei": "application/tei+xml",
    "lines": "application/jsonl", "ssml": "application/ssml+xml",
}  # fmt: skip
EXPORTS = {ending.removeprefix("."): name for name, writer in WRITERS.items() for ending in writer.endings}
EXPORTS |= {name: name for name in WRITERS}
"""What may be asked for (a format's name or its ending), and the format."""


def export(book: Book, wanted: str, name: str) -> tuple[bytes, str, str]:
    """The file's bytes, its name and its media type; several files come as a zip."""
    writer = WRITERS[EXPORTS[wanted]]
    parts = writer.make(book)
    if list(parts) == [""]:
        return parts[""], f"{name}{writer.endings[0]}", KINDS.get(writer.name, "text/plain; charset=utf-8")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for part, content in parts.items():
            file.writestr(zipfile.ZipInfo(f"{name}{part}"), content)
    return out.getvalue(), f"{name}.{writer.name}.zip", "application/zip"
