"""Corrections as TOML and as CSV: both come back as they were, and mistakes are told in a line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from personae.corrections import OPS, Anchor, Correction, Corrections, Who, table, toml
from personae.errors import CorrectionError

words = some.text(some.characters(codec="utf-8"), max_size=30)
anchors = some.builds(Anchor, words, words, words, some.integers(0, 10**6), some.integers(0, 500))
people = some.builds(Who, words.filter(bool), some.none() | anchors, some.booleans())
several = some.lists(anchors, max_size=3).map(tuple)
corrections = some.builds(
    Correction, some.sampled_from(OPS), several, several, some.lists(people, max_size=3).map(tuple),
    some.none() | words, some.none() | people, some.booleans(),
)  # fmt: skip
EXAMPLE: Corrections = (
    Correction("speaker", (Anchor("“Yes,”", "rain.\n\n", " she said.", 12),), people=(Who("Mara"),)),
    Correction("speaker", (Anchor("=“No,”", "a", "b", 40),), people=(Who("a guard", new=True),), everywhere=True),
    Correction("mention", mentions=(Anchor("he", "x", "y", 7),), people=(), was=Who("Tobin"), everywhere=True),
    Correction("merge", people=(Who("Mara"), Who('the "girl"', Anchor("the girl", "", " ran", 3)))),
    Correction("split", (Anchor("“A.”", at=1),), (Anchor("he", at=5), Anchor("him", at=9)), value="Ben", was=Who("Al")),
    Correction("rename", people=(Who("Al"),), value="Alan"),
)  # fmt: skip


@given(some.lists(corrections, max_size=4).map(tuple))
def test_toml_comes_back(given_: Corrections) -> None:
    assert toml.loads(toml.dumps(given_)) == given_


def test_the_table_comes_back() -> None:
    assert table.loads(table.dumps(EXAMPLE)) == EXAMPLE


def test_no_cell_can_run_in_a_spreadsheet() -> None:
    rows = csv.reader(io.StringIO(table.dumps(EXAMPLE).removeprefix("\ufeff")))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_row_by_hand_needs_little() -> None:
    found = table.loads("op,words,name\nspeaker,“Yes.”,Mara\nmention,he,Tobin\nrename,,Al\n")
    assert found[0] == Correction("speaker", (Anchor("“Yes.”"),), people=(Who("Mara"),))
    assert found[1] == Correction("mention", mentions=(Anchor("he"),), people=(Who("Tobin"),))


def test_one_table_a_correction_and_one_line_a_place() -> None:
    content = toml.dumps(EXAMPLE)
    assert content.count("[[correction]]") == len(EXAMPLE)
    assert 'person = "Mara"\n' in content and "all = true\n" in content


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("op = ", "isn't valid TOML"),
        ("a = 1", "format"),
        (f'format = "{toml.FORMAT}"\ncorrection = 1', "list of"),
        (f'format = "{toml.FORMAT}"\n[[correction]]\nop = "explode"', "correction 1: op must be one of"),
        (f'format = "{toml.FORMAT}"\n[[correction]]\nop = "speaker"\nline = 3', "a place needs words"),
        (f'format = "{toml.FORMAT}"\n[[correction]]\nop = "merge"\npeople = [1]', "a person must be a name"),
        (f'format = "{toml.FORMAT}"\n[[correction]]\nop = "speech"\nline = {{words = "a", at = -1}}', "numbers from 0"),
        (f'format = "{toml.FORMAT}"\n[[correction]]\nop = "rename"\nvalue = 2', "must be text"),
    ],
)
def test_a_wrong_file_is_one_line(content: str, says: str) -> None:
    with pytest.raises(CorrectionError, match=says) as error:
        toml.loads(content, name="x.toml")
    assert "\n" not in str(error.value) and str(error.value).startswith("x.toml")


@pytest.mark.parametrize(
    ("content", "says"),
    [("a,b\n1,2\n", "op at least"), ('op\n"x', "isn't valid CSV"), ("op\nfly\n", "row 2: op must be"),
     ("op,words,at\nspeech,a,x\n", "at must be a number")],
)  # fmt: skip
def test_a_wrong_table_is_one_line(content: str, says: str) -> None:
    with pytest.raises(CorrectionError, match=says):
        table.loads(content)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError, match="can't be read"):
        toml.load(tmp_path / "no.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CorrectionError, match="UTF-8"):
        toml.load(tmp_path / "bad.toml")
