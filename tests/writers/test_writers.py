"""Formats by ending, and outputs that appear whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from personae.book import Book
from personae.errors import WriteError
from personae.writers import WRITERS, Writer, outputs, placing, write
from personae.writers.book_json import load
from tests.writers.books import harbour

MADE = ["json", "tei", "booknlp", "csv", "lines", "fountain", "ssml", "voices"]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize("ending", [ending for name in MADE for ending in WRITERS[name].endings])
def test_the_ending_chooses_the_format(tmp_path: Path, ending: str) -> None:
    first = write(harbour(), tmp_path / f"Out{ending}")
    assert first.exists()
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(made) == sorted(outputs(tmp_path / f"Out{ending}"))


def test_case_of_the_ending_is_ignored(tmp_path: Path) -> None:
    assert load(write(harbour(), tmp_path / "OUT.JSON")) == harbour()


def test_several_tables_and_six_files(tmp_path: Path) -> None:
    assert write(harbour(), tmp_path / "out.csv") == tmp_path / "out.quotes.csv"
    assert _names(tmp_path) == [
        f"out.{t}.csv" for t in ("entities", "mentions", "quotes", "relations", "supersenses", "tokens")
    ]
    folder = write(harbour(), tmp_path / "out.booknlp")
    assert len(_names(folder)) == 6 and "out.book.html" in _names(folder)


def test_a_given_format_wins_over_the_ending(tmp_path: Path) -> None:
    assert load(write(harbour(), str(tmp_path / "out.data"), format="json")) == harbour()


@pytest.mark.parametrize("name", ["out.docx", "out", "json"])
def test_an_unknown_ending_names_the_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        WriteError, match=r"its ending means no format; end the name in one of \.json, .*\.voices\.txt$"
    ):
        write(harbour(), tmp_path / name)


def test_an_unknown_format_names_the_known(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="'pdf' is no format; choose one of json, html, tei, booknlp, csv"):
        write(harbour(), tmp_path / "out.json", format="pdf")


@pytest.mark.parametrize("name", MADE)
def test_the_same_book_gives_the_same_bytes(name: str) -> None:
    assert WRITERS[name].make(harbour()) == WRITERS[name].make(harbour())


@pytest.mark.parametrize("name", MADE)
def test_an_empty_book_can_be_written(tmp_path: Path, name: str) -> None:
    assert write(Book(""), tmp_path / "out", format=name)


@pytest.mark.parametrize("name", MADE)
def test_no_folder(tmp_path: Path, name: str) -> None:
    target = tmp_path / "none" / f"out{WRITERS[name].endings[0]}"
    with pytest.raises(WriteError, match="there is no such folder") as error:
        write(harbour(), target)
    assert "\n" not in str(error.value) and _names(tmp_path) == []


def test_a_folder_that_may_not_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "replace", _failing(os.replace, 0, PermissionError(13, "Permission denied")))
    with pytest.raises(WriteError, match=r"out\.json: can't be written \(not allowed\); choose a folder"):
        write(harbour(), tmp_path / "out.json")
    assert _names(tmp_path) == []


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "out.json").mkdir()
    with pytest.raises(WriteError, match="a folder has this name"):
        write(harbour(), tmp_path / "out.json")
    (tmp_path / "out.quotes.csv").mkdir()
    with pytest.raises(WriteError, match=r"out\.quotes\.csv: can't be written"):
        write(harbour(), tmp_path / "out.csv")
    assert _names(tmp_path) == ["out.json", "out.quotes.csv"]


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "out.booknlp").write_text("mine")
    with pytest.raises(WriteError, match=r"out\.booknlp"):
        write(harbour(), tmp_path / "out.booknlp")
    assert (tmp_path / "out.booknlp").read_text() == "mine"


@pytest.mark.parametrize(
    "failure", [OSError(28, "No space left on device"), KeyboardInterrupt(), ZeroDivisionError()]
)
@pytest.mark.parametrize("name", MADE)
def test_a_failing_disk_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, failure: BaseException
) -> None:
    target = tmp_path / f"out{WRITERS[name].endings[0]}"
    for path in outputs(target):
        path.parent.mkdir(exist_ok=True)
        path.write_text("old")
    before = _names(tmp_path)
    for calls_before_it_fails in range(2 * len(outputs(target))):
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", _failing(os.replace, calls_before_it_fails, failure))
            if len(outputs(target)) == 1 and calls_before_it_fails:
                break
            with pytest.raises(WriteError if isinstance(failure, OSError) else type(failure)):
                write(harbour(), target)
        assert _names(tmp_path) == before
        assert {path.read_text() for path in outputs(target)} == {"old"}


@pytest.mark.parametrize("name", MADE)
def test_a_failing_disk_leaves_nothing_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(os, "replace", _failing(os.replace, 0, OSError(5, "Input/output error")))
    with pytest.raises(WriteError, match="Input/output error"):
        write(harbour(), tmp_path / f"out{WRITERS[name].endings[0]}")
    assert _names(tmp_path) == []


def _failing(replace, calls: int, failure: BaseException):
    """os.replace that fails once, after so many calls."""
    left = [calls]

    def failing(source, target) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise failure
        replace(source, target)

    return failing


def test_a_failing_writer_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write(harbour(), tmp_path / "out.json")
    before = target.read_bytes()
    monkeypatch.setattr(Writer, "make", lambda self, book: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(Book(""), target)
    assert target.read_bytes() == before and _names(tmp_path) == ["out.json"]


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    folder = tmp_path / "out.booknlp"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    write(harbour(), folder)
    write(harbour(), folder)
    assert len(_names(folder)) == 7 and (folder / "mine.txt").read_text() == "mine"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    write(harbour(), tmp_path / "link.json")
    assert (tmp_path / "link.json").is_symlink() and load(tmp_path / "real.json") == harbour()


def test_a_device_is_written_to(tmp_path: Path) -> None:
    placing.place({Path(os.devnull): b"gone"})
    assert not Path(os.devnull).is_file()


def test_formats_are_imported_when_used() -> None:
    code = (
        "import sys, personae.writers\n"
        "print([m for m in sys.modules if m.startswith('personae.writers.') or m == 'lxml'])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
