"""`python -m evaluate` and the gate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evaluate import gate
from evaluate.__main__ import main
from evaluate.gate import Outcome, pin
from evaluate.run import TASKS
from gold.corpora import CORPORA
from personae.errors import PersonaeError
from tests.gold import tiny_corpora

DOCS = Path(__file__).parents[2] / "docs" / "evaluation.md"


@pytest.mark.parametrize(
    ("corpus", "task"), [(name, task) for name in CORPORA for task in TASKS if name in TASKS[task].CORPORA]
)
def test_every_task_runs_on_its_corpora(corpus: str, task: str, tmp_path: Path) -> None:
    folder = tiny_corpora.CORPORA[corpus](tmp_path)
    out = tmp_path / "out.json"
    assert main([task, "--data", str(folder), "--json", str(out), "--dump", str(tmp_path / "dump")]) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    documents = CORPORA[corpus].documents(folder)
    assert found.keys() == {"task", "split", "protocol", "documents", "figures"}
    assert (found["task"], found["split"], found["protocol"]) == (task, None, "nothing given")
    assert found["documents"] == documents
    dumped = json.loads((tmp_path / "dump" / f"{documents[0]}.json").read_text(encoding="utf-8"))
    assert dumped["text"] == CORPORA[corpus].load(folder, documents[0]).text


@pytest.mark.parametrize("cast", ["none", "given", "gold-quotes"])
def test_speakers_print_the_protocol_and_the_wrong_lines(
    cast: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_corpora.pdnc(tmp_path)
    assert main(["speakers", "--data", str(folder), "--cast", cast, "--errors", "3"]) == 0
    printed = capsys.readouterr().out
    assert {"none": "nothing given", "given": "cast given", "gold-quotes": "gold quotes and cast"}[
        cast
    ] in printed
    assert "where the wrong lines come from" in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["speakers", "--data", "nowhere"], "looks like none of"),
        (["mentions", "--corpus", "pdnc", "--data", "."], "has no gold for it"),
        (["mentions", "--corpus", "litbank", "--data", ".", "--cast", "given"], "only"),
        (["speakers", "--corpus", "litbank", "--data", ".", "--cast", "given"], "no character list"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1


def test_every_task_and_option_is_documented() -> None:
    from evaluate.__main__ import OPTIONS

    text = DOCS.read_text(encoding="utf-8")
    for word in (*TASKS, *OPTIONS, "--pin", "--lower"):
        assert word in text, f"docs/evaluation.md doesn't mention {word}"


def entry(floor: float, data: str | None = "abc") -> dict[str, Any]:
    run = {"task": "quotes", "corpus": "scenes", "split": None, "protocol": "none"}
    return {**run, "data": data, "floors": {"exact F1": floor}}


def test_a_floor_holds_falls_or_is_not_yet_pinned() -> None:
    figures = {"exact F1": 71.26}
    assert list(Outcome(entry(71.2), "abc", figures).falls()) == []
    assert "below its floor 71.3" in next(Outcome(entry(71.3), "abc", figures).falls())
    assert "changed" in next(Outcome(entry(10.0), "other", figures).falls())
    assert list(Outcome(entry(99.0, None), "abc", figures).falls()) == []


def test_pinning_raises_silently_and_lowers_with_a_reason_only() -> None:
    figures = {"exact F1": 71.26}
    floors = {"lowered": [], "runs": [entry(60.0)]}
    assert pin(floors, [Outcome(entry(60.0), "abc", figures)], None)["runs"] == [entry(71.2)]
    fallen = Outcome(entry(80.0), "abc", figures)
    with pytest.raises(PersonaeError, match="--lower"):
        pin({"lowered": [], "runs": [entry(80.0)]}, [fallen], None)
    lowered = pin({"lowered": [], "runs": [entry(80.0)]}, [fallen], "a rule went")
    assert lowered["runs"] == [entry(71.2)]
    assert lowered["lowered"][0]["reason"] == "a rule went" and "80.0" in lowered["lowered"][0]["what"]


def test_our_own_scenes_keep_their_floors(capsys: pytest.CaptureFixture[str]) -> None:
    assert gate.main([]) == 0, capsys.readouterr().err
    assert "not run, give --data DIR" in capsys.readouterr().out
