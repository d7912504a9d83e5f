"""Scripts: the pieces joined are the story, and each format holds to its rules whatever a story says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from lxml import etree

import personae
from personae.book import Book, Entity, Quote
from personae.text import STORY_KINDS, Block, Metadata
from personae.writers import fountain, script, script_lines, ssml, voices
from tests.stories import EXAMPLES
from tests.writers.books import STORY, books, harbour

SSML = {"s": "http://www.w3.org/2001/10/synthesis"}


def _records(book: Book) -> list[dict[str, Any]]:
    return [json.loads(line) for line in script_lines.write(book).decode().splitlines()]


def _without_notes(book: Book) -> str:
    """The text from the first story block on, less notes and metadata up to the block behind them."""
    ends = [block.start for block in book.blocks[1:]] + [len(book.text)]
    stretches = zip(book.blocks, ends, strict=True) if book.blocks else ()
    return "".join(book.text[b.start : end] for b, end in stretches if b.kind in STORY_KINDS)


def _one(text: str, *quotes: Quote, kind: Any = "paragraph", name: str = "Ann") -> Book:
    entities = (Entity(0, "person", name), Entity(1, "person", "Bo", pronouns="he/him"))
    return Book(text, (Block(0, len(text), kind),), entities=entities, quotes=quotes)


def _said(text: str, **more: Any) -> Book:
    """A book that is one line."""
    return _one(text, Quote(0, 0, len(text), "speech", 0, 0), **more)


def _body(book: Book) -> str:
    return fountain.write(book).decode().split("\n\n", 1)[1].removesuffix("\n")


@given(books())
def test_the_pieces_joined_are_the_story(book: Book) -> None:
    records = _records(book)
    assert "".join(record["text"] for record in records) == _without_notes(book)
    assert all(record["text"] == book.text[record["start"] : record["end"]] for record in records)
    assert all(tuple(record) == script_lines.KEYS for record in records)
    assert all(record["text"] or record["kind"] == "break" for record in records)


LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MAY_HOLD = {"speak": {"p", "break"}, "p": {"voice", "mark"}, "voice": set(), "break": set(), "mark": set()}
"""What we use of the content models of SSML 1.1 (sections 3.1.1, 3.1.8.1, 3.2.1, 3.2.3 and 3.3.2)."""
MAY_SAY = {
    "speak": {"version": r"1\.1", LANG: r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"}, "p": {}, "mark": {"name": r"\S+"},
    "voice": {"name": r"\S+", "gender": "male|female|neutral"},
    "break": {"strength": "none|x-weak|weak|medium|strong|x-strong"},
}  # fmt: skip
"""The attributes, and what each may be."""
MUST_SAY = {"speak": {"version", LANG}, "mark": {"name"}}


@given(books())
def test_any_book_is_valid_ssml(book: Book) -> None:
    root = etree.fromstring(ssml.write(book))
    assert root.tag == f"{{{SSML['s']}}}speak"
    for element in root.iter():
        name = etree.QName(element)
        assert (
            name.namespace == SSML["s"]
            and {etree.QName(child).localname for child in element} <= MAY_HOLD[name.localname]
        )
        assert MUST_SAY.get(name.localname, set()) <= set(element.keys()) <= MAY_SAY[name.localname].keys()
        assert all(re.fullmatch(MAY_SAY[name.localname][key], value) for key, value in element.items())
        loose = "".join([element.text or "", *(child.tail or "" for child in element)])
        assert name.localname in ("p", "voice") or not loose.strip()
    names = [voice.get("name") for voice in root.iter(f"{{{SSML['s']}}}voice")]
    assert all(name is None or re.fullmatch(r"\S+", name) for name in names)
    marks = [mark.get("name") for mark in root.iter(f"{{{SSML['s']}}}mark")]
    assert len(set(marks)) == len(marks)


@given(books())
def test_no_paragraph_of_fountain_is_taken_for_something_else(book: Book) -> None:
    title, *paragraphs = fountain.write(book).decode().removesuffix("\n").split("\n\n")
    assert re.fullmatch(r"Title: .+(\nAuthor: .+)?", title)
    assert all(paragraphs)
    for paragraph in paragraphs:
        assert "[[" not in paragraph and "/*" not in paragraph
        first, *rest = paragraph.split("\n")
        if first.startswith("@"):
            assert rest and not first.endswith("^")
        elif paragraph != "===" and not first.startswith(("!", "# ")):
            assert not first.isupper() and not re.match(r"[@~>=#]|\.(?!\.)", first)


@given(books())
def test_every_bracket_in_a_text_for_voices_is_a_tag(book: Book) -> None:
    text = voices.write(book).decode()
    rest = re.sub(r"\[voice:[^\[\]]+\][^\[\]]+\[/voice\]|\[pause\]", "", text)
    assert "[" not in rest and "]" not in rest


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example(path: Path) -> None:
    book = personae.read(path)
    records = _records(book)
    assert "".join(record["text"] for record in records) == _without_notes(book)
    said = [quote for quote in book.quotes if quote.kind == "speech"]
    assert len([record for record in records if record["kind"] == "speech"]) == len(said)
    assert len(etree.fromstring(ssml.write(book)).findall(".//s:mark", SSML)) >= len(said)
    assert fountain.write(book).decode().startswith(f"Title: {book.metadata.title}\n")
    known = sum(quote.speaker is not None for quote in said)
    assert voices.write(book).decode().count("[voice:") >= known > 0


def test_who_reads_each_piece() -> None:
    found = [(record["speaker"], record["kind"], record["text"].strip()) for record in _records(harbour())]
    assert found == [
        ("NARRATOR", "heading", "One"),
        ("Mira", "speech", "“You’re late,”"),
        ("NARRATOR", "narration", "Mira said, and Tomas & his dog laughed."),
        ("Mira", "speech", "“Very late.”"),
        ("NARRATOR", "narration", "They waited."),
        ("Mira", "thought", "Not again"),
        ("NARRATOR", "narration", ", she thought."),
        ("NARRATOR", "narration", "O little boat 🛶,\nO long way home."),
        ("NARRATOR", "break", "* * *"),
        ("NARRATOR", "heading", "Two"),
        ("NARRATOR", "narration", "The sign at the Old Harbour said"),
        (None, "written", "“Keep out”"),
        ("NARRATOR", "narration", "."),
    ]
    first = _records(harbour())[1]
    assert first["addressees"] == ["Tomas"] and first["confidence"] == 0.97 and first["chapter"] == 1
    assert STORY[first["start"] : first["end"]] == "“You’re late,”"


def test_a_screenplay() -> None:
    assert fountain.write(harbour()).decode() == (
        "Title: The <Harbour>\nAuthor: A. Writer\n\n"
        "# One\n\n@Mira\nYou’re late,\n\nMira said, and Tomas & his dog laughed.\n\n@Mira\nVery late.\n\n"
        "They waited.\n\n@Mira\n(thinking)\nNot again\n\n, she thought.\n\n"
        "O little boat 🛶,\nO long way home.\n\n===\n\n# Two\n\n"
        "The sign at the Old Harbour said “Keep out”.\n"
    )


def test_text_for_voices() -> None:
    text = voices.write(harbour()).decode()
    assert text.startswith("One\n\n[voice:Mira]“You’re late,”[/voice] Mira said, and Tomas")
    assert "\n\nO little boat 🛶,\nO long way home.\n\n[pause]\n\nTwo\n\n" in text
    assert voices.write(_said("[voice:x]a[/voice]", name="A[n]n")).decode() == (
        "[voice:A(n)n](voice:x)a(/voice)[/voice]\n\n"
    )


def test_voices_of_ssml() -> None:
    text = ssml.write(harbour()).decode()
    assert '<speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en">' in text
    assert '<p><mark name="q0"/><voice name="Mira" gender="female">“You’re late,”</voice> Mira said' in text
    assert '<break strength="x-strong"/>' in text and "* * *" not in text
    assert 'said <mark name="q3"/>“Keep out”.</p>' in text and "A note" not in text


def test_a_name_of_several_words_is_one_voice() -> None:
    assert '<voice name="&lt;Ann&gt;_&quot;O&quot;">' in ssml.write(_said("“Hi.”", name='<Ann> "O"')).decode()


@pytest.mark.parametrize(
    "line", ["HE RAN.", "@home", ".dot", "~la", "> on <", "=== x", "# one", "!no", "int. a room", "BO (to Ann)"]
)
def test_narration_that_would_be_misread_is_forced(line: str) -> None:
    assert _body(_one(line)) == f"!{line}"


def test_lines_of_verse_are_forced_one_by_one() -> None:
    assert _body(_one("OH MY\n#two\nfour\n\nFIVE", kind="verse")) == "!OH MY\n!#two\nfour\nFIVE"


@pytest.mark.parametrize(
    ("line", "dialogue"),
    [
        ("“Go.”", "Go."), ("‘Go,’", "Go,"), ("“Go on", "Go on"), ("— Go.", "Go."), ("‘Tis me.", "‘Tis me."),
        ("“(Softly.)”", "“(Softly.)”"), ("“#no”", "“#no”"), ("(a)", "“(a)”"), ("“...Go”", "...Go"), ("“”", "“”"),
        ("“*Go*_now_ [[a]] /*b*/”", r"\*Go\*\_now\_ [ [a]] /\*b\*/"), ("“a\n\nb”", "a b"), ("“\0”", "\ufffd"),
    ],
)  # fmt: skip
def test_dialogue(line: str, dialogue: str) -> None:
    assert _body(_said(line)) == f"@Ann\n{dialogue}"


@pytest.mark.parametrize(("name", "cue"), [("McDuck", "@McDuck"), ("Bo ^", "@Bo"), (" ", "@?"), ("a\nb", "@a b")])
def test_cues(name: str, cue: str) -> None:
    assert _body(_said("“Go.”", name=name)) == f"{cue}\nGo."


def test_an_undecided_line() -> None:
    book = _one("“Go.” He went.", Quote(0, 0, 5, "speech", 0))
    assert _body(book) == "@?\nGo.\n\nHe went."
    assert _records(book)[0]["speaker"] is None
    assert voices.write(book).decode() == "“Go.” He went.\n\n"


def test_a_quote_in_a_quote_and_one_that_is_nobodys() -> None:
    book = _one("abcdefgh", Quote(0, 0, 3, "other", 0), Quote(1, 3, 7, "speech", 1, 0), Quote(2, 4, 5, "speech", 2, 1))
    assert [(record["speaker"], record["text"]) for record in _records(book)] == [
        ("NARRATOR", "abc"), ("Ann", "defg"), ("NARRATOR", "h"),
    ]  # fmt: skip


def test_hostile_text() -> None:
    attack = '</voice></speak><x a="&\u2028\x85\ud800\x1b]]>'
    book = _said(attack, name=attack)
    book = Book(book.text, book.blocks, Metadata(attack, attack), entities=book.entities, quotes=book.quotes)
    assert _records(book)[0]["text"] == attack and len(script_lines.write(book).splitlines()) == 1
    (voice,) = etree.fromstring(ssml.write(book)).findall(".//s:voice", SSML)
    assert voice.text == attack.replace("\ud800", "\ufffd").replace("\x1b", "\ufffd")
    assert fountain.write(book) and voices.write(book)


def test_twice_the_text_takes_no_more_than_about_twice_the_time() -> None:
    def seconds(size: int) -> float:
        quotes = tuple(Quote(i, 10 * i, 10 * i + 5, "speech", i, 0) for i in range(size))
        blocks = tuple(Block(100 * i, 100 * i + 100, "paragraph") for i in range(size // 10))
        book = Book("“Go.” Ann " * size, blocks, entities=(Entity(0, "person", "Ann"),), quotes=quotes)
        before = process_time()
        assert len(script.pieces(book)) == 2 * size
        return process_time() - before

    assert min(seconds(40_000) for _ in range(2)) < 10 * max(0.05, min(seconds(10_000) for _ in range(3)))
