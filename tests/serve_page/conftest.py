"""Stories that have been read, their server and their page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.serve_page.pages import SOON, Open, Page

if TYPE_CHECKING:
    from tests.serve_page.shelves import Process

HOSTILE_NAME = "<img src=x onerror=bad=1>.md"
HOSTILE = """\
# <script>window.bad=1</script>

"You can't," said Mara <b>Bad</b>. "<img src=x onerror='window.bad=1'>," she said.

"</span><script>window.bad=2</script>," said Joe "javascript:alert(1)" Dent. "Stop, {{constructor}}, \u202eMara!"

Mara laughed. "\U0001f600 <svg onload=window.bad=3>," she said to Joe.
"""


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Path:
    """A shelf with three stories: 1 has two chapters, 2 is short, 3 is hostile."""
    from tests.serve_page.shelves import ROOT, shelve

    shelf = tmp_path_factory.mktemp("read") / "shelf.db"
    names = ("two_counters.epub", "night_window.html")
    examples = [(name, (ROOT / "examples" / name).read_bytes(), None) for name in names]
    shelve(shelf, [*examples, (HOSTILE_NAME, HOSTILE.encode(), None)])
    return shelf


@pytest.fixture
def port(read: Path, tmp_path: Path) -> Iterator[int]:
    """A server of a copy of that shelf."""
    from tests.serve_page.shelves import copied, serving

    with serving(copied(read, tmp_path)) as port:
        yield port


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    """Opens an address on a port; at the end nobody may have complained, nor asked for anything elsewhere."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def open_page(port: int, place: str = "", width: int = 1280, height: int = 800, **options: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(SOON)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append("a dialog"), dialog.dismiss()))
        own = f"http://127.0.0.1:{port}/"
        page.on("request", lambda asked: asked.url.startswith(own) or complaints.append(asked.url))
        page.goto(f"http://127.0.0.1:{port}/#/{place}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [said for said in complaints if "ERR_" not in said and "409" not in said] == []


@pytest.fixture
def mortal(read: Path, tmp_path: Path) -> Iterator[Process]:
    """A server in a process of its own."""
    from tests.serve_page.shelves import Process, copied, free_port

    process = Process(copied(read, tmp_path), free_port())
    process.start()
    yield process
    process.kill()
