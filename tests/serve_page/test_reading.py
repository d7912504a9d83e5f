"""Reading and seeing: the story, its people, search, pictures, and what isn't told yet."""

from __future__ import annotations

import time

from tests.serve_page.pages import Open, story, until


def test_the_shelf_leads_to_a_story(port: int, open_page: Open) -> None:
    page = open_page(port)
    assert page.locator(".stories h2").all_inner_texts()[:2] == ["Two Counters", "Night Window"]
    page.click("text=Two Counters")
    page.wait_for_selector("[data-q]")
    assert page.inner_text("h1") == "Two Counters" and page.title() == "Two Counters – Personae"
    assert page.locator(".chapters a").all_inner_texts() == ["Lost Property", "Mend or Scrap"]
    assert "Tamsin" in page.locator("[data-w]").evaluate_all("all => all.map(each => each.dataset.w)")


def test_pointing_and_focus_tell_whom_a_word_means(port: int, open_page: Open) -> None:
    page = open_page(port, "s/1")
    page.hover("[data-q] >> nth=1", position={"x": 4, "y": 6})
    assert "says" in page.inner_text("#tip")
    page.focus("#story")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "tip"
    assert page.evaluate("document.activeElement.dataset.m !== undefined")


def test_a_chapter_is_gone_to_and_the_place_is_kept(port: int, open_page: Open) -> None:
    page = open_page(port, "s/1")
    page.click(".chapters >> text=Mend or Scrap")
    page.wait_for_selector(".chapters [aria-current] >> text=Mend or Scrap")
    until(page, "scrollY > 500")
    place = story(port)["chapters"][2]["block"]
    end = time.monotonic() + 10
    while story(port)["position"] != place and time.monotonic() < end:
        page.wait_for_timeout(100)
    again = open_page(port, "s/1")
    again.wait_for_selector(".chapters [aria-current] >> text=Mend or Scrap")
    until(again, "scrollY > 500")


def test_only_what_one_person_says(port: int, open_page: Open) -> None:
    page = open_page(port, "s/1")
    page.click(".card [data-only] >> nth=0")
    page.wait_for_selector(".filter b")
    name = page.inner_text(".card h3 >> nth=0").rsplit(" ", 1)[0]
    total = page.inner_text(".filter span")
    assert name in page.inner_text(".filter") and total.endswith("lines")
    page.click("[aria-label='Next line']")
    until(page, "document.activeElement.matches('.q.on')")
    page.click("[data-fold]")
    until(page, "[...document.querySelectorAll('.part p')].every(each => each.querySelector('.q.on'))")
    page.click("[aria-label='Show everything']")
    until(page, "document.querySelectorAll('.q.on').length", 0)
    until(page, "document.querySelectorAll('.part p').length > 40")


def test_words_are_found_and_gone_to(port: int, open_page: Open) -> None:
    page = open_page(port, "s/1")
    page.focus("#story")
    page.keyboard.press("/")
    page.keyboard.type("screwdriver")
    page.wait_for_selector(".found mark")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    until(page, "CSS.highlights.get('found')?.size ?? 0", 1)
    assert "screwdriver" in page.evaluate("document.activeElement.closest('[data-b]').textContent")


def test_what_is_beyond_is_not_told(port: int, open_page: Open) -> None:
    page = open_page(port, "s/1")
    page.wait_for_selector(".card")
    before = page.locator(".card h3").all_inner_texts()
    page.focus("#story")
    page.keyboard.press("b")
    page.wait_for_selector(".read-to")
    until(page, "document.querySelector('#people .caption')?.textContent.includes('from beyond') ?? false")
    after = page.locator(".card h3").all_inner_texts()
    assert any("Sorrel" in name for name in before) and not any("Sorrel" in name for name in after)
    page.click(".menu summary >> text=More")
    page.click("text=I have read it all")
    until(page, "[...document.querySelectorAll('.card h3')].some(each => each.textContent.includes('Sorrel'))")


def test_pictures_have_axes_units_and_tables(port: int, open_page: Open) -> None:
    page = open_page(port, "s/1")
    page.click("[data-view='pictures']")
    page.wait_for_selector(".network .node")
    assert page.locator(".plot h3").all_inner_texts() == [
        "Who speaks to whom", "How much each says", "Where each is in the book", "How much of each chapter is speech",
    ]  # fmt: skip
    assert {"words said", "% of words", "chapter"} <= set(page.locator(".unit").all_text_contents())
    assert page.locator(".plot table tbody").count() == 4
    place = "document.querySelector('.node circle').getAttribute('cx')"
    left = float(page.evaluate(place))
    box = page.locator(".node circle").first.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 40, steps=4)
    page.mouse.up()
    assert float(page.evaluate(place)) > left + 40
    page.keyboard.press("ArrowLeft")
    assert left + 20 < float(page.evaluate(place)) < left + 60
    page.keyboard.press("Enter")
    until(page, "document.activeElement.matches('.card')")
