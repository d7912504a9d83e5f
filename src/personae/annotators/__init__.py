"""Text -> Book. The whole pipeline is `annotate`, straight down one screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

from personae.annotators.assembly import assemble, find_relations, find_scenes
from personae.annotators.encoder import encode
from personae.annotators.grammar import find_grammar, find_supersenses
from personae.annotators.layout import check_paragraphs, quote_of_token
from personae.annotators.links import make_nodes
from personae.annotators.quotes import find_quotes, given_quotes
from personae.annotators.references import link, resolve
from personae.annotators.talk import follow_talk
from personae.annotators.tokens import tokenize
from personae.annotators.words import look_up
from personae.book import Book, Tokens
from personae.cast import Cast
from personae.models import Models, open_models
from personae.text import Text

Progress = Callable[[str, int, int], None]
"""Called as (step, done, total) while a long read goes on."""


def silent(step: str, done: int, total: int) -> None:
    """No progress."""


def annotate(
    text: Text,
    *,
    cast: Cast | None = None,
    tokens: Tokens | None = None,
    quotes: Sequence[tuple[int, int, int]] | None = None,
    progress: Progress = silent,
    models: Models | None = None,
) -> Book:
    """Work out the people of a story.

    `cast` is binding; `tokens` and `quotes` (start, end, utterance) replace what would be found, for
    evaluation on a corpus' own; `models` are other weights than the released ones. Raises ReadError where a paragraph
    is longer than any story's, WeightsError where a weight file is missing or altered.
    """
    check_paragraphs(text)
    models = models or open_models()
    progress("reading", 0, 100)
    tokens = tokenize(text) if tokens is None else tokens
    words = look_up(text.content, tokens)
    lines = find_quotes(text, tokens, words) if quotes is None else given_quotes(quotes)
    spans = [tokens.span(q.start, q.end) for q in lines]
    quote_of = quote_of_token(lines, spans, len(tokens))
    reading = encode(
        tokens, words, quote_of >= 0, models, lambda done, total: progress("reading", 75 * done // total, 100)
    )
    grammar = find_grammar(reading, words, models.labels, models.known)
    progress("conversations", 75, 100)
    talk = follow_talk(text, tokens, words, lines, spans, quote_of, cast)
    progress("people", 90, 100)
    nodes = make_nodes(reading.spans, talk.mentions, talk.people, talk.speech, tokens, words, quote_of, grammar)
    others, chances = link(reading.vectors, nodes, models)
    mentions = resolve(reading.spans, nodes, others, chances, talk.mentions, talk.people, words)
    progress("book", 98, 100)
    entities, resolved, lines = assemble(tokens, talk.people, mentions, talk.lines)
    book = Book(
        text.content, text.blocks, text.metadata, text.emphasis, tokens, entities, resolved, lines,
        find_scenes(text, lines, resolved), find_relations(lines), (), grammar,
        find_supersenses(reading, tokens, models.labels), made_by(models),
    )  # fmt: skip
    progress("book", 100, 100)
    return book


def made_by(models: Models) -> MappingProxyType[str, object]:
    """Version and weights, as every Book records them."""
    from personae import __version__

    return MappingProxyType({"personae": __version__, "weights": dict(models.checksums)})
