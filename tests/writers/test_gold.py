"""A story saved as a gold scene is loaded as the same people, lines and mentions."""

from __future__ import annotations

from pathlib import Path

import pytest

import personae
from gold import scenes
from personae.book import Book, Entity, Mention, Quote, check
from personae.text import Block, Metadata
from personae.writers import gold
from tests.stories import EXAMPLES, ROOT, SHORT, text_of


def saved(book: Book, tmp_path: Path) -> Book:
    (tmp_path / "one.xml").write_bytes(gold.write(book))
    return check(scenes.load(tmp_path, "one"))


@pytest.mark.parametrize("name", ["night_window", "lost_property", "bar_ninety"])
def test_a_scene_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    book = scenes.load(ROOT / "gold" / "scenes", name)
    again = saved(book, tmp_path)
    assert again.text == book.text
    names = [entity.name for entity in book.entities]
    kept = [entity.name for entity in again.entities]
    assert set(kept) <= set(names)
    assert [(q.start, q.end, _name(book, q), _heard(book, q)) for q in book.quotes] == [
        (q.start, q.end, _name(again, q), _heard(again, q)) for q in again.quotes
    ]
    assert [(m.start, m.end, _people(book, m)) for m in book.mentions] == [
        (m.start, m.end, _people(again, m)) for m in again.mentions
    ]


def _name(book: Book, quote: Quote) -> str | None:
    return None if quote.speaker is None else book.entities[quote.speaker].name


def _heard(book: Book, quote: Quote) -> set[str]:
    return {book.entities[person].name for person in quote.addressees}


def _people(book: Book, mention: Mention) -> set[str]:
    return {book.entities[person].name for person in mention.entities}


def test_what_was_read_becomes_a_scene(tmp_path: Path) -> None:
    book = personae.annotate(text_of(SHORT))
    again = saved(book, tmp_path)
    assert again.text == SHORT.strip()
    spoken = [q for q in book.quotes if q.kind == "speech"]
    assert [_name(book, q) for q in spoken] == [_name(again, q) for q in again.quotes]


@pytest.mark.parametrize("path", EXAMPLES[:3], ids=lambda path: path.name)
def test_every_example_can_be_saved(path: Path, tmp_path: Path) -> None:
    assert saved(personae.read(path), tmp_path).quotes


def test_names_and_words_are_escaped(tmp_path: Path) -> None:
    text = '“<b>&</b>”\n\n* * *\n\n“]]>” <!--'
    people = tuple(Entity(n, "person", name) for n, name in enumerate(("<i>\"'&", "!!", "none", "Ana", "ana")))
    quotes = (Quote(0, 0, 10, "speech", 0, 0, (1, 2)), Quote(1, 19, 24, "speech", 1, 3, (4,)))
    blocks = (Block(0, 10, "paragraph"), Block(12, 17, "break"), Block(19, len(text), "paragraph"))
    again = saved(Book(text, blocks, Metadata(title="</title>"), entities=people, quotes=quotes), tmp_path)
    assert again.text == text and [e.name for e in again.entities] == [e.name for e in people]
    assert [q.speaker for q in again.quotes] == [0, 3]


def test_an_undecided_line_is_nobodys(tmp_path: Path) -> None:
    book = Book("“Yes.”", (Block(0, 6, "paragraph"),), quotes=(Quote(0, 0, 6, "speech", 0),))
    assert saved(book, tmp_path).quotes[0].speaker is None
