"""Quotes, mentions, pronouns, confidence, and the assignment under them."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluate import mentions, pronouns, quotes
from evaluate.assignment import best_pairs
from evaluate.case import Case
from evaluate.confidence import calibration_error, wrong_among_least_sure
from evaluate.spans import half_matches
from gold import gap, pdnc
from personae.book import Book, Mention
from tests.evaluate.hand_made import book, case
from tests.gold import tiny_corpora


@given(st.lists(st.lists(st.integers(0, 5), min_size=4, max_size=4), min_size=1, max_size=4))
def test_no_other_assignment_agrees_more(rows: list[list[int]]) -> None:
    agreement = np.array(rows, float)
    best = max(sum(agreement[r, c] for r, c in enumerate(p)) for p in permutations(range(4), len(rows)))
    for matrix in (agreement, agreement.T):
        assert sum(matrix[pair] for pair in best_pairs(matrix)) == best


def test_nothing_is_assigned_to_nothing() -> None:
    assert best_pairs(np.zeros((0, 3))) == best_pairs(np.zeros((3, 0))) == best_pairs(np.zeros((2, 2))) == []


def test_half_matches_need_half_of_the_longer_span() -> None:
    assert half_matches([(0, 10)], [(5, 10)]) == {(0, 10): (5, 10)}
    assert half_matches([(0, 10)], [(6, 10)]) == {}
    assert half_matches([(0, 10)], [(0, 21)]) == {}


def test_half_matches_are_one_to_one_and_prefer_the_same_span() -> None:
    assert half_matches([(0, 10), (1, 10)], [(0, 10), (1, 10)]) == {(0, 10): (0, 10), (1, 10): (1, 10)}
    assert half_matches([(0, 10)], [(0, 6), (5, 10)]) == {(0, 10): (0, 6)}


def test_quotes_are_counted_by_half_and_exactly() -> None:
    text = '"Is it lit?" she asked. "No." A sign said "CLOSED".'
    gold = book(text, "Ida", '"Is it lit?":Ida:-; "No.":Ida:-')
    found = quotes.figures(
        [quotes.measure(case(gold, book(text, "Ida", '"Is it lit:Ida:-; "CLOSED":Ida:-')))]
    )
    assert (found["half-overlap P"], found["half-overlap R"], found["half-overlap F1"]) == (50, 50, 50)
    assert found["exact F1"] == 0


def test_pdnc_quotes_compare_without_their_marks(tmp_path: Path) -> None:
    gold = pdnc.load(tiny_corpora.pdnc(tmp_path), "TheLamp")
    spans = (pdnc.with_marks(gold.text, (q.start, q.end)) for q in gold.quotes)
    lines = "; ".join(f"{gold.text[start:end]}:Ida:-" for start, end in spans)
    predicted = book(gold.text, "Ida", lines)
    found = quotes.figures([quotes.measure(Case("pdnc", "TheLamp", "none", gold, predicted, {}))])
    assert found["exact F1"] == 100


def test_mentions_need_the_span_and_the_kind() -> None:
    text = "Ida of York met her."
    gold = book(text, "Ida York", mentions="Ida=Ida; York=York; her=Ida")
    place = gold.mentions[1]
    as_place = Mention(place.start, place.end, place.head, place.form, place.entities, 1.0, "place")
    predicted = Book(text=text, entities=gold.entities, mentions=(gold.mentions[0], as_place))
    found = mentions.figures([mentions.measure(case(gold, predicted))])
    assert (found["all P"], found["all R"]) == (50, pytest.approx(100 / 3))
    assert (found["pronoun R"], found["names and nouns R"]) == (0, 50)


NOTES = "Ida=Ida; Jon=Jon; she=Ida; him=Jon; they=Ida&Jon"
SHORE = "Ida saw Jon, and she called him; they left."


def test_pronouns_mean_a_person_or_the_same_set() -> None:
    gold = book(SHORE, "Ida Jon", mentions=NOTES)
    renamed = book(
        SHORE,
        "her_friend woman",
        mentions=NOTES.replace("Ida=Ida", "Ida=woman")
        .replace("Jon=Jon", "Jon=her_friend")
        .replace("=Ida&Jon", "=woman")
        .replace("=Ida", "=woman")
        .replace("=Jon", "=her_friend"),
    )
    found = pronouns.figures([pronouns.measure(case(gold, renamed))])
    assert (found["he and she"], found["they"], found["several people"]) == (100, 0, 0)
    assert pronouns.figures([pronouns.measure(case(gold, gold, "given"))])["all"] == 100


def test_a_pronoun_without_a_mention_is_wrong() -> None:
    gold = book(SHORE, "Ida Jon", mentions=NOTES)
    measured = pronouns.measure(case(gold, book(SHORE, "Ida Jon", mentions="Ida=Ida; Jon=Jon")))
    assert {p.predicted for p in measured.pronouns} == {"no mention there"}
    assert not any(p.right for p in measured.pronouns)


@pytest.mark.parametrize(("document", "meant", "right"), [
    ("test-1", "Odo", True), ("test-1", "Per", False), ("test-1", "-", False),
    ("test-2", "Odo", False), ("test-2", "-", True),
])  # fmt: skip
def test_gap_asks_for_the_right_name_or_neither(
    tmp_path: Path, document: str, meant: str, right: bool
) -> None:
    gold = gap.load(tiny_corpora.gap(tmp_path), document)
    predicted = book(gold.text, "Odo Per", mentions=f"Odo=Odo; Per=Per; he={meant}")
    measured = pronouns.measure(Case("gap", document, "none", gold, predicted, {}))
    assert [p.right for p in measured.pronouns] == [right]


def test_calibration_error_is_the_gap_between_confidence_and_outcome() -> None:
    assert calibration_error(np.array([1.0, 1.0]), np.array([True, True])) == 0
    assert calibration_error(np.array([0.9, 0.9]), np.array([True, False])) == pytest.approx(0.4)
    assert calibration_error(np.array([0.0, 0.99]), np.array([False, False])) == pytest.approx(0.495)
    assert calibration_error(np.zeros(0), np.zeros(0, bool)) == 0


def test_the_least_sure_hold_a_share_of_the_wrong_ones() -> None:
    sure = np.linspace(0, 1, 20)
    assert wrong_among_least_sure(sure, sure > 0.06) == 1
    assert wrong_among_least_sure(sure, sure < 0.94) == 0
    assert wrong_among_least_sure(np.full(20, 0.5), np.arange(20) > 0) == pytest.approx(0.1)
