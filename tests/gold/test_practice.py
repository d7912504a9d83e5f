"""The practice and trial scenes keep the format of the scenes, and share no name with those to develop on."""

from __future__ import annotations

from pathlib import Path

import pytest

from gold import scenes
from personae.book import check
from tests.gold.test_scenes import ROOT, faults, people, proper_names, root, splits, text

FILES = sorted(path for kind in ("practice", "trial") for path in (ROOT / "gold" / kind).glob("*.xml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_scene_keeps_the_format(path: Path) -> None:
    name, folder = path.stem, path.parent
    declared = people(name, folder)
    assert len(set(declared)) == len(declared)
    assert faults(root(name, folder), declared) == []
    book = scenes.load(folder, name)
    assert check(book).text == text(name, folder)
    assert len(book.quotes) >= 5 and len(book.mentions) >= 40


def test_they_share_no_name_with_the_scenes_to_develop_on() -> None:
    assert len(FILES) >= 50
    dev = set().union(*map(proper_names, splits()["dev"]))
    mine = set().union(*(proper_names(path.stem, path.parent) for path in FILES))
    assert mine & dev <= {"Doktor", "Magister", "Your", "Honour", "Number"}  # titles that our list lacks


def test_no_net_learns_from_the_trial_scenes() -> None:
    for path in (ROOT / "train").glob("*.py"):
        assert "gold/trial" not in path.read_text(encoding="utf-8"), path.name
