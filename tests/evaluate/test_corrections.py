"""The perfect corrector brings every line to 100 %, and needs fewer clicks where each is evidence."""

from __future__ import annotations

import pytest

from evaluate import corrections
from evaluate.corrections import Clicks, Corrector
from gold import scenes
from personae.annotators import open_story
from personae.text import Text
from tests.stories import ROOT

FOLDER = ROOT / "gold" / "scenes"


@pytest.fixture(scope="module")
def correctors() -> tuple[Corrector, Corrector]:
    """One that corrects each line by itself, and one that solves again; both have run."""
    gold = scenes.load(FOLDER, "the_good_cups")
    solver = open_story(Text(gold.text, gold.blocks, gold.metadata))
    found = Corrector(solver, gold, False), Corrector(solver, gold, True)
    for corrector in found:
        corrector.run()
    return found


def test_every_line_is_right_in_the_end(correctors: tuple[Corrector, Corrector]) -> None:
    for corrector in correctors:
        assert all(corrector._right(line) for line in corrector.lines)
        assert not corrector.solution.unfit


def test_solving_again_saves_clicks(correctors: tuple[Corrector, Corrector]) -> None:
    alone, again = (corrector.clicks for corrector in correctors)
    assert (alone.lines, alone.before, alone.missed) == (again.lines, again.before, again.missed)
    assert again.wrong <= alone.wrong and again.all <= alone.all
    assert alone.wrong >= alone.lines - alone.before - alone.missed


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert corrections.main(["--data", str(FOLDER), "--only", "the_good_cups"]) == 0
    assert "clicks per 100 lines" in capsys.readouterr().out
    assert corrections.main(["--data", str(FOLDER / "nowhere")]) == 1
    assert Clicks(1, 2, 3, 4, 5, 6, 7) + Clicks(1, 1, 1, 1, 1, 1, 1) == Clicks(2, 3, 4, 5, 6, 7, 8)
