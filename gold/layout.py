"""What the corpora's folders share: split files, text offsets, paragraph blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from personae.errors import PersonaeError
from personae.text import Block, Text

BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")

MARKS = "\"'“”‘’«»‹›„‚`—–_ \t\n"
"""What a quote's span may begin or end with beside its words."""


class GoldError(PersonaeError):
    """A corpus folder isn't laid out as its loader expects."""


def chosen(folder: Path, split: str | None, present: Iterable[str]) -> list[str]:
    """The documents of `splits/SPLIT.ids` in its order; every document present if no split is named.

    Raises GoldError if the split file is absent, names a document that isn't there, or nothing is left.
    """
    everything = sorted(present)
    if not everything:
        raise GoldError(f"{folder}: holds no document of this corpus; check --data and --corpus")
    if split is None:
        return everything
    wanted = split_ids(folder, split)
    missing = sorted(set(wanted) - set(everything))
    if missing:
        raise GoldError(f"{folder}: split {split} names {missing[0]}, which isn't there")
    return wanted


def split_ids(folder: Path, split: str) -> list[str]:
    """The document ids in `splits/SPLIT.ids`, one a line."""
    path = folder / "splits" / f"{split}.ids"
    if not path.is_file():
        raise GoldError(f"{path}: no such split; leave --split out to take every document")
    return path.read_text(encoding="utf-8").split()


def read_raw(path: Path) -> str:
    """A corpus file with its own line ends, so that the corpus's offsets hold."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except OSError as error:
        raise GoldError(
            f"{path}: can't be read ({error.strerror}); is this folder laid out like the corpus?"
        ) from None


def normalise(raw: str) -> tuple[str, NDArray[np.int64]]:
    """The text as Personae reads it, and for every offset into `raw` the offset into that text.

    Personae drops a byte-order mark and makes every line end a single line feed; nothing else changes.
    """
    codes = np.frombuffer(raw.encode("utf-32-le"), np.uint32)
    dropped = (codes == 0x0D) & (np.append(codes[1:], 0) == 0x0A)
    dropped[:1] |= codes[:1] == 0xFEFF
    moved = np.arange(len(codes) + 1) - np.concatenate([[0], np.cumsum(dropped)])
    return raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), moved


def paragraphs(text: str) -> tuple[Block, ...]:
    """Paragraph blocks: the stretches between blank lines, without the white space around them."""
    borders = [0, *(edge for gap in BLANK_LINES.finditer(text) for edge in gap.span()), len(text)]
    spans = (trim(text, start, end) for start, end in zip(borders[::2], borders[1::2], strict=True))
    return tuple(Block(start, end, "paragraph") for start, end in spans if start < end)


def trim(text: str, start: int, end: int, around: str | None = None) -> tuple[int, int]:
    """The span without white space (or the characters in `around`) at its ends."""
    words = text[start:end]
    start += len(words) - len(words.lstrip(around))
    return start, start + len(words.strip(around))


def as_text(content: str) -> Text:
    """A Text of paragraphs between blank lines, for gold that doesn't come as a story file."""
    return Text(content, paragraphs(content))
