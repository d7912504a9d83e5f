"""Why a line was given to somebody, in words, each sentence with the place in the story that it rests on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from personae.book import Book, Quote, Span
from personae.errors import LineError

NEAR = 3
"""Lines before and after that are looked at."""
SHOWN = 90
"""Characters of the story shown at once."""


@dataclass(frozen=True)
class Ground:
    """A sentence, and the words of the story that it rests on, where it rests on any."""

    text: str
    span: Span | None = None


def spoken(book: Book) -> list[Quote]:
    """The lines that are counted: spoken ones, in order, the parts of one speech apart."""
    return [quote for quote in book.quotes if quote.kind == "speech"]


def explain(book: Book, number: int) -> list[Ground]:
    """What decided line `number` (from 1). Raises LineError."""
    lines = spoken(book)
    if not 1 <= number <= len(lines):
        count = f"the story has {len(lines)} lines" if lines else "nothing is spoken in the story"
        raise LineError(f"line {number}: there is no such line; {count}")
    return list(grounds(book, lines[number - 1]))


def grounds(book: Book, quote: Quote) -> Iterator[Ground]:
    """What decided a spoken line, the weightiest first."""
    lines = spoken(book)
    index = lines.index(quote)
    if quote.speaker is None:
        yield Ground("Nobody is likely enough to have said it, so it is left open.")
    else:
        yield from _decisive(book, quote)
    yield from _called(book, lines, index)
    yield from _turns(book, lines, index)
    if quote.addressees:
        names = _and([_name(book, who) for who in quote.addressees])
        yield Ground(f"It is taken to be said to {names}.")
    if quote.alternatives:
        others = _and([f"{_name(book, who)} ({chance:.0%})" for who, chance in quote.alternatives])
        yield Ground(f"Less likely: {others}.")


def _decisive(book: Book, quote: Quote) -> Iterator[Ground]:
    """What is said of the line right beside it."""
    name = _name(book, quote.speaker)
    cue = quote.cue
    words = book.text[cue[0] : cue[1]] if cue else ""
    if quote.why == "pinned":
        yield Ground(f"A correction says that {name} says it.")
    elif quote.why == "tag" and cue:
        meant = "" if words == name else f", who is {name}"
        yield Ground(f"The words beside it say who speaks: “{words}”{meant}.", _sentence(book, cue))
    elif quote.why == "beat" and cue:
        yield Ground(f"What is told beside it is told of {name}: “{words}”.", _sentence(book, cue))
    elif cue and quote.why == "model":
        yield Ground(f"“{words}” beside it leaves more than one possibility; the whole reads as {name}’s.", cue)
    elif quote.why == "model":
        yield Ground(f"No word beside it names {name}; how it and the lines around it read speaks for {name}.")
    elif quote.why == "vocative":
        yield Ground(f"The line before calls {name}, who is expected to answer.")
    else:
        yield Ground(f"No word beside it tells who speaks; it is {name}’s turn.")


def _called(book: Book, lines: list[Quote], index: int) -> Iterator[Ground]:
    """Names inside the line: whoever is called there doesn't speak it."""
    quote = lines[index]
    first = bisect_left(book.mentions, quote.start, key=lambda mention: mention.start)
    for mention in book.mentions[first:]:
        if mention.start >= quote.end:
            return
        if mention.form == "name" and len(mention.entities) == 1 and mention.entities[0] != quote.speaker:
            words = book.text[mention.start : mention.end]
            yield Ground(f"It names {words}, so {words} hardly says it.", (mention.start, mention.end))
            return


def _turns(book: Book, lines: list[Quote], index: int) -> Iterator[Ground]:
    """The surest lines nearby, from which turns are counted."""
    quote = lines[index]
    near = [q for q in lines[max(0, index - NEAR) : index + NEAR + 1] if q is not quote and q.speaker is not None]
    if quote.why in ("tag", "pinned") or not near:
        return
    anchor = max(near, key=lambda q: (q.why in ("tag", "pinned"), q.confidence))
    steps = lines.index(anchor) - index
    where = f"{abs(steps)} line{'s' * (abs(steps) > 1)} {'before' if steps < 0 else 'after'}"
    sure = f"{_name(book, anchor.speaker)} speaks ({anchor.confidence:.0%} sure)"
    yield Ground(f"{where.capitalize()}, {sure}; turns are counted from there.", (anchor.start, anchor.end))


def _sentence(book: Book, span: Span) -> Span:
    """The words around a span, up to the ends of its paragraph."""
    start = max(book.text.rfind("\n", 0, span[0]) + 1, span[0] - SHOWN // 2)
    end = book.text.find("\n", span[1])
    return start, min(end if end >= 0 else len(book.text), span[1] + SHOWN // 2)


def _name(book: Book, entity: int | None) -> str:
    return book.entities[entity].name if entity is not None else "nobody"


def _and(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
