"""Small word lists, each a data file whose first comment states its source."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> frozenset[str]:
    """All words of `name`.txt, as they are spelled there."""
    return frozenset(word for line in _lines(f"{name}.txt") for word in line.split())


@cache
def table(name: str) -> dict[str, str]:
    """Word to first column of `name`.tsv; the first line that lists a word counts."""
    entries: dict[str, str] = {}
    for line in _lines(f"{name}.tsv"):
        key, _, rest = line.partition("\t")
        for word in rest.split():
            entries.setdefault(word, key)
    return entries


@cache
def listing(name: str) -> dict[str, tuple[str, ...]]:
    """First column to the words of its line in `name`.tsv."""
    return {
        key: tuple(rest.split()) for key, _, rest in (line.partition("\t") for line in _lines(f"{name}.tsv"))
    }


def _lines(file: str) -> list[str]:
    content = files(__package__).joinpath(file).read_text(encoding="utf-8")
    return [line for line in content.splitlines() if line and not line.startswith("#")]
