"""The command: what it prints, what it writes, and how it says that something is wrong."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

import personae
from personae import terminal
from personae.cli import READS, app
from personae.corrections import Correction, Corrections, Who, toml
from personae.corrections.anchors import anchor
from personae.readers import READERS
from personae.writers import WRITERS
from tests.stories import ROOT, SHORT

STORY = ROOT / "examples" / "night_window.html"
ESCAPE = "\x1b"


def run(*arguments: object, given: bytes | None = None) -> Result:
    """The command within this process."""
    return CliRunner().invoke(app, [str(a) for a in arguments], input=given, catch_exceptions=False)


def command(*arguments: object, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own, its output piped."""
    return subprocess.run(
        [sys.executable, "-m", "personae", *map(str, arguments)],
        input=given, capture_output=True, timeout=120, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.fixture
def short(tmp_path: Path) -> Path:
    path = tmp_path / "short.txt"
    path.write_text(SHORT, encoding="utf-8")
    return path


def test_prints_the_cast_with_lines_and_mentions() -> None:
    result = run("read", STORY)
    assert result.exit_code == 0
    book = personae.read(STORY)
    person = book.cast[0]
    assert re.search(
        rf"{person.name} +{person.pronouns} +{person.quotes} +{person.mentions}\b", result.stdout
    )
    assert "Night Window by quillwort" in result.stdout
    assert all(one.name in result.stdout for one in book.cast)
    people = sum(one.kind == "person" for one in book.cast)
    assert f"{people} people" in result.stdout and "undecided" in result.stdout
    assert "written to" not in result.stdout


def test_marks_the_narrator() -> None:
    result = run("read", ROOT / "examples" / "lost_property.txt")
    narrators = [e.name for e in personae.read(ROOT / "examples" / "lost_property.txt").cast if e.narrator]
    assert len(narrators) == 1
    assert re.search(rf"{re.escape(narrators[0])} .*narrator", result.stdout)


def test_writes_each_output_and_says_where(short: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / f"out{writer.endings[0]}" for writer in WRITERS.values()]
    result = run("read", short, *(word for output in outputs for word in ("-o", output)))
    assert result.exit_code == 0
    for output in outputs:
        files = personae.writers.outputs(output)
        assert all(path.is_file() for path in files)
        assert str(output) in result.stdout or all(str(path) in result.stdout for path in files)
    assert personae.load(tmp_path / "out.json") == personae.read(short)


def test_long_form_of_the_option(short: Path, tmp_path: Path) -> None:
    assert run("read", short, "--output", tmp_path / "a.json").exit_code == 0
    assert (tmp_path / "a.json").is_file()


def test_reads_standard_input(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    result = command("read", "-", "-o", out, given=SHORT.encode())
    assert (result.returncode, result.stderr) == (0, b"")
    assert json.loads(out.read_text(encoding="utf-8"))["text"] == SHORT


def test_reads_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "novel"
    folder.mkdir()
    for number in (2, 10, 1):
        (folder / f"chapter {number}.txt").write_text(f"Part {number}.\n\n{SHORT}", encoding="utf-8")
    out = tmp_path / "novel.json"
    assert run("read", folder, "-o", out).exit_code == 0
    assert [m for m in re.findall(r"Part (\d+)", personae.load(out).text)] == ["1", "2", "10"]


def test_a_given_cast_is_kept(short: Path, tmp_path: Path) -> None:
    cast = tmp_path / "cast.csv"
    cast.write_text(
        "name,aliases,pronouns\nCaptain Mara Venn,Mara,she/her\nTobin,,he/him\n", encoding="utf-8"
    )
    result = run("read", short, "--cast", cast, "-o", tmp_path / "out.json")
    book = personae.load(tmp_path / "out.json")
    assert "Captain Mara Venn" in result.stdout
    assert {e.name: e.cast for e in book.entities if e.cast is not None} == {
        "Captain Mara Venn": 0,
        "Tobin": 1,
    }


def corrections(story: Path, line: str, person: str) -> Corrections:
    text = story.read_text(encoding="utf-8")
    place = anchor(text, text.index(line), text.index(line) + len(line))
    return (Correction("speaker", (place,), people=(Who(person),)),)


def test_corrections_beside_the_story_apply(short: Path, tmp_path: Path) -> None:
    beside = tmp_path / "short.txt.personae.toml"
    beside.write_text(toml.dumps(corrections(short, "“It’s always up,”", "Tobin")), encoding="utf-8")
    out = tmp_path / "out.json"

    def speaker(*options: object) -> str:
        assert run("read", short, "-o", out, *options).exit_code == 0
        book = personae.load(out)
        return book.entities[book.quotes[-1].speaker or 0].name

    assert speaker() == "Tobin" and speaker("--no-corrections") == "Mara"
    beside.rename(tmp_path / "mine.toml")
    assert speaker() == "Mara" and speaker("--corrections", tmp_path / "mine.toml") == "Tobin"


def test_corrections_that_no_longer_fit_are_told(short: Path, tmp_path: Path) -> None:
    content = toml.dumps(corrections(short, "“It’s always up,”", "Tobin"))
    (tmp_path / "short.txt.personae.toml").write_text(content, encoding="utf-8")
    short.write_text(SHORT.replace("It’s always up", "Never"), encoding="utf-8")
    result = command("read", short)
    assert result.returncode == 0
    assert result.stderr.decode() == (
        "personae: correction 1 no longer fits: “It’s always up,” is said by Tobin "
        "(these words are no longer in the story)\n"
    )
    assert (tmp_path / "short.txt.personae.toml").read_text(encoding="utf-8") == content


def test_a_wrong_file_of_corrections_is_one_line(short: Path, tmp_path: Path) -> None:
    (tmp_path / "short.txt.personae.toml").write_text("[[correction]]\n", encoding="utf-8")
    assert_one_line(run("read", short), "short.txt.personae.toml")
    assert_one_line(run("read", short, "--corrections", tmp_path / "no.toml"), "no.toml")


def test_without_the_extra_the_page_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "starlette.py").write_text("raise ModuleNotFoundError('no', name='starlette')", encoding="utf-8")
    result = command("open", "--shelf", tmp_path / "s.db", PYTHONPATH=f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    assert result.returncode == 1 and b"pip install 'personae[serve]'" in result.stderr
    assert result.stderr.count(b"\n") == 1


def test_piped_output_has_no_escape_codes_and_cuts_nothing(tmp_path: Path) -> None:
    result = command("read", STORY, "-o", tmp_path / "out.html", COLUMNS="20", TERM="xterm-256color")
    out = result.stdout.decode()
    assert (result.returncode, result.stderr) == (0, b"")
    assert ESCAPE not in out and "…" not in out
    assert str(tmp_path / "out.html") in out


def test_output_that_cannot_show_every_character(short: Path) -> None:
    result = command("read", short, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 0 and b"Mara" in result.stdout


def test_names_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.html"
    hostile.write_text(f"<title>A\x9b31m{ESCAPE}]0;owned\x07 [bold]</title><p>{SHORT}</p>", encoding="utf-8")
    result = run("read", hostile)
    assert result.exit_code == 0
    assert not set(result.stdout) & {ESCAPE, "\x07", "\x9b"}


def test_a_story_without_people(tmp_path: Path) -> None:
    path = tmp_path / "rain.txt"
    path.write_text("It rained.\n", encoding="utf-8")
    result = run("read", path)
    assert result.exit_code == 0 and "Nobody found." in result.stdout


def test_formats_lists_all() -> None:
    result = run("formats")
    assert result.exit_code == 0
    listed = set(re.findall(r"(?<!\w)\.[a-z.]+\b", result.stdout))
    assert listed >= READERS.keys() | {ending for writer in WRITERS.values() for ending in writer.endings}
    assert {ending for endings in READS for ending in endings if ending[0] == "."} == READERS.keys()


def test_version() -> None:
    assert run("--version").stdout == f"personae {personae.__version__}\n"
    assert f'version = "{personae.__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_a_mistyped_command_exits_with_2(short: Path) -> None:
    assert run("reed", short).exit_code == 2
    assert run("read").exit_code == 2


def zipped(**entries: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return data.getvalue()


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
ENCRYPTED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">'
    '<EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>'
    '<CipherData><CipherReference URI="c.xhtml"/></CipherData></EncryptedData></encryption>'
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>'
    '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="c"/></spine></package>'
)

BAD = {
    "empty.txt": b"",
    "blank.txt": b" \n\n \n",
    "junk.txt": bytes(range(256)) * 40,
    "nulls.txt": b"\0" * 2000,
    "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "no.epub": zipped(readme="not a book"),
    "broken.zip.epub": b"PK\x03\x04 and no more",
    "broken.epub": zipped(**{"META-INF/container.xml": "<container><rootfiles>"}),
    "protected.epub": zipped(
        **{
            "META-INF/container.xml": CONTAINER, "META-INF/encryption.xml": ENCRYPTED, "p.opf": PACKAGE,
            "c.xhtml": "\x07\x01locked",
        }
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_story_that_cannot_be_read_is_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(BAD[name])
    result = run("read", path, "-o", tmp_path / "out.json")
    assert_one_line(result, name)
    assert not (tmp_path / "out.json").exists()


def test_a_zip_bomb_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "bomb.epub"
    huge = "0" * 400_000_000
    path.write_bytes(zipped(**{"META-INF/container.xml": CONTAINER, "p.opf": PACKAGE, "c.xhtml": huge}))
    assert_one_line(run("read", path), "bomb.epub")


def test_a_path_out_of_the_archive_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "climbing.epub"
    package = PACKAGE.replace("c.xhtml", "../../secret.xhtml")
    path.write_bytes(
        zipped(**{"META-INF/container.xml": CONTAINER, "p.opf": package, "../../secret.xhtml": SHORT})
    )
    result = run("read", path)
    assert result.exit_code == 0 or assert_one_line(result, "climbing.epub")
    assert list(tmp_path.iterdir()) == [path]


ODD = {
    "one line": ("“Yes,” Ann said. " * 8_000).encode(),
    "null bytes": "“Yes,” Ann\0 said.\0".encode(),
    "right-to-left marks": "“Yes,”\u202e Ann\u200f said\u202c.".encode(),
    "lone surrogates": b"<p>&#xD800;\xed\xa0\x80 Ann said yes.</p>",
    "scripts": b"<html><body><script>alert(1)</script><p onclick='x()'>\"Yes,\" Ann said.</p></body></html>",
}


@pytest.mark.parametrize("what", ODD)
def test_odd_content_is_read_or_refused_in_one_line(what: str, tmp_path: Path) -> None:
    result = run("read", "-", "-o", tmp_path / "out.html", "-o", tmp_path / "out.json", given=ODD[what])
    assert result.exit_code == 0 or assert_one_line(result, "standard input")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("who,aliases,pronouns\nMara,,\n", "line 1"),
        ("name,aliases,pronouns\nMara,she/her\n", "line 2"),
        ("name,aliases,pronouns\n,Mara,she/her\n", "line 2"),
        ("", "line 1"),
        ('name,aliases,pronouns\n"Mara,,\n', "CSV"),
    ],
)
def test_a_cast_that_cannot_be_used_is_one_line(content: str, says: str, short: Path, tmp_path: Path) -> None:
    cast = tmp_path / "cast.csv"
    cast.write_text(content, encoding="utf-8")
    result = run("read", short, "--cast", cast, "-o", tmp_path / "out.json")
    assert_one_line(result, says)
    assert not (tmp_path / "out.json").exists()


def test_missing_files_are_one_line(short: Path, tmp_path: Path) -> None:
    assert_one_line(run("read", tmp_path / "none.txt"), "none.txt")
    assert_one_line(run("read", short, "--cast", tmp_path / "none.csv"), "none.csv")
    (tmp_path / "nothing in it").mkdir()
    assert_one_line(run("read", tmp_path / "nothing in it"), "holds no story")
    assert_one_line(run("read", "two\nlines\x1b[31m.txt"), "two")


@pytest.mark.parametrize(
    "name", ["no/such/folder/out.json", "out.what", "out", "short.txt/out.json", "x" * 300 + ".json"]
)
def test_an_output_that_cannot_be_written_is_one_line(name: str, short: Path, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    assert_one_line(
        run("read", short, "-o", tmp_path / "good.json", "-o", tmp_path / name),
        "out" if "out" in name else "",
    )
    assert set(tmp_path.rglob("*")) == before


def test_a_folder_in_the_place_of_an_output(short: Path, tmp_path: Path) -> None:
    (tmp_path / "out.json").mkdir()
    before = set(tmp_path.rglob("*"))
    assert_one_line(run("read", short, "-o", tmp_path / "out.json"), "out.json")
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk(short: Path, tmp_path: Path) -> None:
    (tmp_path / "out.json").symlink_to("/dev/full")
    assert_one_line(run("read", short, "-o", tmp_path / "out.json"), "out.json")


def test_neither_story_nor_cast_is_overwritten(tmp_path: Path) -> None:
    story = tmp_path / "story.html"
    story.write_text(f"<p>{SHORT}</p>", encoding="utf-8")
    cast = tmp_path / "cast.quotes.csv"
    cast.write_text("name,aliases,pronouns\n", encoding="utf-8")
    for arguments in (
        ("read", story, "-o", story),
        ("read", story, "-o", tmp_path / "cast.csv", "--cast", cast),
        ("read", tmp_path, "-o", tmp_path / "page.html"),
    ):
        assert_one_line(run(*arguments), "would change")
    assert {path.name for path in tmp_path.iterdir()} == {"story.html", "cast.quotes.csv"}
    assert story.read_text(encoding="utf-8") == f"<p>{SHORT}</p>"


def test_a_bug_shows_its_traceback(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(personae.api, "annotate", broken)
    with pytest.raises(ZeroDivisionError):
        run("read", short)


def test_ctrl_c_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "personae", "read", "-", "-o", str(tmp_path / "out.json")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background ignores it
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(SHORT.encode())
    process.stdin.flush()  # it has to wait for the end of the story
    threading.Timer(2, process.send_signal, (signal.SIGINT,)).start()
    process.wait(timeout=60)
    assert process.stderr is not None and process.stdout is not None
    errors = process.stderr.read().decode()
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()
    assert (process.returncode, errors.count("\n")) == (130, 1), errors
    assert "stopped" in errors
    assert list(tmp_path.iterdir()) == []


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_shows_after_a_while_and_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "PATIENCE", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    assert "reading the story" in drawn(Screen(), pause=0.5)
    assert drawn(io.StringIO(), pause=0.1) == ""
    monkeypatch.setattr(terminal, "PATIENCE", 60.0)
    assert drawn(Screen(), pause=0.1) == ""


def drawn(screen: io.StringIO, pause: float) -> str:
    with terminal.progress(screen, 3) as at:
        at("opening the file", 0)
        threading.Event().wait(pause)
        at("reading", 1.5)
        threading.Event().wait(pause)
    return screen.getvalue()


def test_a_terminal_gets_a_short_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "SHOWN", 2)
    book = personae.read(STORY)
    console = Console(file=Screen(), width=80)
    for part in terminal.report(book, [], short=True):
        console.print(part)
    assert isinstance(console.file, Screen)
    assert book.cast[1].name in console.file.getvalue() and book.cast[2].name not in console.file.getvalue()
    assert f"and {len(book.cast) - 2} more" in console.file.getvalue()


def assert_one_line(result: Result, says: str) -> bool:
    """Exit code 1, nothing on standard output, one line on standard error."""
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    assert result.stderr.startswith("personae: ") and result.stderr.count("\n") == 1, result.stderr
    assert says in result.stderr and ESCAPE not in result.stderr
    return True
