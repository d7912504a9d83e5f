"""The server as a process of its own: killed in the middle of a correction, stopped by Ctrl-C, started again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from personae.corrections.toml import load
from personae.serve.shelf import Shelf
from tests.serve.served import STORY, named, speakers


class Server:
    """`personae open STORY` and a client of it."""

    def __init__(self, story: Path, shelf: Path, *more: str) -> None:
        command = [sys.executable, "-m", "personae", "open", str(story), "--shelf", str(shelf), "--port", "0"]
        # Ctrl-C must reach it, whatever the shell that runs these tests has made of it
        self.process = subprocess.Popen(
            [*command, "--no-browser", *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
        assert self.process.stdout
        first = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", first)
        assert found, first
        opened = Shelf(shelf)
        headers = {"X-Personae-Token": opened.token}
        opened.close()
        self.http = httpx2.Client(base_url=found[0], headers=headers, timeout=60)

    def story(self) -> dict[str, Any]:
        """The skeleton once the story is open and settled."""
        for _ in range(1200):
            answer = self.http.get("/api/stories/1")
            if answer.status_code == 200 and not answer.json()["settling"]:
                return dict(answer.json())
            assert answer.status_code in (200, 409), answer.text
            time.sleep(0.05)
        raise AssertionError("the story doesn't open")

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)


@contextmanager
def served(story: Path, shelf: Path, *more: str) -> Iterator[Server]:
    server = Server(story, shelf, *more)
    try:
        yield server
    finally:
        server.http.close()
        server.kill()


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


def test_killed_while_correcting_it_loses_nothing(story: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf.db"
    answered: list[str] = []
    with served(story, shelf) as server:
        people, lines = named(server.story()), list(speakers(server.story()))

        def correct() -> None:
            for number in range(10_000):
                key = f"key {number}"
                body = {
                    "op": "speaker", "line": lines[number % len(lines)], "key": key,
                    "person": people["Mara" if number % 2 else "Tobin"],
                }  # fmt: skip
                try:
                    if server.http.post("/api/stories/1/corrections", json=body).status_code == 200:
                        answered.append(key)
                except httpx2.HTTPError:
                    return

        correcting = threading.Thread(target=correct)
        correcting.start()
        while len(answered) < 7:
            time.sleep(0.01)
        server.kill()
        correcting.join(timeout=60)
    with served(story, shelf) as again:
        whole = again.story()
        assert len(answered) <= whole["corrections"]["count"] <= len(answered) + 1
        assert all(people.get(name, who) == who for name, who in named(whole).items())
        said, number = speakers(whole), whole["corrections"]["count"]
        last = {lines[n % len(lines)]: "Mara" if n % 2 else "Tobin" for n in range(number)}
        assert {line: said[line] for line in last} == last
        # what the page sends again because it got no answer isn't taken twice
        body = {"op": "speaker", "line": lines[0], "person": people["Mara"], "key": answered[-1]}
        assert again.http.post("/api/stories/1/corrections", json=body).json()["corrections"]["count"] == number
        assert again.http.post("/api/stories/1/undo").status_code == 200
    assert len(load(tmp_path / "story.txt.personae.toml")) == number - 1


def test_a_folder_is_one_story(tmp_path: Path) -> None:
    folder = tmp_path / "the bridge"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number}.txt").write_text(STORY, encoding="utf-8")
    with served(folder, tmp_path / "shelf.db") as server:
        whole = server.story()
        assert len(whole["chapters"]) == 2 and "Mara" in named(whole)
        body = {"op": "rename", "person": named(whole)["Mara"], "name": "Marah"}
        assert server.http.post("/api/stories/1/corrections", json=body).status_code == 200
    assert [one.value for one in load(tmp_path / "the bridge.personae.toml")] == ["Marah"]


def test_killed_while_reading_it_reads_again(story: Path, tmp_path: Path) -> None:
    with served(story, tmp_path / "shelf.db") as server:
        server.kill()
    with served(story, tmp_path / "shelf.db") as again:
        assert named(again.story())


def test_ctrl_c_stops_it_cleanly(story: Path, tmp_path: Path) -> None:
    with served(story, tmp_path / "shelf.db") as server:
        server.story()
        server.process.send_signal(signal.SIGINT)
        _, errors = server.process.communicate(timeout=30)
        assert server.process.returncode == 130
        assert "Traceback" not in errors and errors.startswith("personae: stopped")
    assert not (tmp_path / "shelf.db-wal").exists() or (tmp_path / "shelf.db-wal").stat().st_size == 0


def test_a_port_that_is_taken_is_one_line(story: Path, tmp_path: Path) -> None:
    with served(story, tmp_path / "shelf.db") as server:
        port = str(server.http.base_url.port)
        result = subprocess.run(
            [sys.executable, "-m", "personae", "open", "--shelf", str(tmp_path / "b.db"), "--port", port],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert result.returncode == 1
    assert result.stderr == f"personae: port {port}: is taken; choose another with --port\n"


def test_it_listens_on_this_machine_alone(story: Path, tmp_path: Path) -> None:
    with served(story, tmp_path / "shelf.db") as server:
        port = server.http.base_url.port
        found = Path("/proc/net/tcp").read_text() if os.path.exists("/proc/net/tcp") else ""
        listening = [line.split()[1] for line in found.splitlines() if f":{port:04X} " in line and " 0A " in line]
        assert not found or listening == [f"0100007F:{port:04X}"]


def test_a_story_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "personae", "open", "no.txt", "--shelf", str(tmp_path / "b.db"), "--port", "0"],
        capture_output=True, text=True, timeout=60, cwd=tmp_path,
    )  # fmt: skip
    assert result.returncode == 1 and result.stderr.startswith("personae: no.txt: can't be read")
    assert result.stderr.count("\n") == 1
