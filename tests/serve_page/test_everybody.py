"""Everybody can use it: by keyboard alone, with a screen reader, on a narrow window, in the dark."""

from __future__ import annotations

from typing import Any

import pytest

from tests.serve_page.pages import Open, Page, notice, until


def test_the_keyboard_alone_does_everything(port: int, open_page: Open) -> None:
    """From the shelf to a story, a line, a word, two people made one, and back; the mouse is never moved."""
    page = open_page(port)
    page.wait_for_selector(".stories a")
    press = page.keyboard.press
    _tab_to(page, "text=Night Window", "document.activeElement.textContent === 'Night Window'")
    press("Enter")
    page.wait_for_selector("[data-q]")
    _tab_to(page, "the story", "document.activeElement.id === 'story'")
    press("n")
    press("n")
    until(page, "document.activeElement.dataset.q !== undefined")
    press("Enter")
    page.wait_for_selector(".choice")
    press("2")
    notice(page, "says this")
    press("Escape")
    press("j")
    until(page, "document.activeElement.dataset.m !== undefined")
    press("Enter")
    page.wait_for_selector("text=Whom does")
    press("0")
    notice(page, "It means nobody")
    press("u")
    notice(page, "Undone")
    press("h")
    _tab_to(page, "a fold to correct", "document.activeElement.matches('.correct > summary')")
    press("Enter")
    page.wait_for_selector(".person-form")
    _tab_to(page, "the field", "document.activeElement.matches('.person-form [role=combobox]')")
    page.keyboard.type("the")
    page.wait_for_selector(".offers li")
    press("ArrowDown")
    press("Enter")
    notice(page, "are one person")
    press("Escape")
    press("?")
    page.wait_for_selector("dialog[open]")
    press("Escape")
    until(page, "document.querySelector('dialog[open]') === null")


def _tab_to(page: Page, what: str, there: str) -> None:
    for _ in range(60):
        if page.evaluate(there):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {what}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(port: int, open_page: Open, scheme: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python isn't installed: pip install .[test]"
    ).Axe()
    page = open_page(port, color_scheme=scheme)
    page.wait_for_selector(".stories a")
    wrong = _wrong(axe, page, "shelf")
    page.click("text=Two Counters")
    page.wait_for_selector(".card .deeds")
    wrong += _wrong(axe, page, "people")
    page.click(".card summary >> nth=0")
    page.wait_for_selector(".person-form")
    page.click(".person-form summary")
    page.wait_for_selector(".split")
    wrong += _wrong(axe, page, "a person's form")
    for view in ("pictures", "doubts"):
        page.click(f"[data-view='{view}']")
        page.wait_for_timeout(300)
        wrong += _wrong(axe, page, view)
    page.click("[data-q] >> nth=1", position={"x": 6, "y": 8})
    page.wait_for_selector(".choice")
    wrong += _wrong(axe, page, "a line")
    page.keyboard.press("2")
    notice(page, "says this")
    page.keyboard.press("f")
    page.wait_for_selector(".filter b")
    wrong += _wrong(axe, page, "only one person")
    page.keyboard.press("m")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    wrong += _wrong(axe, page, "help")
    assert wrong == []


def _wrong(axe: Any, page: Page, where: str) -> list[str]:
    found = axe.run(page).response["violations"]
    return [
        f"{where}: {rule['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("width", [360, 768, 1024, 1280, 2560])
def test_nothing_sticks_out(port: int, open_page: Open, width: int) -> None:
    page = open_page(port, "s/1", width=width)
    page.wait_for_selector("[data-view='people']")
    for view in ("people", "pictures", "doubts"):
        page.click(f"[data-view='{view}']")
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.is_visible(f"#{view}")
    if width > 860:
        page.click("[data-view='line']")
    else:
        page.click("[data-view='story']")
    page.click("[data-q] >> nth=1", position={"x": 6, "y": 8})
    page.wait_for_selector(".choice")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.keyboard.press("2")
    notice(page, "says this")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.goto(f"http://127.0.0.1:{port}/#/")
    page.wait_for_selector(".stories a")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_narrow_page_shows_the_line_above_the_form(port: int, open_page: Open) -> None:
    page = open_page(port, "s/1", width=360, height=700)
    page.click("[data-q] >> nth=8", position={"x": 6, "y": 8})
    page.wait_for_selector(".choice")
    line = page.locator(".part .picked").first.bounding_box()
    form = page.locator("#line").bounding_box()
    assert 40 < line["y"] < form["y"]


def test_light_turns_dark_and_stays(port: int, open_page: Open) -> None:
    page = open_page(port, color_scheme="light")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(paper) == "rgb(251, 248, 241)"
    page.click("[aria-label='Dark or light']")
    assert page.evaluate(paper) == "rgb(23, 24, 27)"
    page.reload()
    page.wait_for_selector("h1")
    assert page.evaluate(paper) == "rgb(23, 24, 27)"
