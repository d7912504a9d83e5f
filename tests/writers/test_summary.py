"""What a notebook shows of a Book."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from lxml import html

from personae.book import Book, Entity, Quote
from personae.text import Metadata
from personae.writers.summary import summary
from tests.writers.books import books, harbour


def test_shows_title_cast_and_lines() -> None:
    page = html.fromstring(summary(harbour()))
    assert "The <Harbour> by A. Writer" in page.text_content()
    cells = [[cell.text_content() for cell in row.iter("td")] for row in page.iter("tr")]
    assert cells[1:] == [
        ["Mira", "she/her", "3", "2"],
        ["Tomas (narrator)", "?", "0", "2"],
        ["his dog", "?", "0", "1"],
    ]
    assert "2 lines of speech, 0 undecided" in page.text_content()


def test_counts_the_undecided() -> None:
    book = Book("“a”", quotes=(Quote(0, 0, 3, "speech", 0),))
    assert "1 lines of speech, 1 undecided" in summary(book)


def test_a_large_cast_is_cut() -> None:
    people = tuple(Entity(index, "person", f"P{index}", mentions=1) for index in range(25))
    assert "and 5 more" in summary(Book("", entities=people))


@given(books())
def test_nothing_in_a_story_becomes_markup(book: Book) -> None:
    tags = {element.tag for element in html.fromstring(summary(book)).iter()}
    assert tags <= {"div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "em"}


def test_a_script_in_a_name_is_text() -> None:
    attack = "<script>alert(1)</script>"
    book = replace(
        harbour(), metadata=Metadata(attack, attack), entities=(Entity(0, "person", attack, (), attack),)
    )
    assert "<script" not in summary(replace(book, mentions=(), quotes=(), scenes=(), relations=(), claims=()))
    assert "<script" not in book._repr_html_()
