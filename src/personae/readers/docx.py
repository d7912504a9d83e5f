"""Word documents."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from personae.errors import ReadError
from personae.readers.archive import Archive
from personae.readers.classify import classify_marked_up
from personae.readers.pieces import Piece, Span, assemble
from personae.readers.record import Record
from personae.text import BlockKind, Text

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = frozenset({"0", "false", "off", "none"})
_LARGEST_PART = "word/document.xml"


def read(data: bytes, name: str) -> Text:
    """Read a .docx file. Raises ReadError if it is damaged or without text."""
    document = _open(data, name)
    styles = _Styles(document)
    pieces = [piece for p in document.element.body.iter(f"{_W}p") for piece in _pieces(p, styles)]
    record = Record()
    titled = [p for p in pieces if p.kind == "metadata"]
    if titled:
        record.put("title", [titled[0].text])
    classify_marked_up(pieces, record)
    record.put("title", [document.core_properties.title or ""])
    record.put("author", [document.core_properties.author or ""] if document.core_properties.author != "python-docx" else [])
    return assemble(pieces, record.metadata(name), name)


def _open(data: bytes, name: str) -> Any:
    archive = Archive(data, name)
    for entry in archive.names:
        if entry.endswith((".xml", ".rels")):
            archive.read(entry)  # sizes and checksums, before anything unpacks them unasked
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        _ = document.element.body.tag, document.core_properties.title, document.styles.element.tag
    except Exception as error:  # the library raises whatever a broken part makes it stumble over
        raise archive.damaged(f"no Word document: {type(error).__name__}") from None
    return document
