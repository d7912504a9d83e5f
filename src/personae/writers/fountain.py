"""A Book as a Fountain screenplay (fountain.io/syntax, version 1.1).

Headings are sections, narration is action, lines are dialogue under a forced cue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from personae.book import Book, Quote
from personae.text import Block
from personae.writers.script import Piece, in_lines, legal, paragraphs, runs

_FORCING = re.compile(r"[@~>=#!]|\.(?!\.)")
_EXTENSION = re.compile(r"\(.*\)$")
_SCENE = re.compile(r"(?:int|ext|est|int\.?/ext|i/e)[. ]", re.IGNORECASE)
_OPENING = "“\"«„‟「『"
_CLOSING = "”\"»“「」』"
_SINGLE = "‘’'‚‹›"
_DASHES = "—–―-"


def write(book: Book) -> bytes:
    """The Book as a Fountain document in UTF-8: paragraphs with an empty line between."""
    return ("\n\n".join(_paragraphs(book)) + "\n").encode("utf-8")


def _paragraphs(book: Book) -> Iterator[str]:
    yield _title_page(book)
    for block, cut in paragraphs(book):
        if block.kind == "break":
            yield "==="
        elif block.kind == "heading":
            yield from (f"# {_escaped(line)}" for line in _lines(book, block, cut))
        else:
            yield from _scene(book, block, cut)


def _title_page(book: Book) -> str:
    title = _escaped(_flat(book.metadata.title or "")) or "Untitled"
    author = _escaped(_flat(book.metadata.author or ""))
    return f"Title: {title}" + (f"\nAuthor: {author}" if author else "")


def _lines(book: Book, block: Block, cut: list[Piece]) -> list[str]:
    return in_lines(book.text[cut[0].start : cut[-1].end], block) if cut else []


def _scene(book: Book, block: Block, cut: list[Piece]) -> Iterator[str]:
    for quote, (start, end) in runs(cut):
        lines = in_lines(book.text[start:end], block)
        if lines and quote is None:
            yield "\n".join(_action(line, is_first=not index) for index, line in enumerate(lines))
        elif lines and quote is not None:
            yield "\n".join((*_cue(book, quote), *_dialogue(lines)))


def _action(line: str, *, is_first: bool) -> str:
    """A line of narration, forced with `!` where it would be taken for something else."""
    is_cue = is_first and _EXTENSION.sub("", line).isupper()
    is_heading = is_first and _SCENE.match(line)
    return f"!{_escaped(line)}" if is_cue or is_heading or _FORCING.match(line) else _escaped(line)


def _cue(book: Book, quote: Quote) -> Iterator[str]:
    name = "" if quote.speaker is None else _flat(book.entities[quote.speaker].name)
    yield f"@{_escaped(name.rstrip('^ ')) or '?'}"  # a ^ at the end would be two people at once
    if quote.kind != "speech":
        yield {"thought": "(thinking)"}.get(quote.kind, f"({quote.kind})")


def _dialogue(lines: list[str]) -> list[str]:
    """The lines said, without quotation marks unless they would then be taken for something else."""
    bare = _bare(lines)
    if not any(map(_is_misread, bare)):
        return [_escaped(line) for line in bare]
    return [_escaped(f"“{line}”" if _is_misread(line) else line) for line in lines]


def _is_misread(line: str) -> bool:
    return not line or line.startswith("(") or bool(_FORCING.match(line))


def _bare(lines: list[str]) -> list[str]:
    words = "\n".join(lines)
    if len(words) > 1 and words[0] in _SINGLE and words[-1] in _SINGLE:
        words = words[1:-1]
    elif words[0] in _OPENING:
        words = words[1:].removesuffix(words[-1]) if words[-1] in _CLOSING else words[1:]
    elif words[0] in _DASHES:
        words = words.lstrip(_DASHES)
    return [line.strip() for line in words.split("\n")]


def _flat(words: str) -> str:
    return legal(" ".join(words.split()))


def _escaped(words: str) -> str:
    r"""Words in which nothing is emphasis, a note or a boneyard: `\*`, `\_`, `[ [`."""
    words = words.replace("*", r"\*").replace("_", r"\_")
    return re.sub(r"\[(?=\[)", "[ ", words)
