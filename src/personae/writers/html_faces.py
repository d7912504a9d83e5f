"""How people look on the page: the colour, the initials and the escaped words of each."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from personae.book import Book, Entity, Quote

COLOURS = 8
"""How many speakers get a colour of their own: `--c0` … in page.css and dark.css.

With more, two of them look alike under protanopia, deuteranopia or tritanopia (Machado et al. 2009) at a
contrast of 4.5 on the page. The speakers after them share a neutral ink and differ by underline.
"""

PATTERNS = 3
"""How many underlines the neutral speakers take turns with: `.n0` … in page.css."""

LOW = 0.7
"""Below this confidence a line or a mention is shown as doubtful."""

SHORT = 15
"""Characters of a name in the margin and in the picture."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Face:
    """One entity as the page shows it, nothing escaped yet. `short` fits a margin, `style` is a CSS class."""

    name: str
    short: str
    initials: str
    style: str


def escape(text: str) -> str:
    """Text as HTML; a character that no page may hold (a null, a lone surrogate) becomes U+FFFD.

    A carriage return is written as a reference, since browsers read a bare one as a line feed.
    """
    return html.escape(_UNPRINTABLE.sub("\ufffd", text)).replace("\r", "&#13;")


def shorten(text: str, limit: int) -> str:
    """Text on one line, cut at a word after at most `limit` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    head, _, _ = line[:limit].rpartition(" ")
    return (head or line[:limit]).rstrip(" ,;:—–-") + " …"


def plural(count: int, noun: str) -> str:
    """ "1 line", "1,204 lines", "3 people"."""
    many = {"person": "people"}.get(noun, noun + "s")
    return f"{count:,} {noun if count == 1 else many}"


def is_line(quote: Quote) -> bool:
    """Whether somebody says, thinks or writes it; a title, scare quotes or a nameless sign has nobody's colour."""
    return quote.kind in ("speech", "thought") or (quote.kind == "written" and quote.speaker is not None)


def lines_by_speaker(book: Book) -> Mapping[int, Sequence[Quote]]:
    """Each speaker's lines in order."""
    spoken: dict[int, list[Quote]] = defaultdict(list)
    for quote in book.quotes:
        if quote.speaker is not None and is_line(quote):
            spoken[quote.speaker].append(quote)
    return spoken


def faces(book: Book) -> tuple[Face, ...]:
    """A Face for every entity: `faces(book)[entity.id]`."""
    styles = _styles(lines_by_speaker(book))
    initials = dict(_initials([*book.cast, *(e for e in book.entities if e.kind not in ("person", "group"))]))
    return tuple(
        Face(e.name or "unnamed", _short(e), initials[e.id], styles.get(e.id, "n")) for e in book.entities
    )


def _short(entity: Entity) -> str:
    """The name, or where it's long its longest alias that isn't."""
    fitting = [name for name in (entity.name, *entity.aliases) if 0 < len(name) <= SHORT]
    if entity.name in fitting or not fitting:
        return shorten(entity.name or "unnamed", SHORT)
    return max(fitting, key=len)


def _styles(spoken: Mapping[int, Sequence[Quote]]) -> dict[int, str]:
    ranked = sorted(spoken, key=lambda speaker: (-len(spoken[speaker]), speaker))
    return {
        speaker: f"c{rank}" if rank < COLOURS else f"n n{rank % PATTERNS}"
        for rank, speaker in enumerate(ranked)
    }


def _initials(entities: Sequence[Entity]) -> Iterator[tuple[int, str]]:
    """Ids with initials that no other entity has: "AT", else "Ad", else "AT2"."""
    taken: Counter[str] = Counter()
    for entity in entities:
        words = re.findall(r"[^\W\d_]+", entity.name) or ["?"]
        full = (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
        free = [short for short in (full, words[0][:2].capitalize()) if short not in taken]
        short = free[0] if free else f"{full}{taken[full] + 1}"
        taken[full] += 1
        taken[short] += short != full
        yield entity.id, short
