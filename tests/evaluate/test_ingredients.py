"""The rules decided again with one ingredient left out, and their weights fitted: both on our own scenes."""

from __future__ import annotations

import pytest

from evaluate import ingredients
from evaluate.rules import Ruled, rule
from personae.annotators.conversations import WEIGHTS
from tests.stories import ROOT
from train.fit_conversations import objective, search

FOLDER = ROOT / "gold" / "scenes"


@pytest.fixture(scope="module")
def ruled() -> Ruled:
    return rule("scenes", FOLDER, "none", "the_good_cups")


def test_deciding_again_changes_nothing(ruled: Ruled) -> None:
    assert len(ruled.lines) == 39 and all(line.quote is not None for line in ruled.lines)
    once = [(q, turn.speaker) for q, turn in ruled.decide().items()]
    ruled.decide(ingredients.ALONE)
    assert [(q, turn.speaker) for q, turn in ruled.decide().items()] == once


def test_taking_turns_is_worth_something(ruled: Ruled) -> None:
    def share(turns: dict[int, ingredients.Turn]) -> float:
        return sum(is_right for _, is_right in ingredients.right(ruled, turns)) / len(ruled.lines)

    whole = share(ruled.decide())
    assert share(ruled.decide(ingredients.ALONE)) < whole
    assert share(ruled.decide(breaks=ingredients.cuts(ruled, 2))) < whole


def test_a_fit_starts_from_the_weights_in_use_and_only_rises(ruled: Ruled, capsys: pytest.CaptureFixture[str]) -> None:
    start, shares = objective([ruled], WEIGHTS)
    assert shares.startswith("scenes ")
    assert objective([ruled], search([ruled], rounds=1))[0] >= start
    assert capsys.readouterr().out.startswith(f"start {start:.4f}")


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert ingredients.main(["--data", str(FOLDER), "--split", "examples"]) == 0
    assert "each line by itself" in capsys.readouterr().out
    assert ingredients.main(["--data", str(FOLDER / "nowhere")]) == 1
    assert capsys.readouterr().err
