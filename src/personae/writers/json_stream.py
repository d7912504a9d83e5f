"""Writes JSON values, and walks through a JSON text value by value: a large one is never held as objects whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from personae.errors import BookError

_WHITE = re.compile(r"[ \t\n\r]*")
_CHUNK = 1 << 16


def _from_numpy(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value.item()


dump = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, default=_from_numpy).encode
"""A value as JSON on one line, the same for equal values."""


def need(found: Iterable[str], keys: Iterable[str], where: str) -> None:
    """Raise BookError, naming the place, if one of the keys wasn't found there."""
    missing = [key for key in keys if key not in found]
    if missing:
        raise BookError(f'{where}: the key "{missing[0]}" is missing')


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


class JsonStream:
    """A JSON text and a place in it; every method starts at that place and moves it on.

    The bytes are kept as Latin-1, one byte a character, since only strings can hold anything else: a value
    that isn't ASCII is decoded again from its own bytes. Raises BookError with the line where it isn't JSON.
    """

    def __init__(self, data: bytes) -> None:
        self._text = data.decode("latin-1")
        self._at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        self._decode = json.JSONDecoder(parse_constant=_refuse).raw_decode

    def members(self) -> Iterator[str]:
        """The keys of an object; take each key's value before asking for the next."""
        self._expect("{")
        if self._accept("}"):
            return
        while True:
            if self._peek() != '"':
                self._fail("expected a key in quotation marks")
            key: str = self.value()
            self._expect(":")
            yield key
            if self._accept("}"):
                return
            self._expect(",")

    def items(self) -> Iterator[int]:
        """The indexes of an array; take each item before asking for the next."""
        self._expect("[")
        if self._accept("]"):
            return
        index = 0
        while True:
            yield index
            if self._accept("]"):
                return
            self._expect(",")
            index += 1

    def value(self) -> Any:
        """The whole value that stands here."""
        self._skip()
        start = self._at
        try:
            value, self._at = self._decode(self._text, start)
            piece = self._text[start : self._at]
            return value if piece.isascii() else json.loads(piece.encode("latin-1").decode("utf-8"))
        except RecursionError:
            self._fail("nested too deep")
        except UnicodeDecodeError:
            self._fail("isn't UTF-8")
        except ValueError as error:
            self._at = getattr(error, "pos", start)
            self._fail(getattr(error, "msg", str(error)))

    def integers(self) -> NDArray[np.int32]:
        """An array of whole numbers of 32 bits."""
        self._expect("[")
        stop = self._text.find("]", self._at)
        if stop < 0:
            self._fail("expected ']'")
        chunks = [np.zeros(0, np.int32)]
        while self._at < stop:
            cut = self._text.find(",", min(self._at + _CHUNK, stop), stop)
            chunks.append(self._numbers(self._text[self._at : cut if cut >= 0 else stop]))
            self._at = cut + 1 if cut >= 0 else stop
        self._expect("]")
        return np.concatenate(chunks)

    def end(self) -> None:
        """Make sure that nothing but white space follows."""
        self._skip()
        if self._at < len(self._text):
            self._fail("expected nothing after the last '}'")

    def _numbers(self, piece: str) -> NDArray[np.int32]:
        try:
            numbers = json.loads(f"[{piece}]")
            if set(map(type, numbers)) <= {int}:
                return np.array(numbers, np.int32)
        except (ValueError, OverflowError, RecursionError):
            pass
        self._fail("expected whole numbers of 32 bits with commas between them")

    def _skip(self) -> None:
        self._at = _WHITE.match(self._text, self._at).end()  # type: ignore[union-attr]

    def _peek(self) -> str:
        self._skip()
        return self._text[self._at : self._at + 1]

    def _accept(self, mark: str) -> bool:
        found = self._peek() == mark
        self._at += found
        return found

    def _expect(self, mark: str) -> None:
        if not self._accept(mark):
            self._fail(f"expected '{mark}'")

    def _fail(self, message: str) -> NoReturn:
        line = self._text.count("\n", 0, self._at) + 1
        column = self._at - self._text.rfind("\n", 0, self._at)
        raise BookError(f"isn't valid JSON at line {line}, column {column}: {message}")
