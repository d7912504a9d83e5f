"""One document to score: which corpus, under which protocol, its gold Book and the predicted one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gold import pdnc, scenes
from gold.corpora import CORPORA
from personae.annotators import annotate
from personae.api import read_text
from personae.book import Book
from personae.cast import Cast
from personae.models import open_models
from personae.text import Text

Protocol = Literal["given", "none", "gold-quotes"]
PROTOCOLS: dict[Protocol, str] = {
    "given": "cast given",
    "none": "nothing given",
    "gold-quotes": "gold quotes and cast",
}
CASTS = {"pdnc": pdnc.cast, "scenes": scenes.cast}
"""Corpora with a character list that can be given."""

OWN_TOKENS = frozenset({"litbank", "gum", "semcor"})
"""Corpora that Personae is run on with their own tokens, if the task doesn't ask for its own."""


@dataclass(frozen=True)
class Case:
    """A scored document. Gold entity ids are the rows of the given cast."""

    corpus: str
    document: str
    protocol: Protocol
    gold: Book
    predicted: Book
    types: dict[int, str]
    """Utterance to "explicit", "anaphoric" or "implicit", where the corpus says."""


def predict(
    corpus: str, folder: Path, document: str, protocol: Protocol, own_tokens: bool = True,
    weights: Path | None = None,
) -> Case:  # fmt: skip
    """Annotate one document under a protocol, with the corpus's tokens if it's one of OWN_TOKENS.

    `weights` is a folder of others than the released ones.
    """
    gold = CORPORA[corpus].load(folder, document)
    predicted = annotate(
        story_of(corpus, folder, document, gold),
        cast=None if protocol == "none" else _cast(corpus, folder, document),
        tokens=gold.tokens if own_tokens and corpus in OWN_TOKENS else None,
        quotes=_quotes(corpus, gold) if protocol == "gold-quotes" else None,
        models=open_models(weights) if weights else None,
    )
    types = pdnc.quote_types(folder, document) if corpus == "pdnc" else {}
    return Case(corpus, document, protocol, gold, predicted, types)


def _cast(corpus: str, folder: Path, document: str) -> Cast:
    return CASTS[corpus](folder, document)


def story_of(corpus: str, folder: Path, document: str, gold: Book) -> Text:
    """A novel goes through the reader of its format; the other corpora have no story files."""
    if corpus != "pdnc":
        return Text(gold.text, gold.blocks, gold.metadata)
    text = read_text(pdnc.story(folder, document))
    if text.content != gold.text:
        raise AssertionError(f"{document}: the reader changed the text, so that spans don't compare")
    return text


def _quotes(corpus: str, gold: Book) -> tuple[tuple[int, int, int], ...]:
    """Gold spans with their quotation marks, which PDNC leaves out."""
    if corpus != "pdnc":
        return tuple((q.start, q.end, q.utterance) for q in gold.quotes)
    return tuple((*pdnc.with_marks(gold.text, (q.start, q.end)), q.utterance) for q in gold.quotes)
