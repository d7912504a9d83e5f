"""`STORY.personae.toml`: a `[[correction]]` table for each thing put right, in order; made to be read and compared."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from personae.corrections import OPS, Anchor, Correction, Corrections, Who
from personae.errors import CorrectionError

FORMAT = "personae-corrections/1"
ENDING = ".personae.toml"

_PLAIN = re.compile(r"[\x00-\x1f\x7f\"\\\ud800-\udfff]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def beside(story: Path) -> Path:
    """Where the corrections of a story lie."""
    return story.with_name(story.name + ENDING)


def dumps(corrections: Corrections) -> str:
    """The file's text."""
    tables = "".join(f"\n[[correction]]\n{''.join(_pairs(one))}" for one in corrections)
    return f'# What a reader has put right; see docs/corrections.md of Personae.\nformat = "{FORMAT}"\n{tables}'


def table_of(one: Correction) -> dict[str, Any]:
    """A correction as plain values, the way the file has it; `correction_of` reads it back."""
    found: dict[str, Any] = {"op": one.op}
    for name, anchors in (("line", one.lines), ("mention", one.mentions)):
        if anchors:
            many = [_anchor_table(anchor) for anchor in anchors]
            found |= {name: many[0]} if len(many) == 1 else {f"{name}s": many}
    if one.people:
        people = [_who_table(who) for who in one.people]
        found |= {"person": people[0]} if len(people) == 1 else {"people": people}
    if one.value is not None:
        found["value"] = one.value
    if one.was:
        found["was"] = _who_table(one.was)
    return found | ({"all": True} if one.everywhere else {})


def _anchor_table(one: Anchor) -> dict[str, Any]:
    found: dict[str, Any] = {"words": one.words, "before": one.before, "after": one.after, "at": one.at}
    return found | ({"length": one.length} if one.length else {})


def _who_table(one: Who) -> str | dict[str, Any]:
    if not one.mention and not one.new:
        return one.name
    found: dict[str, Any] = {"name": one.name} | ({"new": True} if one.new else {})
    return found | ({"mention": _anchor_table(one.mention)} if one.mention else {})


def _pairs(one: Correction) -> Iterator[str]:
    for name, value in table_of(one).items():
        if isinstance(value, list) and isinstance(value[0], dict):
            rows = "".join(f"  {_value(item)},\n" for item in value)
            yield f"{name} = [\n{rows}]\n"
        else:
            yield f"{name} = {_value(value)}\n"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_value(item)}' for key, item in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return _string(value) if isinstance(value, str) else str(value).lower()


def _string(text: str) -> str:
    """A basic string of TOML; a lone surrogate, which TOML can't hold, becomes U+FFFD."""

    def escaped(match: re.Match[str]) -> str:
        character = match[0]
        if "\ud800" <= character <= "\udfff":
            return "\ufffd"
        return _ESCAPES.get(character) or f"\\u{ord(character):04X}"

    return f'"{_PLAIN.sub(escaped, text)}"'


def load(path: Path) -> Corrections:
    """Read a file of corrections. Raises CorrectionError, which names the file and the place."""
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CorrectionError(f"{path}: can't be read ({error.strerror}); check the path") from None
    except UnicodeDecodeError:
        raise CorrectionError(f"{path}: isn't UTF-8 text; save it as UTF-8") from None
    return loads(content, name=str(path))


def loads(content: str, *, name: str = "corrections") -> Corrections:
    """Read the text of such a file; `name` is what errors call it."""
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise CorrectionError(f"{name}: isn't valid TOML ({error}); correct it there") from None
    if data.get("format") != FORMAT:
        raise CorrectionError(f'{name}: has no format = "{FORMAT}"; is it a file of corrections?')
    tables = data.get("correction", [])
    if not isinstance(tables, list):
        raise CorrectionError(f"{name}: correction must be a list of [[correction]] tables")
    return tuple(correction_of(table, f"{name}, correction {n}") for n, table in enumerate(tables, 1))


def correction_of(table: Any, where: str) -> Correction:
    """One table as a Correction. Raises CorrectionError."""
    if not isinstance(table, Mapping) or table.get("op") not in OPS:
        raise CorrectionError(f"{where}: op must be one of {', '.join(OPS)}")
    return Correction(
        op=table["op"],
        lines=_anchors(table, "line", where),
        mentions=_anchors(table, "mention", where),
        people=tuple(_read_who(who, where) for who in _several(table, "person", "people")),
        value=_text(table.get("value"), where) if table.get("value") is not None else None,
        was=_read_who(table["was"], where) if table.get("was") is not None else None,
        everywhere=table.get("all") is True,
    )


def _several(table: Mapping[str, Any], one: str, several: str) -> list[Any]:
    if one in table:
        return [table[one]]
    found = table.get(several, [])
    return found if isinstance(found, list) else [found]


def _anchors(table: Mapping[str, Any], name: str, where: str) -> tuple[Anchor, ...]:
    return tuple(_read_anchor(value, where) for value in _several(table, name, f"{name}s"))


def _read_anchor(value: Any, where: str) -> Anchor:
    if isinstance(value, str):
        return Anchor(value)
    if not isinstance(value, Mapping) or not isinstance(value.get("words"), str):
        raise CorrectionError(f'{where}: a place needs words, as {{ words = "…" }}')
    before, after = (_text(value.get(key, ""), where) for key in ("before", "after"))
    at, length = (value.get(key, 0) for key in ("at", "length"))
    if not all(isinstance(number, int) and 0 <= number < 2**31 for number in (at, length)):
        raise CorrectionError(f"{where}: at and length must be numbers from 0")
    return Anchor(value["words"], before, after, at, length)


def _read_who(value: Any, where: str) -> Who:
    if isinstance(value, str):
        return Who(value)
    if not isinstance(value, Mapping):
        raise CorrectionError(f"{where}: a person must be a name, or a table with a name")
    mention = _read_anchor(value["mention"], where) if value.get("mention") is not None else None
    return Who(_text(value.get("name"), where), mention, value.get("new") is True)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise CorrectionError(f"{where}: {value!r} must be text in quotation marks")
    return value
