"""What the rules alone make of who speaks in a document, beside its gold lines: no encoder, so seconds for a novel."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from evaluate.assignment import best_pairs
from evaluate.case import CASTS, OWN_TOKENS, Protocol, story_of
from evaluate.run import shared_out
from evaluate.speakers import CORPORA as SPOKEN
from evaluate.speakers import matches, utterances
from gold import pdnc
from gold.corpora import CORPORA, guess
from personae.annotators.conversations import WEIGHTS, Weights, decide
from personae.annotators.quotes import Quotations
from personae.annotators.talk import Heard, hear
from personae.annotators.turns import Turn
from personae.book import Book, Quote
from personae.errors import PersonaeError

T = TypeVar("T")


@dataclass(frozen=True)
class GoldLine:
    """A gold line of one speaker: the quotation found for it, if any, whom of the people found its speaker is, if
    anybody, and its type where the corpus says."""

    quote: int | None
    speaker: int | None
    type: str | None


@dataclass(frozen=True)
class Ruled:
    """A document up to where who speaks is decided."""

    corpus: str
    heard: Heard
    lines: tuple[GoldLine, ...]

    def decide(self, weights: Weights = WEIGHTS, breaks: Iterable[int] = ()) -> dict[int, Turn]:
        """Decide every conversation again, also cut at the tokens `breaks`, without voices: each quotation's turn."""
        heard = self.heard
        ended = sorted({*heard.breaks, *breaks})
        choices, teller = heard.reading.choices, heard.reading.teller
        decide(heard.turns, heard.people, heard.mentions, choices, teller, ended, heard.absent, weights)
        return self.turns()

    def turns(self) -> dict[int, Turn]:
        """The turn that each quotation is a part of, as it is decided now; thoughts are decided one by one."""
        return {line.quote: turn for turn in (*self.heard.turns, *self.heard.musings) for line in turn.lines}


def rule(corpus: str, folder: Path, protocol: Protocol, document: str) -> Ruled:
    """With the cast `given` or `none`. Gold people are the rows of the cast, or those who agree on most lines."""
    gold = CORPORA[corpus].load(folder, document)
    text = story_of(corpus, folder, document, gold)
    quotations = Quotations.of(text, gold.tokens if corpus in OWN_TOKENS else None)
    cast = CASTS[corpus](folder, document) if protocol == "given" else None
    heard = hear(text, quotations, cast)
    types = pdnc.quote_types(folder, document) if corpus == "pdnc" else {}
    scored = [parts for parts in utterances(gold) if parts[0].speaker is not None]
    matched = matches(scored, Book(text=text.content, quotes=quotations.lines))
    found = [(quote.id if quote else None, parts[0]) for parts, quote in zip(scored, matched, strict=True)]
    if protocol == "given":
        whom = {p.cast: p.id for p in heard.people.everyone}
    else:
        whom = _agreeing(heard, found, len(gold.entities))
    lines = tuple(GoldLine(quote, whom.get(line.speaker), types.get(line.utterance)) for quote, line in found)
    return Ruled(corpus, heard, lines)


def _agreeing(heard: Heard, found: list[tuple[int | None, Quote]], size: int) -> dict[int | None, int]:
    """Gold people to those found, one-to-one."""
    turns = (*heard.turns, *heard.musings)
    speaker = {line.quote: turn.speaker for turn in turns for line in turn.lines}
    agreement = np.zeros((len(heard.people.everyone), size))
    for quote, line in found:
        said_by = None if quote is None else speaker.get(quote)
        if said_by is not None:
            agreement[said_by, line.speaker] += 1
    return {gold: person for person, gold in best_pairs(agreement)}


def measured(
    name: str, about: str, measure: Callable[[str, Path, Protocol, str], T], arguments: Sequence[str] | None
) -> list[T] | None:  # fmt: skip
    """The command line `evaluate.NAME` over the documents that it asks for; None, and one line, for a mistake in it."""
    parser = argparse.ArgumentParser(prog=f"python -m evaluate.{name}", description=about.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--split", metavar="NAME")
    parser.add_argument("--cast", choices=("none", "given"), default="none")
    options = parser.parse_args(arguments)
    try:
        corpus = guess(options.data)
        if corpus not in SPOKEN or (options.cast == "given" and corpus not in CASTS):
            raise PersonaeError(f"{options.data}: {corpus} has no {'cast' if corpus in SPOKEN else 'lines'} to go by")
        documents = CORPORA[corpus].documents(options.data, options.split)
        return shared_out(partial(measure, corpus, options.data, options.cast), documents)
    except (PersonaeError, OSError) as error:
        print(error, file=sys.stderr)
        return None
