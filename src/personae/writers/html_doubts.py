"""The lines the page is least sure of, each with its context, the guess, the next candidates and why."""

from __future__ import annotations

import re
from collections.abc import Sequence

from personae.book import Book, Quote
from personae.writers.html_faces import Face, escape, is_line, plural, shorten

DOUBTFUL = 0.8
"""A line at least this sure isn't listed."""

SHOWN = 50
MOST = 500
"""How many are listed in all, after the first `SHOWN` in a fold."""

AROUND = 70
"""Characters of the story before and after the line."""

WHY = {
    "tag": "the words beside it name the speaker",
    "beat": "somebody acts beside it",
    "vocative": "somebody is called by name",
    "turn": "people take turns here",
    "model": "the reading as a whole speaks for it",
    "pinned": "set by hand",
    None: "nothing nearby tells",
}

_PARAGRAPH = re.compile(r"\s*\n\s*\n\s*")


def doubtful(book: Book) -> list[Quote]:
    """Undecided lines first, then the least sure, in the order of the story where equal."""
    lines = [q for q in book.quotes if is_line(q) and (q.speaker is None or q.confidence < DOUBTFUL)]
    return sorted(
        lines, key=lambda q: (q.speaker is not None, q.confidence if q.speaker is not None else 0, q.start)
    )


def doubts(book: Book, faces: Sequence[Face]) -> str:
    """The list as HTML."""
    lines = doubtful(book)
    if not lines:
        return '<p class="empty">No line here is in doubt.</p>'
    more, left = lines[SHOWN:MOST], len(lines) - MOST
    html = f'<ol class="doubts">{_items(book, lines[:SHOWN], faces)}</ol>'
    if more:
        html += f'<details class="more"><summary>and {len(more):,} more</summary>'
        html += f'<ol class="doubts" start="{SHOWN + 1}">{_items(book, more, faces)}</ol></details>'
    if left > 0:
        html += f'<p class="empty">{plural(left, "line")} more in doubt, all marked in the story.</p>'
    return html


def _items(book: Book, lines: Sequence[Quote], faces: Sequence[Face]) -> str:
    return "".join(_item(book, quote, faces) for quote in lines)


def _item(book: Book, quote: Quote, faces: Sequence[Face]) -> str:
    style = "u" if quote.speaker is None else faces[quote.speaker].style
    return (
        f'<li class="{style}"><a href="#q{quote.id}">{_context(book, quote)}</a>'
        f'<p class="guess">{_guess(quote, faces)}</p><p class="why">{WHY[quote.why]}</p></li>\n'
    )


def _context(book: Book, quote: Quote) -> str:
    before = book.text[max(0, quote.start - AROUND) : quote.start]
    after = book.text[quote.end : quote.end + AROUND]
    line = escape(shorten(book.text[quote.start : quote.end], 140))
    head = "… " + before.partition(" ")[2] if quote.start > AROUND else before
    tail = after.rpartition(" ")[0] + " …" if quote.end + AROUND < len(book.text) else after
    return f"{_lines(head)}<q>{line}</q>{_lines(tail)}"


def _lines(text: str) -> str:
    """Escaped text whose paragraphs begin on new lines."""
    return _PARAGRAPH.sub("<br>", escape(text))


def _guess(quote: Quote, faces: Sequence[Face]) -> str:
    others = [f"{escape(faces[who].name)} {chance:.0%}" for who, chance in quote.alternatives[:3]]
    if quote.speaker is None:
        return "<b>Undecided</b>" + (f": perhaps {', '.join(others)}" if others else "")
    guess = f"<b>{escape(faces[quote.speaker].name)}?</b> {quote.confidence:.0%}"
    return guess + (f", or {', '.join(others)}" if others else "")
