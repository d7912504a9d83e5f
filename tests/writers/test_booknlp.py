"""The six files of BookNLP, read back as their readers do."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from hypothesis import given
from lxml import html

from personae.book import Book, Entity, Mention, Quote
from personae.text import Block
from personae.writers.booknlp import COLUMNS, write
from tests.writers.books import books, ferry, harbour, tokenized


def _read(book: Book, part: str) -> list[dict[str, Any]]:
    lines = io.StringIO(write(book)[part].decode(), newline="")
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@given(books())
def test_rows_are_whole_and_point_at_tokens(book: Book) -> None:
    tokens = _read(book, ".tokens")
    assert [int(row["token_ID_within_document"]) for row in tokens] == list(range(len(book.tokens)))
    for part in COLUMNS:
        for row in _read(book, part):
            assert tuple(row) == COLUMNS[part] and None not in row.values()
    for row in _read(book, ".entities"):
        assert 0 <= int(row["start_token"]) <= int(row["end_token"]) < len(tokens)
        assert row["prop"] in ("PROP", "NOM", "PRON")
        assert row["cat"] in ("PER", "FAC", "GPE", "LOC", "VEH", "ORG")


@given(books())
def test_words_keep_their_length(book: Book) -> None:
    for row in _read(book, ".tokens"):
        assert len(row["word"]) == int(row["byte_offset"]) - int(row["byte_onset"])
        assert not any(mark.isspace() for mark in row["word"])


@given(books())
def test_counts_of_a_character_are_its_rows(book: Book) -> None:
    people = [row["COREF"] for row in _read(book, ".entities") if row["cat"] == "PER"]
    characters = json.loads(write(book)[".book"])["characters"]
    assert [c["count"] for c in characters] == sorted((c["count"] for c in characters), reverse=True)
    for character in characters:
        assert character["count"] == people.count(str(character["id"]))


def test_token_ends_are_included() -> None:
    words = [row["word"] for row in _read(harbour(), ".tokens")]
    dog = next(row for row in _read(harbour(), ".entities") if row["text"] == "his dog")
    assert words[int(dog["start_token"]) : int(dog["end_token"]) + 1] == ["his", "dog"]
    quote = _read(harbour(), ".quotes")[0]
    assert words[int(quote["quote_start"])] == "“" and words[int(quote["quote_end"])] == "”"
    assert (quote["mention_phrase"], quote["char_id"], quote["quote"]) == ("Mira", "1", "“ You ’ re late , ”")


def test_the_narrator_is_0_and_groups_have_their_own_number() -> None:
    corefs = {row["text"]: row["COREF"] for row in _read(harbour(), ".entities")}
    assert corefs == {
        "Mira": "1", "Tomas": "0", "his": "0", "his dog": "4", "They": "5", "she": "1",
        "the Old Harbour": "3",
    }  # fmt: skip


def test_an_undecided_line_is_none_throughout() -> None:
    row = _read(harbour(), ".quotes")[-1]
    assert {row[c] for c in ("mention_start", "mention_end", "mention_phrase", "char_id")} == {"None"}


def test_a_line_without_a_cue_has_its_speaker_s_nearest_mention() -> None:
    row = _read(harbour(), ".quotes")[1]
    assert (row["mention_phrase"], row["char_id"]) == ("she", "1")


def test_what_is_no_speech_is_left_out() -> None:
    book = Book("“a”", (Block(0, 3, "paragraph"),), quotes=(Quote(0, 0, 3, "other", 0),))
    assert _read(book, ".quotes") == []


def test_pronouns_become_a_set_of_booknlp_s() -> None:
    text, people = "abc", ("he/him", "fae/faer", None)
    entities = tuple(Entity(id, "person", text[id], (), pronouns) for id, pronouns in enumerate(people))
    mentions = tuple(Mention(0, 3, (0, 3), "name", (id,)) for id in range(3))
    blocks = (Block(0, 3, "paragraph"),)
    book = Book(text, blocks, tokens=tokenized(text, blocks), entities=entities, mentions=mentions)
    found = [c["g"] and c["g"]["argmax"] for c in json.loads(write(book)[".book"])["characters"]]
    assert found == ["he/him/his", "fae/faer", None]


@given(books())
def test_nothing_in_a_story_becomes_markup(book: Book) -> None:
    page = html.document_fromstring(write(book)[".book.html"])
    known = {"html", "head", "meta", "title", "body", "h2", "br", "p", "b", "sub"}
    assert {element.tag for element in page.iter()} <= known


def test_tokens_have_their_grammar() -> None:
    tokens = _read(ferry(), ".tokens")
    rose, left, bakers = tokens[1], tokens[3], tokens[10]
    assert (left["lemma"], left["POS_tag"], left["fine_POS_tag"]) == ("leave", "VERB", "VBD")
    assert (left["dependency_relation"], left["syntactic_head_ID"], left["event"]) == ("conj", "1", "EVENT")
    assert (rose["syntactic_head_ID"], bakers["syntactic_head_ID"], bakers["event"]) == ("1", "10", "O")


def test_without_grammar_columns_are_filled() -> None:
    for id, row in enumerate(_read(harbour(), ".tokens")):
        assert row["syntactic_head_ID"] == str(id) and row["event"] == "O"
        assert {row[c] for c in ("lemma", "POS_tag", "fine_POS_tag", "dependency_relation")} == {"_"}
    assert _read(harbour(), ".supersense") == []
    assert all(c["agent"] == c["poss"] == [] for c in json.loads(write(harbour())[".book"])["characters"])


def test_supersenses_are_rows() -> None:
    assert list(_read(ferry(), ".supersense")[0].values()) == ["0", "0", "noun.person", "Ines"]
    assert list(_read(ferry(), ".supersense")[1].values()) == ["1", "1", "verb.motion", "rose"]


def test_characters_have_what_they_do_are_and_have() -> None:
    ines, tobin = json.loads(write(ferry())[".book"])["characters"]
    assert list(ines)[:5] == ["agent", "patient", "mod", "poss", "id"] and (ines["id"], tobin["id"]) == (0, 2)
    assert ines["agent"] == [{"w": "rose", "i": 1}, {"w": "left", "i": 3}]
    assert ines["poss"] == [{"w": "brother", "i": 5}] and ines["patient"] == []
    assert tobin["patient"] == [{"w": "left", "i": 3}] and tobin["mod"] == [{"w": "bakers", "i": 10}]
