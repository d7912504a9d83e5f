"""The people as cards: names, pronouns, what they do and are, how much they speak, to whom, and their words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files

from personae.book import Book, Entity, Quote
from personae.writers.html_deeds import Rows, rows_as_html
from personae.writers.html_faces import Face, escape, lines_by_speaker, plural, shorten

MAIN = 12
"""How many people have a card; the others are folded into a list."""

WORDS = 6
BINS = 36
"""Columns in the little picture of where in the story somebody speaks."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def cast(book: Book, faces: Sequence[Face], deeds: Mapping[int, Rows]) -> str:
    """Cards of the main people, with what `deeds` has of them by id, and the others folded."""
    lines = lines_by_speaker(book)
    spoken = {person: [q for q in own if q.kind == "speech"] for person, own in lines.items()}
    if not book.cast:
        return '<p class="empty">Nobody was found in this story.</p>'
    ignored = stopwords() | _names(book)
    cards = "".join(
        _card(book, e, spoken.get(e.id, ()), faces, ignored, deeds.get(e.id, {})) for e in book.cast[:MAIN]
    )
    return f'<ul class="cards">{cards}</ul>' + _others(book, book.cast[MAIN:], spoken, faces)


def stopwords() -> frozenset[str]:
    """Words too common to say anything about a speaker."""
    lines = files("personae").joinpath("lexicons", "stopwords.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _names(book: Book) -> frozenset[str]:
    names = (name for person in book.cast for name in (person.name, *person.aliases))
    return frozenset(word for name in names for word in _content(name))


def _content(text: str) -> Iterable[str]:
    for word in _WORD.findall(text):
        yield re.sub(r"['’]s$", "", word.casefold().replace("’", "'"))


def most_used(texts: Iterable[str], ignored: frozenset[str]) -> list[str]:
    """The words used at least twice, the most used first."""
    counts = Counter(
        word for text in texts for word in _content(text) if len(word) > 2 and word not in ignored
    )
    return [word for word, count in counts.most_common(WORDS) if count > 1]


def _card(
    book: Book, person: Entity, lines: Sequence[Quote], faces: Sequence[Face], ignored: frozenset[str], deeds: Rows
) -> str:
    face = faces[person.id]
    return (
        f'<li class="card {face.style}" id="p{person.id}">'
        f'<span class="disc" aria-hidden="true">{escape(face.initials)}</span>'
        f"<h3>{escape(face.name)}{_pronouns(person)}</h3>{_aliases(person)}"
        f'<p class="counts">{_counts(person, lines)}</p>{_strip(lines, len(book.text))}'
        f"{_first(book, lines)}{rows_as_html(deeds)}{_words(book, lines, ignored)}{_listeners(lines, faces)}"
        f"{_only(person, face, lines)}</li>\n"
    )


def _pronouns(person: Entity) -> str:
    if person.pronouns:
        return f' <small class="pro">{escape(person.pronouns)}</small>'
    unknown = "pronouns unclear" if person.kind == "person" else "a group"
    return f' <small class="pro">{unknown}</small>'


def _aliases(person: Entity) -> str:
    others = [escape(alias) for alias in dict.fromkeys(person.aliases) if alias != person.name]
    text = "also " + ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
    teller = "tells the story" if person.narrator else ""
    parts = [part for part in (teller, text if others else "") if part]
    return f'<p class="aka">{"; ".join(parts)}</p>' if parts else ""


def _counts(person: Entity, lines: Sequence[Quote]) -> str:
    return f"<b>{plural(len(lines), 'line')}</b> · {plural(person.mentions, 'mention')}"


def _strip(lines: Sequence[Quote], size: int) -> str:
    """A small picture of where in the story the lines are."""
    if not lines:
        return ""
    bins = Counter(quote.start * BINS // (size + 1) for quote in lines)
    top = max(bins.values())
    bars = "".join(f"M{x + 0.5} 10v-{max(1.0, 9 * n / top):.1f}" for x, n in sorted(bins.items()))
    return (
        f'<svg class="strip" viewBox="0 0 {BINS} 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="base" d="M0 9.9h{BINS}"/><path d="{bars}"/></svg>'
    )


def _first(book: Book, lines: Sequence[Quote]) -> str:
    if not lines:
        return ""
    text = escape(shorten(book.text[lines[0].start : lines[0].end], 110))
    return f'<p class="first"><a href="#q{lines[0].id}">{text}</a></p>'


def _words(book: Book, lines: Sequence[Quote], ignored: frozenset[str]) -> str:
    words = most_used((book.text[quote.start : quote.end] for quote in lines), ignored)
    return f'<p class="row"><span>says often</span> {escape(", ".join(words))}</p>' if len(words) > 1 else ""


def _listeners(lines: Sequence[Quote], faces: Sequence[Face]) -> str:
    counts = Counter(to for quote in lines for to in quote.addressees if to != quote.speaker)
    named = [f"{escape(faces[to].name)} <small>{count:,}</small>" for to, count in counts.most_common(3)]
    return f'<p class="row"><span>speaks to</span> {", ".join(named)}</p>' if named else ""


def _only(person: Entity, face: Face, lines: Sequence[Quote]) -> str:
    if not lines:
        return ""
    return (
        f'<button type="button" class="solo" data-only="{person.id}" aria-pressed="false">'
        f"Only what {escape(face.short)} says</button>"
    )


def _others(
    book: Book, people: Sequence[Entity], spoken: Mapping[int, Sequence[Quote]], faces: Sequence[Face]
) -> str:
    if not people:
        return ""
    rows = "".join(_row(person, spoken.get(person.id, ()), faces[person.id]) for person in people)
    summary = f"<summary>and {len(people):,} more</summary>"
    return f'<details class="more">{summary}<ul class="others">{rows}</ul></details>'


def _row(person: Entity, lines: Sequence[Quote], face: Face) -> str:
    name = escape(face.name)
    if lines:
        name = f'<a href="#q{lines[0].id}">{name}</a>'
    return f'<li id="p{person.id}" class="{face.style}">{name} <small>{_counts(person, lines)}</small></li>\n'
