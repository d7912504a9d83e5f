"""Who says each line: the protocols, and what counts as wrong."""

from __future__ import annotations

import pytest

from evaluate.speakers import figures, measure, reasons
from tests.evaluate.hand_made import book, case

TEXT = '"It was lit," she said, "when I came." "By whom?" he asked. "By you." "No!" cried a voice.'
LINES = '"It was lit,":Ida:Jon; +"when I came.":Ida:Jon; "By whom?":Jon:Ida; "By you.":Ida:Jon; "No!":-:-'
GOLD = book(TEXT, "Ida Jon", LINES)
TYPES = {0: "anaphoric", 1: "anaphoric", 2: "implicit", 3: "implicit"}


def test_gold_against_itself_is_right_and_group_lines_are_left_out() -> None:
    found = figures([measure(case(GOLD, GOLD, "given", TYPES))])
    assert found["all"] == found["anaphoric"] == found["implicit"] == found["addressees"] == 100
    assert (found["lines"], found["left out"], found["B³"]) == (3, 1, 100)
    assert "explicit" not in found


def test_with_nothing_given_names_are_mapped_one_to_one() -> None:
    predicted = book(
        TEXT, "somebody the_woman", LINES.replace("Ida", "the_woman").replace("Jon", "somebody"), cast=False
    )
    assert figures([measure(case(GOLD, predicted))])["all"] == 100
    assert figures([measure(case(GOLD, predicted, "given"))])["all"] == 0


def test_one_person_for_everybody_wins_only_one_of_them() -> None:
    predicted = book(TEXT, "Ida Jon", LINES.replace("Jon:Ida", "Ida:Ida"), cast=False)
    found = figures([measure(case(GOLD, predicted))])
    assert found["all"] == 100 * 2 / 3
    assert found["B³"] == pytest.approx(200 * 5 / 9 / (1 + 5 / 9))


def test_a_line_that_was_not_found_is_wrong_and_an_undecided_one_too() -> None:
    predicted = book(TEXT, "Ida Jon", '"It was lit,":Ida:Jon; "By you.":-:-')
    measured = measure(case(GOLD, predicted, "given", TYPES))
    found = figures([measured])
    assert found["all"] == found["answered"] == 100 / 3
    assert found["found"] == 100 * 2 / 3
    assert found["right where answered"] == 100
    assert {(kind, why) for kind, why, *_ in reasons([measured])} == {
        ("anaphoric", "tag"),
        ("anaphoric", "not found"),
        ("implicit", "undecided"),
    }


def test_the_part_that_overlaps_most_decides() -> None:
    predicted = book(TEXT, "Ida Jon", '"It:Jon:-; "when I came.":Ida:Jon')
    line = measure(case(GOLD, predicted, "given")).lines[0]
    assert line.right and line.speaker == "Ida"


def test_addressees_count_any_gold_one() -> None:
    predicted = book(TEXT, "Ida Jon", LINES.replace("Jon:Ida", "Jon:Jon"))
    assert figures([measure(case(GOLD, predicted, "given"))])["addressees"] == 100 * 2 / 3


def test_no_lines_are_no_figures_to_divide_by() -> None:
    empty = book("Nobody spoke.", "Ida")
    assert figures([measure(case(empty, empty))])["all"] == 0
