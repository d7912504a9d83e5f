"""Putting right: who says a line, to whom, whom a word means, who is who; undone and done again."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from tests.serve_page.pages import Open, Page, line_of, notice, picked, speaker_of, story, until


def test_a_number_key_says_who_it_is_and_others_follow(port: int, open_page: Open) -> None:
    page = open_page(port, "s/1")
    page.wait_for_selector("[data-q]")
    page.keyboard.press("d")
    page.wait_for_selector(".choice")
    line, doubtful = picked(page), story(port)["queue"]
    assert line == doubtful[0]
    wanted = int(page.get_attribute(".choice >> nth=1", "data-who"))
    page.keyboard.press("2")
    notice(page, "says this")
    until(page, f"document.querySelector('.part .picked')?.dataset.q !== '{line}'")
    assert speaker_of(port, line) == wanted and line not in story(port)["queue"]
    page.keyboard.press("u")
    notice(page, "Undone")
    assert story(port)["corrections"]["count"] == 0 and story(port)["queue"] == doubtful
    page.keyboard.press("r")
    notice(page, "Done again")
    assert speaker_of(port, line) == wanted


def test_lines_that_changed_are_listed_and_gone_to(port: int, open_page: Open) -> None:
    page = open_page(port, "s/1")
    page.wait_for_selector("[data-q]")
    for _ in range(6):
        page.keyboard.press("d")
        page.wait_for_selector(".choice")
        page.keyboard.press("2")
        if "No other" not in notice(page, "changed"):
            break
    page.click(".notice [aria-expanded]")
    page.wait_for_selector(".changed li")
    page.keyboard.press("g")
    until(page, "document.activeElement.matches('.q.new')")


def test_a_line_is_said_to_somebody_isnt_speech_or_is_right(port: int, open_page: Open) -> None:
    page = open_page(port, "s/2")
    page.click("[data-q] >> text=There’s a door", position={"x": 8, "y": 8})
    page.wait_for_selector(".choice")
    line = picked(page)
    page.keyboard.press("a")
    page.wait_for_selector("text=To whom?")
    for pressed in page.locator(".choice[aria-pressed='true']").all():
        pressed.click()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    notice(page, "Said to")
    assert len(line_of(port, line, 2)["addressees"]) == 1
    page.keyboard.press("x")
    notice(page, "Not speech")
    assert line_of(port, line, 2)["kind"] == "other"
    page.keyboard.press("u")
    notice(page, "Undone")
    page.keyboard.press("c")
    notice(page, "right")
    assert line_of(port, line, 2)["kind"] == "speech" and line_of(port, line, 2)["pinned"]


def test_all_lines_told_alike_are_one_persons(port: int, open_page: Open) -> None:
    page = open_page(port, "s/1")
    page.click("[data-q] >> text=You sign it", position={"x": 2, "y": 8})  # “…,” she says.
    page.wait_for_selector(".choice")
    told = [
        picked(page),
        int(page.get_attribute("[data-q] >> text=Who said so? >> nth=1", "data-q")),
    ]  # “…?” she asks again.
    wanted = int(page.get_attribute(".choice >> nth=1", "data-who"))
    page.keyboard.press("l")
    assert page.is_checked("text=All lines told like this one")
    page.keyboard.press("2")
    notice(page, "says this")
    assert [speaker_of(port, line) for line in told] == [wanted, wanted]
    assert story(port)["corrections"]["count"] == 1


def test_corrections_go_out_to_a_spreadsheet_and_come_back(port: int, open_page: Open, tmp_path: Path) -> None:
    page = open_page(port, "s/2")
    page.click("[data-q] >> text=There’s a door", position={"x": 8, "y": 8})
    page.wait_for_selector(".choice")
    line, wanted = picked(page), int(page.get_attribute(".choice >> nth=2", "data-who"))
    page.keyboard.press("3")
    notice(page, "says this")
    page.keyboard.press("m")
    with page.expect_download() as saved:
        page.click("text=Save as CSV")
    table = tmp_path / saved.value.suggested_filename
    saved.value.save_as(table)
    assert table.suffix == ".csv" and "There’s a door" in table.read_text("utf-8-sig")
    page.keyboard.press("u")
    notice(page, "Undone")
    assert story(port, 2)["corrections"]["count"] == 0
    page.set_input_files("[aria-label='A table of corrections']", table)
    assert "1 other line" in notice(page, "was read")
    assert speaker_of(port, line, 2) == wanted and line_of(port, line, 2)["pinned"]
    page.keyboard.press("u")
    notice(page, "Undone")
    assert story(port, 2)["corrections"]["count"] == 0


def test_a_corrected_story_is_saved_in_every_form(port: int, open_page: Open, tmp_path: Path) -> None:
    page = open_page(port, "s/2")
    page.wait_for_selector(".card")
    _correct(page, "Davin")
    page.fill(".person-form form:has-text('Another name') input", "Davin of the Stairs")
    page.keyboard.press("Enter")
    notice(page, "is called Davin of the Stairs")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.wait_for_selector(".forms a")
    forms = page.locator(".forms a").all()
    assert len(forms) == 8
    for form in forms:
        with page.expect_download() as saved:
            form.click()
        path = tmp_path / saved.value.suggested_filename
        saved.value.save_as(path)
        content = _content(path)
        assert "There’s a door" in content or r"There\u2019s a door" in content, path.name
        assert path.suffix == ".ssml" or "davin of the stairs" in content.casefold(), path.name


def _content(path: Path) -> str:
    """What a file holds, or all the files in a zip file."""
    if path.suffix != ".zip":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as packed:
        return "".join(packed.read(name).decode("utf-8") for name in packed.namelist())


def test_a_word_means_somebody_new(port: int, open_page: Open) -> None:
    page = open_page(port, "s/2")
    page.click("[data-m] >> text=/^He$/ >> nth=0")
    page.wait_for_selector("text=Whom does “He” mean?")
    page.keyboard.press("w")
    page.keyboard.type("A man on the stairs")
    page.keyboard.press("Enter")
    notice(page, "It means A man on the stairs")
    assert "A man on the stairs" in [entity["name"] for entity in story(port, 2)["entities"]]


def test_people_are_merged_renamed_and_given_pronouns(port: int, open_page: Open) -> None:
    page = open_page(port, "s/2")
    page.wait_for_selector(".card")
    names = [entity["name"] for entity in story(port, 2)["entities"]]
    assert "Anselm" in names and "Mathis Orde" in names
    _correct(page, "Mathis Orde")
    page.fill(".person-form [role='combobox']", "Ansel")
    page.keyboard.press("Enter")
    notice(page, "are one person")
    assert "Mathis Orde" not in [entity["name"] for entity in story(port, 2)["entities"]]
    _correct(page, "Anselm")
    page.fill(".person-form form:has-text('Another name') input", "Anselm of Sarn")
    page.keyboard.press("Enter")
    notice(page, "is called Anselm of Sarn")
    until(page, "document.querySelector('.cards').textContent.includes('Anselm of Sarn')")
    _correct(page, "Anselm of Sarn")
    page.fill(".person-form form:has-text('Pronouns') input", "xe/xem")
    page.keyboard.press("Enter")
    notice(page, "xe/xem")
    assert {e["name"]: e["pronouns"] for e in story(port, 2)["entities"]}["Anselm of Sarn"] == "xe/xem"
    for _ in range(3):
        page.keyboard.press("Escape")
        page.keyboard.press("u")
        notice(page, "Undone")
        page.click("[aria-label='Close']:visible")
    assert [entity["name"] for entity in story(port, 2)["entities"]] == names


def _correct(page: Page, name: str) -> None:
    """Opens the form of somebody's card."""
    card = page.locator(f".card:has(h3:text-matches('^{name}( |$)'))").first
    card.locator("summary >> text=Correct").click()
    card.locator(".person-form").wait_for()


def test_one_person_becomes_two(port: int, open_page: Open) -> None:
    page = open_page(port, "s/2")
    page.wait_for_selector(".card")
    _correct(page, "Davin")
    page.click("text=Some of this is somebody else")
    page.locator(".split input[name='line']").nth(1).check()
    page.fill(".split input[type='text']", "The Other")
    page.keyboard.press("Enter")
    notice(page, "The Other: 1 line out of Davin")
    found = {entity["name"]: entity["lines"] for entity in story(port, 2)["entities"]}
    assert found["The Other"] >= 1


def test_words_without_marks_become_speech(port: int, open_page: Open) -> None:
    page = open_page(port, "s/2")
    page.click("text=Anselm got up to pour him a drink", position={"x": 150, "y": 8})
    page.keyboard.press("q")
    page.wait_for_selector(".piece")
    page.click(".piece >> nth=0")
    page.click("[data-save]")
    notice(page, "These words are speech")
    page.wait_for_selector("text=Who says this?")
    assert picked(page) >= 0


def test_a_key_before_the_question_is_there_answers_nothing(port: int, open_page: Open) -> None:
    page = open_page(port, "s/2")
    page.click("[data-q] >> text=There’s a landlady behind it", position={"x": 8, "y": 8})
    page.wait_for_selector(".choice")
    held: list[Any] = []
    page.route("**/lines/*", lambda route: held.append(route))
    page.click("[data-q] >> text=There’s a door", position={"x": 8, "y": 8})
    page.keyboard.press("2")
    page.wait_for_timeout(200)
    assert held
    page.unroute("**/lines/*")
    until(page, "document.querySelector('#line .form').dataset.about === document.querySelector('.picked').dataset.q")
    assert story(port, 2)["corrections"]["count"] == 0
    page.keyboard.press("2")
    notice(page, "says this")
    assert story(port, 2)["corrections"]["count"] == 1
