"""A cast somebody gives beforehand: who is in the story, under which names, with which pronouns."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from personae.errors import CastError

COLUMNS = ("name", "aliases", "pronouns")


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a given cast. `pronouns` is "he/him", "she/her", "they/them", "xe/xem", … or None."""

    name: str
    aliases: tuple[str, ...] = ()
    pronouns: str | None = None


Cast = tuple[Member, ...]


def read_cast(path: str | PathLike[str]) -> Cast:
    """Read a CSV file with the header `name,aliases,pronouns`; aliases are separated by `;`.

    Raises CastError, naming the file and the line, if it can't be read or a row can't be used.
    """
    try:
        content = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        wanted = ",".join(COLUMNS)
        raise CastError(f"{path}: can't be read ({error.strerror}); give a CSV file with {wanted}") from None
    except UnicodeDecodeError:
        raise CastError(f"{path}: isn't UTF-8 text; save the cast as CSV in UTF-8") from None
    return parse_cast(content, name=str(path))


def parse_cast(content: str, *, name: str = "cast") -> Cast:
    """Parse the text of a cast file; `name` is what errors call it."""
    try:
        rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    except csv.Error as error:
        raise CastError(f"{name}: isn't valid CSV ({error}); the header is {','.join(COLUMNS)}") from None
    if not rows or tuple(cell.strip().lower() for cell in rows[0]) != COLUMNS:
        raise CastError(f"{name}, line 1: the header must be {','.join(COLUMNS)}")
    return tuple(_member(row, f"{name}, line {number}") for number, row in enumerate(rows[1:], 2) if any(row))


def _member(row: list[str], where: str) -> Member:
    if len(row) != len(COLUMNS):
        raise CastError(f"{where}: {len(row)} columns instead of {len(COLUMNS)}; separate aliases by ';'")
    name, aliases, pronouns = (cell.strip() for cell in row)
    if not name:
        raise CastError(f"{where}: the name is empty; every row needs one")
    return Member(name, tuple(a.strip() for a in aliases.split(";") if a.strip()), pronouns.lower() or None)
