"""Novels of PDNC, as far as the nets learn from them: their beginnings, and whom mentions mean.

The corpus marks characters within lines but for "I", which is whoever speaks. In narration, names are taken as the
rules find them with the cast given; a tag's mention means the line's speaker where the corpus quotes that tag. Whom
narration's other words mean ("he", "her mother") nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from personae.annotators.encoder import Reading, encode
from personae.annotators.mentions import Candidate
from personae.annotators.quotes import Quotations
from personae.annotators.talk import Talk
from personae.annotators.words import Words
from personae.book import Book, Span, Tokens
from personae.models import Models


def read_beginning(found: Quotations, n: int, models: Models, *, keep_words: bool = False) -> tuple[Reading, Words]:
    """The encoder's reading of the first `n` tokens, and their words."""
    tokens, words = found.tokens, found.words
    short = Tokens(*(column[:n] for column in (tokens.start, tokens.end, tokens.sentence, tokens.block)))
    cut = Words(words.text[:n], words.lower[:n], words.types, words.type_ids[:n], words.flags[:n])
    lines = [(min(first, n), min(last, n)) for first, last in found.spans]
    return encode(short, cut, found.quote_of[:n] >= 0, models, lines=lines, keep_words=keep_words), cut


def known_mentions(book: Book, talk: Talk, tokens: Tokens, referring: Mapping[int, str]) -> dict[Span, str]:
    """Tokens of each known mention, and whom it means: ids of the Book's entities, several as one string.

    `talk` is what the rules make of the novel with its cast given, `referring` `gold.pdnc.referring` of it.
    """
    found = {tokens.span(m.start, m.end): "+".join(map(str, m.entities)) for m in book.mentions}
    taken = {token for first, last in found for token in range(first, last)}
    spoken = np.full(len(tokens), -1, np.int32)
    for quote in book.quotes:
        if quote.speaker is not None:
            first, last = tokens.span(quote.start, quote.end)
            spoken[first:last] = quote.speaker
    tags = dict(_tags(book, talk, tokens, referring))
    for mention in talk.mentions:
        span = mention.first, mention.last
        meant = tags.get(span, -1)
        meant = meant if meant >= 0 else _meant(mention, talk, int(spoken[mention.head]))
        if meant >= 0 and taken.isdisjoint(range(*span)):
            found[span] = str(meant)
    return dict(sorted(found.items()))


def _meant(mention: Candidate, talk: Talk, speaker: int) -> int:
    """A name's person, as the cast has them; the speaker of a line's "I"; the narrator of narration's."""
    if mention.gender == "I" and mention.quote >= 0:
        return speaker
    if mention.person < 0 or not (mention.form == "name" or mention.gender == "I"):
        return -1
    cast = talk.people.everyone[mention.person].cast
    return -1 if cast is None else cast


def _tags(book: Book, talk: Talk, tokens: Tokens, referring: Mapping[int, str]) -> Iterator[tuple[Span, int]]:
    """Mentions that are in a tag which the corpus quotes, and who says the line."""
    starts = np.array([q.start for q in book.quotes])
    for line in talk.lines:
        if line.cue is None or not book.quotes:
            continue
        near = int(np.searchsorted(starts, line.end)) - 1
        gold = book.quotes[max(near, 0)]
        words = referring.get(gold.utterance, "").split()
        cue = book.text[slice(*line.cue)].split()
        if gold.end > line.start and gold.speaker is not None and _within(cue, words):
            yield tokens.span(*line.cue), gold.speaker


def _within(some: list[str], words: list[str]) -> bool:
    """Do some words stand in a row among others?"""
    return any(words[n : n + len(some)] == some for n in range(len(words) - len(some) + 1))
