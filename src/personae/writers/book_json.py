"""The Book as JSON, format "personae-book/1": `load(write(book)) == book`.

Every kind of record has one table here, key to attribute and type, which both directions follow.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from personae.book import Book, Claim, Entity, Mention, Quote, Relation, Scene, check
from personae.errors import BookError
from personae.text import Block, Metadata
from personae.writers.json_columns import (
    grammar_in,
    grammar_out,
    supersenses_in,
    supersenses_out,
    tokens_in,
    tokens_out,
)
from personae.writers.json_stream import JsonStream, dump, need

FORMAT = "personae-book/1"


class _Type(NamedTuple):
    """What a value must be: the words for it, a test, and how it becomes the attribute."""

    words: str
    fits: Callable[[Any], bool]
    convert: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _is_integer(value: Any) -> bool:
    return type(value) is int


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _is_span(value: Any) -> bool:
    return type(value) is list and len(value) == 2 and _is_integer(value[0]) and _is_integer(value[1])


def _is_candidate(value: Any) -> bool:
    return type(value) is list and len(value) == 2 and _is_integer(value[0]) and _is_number(value[1])


def _is_string(value: Any) -> bool:
    return type(value) is str


def _optional(kind: _Type) -> _Type:
    return _Type(
        f"{kind.words} or null",
        lambda value: value is None or kind.fits(value),
        lambda value: None if value is None else kind.convert(value),
    )


def _list(kind: _Type, words: str) -> _Type:
    return _Type(
        f"a list of {words}",
        lambda value: type(value) is list and all(map(kind.fits, value)),
        tuple if kind.convert is _same else lambda value: tuple(map(kind.convert, value)),
    )


_INTEGER = _Type("a whole number", _is_integer, _same)
_NUMBER = _Type("a number", _is_number, float)
_STRING = _Type("a string", _is_string, _same)
_FLAG = _Type("true or false", lambda value: type(value) is bool, _same)
_SPAN = _Type("[start, end]", _is_span, tuple)
_INTEGERS = _list(_INTEGER, "whole numbers")
_STRINGS = _list(_STRING, "strings")
_SPANS = _list(_SPAN, "[start, end]")
_CANDIDATE = _Type("[id, probability]", _is_candidate, lambda value: (value[0], float(value[1])))
_CANDIDATES = _list(_CANDIDATE, "[id, probability]")
_OBJECT = _Type("an object", lambda value: type(value) is dict, MappingProxyType)
_TAGS = _Type(
    "an object of lists of strings",
    lambda value: type(value) is dict and all(map(_STRINGS.fits, value.values())),
    lambda value: MappingProxyType({kind: tuple(tags) for kind, tags in value.items()}),
)

_METADATA = {
    "title": _optional(_STRING), "author": _optional(_STRING), "source": _optional(_STRING),
    "language": _optional(_STRING), "summary": _optional(_STRING), "notes": _STRINGS, "series": _STRINGS,
    "tags": _TAGS,
}  # fmt: skip
_BLOCK = {"start": _INTEGER, "end": _INTEGER, "kind": _STRING, "chapter": _INTEGER}
_ENTITY = {
    "id": _INTEGER, "kind": _STRING, "name": _STRING, "aliases": _STRINGS, "pronouns": _optional(_STRING),
    "narrator": _FLAG, "cast": _optional(_INTEGER), "mentions": _INTEGER, "quotes": _INTEGER,
}  # fmt: skip
_MENTION = {
    "start": _INTEGER, "end": _INTEGER, "head": _SPAN, "form": _STRING, "entities": _INTEGERS,
    "confidence": _NUMBER, "kind": _STRING, "type": _optional(_STRING),
}  # fmt: skip
_QUOTE = {
    "id": _INTEGER, "start": _INTEGER, "end": _INTEGER, "kind": _STRING, "utterance": _INTEGER,
    "speaker": _optional(_INTEGER), "addressees": _INTEGERS, "confidence": _NUMBER, "why": _optional(_STRING),
    "cue": _optional(_SPAN), "alternatives": _CANDIDATES,
}  # fmt: skip
_SCENE = {
    "start": _INTEGER, "end": _INTEGER, "place": _optional(_INTEGER), "time": _optional(_STRING),
    "present": _INTEGERS,
}  # fmt: skip
_RELATION = {"from": _INTEGER, "to": _INTEGER, "kind": _STRING, "weight": _NUMBER, "evidence": _SPANS}
_CLAIM = {
    "by": _INTEGER, "to": _INTEGERS, "act": _STRING, "about": _INTEGERS, "what": _STRING, "polarity": _FLAG,
    "evidence": _SPANS, "against": _INTEGERS, "confidence": _NUMBER,
}  # fmt: skip

_RECORDS: dict[str, tuple[Callable[..., Any], dict[str, _Type]]] = {
    "blocks": (Block, _BLOCK), "entities": (Entity, _ENTITY), "mentions": (Mention, _MENTION),
    "quotes": (Quote, _QUOTE), "scenes": (Scene, _SCENE), "relations": (Relation, _RELATION),
    "claims": (Claim, _CLAIM),
}  # fmt: skip
_SINGLE = {"text": _STRING, "made_by": _OBJECT}
_RENAMED = {("relations", "from"): "source", ("relations", "to"): "target"}
_COLUMNS: dict[str, tuple[Callable[[Any], Iterable[str]], Callable[[JsonStream], Any]]] = {
    "tokens": (tokens_out, tokens_in), "grammar": (grammar_out, grammar_in),
    "supersenses": (supersenses_out, supersenses_in),
}  # fmt: skip
_KEYS = (*_RECORDS, *_COLUMNS, "format", "made_by", "metadata", "text", "emphasis")
_ADDED = ("grammar", "supersenses")
"""What a file that version 0.1.0 wrote lacks; it is empty then."""
_UNKNOWN_BEFORE = ("type",)
"""Keys of its records that it lacks; they are null then."""


def write(book: Book) -> bytes:
    """The Book as UTF-8 JSON with sorted keys; the same Book gives the same bytes."""
    file = io.BytesIO()
    for piece in _pieces(book):
        file.write(piece.encode("utf-8", "backslashreplace"))  # a lone surrogate becomes its JSON escape
    return file.getvalue()


def load(source: bytes | str | PathLike[str]) -> Book:
    """Read a Book from the bytes of a JSON file, or from its path. Raises BookError, naming the place."""
    name = "the given bytes" if isinstance(source, bytes) else str(source)
    try:
        return check(_book(JsonStream(source if isinstance(source, bytes) else _content(source))))
    except BookError as error:
        raise BookError(f"{name}: {error}; make it again with personae read STORY -o OUT.json") from None


def _pieces(book: Book) -> Iterator[str]:
    """The JSON text, one record a line."""
    for index, key in enumerate(sorted(_KEYS)):
        yield "{\n" if index == 0 else ",\n"
        yield f'"{key}": '
        yield from _section(book, key)
    yield "\n}\n"


def _section(book: Book, key: str) -> Iterable[str]:
    if key in _RECORDS:
        return _array(_plain(key, item) for item in getattr(book, key))
    if key in _COLUMNS:
        return _COLUMNS[key][0](getattr(book, key))
    if key == "metadata":
        return [dump({name: getattr(book.metadata, name) for name in _METADATA})]
    return [dump(FORMAT if key == "format" else getattr(book, key))]


def _plain(section: str, item: Any) -> dict[str, Any]:
    return {key: getattr(item, _RENAMED.get((section, key), key)) for key in _RECORDS[section][1]}


def _array(items: Iterable[Any]) -> Iterator[str]:
    between = "[\n"
    for item in items:
        yield between + dump(item)
        between = ",\n"
    yield "[]" if between == "[\n" else "\n]"


def _content(path: str | PathLike[str]) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise BookError(f"can't be read ({error.strerror})") from None


def _book(stream: JsonStream) -> Book:
    parts: dict[str, Any] = {}
    for key in stream.members():
        if key in parts:
            raise BookError(f'the key "{key}" comes twice')
        parts[key] = _read_section(stream, key)
    stream.end()
    if "format" not in parts:
        raise BookError(f'isn\'t a Personae book (no key "format" with "{FORMAT}")')
    need(parts, (key for key in _KEYS if key not in _ADDED), "the book")
    return Book(**{key: parts[key] for key in _KEYS if key != "format" and key in parts})


def _read_section(stream: JsonStream, key: str) -> Any:
    """The value of a top-level key; what this format doesn't know is read over."""
    if key in _RECORDS:
        return tuple(_record(key, stream.value(), f"{key}[{index}]") for index in stream.items())
    if key in _COLUMNS:
        return _COLUMNS[key][1](stream)
    if key == "emphasis":
        return tuple(_fitting(_SPAN, stream.value(), f"{key}[{index}]") for index in stream.items())
    if key == "metadata":
        return Metadata(**_fields(_METADATA, stream.value(), key))
    value = stream.value()
    if key == "format" and value != FORMAT:
        raise BookError(f"its format is {str(value)[:40]!r}; this version reads {FORMAT!r}")
    return _fitting(_SINGLE[key], value, key) if key in _SINGLE else value


def _record(section: str, value: Any, where: str) -> Any:
    make, types = _RECORDS[section]
    fields = _fields(types, value, where)
    try:
        return make(**{_RENAMED.get((section, key), key): field for key, field in fields.items()})
    except BookError as error:
        raise BookError(f"{where}: {error}") from None


def _fields(types: Mapping[str, _Type], value: Any, where: str) -> dict[str, Any]:
    if type(value) is not dict:
        raise BookError(f"{where}: expected an object")
    need(value, [key for key in types if key not in _UNKNOWN_BEFORE], where)
    return {key: _fitting(kind, value.get(key), f"{where}.{key}") for key, kind in types.items()}


def _fitting(kind: _Type, value: Any, where: str) -> Any:
    if not kind.fits(value):
        raise BookError(f"{where}: expected {kind.words}, found {json.dumps(value)[:60]}")
    return kind.convert(value)
