"""Words into wordpieces, and wordpieces into windows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.annotators.pieces import (
    CAPITALISED,
    LONGEST,
    LOWER,
    MIXED,
    QUOTED,
    SEGMENTS,
    UNKNOWN,
    UPPER,
    Pieces,
    case_of,
    cut,
    windows,
)
from personae.book import Span
from tests.annotators import hand_made


def pieces(*words: str, quoted: bool = False) -> Pieces:
    """Of words that are all different."""
    ids = np.arange(len(words), dtype=np.int32)
    return cut(words, ids, np.full(len(words), quoted), hand_made.tokenizer())


def ranges(sentences: list[list[int]], size: int) -> list[Span]:
    """The windows of sentences, each a list of the pieces that its tokens have."""
    first = np.concatenate([[0], np.cumsum([n for lengths in sentences for n in lengths])]).astype(np.int64)
    sentence = np.repeat(np.arange(len(sentences), dtype=np.int32), [len(lengths) for lengths in sentences])
    return list(windows(first, sentence, size))


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("late", LOWER), ("Late", CAPITALISED), ("I", CAPITALISED), ("LATE", UPPER), ("McKay", MIXED), ("iPod", MIXED),
        ("…", LOWER), ("12", LOWER), ("O’", CAPITALISED), ("’Tis", CAPITALISED), ("A1", CAPITALISED), ("字", LOWER),
    ],
)  # fmt: skip
def test_how_a_word_is_cased(word: str, case: int) -> None:
    assert case_of(word) == case


def test_each_token_has_its_pieces_in_order() -> None:
    words = ("aas", "late", "a")
    found = cut(words, np.array([1, 0, 1, 2], np.int32), np.zeros(4, np.bool_), hand_made.tokenizer())
    assert found.first.tolist() == [0, 1, 4, 5, 6]
    assert found.ids.tolist() == [9, 7, 8, 10, 9, 7]


def test_a_token_of_which_nothing_is_left_is_unknown() -> None:
    found = pieces("\ufeff", "\0", "zebra", "\ud800")
    assert found.first.tolist() == [0, 1, 2, 3, 4]
    assert set(found.ids.tolist()) == {UNKNOWN}


def test_marks_are_read_as_straight_ones() -> None:
    assert pieces("’", "'", "“", "«", '"').ids.tolist() == [5, 5, 6, 6, 6]


def test_the_rest_of_an_endless_word_is_not_read() -> None:
    found = pieces("late", "a" * 90, "as")
    assert np.diff(found.first).tolist() == [1, LONGEST, 2]


def test_segments_say_case_and_quotation() -> None:
    assert pieces("as", "Late", "A").segments.tolist() == [LOWER, LOWER, CAPITALISED, CAPITALISED]
    assert pieces("as", "LATE", quoted=True).segments.tolist() == [QUOTED + LOWER, QUOTED + LOWER, QUOTED + UPPER]
    assert MIXED + QUOTED == SEGMENTS - 1


def test_no_words_no_pieces() -> None:
    found = pieces()
    assert found.first.tolist() == [0] and len(found.ids) == 0
    assert ranges([], 12) == []


def test_a_window_holds_whole_sentences() -> None:
    assert ranges([[1, 1, 1], [1, 1, 1], [1, 1, 1, 1]], size=2 + 7) == [(0, 6), (6, 10)]
    assert ranges([[1, 1, 1], [1, 1, 1], [1]], size=2 + 7) == [(0, 7)]


def test_a_sentence_too_long_for_a_window_is_cut() -> None:
    assert ranges([[1, 1], [1] * 7, [1, 1]], size=2 + 4) == [(0, 2), (2, 6), (6, 9), (9, 11)]
    assert ranges([[1, 9, 1]], size=2 + 4) == [(0, 1), (1, 2), (2, 3)]


@given(st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=12), max_size=12), st.integers(8, 20))
def test_every_token_is_in_one_window(sentences: list[list[int]], size: int) -> None:
    found = ranges(sentences, size)
    lengths = [n for sentence in sentences for n in sentence]
    number = [i for i, sentence in enumerate(sentences) for _ in sentence]
    assert [i for first, last in found for i in range(first, last)] == list(range(len(lengths)))
    for first, last in found:
        assert sum(lengths[first:last]) <= size - 2
        whole = last == len(number) or number[last] != number[last - 1]
        assert whole or number[first] == number[last - 1]
