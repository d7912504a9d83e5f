"""docs/formats.md names every format, ending, table, column and key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from personae.writers import WRITERS, booknlp, tables
from personae.writers.book_json import write
from tests.writers.books import harbour

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WRITERS)
def test_formats(name: str) -> None:
    section = _section(f"## {name}: ")
    for word in (*WRITERS[name].endings, *WRITERS[name].parts):
        assert f"`{word}`" in section or f"OUT{word}`" in section, word
    assert f"personae read STORY -o OUT{WRITERS[name].endings[0]}" in section


@pytest.mark.parametrize("table", tables.TABLES)
def test_tables(table: str) -> None:
    section = _section(f"### {table}\n")
    assert [column for column in tables.TABLES[table] if f"`{column}`" not in section] == []


@pytest.mark.parametrize("part", booknlp.COLUMNS)
def test_columns_of_booknlp(part: str) -> None:
    section = _section("## booknlp: ")
    assert [column for column in booknlp.COLUMNS[part] if f"`{column}`" not in section] == []


def test_keys_of_json() -> None:
    section = _section("## json: ")
    keys = set(_keys(json.loads(write(harbour())))) - {"fandom", "characters", "personae", "weights"}
    assert [key for key in sorted(keys) if f"`{key}`" not in section] == []


def _section(heading: str) -> str:
    """From a heading to the next of its level."""
    level = heading.split(" ")[0]
    assert f"\n{heading}" in PAGE, heading
    return PAGE.split(f"\n{heading}")[1].split(f"\n{level} ")[0]


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _keys(inner)
