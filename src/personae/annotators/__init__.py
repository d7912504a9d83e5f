"""Text -> Book. The whole pipeline is `open_story` and `Solver.solve`, each straight down one screen."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from personae.annotators.encoder import Reading, encode
from personae.annotators.layout import check_paragraphs
from personae.annotators.quotes import Quotations, given_quotes
from personae.annotators.solver import Ground, Progress, Solver, Stored, unwatched
from personae.annotators.speakers import Reviser
from personae.book import Book, Tokens
from personae.cast import Cast
from personae.corrections import Corrections
from personae.models import Models, open_models
from personae.text import Text

silent = unwatched


def annotate(
    text: Text,
    *,
    cast: Cast | None = None,
    tokens: Tokens | None = None,
    quotes: Sequence[tuple[int, int, int]] | None = None,
    corrections: Corrections = (),
    progress: Progress = silent,
    models: Models | None = None,
) -> Book:
    """Work out the people of a story.

    `cast` is binding, and so are `corrections` as far as they fit; `tokens` and `quotes` (start, end, utterance)
    replace what would be found, for evaluation on a corpus' own; `models` are other weights than the released ones.
    Raises ReadError where a paragraph is longer than any story's, WeightsError where a weight file is missing or
    altered.
    """
    solver = open_story(text, cast=cast, tokens=tokens, quotes=quotes, progress=progress, models=models)
    return solver.solve(corrections, progress, once=True).book


def open_story(
    text: Text,
    *,
    cast: Cast | None = None,
    tokens: Tokens | None = None,
    quotes: Sequence[tuple[int, int, int]] | None = None,
    stored: tuple[Reading, Stored] | None = None,
    progress: Progress = silent,
    models: Models | None = None,
) -> Solver:
    """Everything up to the encoder's reading, as what solves the story from there; `stored` spares that reading."""
    check_paragraphs(text)
    models = models or open_models()
    progress("reading", 0, 100)
    found = Quotations.of(text, tokens)
    if quotes is not None:
        found = Quotations.among(given_quotes(quotes), found.tokens, found.words)
    reading, links = stored or (None, None)
    reading = reading or encode(
        found.tokens, found.words, found.quote_of >= 0, models,
        lambda done, total: progress("reading", 75 * done // total, 100), lines=found.spans,
    )  # fmt: skip
    ground = Ground(text, found, reading, cast, models)
    return Solver(ground, made_by(models), links, Reviser(reading, found.tokens, found.words, models))


def made_by(models: Models) -> MappingProxyType[str, object]:
    """Version and weights, as every Book records them."""
    from personae import __version__

    return MappingProxyType({"personae": __version__, "weights": dict(models.checksums)})
