"""Corrections as CSV, for a spreadsheet: a row for each place or person that a correction names.

Rows of one `number` are one correction. In rows that somebody adds by hand, `op`, `words` and `name` are enough.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from personae.corrections import Anchor, Correction, Corrections, Who
from personae.corrections.toml import correction_of
from personae.errors import CorrectionError

PLACE = ("words", "before", "after", "at", "length")
COLUMNS = ("number", "op", "all", "value", "what", *PLACE, "name", "new", *(f"person_{column}" for column in PLACE))
"""`what` is line, mention, person or was; a row of a line or mention may name the person too."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""How a cell that a spreadsheet would run begins; such a cell gets a ' before it."""


def dumps(corrections: Corrections) -> str:
    """The table, with a byte-order mark so that spreadsheets take it for UTF-8."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for number, one in enumerate(corrections, 1):
        for row in _rows(one):
            head = {"number": number, "op": one.op, "all": "yes" if one.everywhere else "", "value": one.value or ""}
            writer.writerow({key: _safe(value) for key, value in {**head, **row}.items()})
    return "\ufeff" + out.getvalue()


def _rows(one: Correction) -> Iterator[dict[str, Any]]:
    places = [("line", a) for a in one.lines] + [("mention", a) for a in one.mentions]
    joined = len(places) == 1 and len(one.people) == 1
    for what, place in places:
        yield {"what": what, **_place(place, ""), **(_who(one.people[0]) if joined else {})}
    for who in () if joined else one.people:
        yield {"what": "person", **_who(who)}
    if one.was:
        yield {"what": "was", **_who(one.was)}


def _place(one: Anchor, prefix: str) -> dict[str, Any]:
    return {f"{prefix}{column}": getattr(one, column) or "" for column in PLACE}


def _who(one: Who) -> dict[str, Any]:
    place = _place(one.mention, "person_") if one.mention else {}
    return {"name": one.name, "new": "yes" if one.new else "", **place}


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith((*DANGEROUS, "'")) else value


def _unsafe(value: str) -> str:
    return value[1:] if value.startswith("'") and value[1:].startswith((*DANGEROUS, "'")) else value


def loads(content: str, *, name: str = "the table") -> Corrections:
    """Read such a table. Raises CorrectionError, which names the row."""
    try:
        rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline=""), strict=True))
    except csv.Error as error:
        raise CorrectionError(f"{name}: isn't valid CSV ({error}); save it as CSV in UTF-8") from None
    if not rows:
        return ()
    if "op" not in rows[0]:
        raise CorrectionError(f"{name}: the first row must have {', '.join(COLUMNS)}; op at least")
    cells = [{key: _unsafe(value) for key, value in row.items() if key and isinstance(value, str)} for row in rows]
    numbered = [(row.get("number") or f"row {place}", place, row) for place, row in enumerate(cells, 2)]
    found = []
    for _, group in groupby(numbered, key=lambda entry: entry[0]):
        own = list(group)
        found.append(_read([row for _, _, row in own], f"{name}, row {own[0][1]}"))
    return tuple(found)


def _read(rows: list[dict[str, str]], where: str) -> Correction:
    """The rows of one correction, by way of the table that TOML has for it."""
    table: dict[str, Any] = {"op": rows[0].get("op", ""), "all": rows[0].get("all", "").lower() in ("yes", "true", "1")}
    if rows[0].get("value"):
        table["value"] = rows[0]["value"]
    lines: list[dict[str, Any]] = []
    mentions: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    default = "mention" if table["op"] == "mention" else "line"
    for row in rows:
        what = row.get("what") or (default if row.get("words") else "person")
        if what in ("line", "mention"):
            (lines if what == "line" else mentions).append(_cells(row, "", where))
        if what == "was":
            table["was"] = _person(row, where)
        elif row.get("name"):
            people.append(_person(row, where))
    table |= {"lines": lines, "mentions": mentions, "people": people}
    return correction_of(table, where)


def _person(row: Mapping[str, str], where: str) -> dict[str, Any]:
    mention = _cells(row, "person_", where) if row.get("person_words") else None
    return {"name": row["name"], "new": row.get("new", "").lower() in ("yes", "true", "1"), "mention": mention}


def _cells(row: Mapping[str, str], prefix: str, where: str) -> dict[str, Any]:
    found: dict[str, Any] = {key: row.get(prefix + key, "") for key in ("words", "before", "after")}
    for key in ("at", "length"):
        cell = row.get(prefix + key) or "0"
        if not cell.isdecimal():
            raise CorrectionError(f"{where}: {prefix}{key} must be a number, not {cell!r}")
        found[key] = int(cell)
    return found
