"""Which quotes and mentions can be marked as elements, so that every two nest or lie apart."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from personae.book import Book, Span

_QUOTE, _MENTION = 0, 1
_Wanted = tuple[int, int, int, int]
"""(start, -end, _QUOTE or _MENTION, index): sorts outer before inner, a quote before a mention."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An element around `[start, end)`: one part of a quote, or a mention, which `index` names."""

    start: int
    end: int
    is_quote: bool
    index: int
    part: int = 0


def marks(book: Book, units: Sequence[Span]) -> list[list[Mark]]:
    """The marks in each unit (a paragraph, a line of verse), in the order in which their elements open.

    A quote that runs over several units, or crosses a quote begun earlier, is split into parts. A mention
    that crosses a unit, a quote or a longer mention isn't marked. Empty spans aren't either.
    """
    parts: dict[int, int] = {}
    return [[_mark(wanted, parts) for wanted in _nest(unit)] for unit in _by_unit(book, units)]


def _mark(wanted: _Wanted, parts: dict[int, int]) -> Mark:
    start, end, is_quote, index = wanted[0], -wanted[1], wanted[2] == _QUOTE, wanted[3]
    if not is_quote:
        return Mark(start, end, False, index)
    parts[index] = parts.get(index, -1) + 1
    return Mark(start, end, True, index, parts[index])


def _by_unit(book: Book, units: Sequence[Span]) -> list[list[_Wanted]]:
    ends = [end for _, end in units]
    found: list[list[_Wanted]] = [[] for _ in units]
    for index, quote in enumerate(book.quotes):
        unit = bisect_right(ends, quote.start)
        while unit < len(units) and units[unit][0] < quote.end:
            start, end = max(quote.start, units[unit][0]), min(quote.end, units[unit][1])
            if start < end:
                found[unit].append((start, -end, _QUOTE, index))
            unit += 1
    for index, mention in enumerate(book.mentions):
        unit = bisect_right(ends, mention.start)
        inside = unit < len(units) and units[unit][0] <= mention.start < mention.end <= units[unit][1]
        if inside:
            found[unit].append((mention.start, -mention.end, _MENTION, index))
    return found


def _nest(heap: list[_Wanted]) -> list[_Wanted]:
    """What is left of `heap` when nothing crosses, in order of start, the outer first."""
    heapify(heap)
    kept: list[_Wanted | None] = []
    open_: list[int] = []  # indexes into kept, the innermost last, so with the nearest end last
    while heap:
        start, negative_end, rank, index = heappop(heap)
        end = -negative_end
        while open_ and _end(kept, open_) <= start:
            open_.pop()
        while rank == _QUOTE and open_ and _end(kept, open_) < end and _rank(kept, open_) == _MENTION:
            kept[open_.pop()] = None
        if open_ and (nearest := _end(kept, open_)) < end:
            if rank == _MENTION:
                continue
            heappush(heap, (nearest, negative_end, rank, index))
            end = nearest
        open_.append(len(kept))
        kept.append((start, -end, rank, index))
    return [wanted for wanted in kept if wanted]


def _end(kept: list[_Wanted | None], open_: list[int]) -> int:
    innermost = kept[open_[-1]]
    return -innermost[1] if innermost else 0


def _rank(kept: list[_Wanted | None], open_: list[int]) -> int:
    innermost = kept[open_[-1]]
    return innermost[2] if innermost else _MENTION
