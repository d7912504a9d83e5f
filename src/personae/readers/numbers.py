"""Chapter numbers: digits, Roman numerals, words."""

from __future__ import annotations

import re

_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = [
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
]  # fmt: skip
_WORDS = {word: value for words in (_UNITS, _ORDINALS) for value, word in enumerate(words)}
_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
_WORDS |= {
    f"{ten}-{unit}": 10 * t + u for t, ten in enumerate(_TENS, 2) for u, unit in enumerate(_UNITS[1:10], 1)
}
_WORDS |= {word.replace("-", " "): value for word, value in _WORDS.items() if "-" in word} | {
    "last": 99,
    "final": 99,
}
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

ROMAN = r"(?:c{0,2}(?:xc|xl|l?x{0,4})(?:ix|iv|v?i{0,4}))"
WORD = "(?:" + "|".join(sorted(_WORDS, key=len, reverse=True)) + ")"
NUMBER = rf"(?:\d{{1,4}}|{WORD}|(?=[ivxlc]){ROMAN})"
"""A regular expression for all of them, for use without regard to case."""

_ROMAN = re.compile(ROMAN, re.IGNORECASE)


def parse_number(text: str) -> int | None:
    """The value of a chapter number, or None if it is none.

    >>> parse_number("XIV"), parse_number("Twenty-one"), parse_number("7"), parse_number("ship")
    (14, 21, 7, None)
    """
    text = text.lower()
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 4 else None
    if text in _WORDS:
        return _WORDS[text]
    return _roman(text) if text and _ROMAN.fullmatch(text) else None


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
