"""The practice scenes keep the format of the scenes, and share no name with those to develop on."""

from __future__ import annotations

import pytest

from gold import scenes
from personae.book import check
from tests.gold.test_scenes import ROOT, faults, people, proper_names, root, splits, text

FOLDER = ROOT / "gold" / "practice"
NAMES = sorted(path.stem for path in FOLDER.glob("*.xml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_practice_scene_keeps_the_format(name: str) -> None:
    declared = people(name, FOLDER)
    assert len(set(declared)) == len(declared)
    assert faults(root(name, FOLDER), declared) == []
    book = scenes.load(FOLDER, name)
    assert check(book).text == text(name, FOLDER)
    assert len(book.quotes) >= 5 and len(book.mentions) >= 40


def test_they_share_no_name_with_the_scenes_to_develop_on() -> None:
    assert len(NAMES) >= 20
    dev = set().union(*map(proper_names, splits()["dev"]))
    mine = set().union(*(proper_names(name, FOLDER) for name in NAMES))
    assert mine & dev <= {"Doktor", "Magister", "Your", "Honour", "Number"}  # titles that our list lacks
