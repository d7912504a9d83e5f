"""Which spans are mentions, and which word carries one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.annotators.spans import CERTAIN, FORMS, TYPES, Span, choose, head_of, likely, span_of


def chosen(*spans: tuple[int, int, float]) -> list[tuple[int, int]]:
    first, last = (np.array([s[k] for s in spans], np.int64) for k in (0, 1))
    kept = choose(first, last, np.array([s[2] for s in spans], np.float32))
    return [(spans[i][0], spans[i][1]) for i in kept]


def test_nested_spans_stay_the_outer_one_first() -> None:
    assert chosen((3, 4, 0.6), (0, 1, 0.7), (0, 5, 0.8), (2, 5, 0.9)) == [(0, 5), (0, 1), (2, 5), (3, 4)]


def test_of_two_that_cross_the_likelier_stays() -> None:
    assert chosen((0, 3, 0.9), (2, 5, 0.6)) == [(0, 3)]
    assert chosen((0, 3, 0.6), (2, 5, 0.9)) == [(2, 5)]


def test_one_that_crosses_two_must_be_likelier_than_both() -> None:
    assert chosen((0, 4, 0.6), (1, 5, 0.5), (3, 6, 0.55)) == [(0, 4)]
    assert chosen((0, 4, 0.6), (1, 4, 0.7), (3, 6, 0.65)) == [(0, 4), (1, 4)]
    assert chosen((0, 4, 0.6), (1, 4, 0.7), (3, 6, 0.75)) == [(3, 6)]


def test_what_touches_does_not_cross() -> None:
    assert chosen((0, 2, 0.9), (2, 4, 0.6)) == [(0, 2), (2, 4)]


def test_an_unlikely_span_is_none() -> None:
    assert chosen((0, 2, 0.49), (1, 2, 0.5)) == [(1, 2)]


def test_the_head_hangs_on_a_word_outside() -> None:
    heads = [1, 3, 1, -1]  # "old Mara 's coat": Mara hangs on coat, which is the root
    assert head_of(0, 3, heads) == 1
    assert head_of(0, 4, heads) == 3
    assert head_of(2, 3, heads) == 2


def test_the_class_is_a_type_and_a_form() -> None:
    assert span_of(2, 4, 3, 0, 0.7) == Span(2, 4, 3, "PER", "name", 0.7)
    last = len(TYPES) * len(FORMS) - 1
    assert span_of(2, 4, 3, last, 0.7) == Span(2, 4, 3, "ORG", "pronoun", 0.7)


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_likely_spans_are_those_of_the_whole_form_within_a_sentence(seed: int, lengths: list[int]) -> None:
    classes, width, size = 4, 5, sum(lengths)
    chance = np.random.default_rng(seed)
    opening = chance.normal(size=(size, classes, width)).astype(np.float32)
    closing = chance.normal(size=(size, width)).astype(np.float32)
    sentence = np.repeat(np.arange(len(lengths)), lengths).astype(np.int32)
    first, last, sure, kind = likely(opening.reshape(size, -1), closing, sentence)
    found = {(a, b): (c, k) for a, b, c, k in zip(first.tolist(), last.tolist(), sure, kind.tolist(), strict=True)}
    for a in range(size):
        for b in range(size):
            scores = opening[a].astype(np.float64) @ closing[b]
            wanted = 1 - np.exp(scores[0]) / np.exp(scores).sum()
            if a <= b and sentence[a] == sentence[b] and wanted > CERTAIN + 1e-5:
                assert found[a, b][0] == pytest.approx(wanted, abs=1e-5)
                assert found[a, b][1] == scores[1:].argmax()
            elif a > b or sentence[a] != sentence[b] or wanted < CERTAIN - 1e-5:
                assert (a, b) not in found
