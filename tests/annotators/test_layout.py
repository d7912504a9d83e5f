"""Paragraphs guessed where a text has lost them."""

from __future__ import annotations

import pytest

from personae.annotators import annotate
from personae.annotators.layout import with_paragraphs
from personae.annotators.quotes import find_quotes
from personae.annotators.tokens import tokenize
from personae.annotators.words import look_up
from tests.stories import text_of

PARAGRAPHS = [
    "“Where were you?” said Mara.", "“The bridge was up.”", "“It’s always up,” she told him, “and you know it.”",
    "Tobin hung his coat on the nail.", "“Not on Sundays.”", "“Today,” said Mara, “is Monday.”", "“Is it?”",
]  # fmt: skip


def firsts(content: str) -> list[str]:
    """How each guessed paragraph begins."""
    text = text_of(content)
    tokens = tokenize(text)
    words = look_up(text.content, tokens)
    spoken = [tokens.span(q.start, q.end) for q in find_quotes(text, tokens, words)]
    block = with_paragraphs(tokens, words, spoken).block.tolist()
    begins = [0, *(n for n in range(1, len(block)) if block[n] != block[n - 1])]
    return [" ".join(words.text[n : n + 3]) for n in begins]


def test_paragraphs_are_guessed_where_all_is_one() -> None:
    found = firsts(" ".join(PARAGRAPHS))
    assert found == ["“ Where were", "“ The bridge", "“ It ’s", "Tobin hung his", "“ Not on", "“ Today ,", "“ Is it"]


@pytest.mark.parametrize("content", ["\n\n".join(PARAGRAPHS), "“Go,” said Mara. “Now,” she said.", "Nobody spoke."])
def test_paragraphs_that_are_there_stay(content: str) -> None:
    text = text_of(content)
    tokens = tokenize(text)
    words = look_up(text.content, tokens)
    spoken = [tokens.span(q.start, q.end) for q in find_quotes(text, tokens, words)]
    assert with_paragraphs(tokens, words, spoken) == tokens


def test_turns_are_taken_in_a_story_without_paragraphs() -> None:
    book = annotate(text_of(" ".join(PARAGRAPHS)))
    said = [q for q in book.quotes if q.kind == "speech"]
    assert len({q.utterance for q in said}) == 6
    names = [book.entities[q.speaker].name if q.speaker is not None else None for q in said]
    assert [name == "Mara" for name in names] == [True, False, True, True, False, True, True, False]
