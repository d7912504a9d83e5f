"""What the tests of the page ask of a page and of the server behind it."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

Page = Any
Open = Callable[..., Page]

SOON = 20_000
"""Milliseconds within which anything must happen, on a machine that does other things too."""


def _asked(port: int, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return json.load(answer)  # type: ignore[no-any-return]


def until(page: Page, script: str, wanted: Any = True) -> None:
    """Until a script gives what is wanted; the page's policy lets none be waited for inside it."""
    end = time.monotonic() + SOON / 1000
    while (found := page.evaluate(script)) != wanted:
        assert time.monotonic() < end, f"{script}: {found!r}, not {wanted!r}"
        page.wait_for_timeout(20)


def notice(page: Page, words: str) -> str:
    """What the notice says, once these words stand in it and the story is solved."""
    until(page, f"document.querySelector('.said')?.textContent.includes({json.dumps(words)}) ?? false")
    until(page, "document.querySelector('.said').textContent.includes('Still')", False)
    return str(page.inner_text(".said"))


def story(port: int, number: int = 1) -> dict[str, Any]:
    return _asked(port, f"/api/stories/{number}")


def speaker_of(port: int, line: int, number: int = 1) -> int:
    lines = story(port, number)["lines"]
    return int(lines["speaker"][lines["id"].index(line)])


def picked(page: Page) -> int:
    return int(page.evaluate("Number(document.querySelector('.part .picked')?.dataset.q ?? -1)"))


def line_of(port: int, line: int, number: int) -> dict[str, Any]:
    return _asked(port, f"/api/stories/{number}/lines/{line}")["line"]  
