"""How often the right speaker is weighed at all, by document and by type."""

from __future__ import annotations

import pytest

from evaluate import candidates
from evaluate.candidates import Line, rows
from tests.stories import ROOT

FOLDER = ROOT / "gold" / "scenes"


@pytest.mark.parametrize("protocol", ["none", "given"])
def test_every_line_of_a_scene(protocol: candidates.Protocol) -> None:
    lines = candidates.measure("scenes", FOLDER, protocol, "the_good_cups")
    assert len(lines) == 39 and all(line.found and line.weighed > 1 for line in lines)
    assert sum(line.among for line in lines) >= 35


def test_the_worst_document_first_and_types_apart() -> None:
    lines = [
        Line("good", "explicit", True, 3, True), Line("good", "implicit", True, 3, True),
        Line("bad", "implicit", True, 2, True), Line("bad", "implicit", False, 0, False),
    ]  # fmt: skip
    assert rows(lines) == [
        ("bad", 2, 50.0, {"implicit": 50.0}),
        ("good", 2, 100.0, {"explicit": 100.0, "implicit": 100.0}),
        ("all", 4, 75.0, {"explicit": 100.0, "implicit": pytest.approx(200 / 3)}),
    ]


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert candidates.main(["--data", str(FOLDER), "--split", "examples"]) == 0
    assert "night_window" in capsys.readouterr().out
    assert candidates.main(["--data", str(FOLDER / "nowhere")]) == 1
    assert capsys.readouterr().err
