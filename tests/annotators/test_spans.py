"""Which spans are mentions, and which word carries one."""

from __future__ import annotations

import numpy as np

from personae.annotators.spans import FORMS, TYPES, Span, choose, head_of, span_of


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
