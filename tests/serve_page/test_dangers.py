"""What may go wrong: hostile stories, a server that is killed, a browser that is closed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.serve_page.pages import SOON, Open, notice, picked, speaker_of, story, until
from tests.serve_page.shelves import Process, copied, scene_texts, serving


def test_a_story_is_dropped_read_and_taken_off(read: Path, tmp_path: Path, open_page: Open) -> None:
    with serving(copied(read, tmp_path)) as port:
        page = open_page(port)
        page.wait_for_selector(".stories a")
        content = "“Come in,” said Ada.\n\n“I can’t,” said Bram. He stood in the rain.\n"
        file = {"name": "rain.txt", "mimeType": "text/plain", "buffer": content.encode()}
        page.set_input_files("input[type=file]", file)
        page.wait_for_selector(".stories a >> text=rain", timeout=60_000)
        page.click("[aria-label='Take off: rain']")
        page.click("[aria-label='Take it off: rain']")
        until(page, "document.querySelector('.stories').textContent.includes('rain')", False)


def test_a_long_reading_is_stopped(port: int, open_page: Open) -> None:
    page = open_page(port)
    page.wait_for_selector(".stories a")
    file = {"name": "long.txt", "mimeType": "text/plain", "buffer": scene_texts(20_000).encode()}
    page.set_input_files("input[type=file]", file)
    page.wait_for_selector("progress")
    page.click("[aria-label='Stop: long']")
    page.wait_for_selector("text=Reading was stopped")
    assert page.is_visible("[aria-label='Read it again: long']")


def test_no_story_can_run_a_script(port: int, open_page: Open) -> None:
    page = open_page(port)
    page.wait_for_selector(".stories a")
    page.goto(f"http://127.0.0.1:{port}/#/s/3")
    page.wait_for_selector("[data-q]")
    assert "<script>window.bad=1</script>" in page.inner_text("#story")
    for view in ("people", "pictures", "doubts"):
        page.click(f"[data-view='{view}']")
        page.wait_for_timeout(100)
    page.click("[data-q] >> nth=1", position={"x": 6, "y": 8})
    page.wait_for_selector(".choice")
    page.keyboard.press("w")
    page.keyboard.type("<img src=x onerror=window.bad=4>")
    page.keyboard.press("Enter")
    notice(page, "<img src=x onerror=window.bad=4> says this")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("onload")
    page.wait_for_selector(".found mark")
    assert page.evaluate("typeof window.bad") == "undefined"
    assert page.locator("#app img, #app script, #story svg").count() == 0


def test_emoji_before_a_line_move_nothing(port: int, open_page: Open) -> None:
    page = open_page(port, "s/3")
    page.wait_for_selector("[data-q]")
    lines = page.locator("[data-q]").all_inner_texts()
    assert any(line.startswith("“\U0001f600 <svg") or line.startswith('"\U0001f600 <svg') for line in lines)


@pytest.mark.parametrize("reached", [False, True], ids=["before it arrived", "before it was answered"])
def test_a_server_killed_in_a_correction_loses_nothing(mortal: Process, open_page: Open, reached: bool) -> None:
    page = open_page(mortal.port, "s/2")
    page.click("[data-q] >> text=There’s a landlady behind it", position={"x": 8, "y": 8})
    page.wait_for_selector(".choice")
    line, wanted = picked(page), int(page.get_attribute(".choice >> nth=1", "data-who"))
    hurt: list[str] = []

    def die(route: Any) -> None:
        if not hurt:
            hurt.append(route.request.url)
            if reached:
                route.fetch()
            mortal.kill()
            route.abort()
        else:
            route.continue_()

    page.route("**/corrections*", die)
    page.keyboard.press("2")
    page.wait_for_selector(".lost:not([hidden])")
    assert "1 correction is kept here" in page.inner_text(".lost")
    assert page.locator(".q.unsent").count() >= 1
    mortal.start()
    page.wait_for_selector(".lost", state="hidden", timeout=30_000)
    until(page, "document.querySelectorAll('.q.unsent').length", 0)
    end = time.monotonic() + SOON / 1000
    while story(mortal.port, 2)["corrections"]["count"] != 1 and time.monotonic() < end:
        page.wait_for_timeout(100)
    assert story(mortal.port, 2)["corrections"]["count"] == 1 and speaker_of(mortal.port, line, 2) == wanted


def test_a_closed_browser_keeps_what_wasnt_sent(mortal: Process, open_page: Open) -> None:
    page = open_page(mortal.port, "s/2")
    page.click("[data-q] >> text=There’s a landlady behind it", position={"x": 8, "y": 8})
    page.wait_for_selector(".choice")
    line, wanted = picked(page), int(page.get_attribute(".choice >> nth=1", "data-who"))
    mortal.kill()
    page.keyboard.press("2")
    page.wait_for_selector(".lost:not([hidden])")
    mortal.start()
    again = page.context.new_page()
    page.close()
    again.goto(f"http://127.0.0.1:{mortal.port}/#/s/2")
    again.wait_for_selector("[data-q]", timeout=SOON)
    end = time.monotonic() + SOON / 1000
    while story(mortal.port, 2)["corrections"]["count"] != 1 and time.monotonic() < end:
        again.wait_for_timeout(100)
    assert speaker_of(mortal.port, line, 2) == wanted
