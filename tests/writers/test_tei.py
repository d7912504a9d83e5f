"""TEI: well-formed for any Book, its text the story's, its elements what the Book says."""

from __future__ import annotations

import re

from hypothesis import given
from lxml import etree

from personae.book import Book, Entity, Mention, Quote
from personae.text import STORY_KINDS, Block, Metadata
from personae.writers.tei import write
from tests.writers.books import books, harbour

TEI = {"t": "http://www.tei-c.org/ns/1.0"}
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _paragraph(text: str, *, quotes: tuple[Quote, ...] = (), mentions: tuple[Mention, ...] = ()) -> str:
    """The p of a one-paragraph Book with the entities 0 and 1."""
    people = (Entity(0, "person", "A"), Entity(1, "person", "B"))
    book = Book(text, (Block(0, len(text), "paragraph"),), entities=people, quotes=quotes, mentions=mentions)
    return write(book).decode().split("<body>")[1].split('n="0">\n')[1].split("\n</div>")[0]


def _speech(id: int, start: int, end: int) -> Quote:
    return Quote(id, start, end, "speech", id)


def _name(start: int, end: int) -> Mention:
    return Mention(start, end, (start, end), "name", (0,), 1.0)


@given(books())
def test_each_block_s_element_holds_its_text(book: Book) -> None:
    root = etree.fromstring(write(book))
    story = [block for block in book.blocks if block.kind in STORY_KINDS]
    found = ["".join(element.itertext()) for element in root.findall(".//t:body/t:div/*", TEI)]
    expected = [ILLEGAL.sub("\ufffd", book.text[block.start : block.end]) for block in story]
    assert found == (expected or [""])


@given(books())
def test_every_pointer_has_a_target(book: Book) -> None:
    root = etree.fromstring(write(book))
    ids = [element.get(XML_ID) for element in root.iter() if element.get(XML_ID)]
    assert len(set(ids)) == len(ids)
    for element in root.iter():
        pointers = " ".join(
            element.get(name, "") for name in ("who", "toWhom", "ref", "next", "prev")
        ).split()
        assert all(pointer[1:] in ids for pointer in pointers)


@given(books())
def test_a_quote_never_stands_right_in_a_name(book: Book) -> None:
    root = etree.fromstring(write(book))
    for tag in ("rs", "persName", "placeName", "orgName", "objectName"):
        assert not root.xpath(f"//t:{tag}/t:q|//t:{tag}/t:said", namespaces=TEI)


def test_a_quote_in_a_name_stands_in_a_segment() -> None:
    nickname = Quote(0, 2, 4, "other", 0)
    assert _paragraph("abcdef", quotes=(nickname,), mentions=(_name(0, 6),)) == (
        '<p><persName ref="#e0" cert="1.000">ab<seg><q xml:id="q0" type="other">cd</q></seg>ef</persName></p>'
    )


def test_who_speaks_to_whom() -> None:
    root = etree.fromstring(write(harbour()))
    first, second, thought = root.findall(".//t:said", TEI)
    assert dict(first.attrib) == {XML_ID: "q0", "next": "#q1", "who": "#e0", "cert": "0.970", "toWhom": "#e1"}
    assert second.get("prev") == "#q0" and second.get("next") is None
    assert thought.get("aloud") == "false" and thought[0].tag.endswith("hi")
    assert root.find(".//t:q", TEI).get("type") == "written"
    they = next(rs for rs in root.findall(".//t:rs", TEI) if rs.text == "They")
    assert they.get("ref") == "#e0 #e1" and they.get("subtype") == "pronoun"


def test_header_lists_the_cast() -> None:
    root = etree.fromstring(write(harbour()))
    people = root.findall(".//t:particDesc/t:listPerson/t:person", TEI)
    assert [person.get(XML_ID) for person in people] == ["e0", "e1", "e3"]
    assert people[0].findtext("t:persPronouns", namespaces=TEI) == "she/her"
    assert [name.text for name in people[1].findall("t:persName", TEI)] == ["Tomas", "Tom"]
    assert root.findtext(".//t:titleStmt/t:author", namespaces=TEI) == "A. Writer"
    assert root.find(".//t:quotation", TEI).get("marks") == "all"
    assert root.findtext(".//t:front//t:note", namespaces=TEI) == "A note from me, the author."


def test_chapters_heads_verse_and_breaks() -> None:
    root = etree.fromstring(write(harbour()))
    first, second = root.findall(".//t:body/t:div", TEI)
    assert [element.tag.split("}")[1] for element in first] == ["head", "p", "p", "lg", "ab"]
    assert [line.text for line in first.findall("t:lg/t:l", TEI)] == ["O little boat 🛶,", "O long way home."]
    assert second.findtext("t:head", namespaces=TEI) == "Two" and second.get("n") == "2"


def test_a_heading_below_the_top_is_no_head() -> None:
    book = Book("ab", (Block(0, 1, "paragraph"), Block(1, 2, "heading"), Block(2, 2, "break")))
    assert '<p>a</p>\n<ab type="heading">b</ab>\n<milestone unit="scene"/>' in write(book).decode()


def test_a_mention_that_crosses_a_quote_is_not_marked() -> None:
    assert _paragraph("abcdef", quotes=(_speech(0, 0, 3),), mentions=(_name(2, 5),)) == (
        '<p><said xml:id="q0">abc</said>def</p>'
    )
    assert _paragraph("abcdef", quotes=(_speech(0, 3, 6),), mentions=(_name(2, 5),)) == (
        '<p>abc<said xml:id="q0">def</said></p>'
    )


def test_of_two_mentions_that_cross_the_first_is_marked() -> None:
    assert _paragraph("abcdef", mentions=(_name(0, 3), _name(2, 5))) == (
        '<p><persName ref="#e0" cert="1.000">abc</persName>def</p>'
    )


def test_a_quote_that_crosses_another_is_split() -> None:
    assert _paragraph("abcdef", quotes=(_speech(0, 0, 4), _speech(1, 2, 6))) == (
        '<p><said xml:id="q0">ab<said xml:id="q1" next="#q1.1">cd</said></said>'
        '<said xml:id="q1.1" prev="#q1">ef</said></p>'
    )


def test_markup_in_a_story_is_text() -> None:
    attack = '<script>]]>&"'
    book = Book(
        attack, (Block(0, len(attack), "paragraph"),), Metadata(attack, attack, attack, attack, attack)
    )
    root = etree.fromstring(write(book))
    assert root.findtext(".//t:p[last()]", namespaces=TEI) is not None
    assert not root.xpath("//*[local-name()='script']")
    assert root.findtext(".//t:body//t:p", namespaces=TEI) == attack
