"""Stories on a shelf, served for a test: in a thread, or in a process of its own that can be killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gold import scenes

uvicorn = pytest.importorskip("uvicorn", reason="uvicorn isn't installed: pip install .[serve]")
pytest.importorskip("starlette", reason="starlette isn't installed: pip install .[serve]")

from personae.serve.app import make_app  # noqa: E402
from personae.serve.desk import Desk  # noqa: E402
from personae.serve.shelf import Shelf  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SCENES = ROOT / "gold" / "scenes"
PATIENCE = 180.0
"""Seconds for a few short stories to be read, on a machine that does other things too."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(port: int, path: str) -> dict[str, object]:
    """What the server answers to a GET."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return json.load(answer)  # type: ignore[no-any-return]


def wait_until_read(port: int) -> None:
    """Until nothing on the shelf waits any more. Raises AssertionError where a story can't be read."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        states = {story["state"] for story in asked(port, "/api/shelf")["stories"]}  # type: ignore[attr-defined]
        if states <= {"ready"}:
            return
        assert "failed" not in states
        time.sleep(0.2)
    raise AssertionError("the stories weren't read in time")


@contextmanager
def serving(shelf: Path) -> Iterator[int]:
    """The port of a server in a thread of this process."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = int(listening.getsockname()[1])
    opened = Shelf(shelf)
    app = make_app(Desk(opened), [f"127.0.0.1:{port}"])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(20)
        opened.close()
        listening.close()


class Process:
    """`personae open` as somebody runs it; `kill` leaves it no time to put anything away."""

    def __init__(self, shelf: Path, port: int) -> None:
        self.shelf, self.port = shelf, port
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--shelf", str(self.shelf), "--port", str(self.port), "--no-browser"]
        command = [sys.executable, "-m", "personae", "open", *options]
        path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        self.running = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": path})
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                asked(self.port, "/api/shelf")
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server didn't start")

    def kill(self) -> None:
        if self.running:
            self.running.send_signal(signal.SIGKILL)
            self.running.wait()
            self.running = None


def copied(shelf: Path, folder: Path) -> Path:
    """A shelf of one's own with the same stories, to write on; it belongs to no file beside it."""
    copy = folder / "shelf.db"
    shutil.copy(shelf, copy)
    return copy


def shelve(shelf: Path, stories: Sequence[tuple[str, bytes, Path | None]]) -> None:
    """Put stories (name, content, where it lies) on a shelf, and have them read."""
    opened = Shelf(shelf)
    for name, content, path in stories:
        opened.add(name, content, str(path) if path else None)
    opened.close()
    with serving(shelf) as port:
        wait_until_read(port)


def scene_texts(words: int) -> str:
    """Our own scenes as chapters, until there are so many words."""
    chapters, size = [], 0
    for number, name in enumerate(scenes.documents(SCENES), 1):
        text = scenes.load(SCENES, name).text
        chapters.append(f"Chapter {number}\n\n{text}")
        size += len(text.split())
        if size >= words:
            break
    return "\n\n".join(chapters) + "\n\n"


def shelve_novel(shelf: Path, words: int, base: int = 5_000) -> None:
    """A story of about so many words, made of our scenes over and over, that the encoder has read once.

    What it made of the scenes is what it would make of them again, so it is laid end to end.
    """
    from personae.annotators import made_by, open_story
    from personae.models import open_models
    from personae.readers import read_bytes
    from personae.serve.readings import pack

    once = scene_texts(base)
    times = round(words / len(once.split()))
    solver = open_story(read_bytes(once.encode(), "once.txt"))
    whole = open_size(once * times)
    assert whole == times * len(solver.ground.tokens)
    ground = SimpleNamespace(reading=_tiled(solver, times))
    content = pack(SimpleNamespace(ground=ground, linked=lambda: _links(solver, times)))  # type: ignore[arg-type]
    opened = Shelf(shelf)
    story = opened.add("novel.txt", (once * times).encode())
    opened.keep_reading(story, json.dumps(dict(made_by(open_models())), sort_keys=True), content)
    opened.close()
    with serving(shelf) as port:
        wait_until_read(port)


def open_size(text: str) -> int:
    """How many tokens a text has."""
    from personae.annotators.tokens import tokenize
    from personae.readers import read_bytes

    return len(tokenize(read_bytes(text.encode(), "novel.txt")))


def _tiled(solver: object, times: int) -> SimpleNamespace:
    from personae.serve.readings import COLUMNS

    ground = solver.ground  # type: ignore[attr-defined]
    reading, size = ground.reading, len(ground.tokens)
    columns = {name: np.tile(getattr(reading, name), times) for name in COLUMNS if name != "head"}
    turns = np.repeat(np.arange(times, dtype=np.int32), size) * size
    head = np.tile(reading.head, times)
    spans = [_moved(span, turn * size) for turn in range(times) for span in reading.spans]
    rows = {name: np.tile(getattr(reading, name), (times, 1)) for name in ("pointed", "said")}
    return SimpleNamespace(**columns, **rows, head=np.where(head < 0, head, head + turns).astype(np.int32), spans=spans)


def _moved(span: object, by: int) -> SimpleNamespace:
    names = ("first", "last", "head")
    kept = {name: getattr(span, name) for name in ("type", "form", "chance")}
    return SimpleNamespace(**{name: getattr(span, name) + by for name in names}, **kept)


def _links(solver: object, times: int) -> SimpleNamespace:
    links = solver.linked()  # type: ignore[attr-defined]
    size = len(links.others)
    turns = np.repeat(np.arange(times, dtype=np.int32), size)[:, None] * size
    others = np.tile(links.others, (times, 1))
    return SimpleNamespace(
        others=np.where(others < 0, others, others + turns).astype(np.int32), chances=np.tile(links.chances, (times, 1))
    )


def figures(measured: Mapping[str, float]) -> str:
    """Measurements on one line."""
    return ", ".join(f"{name} {value:.0f}" for name, value in measured.items())
