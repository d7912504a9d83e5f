"""Finding the reader: paths, folders, standard input, open files, wrong endings."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from personae import ReadError, read_text
from personae.readers import READERS, ending, read, read_bytes
from personae.readers.folder import pack
from tests.readers import samples
from tests.readers.samples import PLAIN, assert_sound, words_of


def test_every_ending_has_a_reader() -> None:
    assert {".txt", ".md", ".html", ".htm", ".xhtml", ".epub", ".docx"} <= set(READERS)


def test_a_path(tmp_path: Path) -> None:
    path = tmp_path / "lamp.txt"
    path.write_text("The lamp went out.")
    assert read(path) == read(str(path)) == read_text(path)
    assert read(path).metadata.source == "lamp.txt"


def test_an_open_file_and_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    assert words_of(read(io.BytesIO(samples.two_chapters())), "paragraph") == PLAIN

    class Standard:
        buffer = io.BytesIO(samples.ao3())

    monkeypatch.setattr(sys, "stdin", Standard())
    assert words_of(read("-"), "paragraph") == PLAIN


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"The lamp.", "a", ".txt"),
        (b"The lamp.", "a.html", ".txt"),
        (b"<p>The lamp.</p>", "a.html", ".html"),
        (b"<!DOCTYPE html><p>The lamp.</p>", "a.txt", ".html"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<html>", "a", ".html"),
        (b"# The lamp", "a.md", ".md"),
        (samples.two_chapters(), "a.txt", ".epub"),
        (samples.docx(), "a.epub", ".docx"),
        (b"The lamp.", "a.epub", ".txt"),
    ],
)
def test_content_decides_where_the_ending_is_wrong(data: bytes, name: str, expected: str) -> None:
    assert ending(data, name) == expected


@pytest.mark.parametrize(
    "start", [b"%PDF-1.7", b"{\\rtf1", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\x1f\x8b\x08", b"Rar!"]
)
def test_other_formats_are_named(start: bytes) -> None:
    with pytest.raises(ReadError, match=r"^a\.txt: is a"):
        read_bytes(start + b" and more", "a.txt")


def test_a_folder_is_one_story(tmp_path: Path) -> None:
    for number, words in ((10, "It ended."), (2, "It went on."), (1, "It began, <i>late</i>.")):
        (tmp_path / f"chapter {number}.html").write_text(f"<p>{words}</p>")
    (tmp_path / "3 The Storm.txt").write_text("It blew.\n\nIt rained.")
    (tmp_path / "cover.png").write_bytes(b"\x89PNG")
    text = read(tmp_path)
    assert_sound(text)
    assert words_of(text, "heading") == ["The Storm", "chapter 1", "chapter 2", "chapter 10"]
    assert [block.chapter for block in text.blocks] == [1, 1, 1, 2, 2, 3, 3, 4, 4]
    assert text.metadata.title == tmp_path.name
    assert [text.content[a:b] for a, b in text.emphasis] == ["late"]


def test_a_zip_file_of_chapters_is_read_like_their_folder(tmp_path: Path) -> None:
    (tmp_path / "chapter 2.txt").write_text("It went on.")
    (tmp_path / "chapter 10.txt").write_text("It ended.")
    (tmp_path / "cover.png").write_bytes(b"\x89PNG")
    packed = pack(tmp_path)
    text = read_bytes(packed, f"{tmp_path.name}.zip")
    assert text == read(tmp_path) and pack(tmp_path) == packed
    assert words_of(text, "heading") == ["chapter 2", "chapter 10"]


def test_what_no_zip_file_of_chapters_may_hold() -> None:
    inner = samples.zipped({"a.txt": "The lamp."})
    hidden = {"__MACOSX/a.txt": "no", ".b.txt": "no", "c.bin": "no"}
    with pytest.raises(ReadError, match=r"^s\.zip: holds no story"):
        read_bytes(samples.zipped(hidden), "s.zip")
    with pytest.raises(ReadError, match=r"^s\.zip, b\.txt: is a zip file too"):
        read_bytes(samples.zipped({"b.txt": inner}), "s.zip")
    with pytest.raises(ReadError, match=r"^s\.zip, b\.md: is empty"):
        read_bytes(samples.zipped({"a.txt": "The lamp.", "b.md": " "}), "s.zip")


def test_files_with_headings_keep_them(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.md").write_text(f"## Night {number}\n\nIt was dark.")
    text = read(tmp_path)
    assert words_of(text, "heading") == ["Night 1", "Night 2"]
    assert text.blocks[-1].chapter == 2


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    locked = tmp_path / "locked.txt"
    locked.mkdir()
    for path in (tmp_path / "missing.txt", tmp_path, locked, tmp_path / ("x" * 300), Path("a\0b")):
        with pytest.raises(ReadError) as caught:
            read(path)
        assert "\n" not in str(caught.value) and "; " in str(caught.value)


def test_an_open_text_file() -> None:
    with pytest.raises(ReadError, match="mode 'rb'"):
        read(io.StringIO("The lamp."))  # type: ignore[arg-type]


def test_nothing_heavy_is_imported_for_plain_text(tmp_path: Path) -> None:
    path = tmp_path / "lamp.txt"
    path.write_text("The lamp went out.")
    code = f"import sys, personae; personae.read_text({str(path)!r}); print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"lxml", "docx", "markdown_it", "charset_normalizer", "zipfile"} & set(modules)
