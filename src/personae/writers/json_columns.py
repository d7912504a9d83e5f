"""The parts of a Book that are columns, as JSON: tokens, grammar and supersenses.

A column of few different strings is `{"values": […], "index": […]}`: each of them once, the most frequent
first, and for each row its place among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from personae.book import Grammar, Supersense, Tokens
from personae.errors import BookError
from personae.writers.json_stream import JsonStream, dump, need

TOKENS = ("block", "end", "sentence", "start")
WORDS = ("lemma", "relation", "upos", "xpos")
GRAMMAR = ("event", "head", *WORDS)
SUPERSENSES = ("category", "end", "start")
_CHUNK = 1 << 16


def tokens_out(tokens: Tokens) -> Iterator[str]:
    """Four columns of numbers."""
    return _object({name: _numbers(getattr(tokens, name)) for name in TOKENS})


def grammar_out(grammar: Grammar) -> Iterator[str]:
    """Columns by name; `event` is the list of the tokens that are one."""
    columns = {name: _words(getattr(grammar, name)) for name in WORDS}
    return _object({"event": _numbers(np.flatnonzero(grammar.event)), "head": _numbers(grammar.head), **columns})


def supersenses_out(supersenses: Sequence[Supersense]) -> Iterator[str]:
    """Columns too: a novel has as many supersenses as half its words."""
    spans = {name: _numbers(np.array([getattr(s, name) for s in supersenses], np.int64)) for name in ("end", "start")}
    return _object({"category": _words([s.category for s in supersenses]), **spans})


def tokens_in(stream: JsonStream) -> Tokens:
    """Raises BookError, as the other two do, where a column is missing or none."""
    columns = {name: _read_known(stream, name, TOKENS) for name in stream.members()}
    need(columns, TOKENS, "tokens")
    return Tokens(**{name: columns[name] for name in TOKENS})


def grammar_in(stream: JsonStream) -> Grammar:
    columns: dict[str, Any] = {}
    for name in stream.members():
        columns[name] = _read_words(stream, f"grammar.{name}") if name in WORDS else _read_known(stream, name, GRAMMAR)
    need(columns, GRAMMAR, "grammar")
    event = _flags(columns.pop("event"), len(columns["head"]))
    return Grammar(event=event, **{name: columns[name] for name in GRAMMAR if name != "event"})


def supersenses_in(stream: JsonStream) -> tuple[Supersense, ...]:
    columns: dict[str, Any] = {}
    for name in stream.members():
        where = f"supersenses.{name}"
        columns[name] = _read_words(stream, where) if name == "category" else _read_known(stream, name, SUPERSENSES)
    need(columns, SUPERSENSES, "supersenses")
    start, end, category = columns["start"].tolist(), columns["end"].tolist(), columns["category"]
    if not len(start) == len(end) == len(category):
        raise BookError("supersenses: the three columns differ in length")
    return tuple(map(Supersense, start, end, category))


def _object(columns: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for index, (name, pieces) in enumerate(columns.items()):
        yield ("{" if index == 0 else ",") + f'\n"{name}": '
        yield from pieces
    yield "\n}"


def _numbers(column: NDArray[np.integer[Any]]) -> Iterator[str]:
    yield "["
    for start in range(0, len(column), _CHUNK):
        yield ("," if start else "") + ",".join(map(str, column[start : start + _CHUNK].tolist()))
    yield "]"


def _words(column: Sequence[str]) -> Iterator[str]:
    counts = Counter(column)
    values = sorted(counts, key=lambda value: (-counts[value], value))
    place = {value: index for index, value in enumerate(values)}
    yield '{"index": '
    yield from _numbers(np.fromiter((place[value] for value in column), np.int32, len(column)))
    yield f', "values": {dump(values)}}}'


def _read_known(stream: JsonStream, name: str, known: Sequence[str]) -> Any:
    """A column of numbers; what this format doesn't know is read over."""
    return stream.integers() if name in known else stream.value()


def _read_words(stream: JsonStream, where: str) -> tuple[str, ...]:
    parts: dict[str, Any] = {}
    for key in stream.members():
        parts[key] = stream.integers() if key == "index" else stream.value()
    need(parts, ("index", "values"), where)
    index, values = parts["index"], parts["values"]
    if type(values) is not list or not all(type(value) is str for value in values):
        raise BookError(f"{where}.values: expected a list of strings")
    if not _inside(index, len(values)):
        raise BookError(f"{where}.index: a number that is no place among the {len(values)} values")
    return tuple(map(values.__getitem__, index.tolist()))


def _flags(rows: NDArray[np.int32], size: int) -> NDArray[np.bool_]:
    if not _inside(rows, size):
        raise BookError(f"grammar.event: a number that is none of the {size} tokens")
    flags = np.zeros(size, np.bool_)
    flags[rows] = True
    return flags


def _inside(column: NDArray[np.int32], size: int) -> bool:
    return bool(((column >= 0) & (column < size)).all())
