"""BookNLP's .book.html: who is there, and the text with brackets around mentions and braces around lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from personae.writers.booknlp_words import Words

Marked = tuple[int, int, int | None]
"""First token, last token, COREF."""


def page(
    names: Mapping[int, str],
    characters: Iterable[Mapping[str, Any]],
    words: Words,
    mentions: Iterable[Marked],
    lines: Iterable[Marked],
) -> Iterator[str]:
    """The page in pieces. `names` are the entities' by COREF; a group or somebody unresolved has none."""
    yield '<!DOCTYPE html>\n<html>\n<head><meta charset="UTF-8"><title>BookNLP</title></head>\n<body>\n'
    yield "<h2>Named characters</h2>\n"
    for character in characters:
        yield f"{character['count']} {escape(names[character['id']])}<br>\n"
    yield "<h2>Text</h2>\n<p>"
    yield from _text(words, *_signs(names, mentions, lines))
    yield "</p>\n</body>\n</html>\n"


def _signs(
    names: Mapping[int, str], mentions: Iterable[Marked], lines: Iterable[Marked]
) -> tuple[dict[int, str], dict[int, str]]:
    """What stands before and after each token; no sign is an open tag, so crossing spans do no harm."""
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    for first, last, coref in lines:
        before[first] = before.get(first, "") + "<b>{</b>"
        after[last] = f"<b>}}</b><sub>[{_label(coref, names)}]</sub>" + after.get(last, "")
    for first, last, coref in mentions:
        before[first] = before.get(first, "") + "<b>[</b>"
        after[last] = f"<b>]</b><sub>{_label(coref, names)}</sub>" + after.get(last, "")
    return before, after


def _label(coref: int | None, names: Mapping[int, str]) -> str:
    name = "" if coref is None else names.get(coref, "")
    return f"{coref}-{escape(name)}" if name else str(coref)


def _text(words: Words, before: Mapping[int, str], after: Mapping[int, str]) -> Iterator[str]:
    previous = 0
    for index, paragraph in enumerate(words.paragraphs):
        if paragraph != previous:
            yield "</p>\n<p>"
        yield f"{before.get(index, '')}{escape(words[index])}{after.get(index, '')} "
        previous = paragraph
