"""The page in Chromium: what hovering, keys and clicks do, and that no story can run a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from personae.book import Book
from personae.writers.html import write
from tests.parsed import parsed
from tests.writers.html_books import novel, scene
from tests.writers.test_html import hostile
from tests.writers.test_html_deeds import CROSSING, INES, TOBIN

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright isn't installed: pip install .[test]"
)

Open = Callable[..., "playwright.Page"]


@pytest.fixture
def open_page(browser: playwright.Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a Book's page; at the end nothing may have been complained about on it."""
    complaints: list[str] = []
    contexts: list[playwright.BrowserContext] = []

    def open_page(book: Book, width: int = 1280, **options: object) -> playwright.Page:
        path = tmp_path / "page.html"
        path.write_bytes(write(book))
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(5_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append("a dialog"), dialog.dismiss()))
        page.on("request", lambda request: request.url.startswith("file:") or complaints.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def test_pointing_at_a_pronoun_tells_whom_it_means(open_page: Open) -> None:
    page = open_page(scene())
    page.hover("text=She >> nth=0")
    assert page.inner_text("#tip").splitlines() == ["Ines Carrow", "she/her"]
    page.hover("h1")
    page.wait_for_selector("#tip", state="hidden")


def test_pointing_at_a_line_tells_who_speaks_to_whom_and_why(open_page: Open) -> None:
    page = open_page(scene())
    page.hover("#q0", position={"x": 3, "y": 5})
    assert "Ines Carrow says to Tobin" in page.inner_text("#tip")
    assert "97% sure: the words beside it name the speaker" in page.inner_text("#tip")


def test_keys_walk_from_mention_to_mention(open_page: Open) -> None:
    page = open_page(scene())
    page.focus("#story")
    seen = []
    for key in ("j", "j", "ArrowRight", "k"):
        page.keyboard.press(key)
        seen.append(page.evaluate("document.activeElement.textContent"))
    assert seen == ["You", "Ines Carrow", "She", "Ines Carrow"]
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "tip"
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "q1"
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.id") == "q0"


def test_what_scrolls_under_a_resting_pointer_isnt_pointed_at(open_page: Open) -> None:
    page = open_page(novel(2_000))
    page.mouse.move(250, 400)
    page.focus("#story")
    for _ in range(25):
        page.keyboard.press("n")
        page.wait_for_timeout(20)
        assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "tip"


def test_tab_leaves_a_long_story_soon(open_page: Open) -> None:
    page = open_page(novel(20_000))
    stops = page.evaluate("[...document.querySelectorAll('main [tabindex], main a, main button')].length")
    assert stops == 0


def test_keys_cross_from_part_to_part(open_page: Open) -> None:
    page = open_page(novel(8_000))
    page.evaluate(
        "() => { const all = document.querySelectorAll('.part')[0].querySelectorAll('[data-e]');"
        "const last = all[all.length - 1]; last.tabIndex = -1; last.focus(); }"
    )
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.part') === document.querySelectorAll('.part')[1]")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('.part') === document.querySelectorAll('.part')[0]")


def test_only_what_one_person_says(open_page: Open) -> None:
    page = open_page(scene())
    page.click("[data-only='1']")
    assert page.evaluate("document.querySelectorAll('.q.on').length") == 7
    page.click("[data-step='1']")
    assert "1 of 7" in page.inner_text("#filter")
    page.click("[data-fold]")
    assert not page.is_visible("text=The ferry had stopped")
    page.click("[data-clear]")
    assert page.is_visible("text=The ferry had stopped") and not page.is_visible("#filter")


def test_enter_on_a_mention_chooses_its_person(open_page: Open) -> None:
    page = open_page(scene())
    page.focus("#story")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    assert "Ines Carrow" in page.inner_text("#filter")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert not page.is_visible("#filter")


def test_what_somebody_does_leads_to_the_word(open_page: Open) -> None:
    page = open_page(parsed("\n---\n".join([CROSSING] * 40), INES, TOBIN))
    link = page.locator("#p1 .deeds a >> nth=-1")
    assert link.inner_text() == "push him off" and "she pushed Tobin off" in str(link.get_attribute("title"))
    link.click()
    assert page.evaluate("document.activeElement.textContent") == "pushed"
    assert page.evaluate("document.activeElement.matches('.flash')") and not page.is_visible("#tip")


def test_a_doubtful_line_is_jumped_to(open_page: Open) -> None:
    page = open_page(novel(20_000))
    page.click("[data-view='doubts']")
    page.click(".doubts li:nth-child(40) a")
    assert page.evaluate("'#' + document.activeElement.id") == page.get_attribute(
        ".doubts li:nth-child(40) a", "href"
    )
    box = page.evaluate("(({top, bottom}) => [top, bottom])(document.activeElement.getBoundingClientRect())")
    assert 48 < box[0] < box[1] < 800


def test_pointing_at_a_person_in_the_picture_dims_the_others(open_page: Open) -> None:
    page = open_page(scene())
    page.click("[data-view='talk']")
    page.hover(".node[data-node='0']")
    assert page.evaluate("document.querySelectorAll('.arc.on').length") == 4
    page.click(".node[data-node='2']")
    assert page.is_visible("#p2")


def test_light_turns_dark(open_page: Open) -> None:
    page = open_page(scene(), color_scheme="light")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.click("#theme")
    dark = page.evaluate(paper)
    page.click("#theme")
    assert (light, dark, page.evaluate(paper)) == ("rgb(251, 248, 241)", "rgb(23, 24, 27)", light)
    assert open_page(scene(), color_scheme="dark").evaluate(paper) == dark


@pytest.mark.parametrize("width", [360, 768, 900, 1280])
def test_nothing_sticks_out(open_page: Open, width: int) -> None:
    page = open_page(novel(2_000), width=width)
    for view in ("people", "talk", "doubts"):
        page.click(f"[data-view='{view}']")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.is_visible(f"#{view}")


def test_a_narrow_window_goes_from_a_doubt_to_its_line_and_back(open_page: Open) -> None:
    page = open_page(scene(), width=390)
    page.click("[data-view='doubts']")
    assert not page.is_visible("#story")
    page.click(".doubts a >> nth=0")
    assert (
        page.is_visible("#story")
        and page.evaluate("document.activeElement.textContent") == "“Which bell was that?”"
    )
    page.click("[data-view='doubts']")
    assert page.is_visible("#doubts")


def test_a_story_is_read_without_scripts_too(open_page: Open) -> None:
    page = open_page(scene(), java_script_enabled=False)
    assert all(page.locator(selector).is_visible() for selector in ("#q0", "#people", "#talk", "#doubts"))


def test_no_story_can_run_a_script(open_page: Open) -> None:
    page = open_page(hostile())
    page.hover("#q0 [data-e] >> nth=0")
    page.click("[data-only='0']")
    page.click("[data-view='doubts']")
    assert page.evaluate("typeof window.bad") == "undefined"
    assert "</script><script>" in page.inner_text("#tip") + page.inner_text("#filter")


def test_a_policy_stops_what_escaping_might_miss(browser: playwright.Browser, tmp_path: Path) -> None:
    path = tmp_path / "broken.html"
    path.write_bytes(
        write(scene()).replace(b"<main", b"<script>window.bad=1</script><img src=x onerror=bad=1><main")
    )
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.evaluate("typeof window.bad") == "undefined"
    page.close()


def test_a_novel_answers(open_page: Open) -> None:
    page = open_page(novel())
    page.click("[data-only='0']")
    page.click("[data-step='-1']")
    assert page.evaluate("document.activeElement.matches('.q.on')")
    page.click(".toc summary")
    page.click(".toc li:last-child a")
    page.wait_for_selector(".toc li:last-child a[aria-current]", state="attached")
    top = "[...document.querySelectorAll('.chapter')].at(-1).getBoundingClientRect().top"
    assert 0 <= page.evaluate(top) < 200
