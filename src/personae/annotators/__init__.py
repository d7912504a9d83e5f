"""Text -> Book. The whole pipeline is `annotate`, straight down one screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

from personae.annotators.aliases import find_aliases, spoken_only
from personae.annotators.assembly import assemble, find_relations, find_scenes
from personae.annotators.conversations import decide, group_turns, settled, spoken
from personae.annotators.cues import cue_mentions, find_cues
from personae.annotators.genders import vote
from personae.annotators.identities import find_identities
from personae.annotators.layout import check_paragraphs, in_prose, quote_of_token, scene_breaks
from personae.annotators.memory import Speech
from personae.annotators.mentions import character_spans, find_mentions
from personae.annotators.names import find_names, gather
from personae.annotators.narrator import find_narrator, find_reader
from personae.annotators.people import cluster
from personae.annotators.quotes import find_quotes, given_quotes
from personae.annotators.reading import Reading
from personae.annotators.tokens import tokenize
from personae.annotators.words import look_up
from personae.book import Book, Tokens
from personae.cast import Cast
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
) -> Book:
    """Work out the people of a story.

    `cast` is binding; `tokens` and `quotes` (start, end, utterance) replace what would be found, for
    evaluation on a corpus' own. Raises ReadError where a paragraph is longer than any story's.
    """
    check_paragraphs(text)
    progress("words", 0, 7)
    tokens = tokenize(text) if tokens is None else tokens
    words = look_up(text.content, tokens)
    progress("quotes", 1, 7)
    lines = find_quotes(text, tokens, words) if quotes is None else given_quotes(quotes)
    spans = [tokens.span(q.start, q.end) for q in lines]
    quote_of = quote_of_token(lines, spans, len(tokens))
    prose = in_prose(text, tokens)
    progress("names", 2, 7)
    names = find_names(tokens, words, prose)
    found = gather(names, words, quote_of >= 0)
    progress("people", 3, 7)
    people = cluster(found, cast, text.metadata.tags.get("characters", ()))
    mentions = find_mentions(tokens, words, names, people, quote_of, prose)
    vote(mentions, people, tokens, words)
    people.settle()
    narrated = int((quote_of < 0).sum())
    narrator = find_narrator(mentions, people, words, narrated)
    reader = None if narrator else find_reader(mentions, people, narrated)
    progress("reading", 4, 7)
    cues = find_cues(lines, spans, tokens, words, mentions)
    turns = group_turns([c for c in cues if lines[c.quote].kind == "speech"], lines, mentions)
    musings = group_turns([c for c in cues if lines[c.quote].kind == "thought"], lines, mentions)
    breaks = scene_breaks(text, tokens)
    reading = Reading(mentions, people, tokens, words, narrator, reader, cue_mentions(cues))
    reading.listen([*turns, *musings], breaks)
    progress("conversations", 5, 7)
    absent = spoken_only(mentions, people)
    decide(turns, people, mentions, reading.choices, reading.teller, breaks, absent)
    aliases = find_identities(turns, mentions, people, tokens, words, absent)
    aliases |= find_aliases(absent, turns, mentions, people, reading.teller)
    if aliases:
        reading.rename(aliases)
        reading.listen([*turns, *musings], breaks)
        absent -= aliases.keys() | set(aliases.values())
        decide(turns, people, mentions, reading.choices, reading.teller, breaks, absent)
    for turn in musings:
        decide([turn], people, mentions, reading.choices, reading.teller, [])
        turn.addressees = ()
    lines = spoken([*turns, *musings], lines, character_spans(mentions, tokens))
    reading.run(
        settled(turns, mentions),
        {q.id: Speech(s[1], q.speaker, q.addressees) for q, s in zip(lines, spans, strict=True)},
        breaks,
    )
    progress("book", 6, 7)
    entities, resolved, lines = assemble(tokens, people, mentions, lines)
    book = Book(
        text.content, text.blocks, text.metadata, text.emphasis, tokens, entities, resolved, lines,
        find_scenes(text, lines, resolved), find_relations(lines), (), made_by=made_by(),
    )  # fmt: skip
    progress("book", 7, 7)
    return book


def made_by() -> MappingProxyType[str, object]:
    """Version and weights, as every Book records them."""
    from personae import __version__

    return MappingProxyType({"personae": __version__, "weights": {}})
