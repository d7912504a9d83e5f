"""LitBank (Bamman, Lewke and Mansoor, LREC 2020; Sims and Bamman, EMNLP 2020): entities, coreference, quotes.

Layout: `coref/tsv/DOC_brat.ann`, `quotations/tsv/DOC_brat.ann`, `coref/brat/DOC_brat.txt`; token
positions are (line, token in line), ends inclusive, tokens parted by one space. There are no paragraphs:
the text is one block. Events (Sims, Park and Bamman, ACL 2019) are in `events/tsv/DOC_brat.tsv`, a token a line,
the same tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gold.layout import GoldError, chosen, read_raw
from personae.book import Book, Entity, EntityKind, Form, Grammar, Mention, Quote, Span, Tokens
from personae.text import Block, Metadata

KINDS: dict[str, EntityKind] = {
    "PER": "person",
    "FAC": "place",
    "GPE": "place",
    "LOC": "place",
    "VEH": "vehicle",
    "ORG": "organization",
}
FORMS: dict[str, Form] = {"PROP": "name", "NOM": "noun", "PRON": "pronoun"}


@dataclass(frozen=True, slots=True)
class RawMention:
    """A mention with LitBank's own type (PER FAC GPE LOC VEH ORG) and the name of its entity."""

    start: int
    end: int
    type: str
    form: Form
    entity: str


def documents(folder: Path, split: str | None = None) -> list[str]:
    """The document names, as "158_emma"."""
    present = (path.name.removesuffix("_brat.ann") for path in folder.glob("coref/tsv/*_brat.ann"))
    return chosen(folder, split, present)


def mentions(folder: Path, document: str) -> tuple[RawMention, ...]:
    """Every mention in order; a copula's or an apposition's mention means the entity it's linked to."""
    place = _Places(read_raw(folder / "coref" / "brat" / f"{document}_brat.txt"))
    rows = list(_rows(folder / "coref" / "tsv" / f"{document}_brat.ann"))
    links = {row[1]: row[2] for row in rows if row[0] in ("COREF", "COP", "APPOS")}
    spans = ((place.span(row[2:6]), row) for row in rows if row[0] == "MENTION")
    found = (
        RawMention(span[0], span[1], row[7], FORMS[row[8]], _end_of(links, row[1])) for span, row in spans
    )
    return tuple(sorted(found, key=lambda m: (m.start, -m.end)))


def events(folder: Path, document: str) -> NDArray[np.bool_]:
    """For each token whether it says that something happens (realis); `[n_tokens]`."""
    path = folder / "events" / "tsv" / f"{document}_brat.tsv"
    rows = list(_rows(path))
    words = read_raw(folder / "coref" / "brat" / f"{document}_brat.txt").split()
    if [row[0] for row in rows] != words:
        raise GoldError(f"{path}: its tokens aren't those of coref/brat")
    return np.array([row[1] == "EVENT" for row in rows], np.bool_)


def load(folder: Path, document: str) -> Book:
    """FAC, GPE and LOC become "place"; the corpus marks no heads, so a head is the whole span.

    Of grammar it has events alone: every tag is "", every head -1.
    """
    text = read_raw(folder / "coref" / "brat" / f"{document}_brat.txt")
    raw = mentions(folder, document)
    names = {name: number for number, name in enumerate(dict.fromkeys(m.entity for m in raw))}
    quotes = tuple(_quotes(folder, document, _Places(text), names))
    return Book(
        text=text,
        blocks=(Block(0, len(text), "paragraph"),),
        metadata=Metadata(title=document, language="en"),
        tokens=_tokens(text),
        entities=tuple(_entities(raw, names, quotes)),
        mentions=tuple(
            Mention(m.start, m.end, (m.start, m.end), m.form, (names[m.entity],), 1.0, KINDS[m.type], m.type)
            for m in raw
        ),
        quotes=quotes,
        grammar=_grammar(folder, document),
    )


def _grammar(folder: Path, document: str) -> Grammar:
    if not (folder / "events" / "tsv" / f"{document}_brat.tsv").is_file():
        return Grammar.empty()
    event = events(folder, document)
    nothing = ("",) * len(event)
    return Grammar(nothing, nothing, nothing, np.full(len(event), -1, np.int32), nothing, event)


class _Places:
    """From (line, token) to characters."""

    def __init__(self, text: str) -> None:
        self.tokens = [list(line) for line in _lines(text)]

    def span(self, cells: list[str]) -> Span:
        first_line, first, last_line, last = map(int, cells)
        return self.tokens[first_line][first][0], self.tokens[last_line][last][1]


def _lines(text: str) -> Iterator[Iterator[Span]]:
    """For each line its tokens' spans."""
    start = 0
    for line in text.split("\n"):
        yield _words(line, start)
        start += len(line) + 1


def _words(line: str, start: int) -> Iterator[Span]:
    for word in line.split(" ") if line else []:
        yield start, start + len(word)
        start += len(word) + 1


def _tokens(text: str) -> Tokens:
    """The corpus's own tokens; a line is a sentence."""
    rows = [(*span, number) for number, line in enumerate(_lines(text)) for span in line]
    start, end, sentence = np.array(rows, np.int32).reshape(-1, 3).T.copy()
    return Tokens(start, end, sentence, np.zeros(len(rows), np.int32))


def _rows(path: Path) -> Iterator[list[str]]:
    return (line.split("\t") for line in read_raw(path).splitlines() if line)


def _end_of(links: dict[str, str], mention: str) -> str:
    """Follow COP and APPOS links to the name of the entity."""
    seen = set()
    while mention in links and mention not in seen:
        seen.add(mention)
        mention = links[mention]
    return mention


def _quotes(folder: Path, document: str, place: _Places, names: dict[str, int]) -> Iterator[Quote]:
    """One line each, marks included; an interrupted speech is several quotes that the corpus doesn't link."""
    path = folder / "quotations" / "tsv" / f"{document}_brat.ann"
    rows = list(_rows(path)) if path.is_file() else []
    speakers = {row[1]: row[2] for row in rows if row[0] == "ATTRIB"}
    spans = sorted((place.span(row[2:6]), row[1]) for row in rows if row[0] == "QUOTE")
    for number, ((start, end), name) in enumerate(spans):
        speaker = names.get(speakers.get(name, ""))
        yield Quote(number, start, end, "speech", number, speaker, confidence=1.0)


def _entities(
    raw: tuple[RawMention, ...], names: dict[str, int], quotes: tuple[Quote, ...]
) -> Iterator[Entity]:
    """An entity's kind is the type of its first mention."""
    for name, number in names.items():
        own = [m for m in raw if m.entity == name]
        lines = sum(quote.speaker == number for quote in quotes)
        yield Entity(number, KINDS[own[0].type], name.rpartition("-")[0], mentions=len(own), quotes=lines)
