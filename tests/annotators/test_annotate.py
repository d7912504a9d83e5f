"""The whole way from a Text to a Book, with the released weights."""

from __future__ import annotations

import pytest

from personae.annotators import annotate
from personae.book import Book, check
from personae.models import FOLDER, Models, open_models
from personae.terminal import STEPS
from tests.stories import SHORT, text_of


@pytest.fixture(scope="module")
def models() -> Models:
    if not FOLDER.exists():  # temporary, until the first weights are in
        pytest.skip("no weights yet")
    return open_models()


@pytest.fixture(scope="module")
def book(models: Models) -> Book:
    return check(annotate(text_of(SHORT), models=models))


def test_every_token_has_grammar(book: Book) -> None:
    assert len(book.grammar) == len(book.tokens)
    assert all(book.grammar.upos) and all(book.grammar.xpos) and all(book.grammar.lemma)


def test_every_sentence_is_a_tree(book: Book) -> None:
    head, sentence = book.grammar.head.tolist(), book.tokens.sentence.tolist()
    for number in set(sentence):
        inside = [i for i, s in enumerate(sentence) if s == number]
        assert [head[i] for i in inside].count(-1) == 1
        assert all(head[i] == -1 or sentence[head[i]] == number for i in inside)
    roots = [relation for relation, above in zip(book.grammar.relation, head, strict=True) if above < 0]
    assert set(roots) == {"root"} and book.grammar.relation.count("root") == len(roots)


def test_labels_are_those_of_the_manifest_s_files(models: Models) -> None:
    assert models.labels["sense"][0] == "O"
    assert {"upos", "xpos", "script", "relation", "sense"} == models.labels.keys()


def test_a_book_says_what_made_it(book: Book, models: Models) -> None:
    assert book.made_by["weights"] == dict(models.checksums)


def test_the_same_text_is_the_same_book(book: Book, models: Models) -> None:
    assert annotate(text_of(SHORT), models=models) == book


def test_progress_says_what_is_done_and_goes_up(models: Models) -> None:
    calls: list[tuple[str, int, int]] = []
    annotate(text_of(SHORT), models=models, progress=lambda *call: calls.append(call))
    assert {step for step, _, _ in calls} == STEPS.keys()
    assert [done for _, done, _ in calls] == sorted(done for _, done, _ in calls)
    assert calls[-1] == ("book", 100, 100)


@pytest.mark.parametrize("content", ["", "…", "\ud800\ufeff", "She", "a" * 3000, "Yes. " * 400])
def test_odd_texts(content: str, models: Models) -> None:
    book = check(annotate(text_of(content), models=models))
    assert len(book.grammar) == len(book.tokens)
