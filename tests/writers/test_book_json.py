"""The Book as JSON: it comes back equal, and a broken file gives one clear error."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from personae.book import Book, Entity, Mention, Tokens
from personae.errors import BookError
from personae.text import Block
from personae.writers.book_json import load, write
from tests.writers.books import books, ferry, harbour

STORED = Path(__file__).parent / "stored"


@given(books())
def test_what_is_written_loads_equal(book: Book) -> None:
    assert load(write(book)) == book


@given(books())
def test_is_plain_json_and_loads_in_any_layout(book: Book) -> None:
    data = json.loads(write(book))
    assert load(json.dumps(data).encode()) == book
    assert load(json.dumps(data, indent=3, ensure_ascii=False).encode()) == book


def test_stored_book_stays_readable() -> None:
    assert load(STORED / "harbour.json") == harbour()
    assert write(harbour()) == (STORED / "harbour.json").read_bytes()


def test_a_book_of_version_0_1_0_loads_without_grammar() -> None:
    old = (STORED / "harbour_0.1.0.json").read_bytes()
    assert b"grammar" not in old and load(old) == harbour()


def test_stored_grammar_stays_readable() -> None:
    assert load(STORED / "ferry.json") == ferry()
    assert write(ferry()) == (STORED / "ferry.json").read_bytes()


def test_grammar_says_each_string_once() -> None:
    data = json.loads(write(ferry()))
    assert data["grammar"]["xpos"]["values"][0] == "VBD" and data["grammar"]["event"] == [1, 3]
    upos = data["grammar"]["upos"]
    assert tuple(upos["values"][index] for index in upos["index"]) == ferry().grammar.upos
    assert data["supersenses"]["category"] == {"index": [0, 1], "values": ["noun.person", "verb.motion"]}


def test_has_the_keys_of_the_format() -> None:
    data = json.loads(write(harbour()))
    assert list(data) == sorted(data)
    assert data["format"] == "personae-book/1"
    assert data["relations"][0]["from"] == 0 and data["relations"][0]["to"] == 1
    assert data["quotes"][0]["cue"] == [49, 53]
    assert data["emphasis"] == [[116, 125]]
    assert data["tokens"].keys() == {"start", "end", "sentence", "block"}


def test_an_empty_book_has_every_key() -> None:
    data = json.loads(write(Book("")))
    assert data["scenes"] == data["claims"] == data["mentions"] == [] and data["text"] == ""


def test_numpy_numbers_are_written_as_numbers() -> None:
    mention = Mention(np.int32(0), np.int64(2), (0, 2), "name", (), np.float32(0.5))  # type: ignore[arg-type]
    assert load(write(Book("ab", mentions=(mention,)))).mentions[0].confidence == 0.5


def test_a_lone_surrogate_survives() -> None:
    book = Book("a\ud800b", entities=(Entity(0, "person", "\udfff"),))
    assert load(write(book)) == book


def test_columns_longer_than_a_chunk() -> None:
    count = 200_000
    start = np.arange(count, dtype=np.int32)
    zeros = np.zeros(count, np.int32)
    book = Book("x" * count, (Block(0, count, "paragraph"),), tokens=Tokens(start, start + 1, zeros, zeros))
    assert load(write(book)) == book


def test_unknown_keys_are_read_over() -> None:
    data = json.loads(write(harbour())) | {"later": {"a": [1]}}
    assert load(json.dumps(data).encode()) == harbour()


def _changed(path: str, value: Any) -> bytes:
    """harbour() as JSON with one value replaced, or taken away if `value` is ...."""
    data = json.loads(write(harbour()))
    *parents, last = (int(part) if part.isdigit() else part for part in path.split("/"))
    place = data
    for part in parents:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("format", "personae-book/9", "format is 'personae-book/9'"),
        ("format", ..., 'no key "format"'),
        ("text", ..., 'the key "text" is missing'),
        ("text", 7, "text: expected a string, found 7"),
        ("made_by", [], "made_by: expected an object"),
        ("metadata/title", ["x"], "metadata.title: expected a string or null"),
        ("metadata/tags", {"a": "b"}, "metadata.tags: expected an object of lists of strings"),
        ("blocks/0", 5, "blocks[0]: expected an object"),
        ("blocks/0/kind", "poem", "blocks[0].kind"),
        ("blocks/2/start", 0, "blocks[2]: out of order"),
        ("emphasis/0", [1], "emphasis[0]: expected [start, end]"),
        ("entities/1/id", 7, "entities[1]: its id is 7"),
        ("entities/0/narrator", 1, "entities[0].narrator: expected true or false"),
        ("mentions/3/entities", [99], "mentions[3]: unknown entity"),
        ("mentions/3/head", ..., 'mentions[3]: the key "head" is missing'),
        ("mentions/3/confidence", True, "mentions[3].confidence: expected a number"),
        ("quotes/0/end", 10**6, "quotes[0]: span outside the text"),
        ("quotes/0/alternatives", [[1]], "quotes[0].alternatives: expected a list of [id, probability]"),
        ("quotes/0/speaker", "Mira", "quotes[0].speaker: expected a whole number or null"),
        ("relations/0/evidence", [], "relations[0]: relation 0 speaks to 1: no evidence"),
        ("grammar/upos", ..., 'grammar: the key "upos" is missing'),
        ("grammar/upos/index", ..., 'grammar.upos: the key "index" is missing'),
        ("grammar/upos/index", [99], "grammar.upos.index: a number that is no place among the 0 values"),
        ("grammar/upos/values", [1], "grammar.upos.values: expected a list of strings"),
        ("grammar/head", [0], "grammar: each column needs a row for each of the 58 tokens"),
        ("grammar/event", [0], "grammar.event: a number that is none of the 0 tokens"),
        ("supersenses/start", [0], "supersenses: the three columns differ in length"),
        ("supersenses", {"start": [9**4], "end": [9**5], "category": {"index": [0], "values": ["x"]}},
         "supersenses[0]: span outside the text"),
        ("tokens/start", [1], "tokens: the four columns differ in length"),
        ("tokens/end", ..., 'tokens: the key "end" is missing'),
        ("tokens/block/0", "x", "expected whole numbers of 32 bits"),
        ("tokens/block/0", 2**40, "expected whole numbers of 32 bits"),
        ("tokens/block/0", 1.5, "expected whole numbers of 32 bits"),
        ("tokens/block/0", [0], "expected whole numbers of 32 bits"),
        ("tokens/block/0", 99, "tokens: unknown block"),
    ],
)  # fmt: skip
def test_a_broken_book_gives_one_line_that_names_the_place(path: str, value: Any, message: str) -> None:
    with pytest.raises(BookError) as error:
        load(_changed(path, value))
    assert message in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"null", b"{}", b'{"text": }', b"\x00\xff", b"PK\x03\x04",
        '{"text": "é"}'.encode("latin-1"),
        '{"text": "a"}'.encode("utf-16"), b'{"text": "a"} x', b'{"text": "a", "text": "b"}', b'{"text" "a"}',
        b'{"later": ' + b"[" * 100_000 + b"}", b'{"later": NaN}', b'{"later": ' + b"9" * 5000 + b"}",
        b'{"tokens": {"start": [1', b'{"tokens": {"start": [' + b"[" * 100_000 + b"]}}",
        b'{"emphasis": {}}', b"{1: 2}",
    ],
)  # fmt: skip
def test_what_is_no_book_gives_one_line(data: bytes) -> None:
    with pytest.raises(BookError) as error:
        load(data)
    assert "\n" not in str(error.value)


@given(books())
def test_a_cut_file_never_loads(book: Book) -> None:
    data = write(book).rstrip()
    for cut in range(0, len(data), 97):
        with pytest.raises(BookError):
            load(data[:cut])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r"gone\.json: can't be read"):
        load(tmp_path / "gone.json")


def test_the_same_book_gives_the_same_bytes() -> None:
    again = replace(harbour(), made_by=dict(reversed(harbour().made_by.items())))
    assert write(again) == write(harbour())
