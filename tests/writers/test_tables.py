"""Tidy tables and their CSV."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given

from personae.book import Book, Entity
from personae.errors import PersonaeError
from personae.writers.tables import TABLES, rows, write
from tests.writers.books import books, ferry, harbour


@given(books())
def test_every_row_has_its_table_s_columns(book: Book) -> None:
    for table, columns in TABLES.items():
        found = list(rows(book, table))
        assert all(tuple(row) == columns for row in found)
        assert len(found) == len(getattr(book, table))


@given(books())
def test_csv_reads_back_to_the_letter(book: Book) -> None:
    for table in TABLES:
        read = list(csv.reader(io.StringIO(write(book)[f".{table}.csv"].decode(), newline=""), strict=True))
        cells = [["" if cell is None else str(cell) for cell in row.values()] for row in rows(book, table)]
        assert read == [list(TABLES[table]), *cells]


def test_rows_of_the_harbour() -> None:
    quotes = list(rows(harbour(), "quotes"))
    assert quotes[0]["text"] == "“You’re late,”" and quotes[0]["chapter"] == 1
    assert (quotes[0]["speaker"], quotes[0]["speaker_name"], quotes[0]["addressee_names"]) == (
        0,
        "Mira",
        "Tomas",
    )
    assert (quotes[0]["cue_text"], quotes[0]["alternatives"]) == ("Mira", "1:0.02 3:0.01")
    assert (
        quotes[3]["speaker"] is None and quotes[3]["speaker_name"] is None and quotes[3]["cue_start"] is None
    )
    they = next(row for row in rows(harbour(), "mentions") if row["text"] == "They")
    assert (they["entity"], they["entities"], they["names"]) == (None, "0 1", "Mira; Tomas")
    assert next(rows(harbour(), "relations"))["evidence"] == "34-48 89-101"
    assert next(rows(harbour(), "tokens"))["text"] == "One"


def test_a_frame_has_the_same_rows() -> None:
    pandas = pytest.importorskip("pandas")
    frame = harbour().frame("quotes")
    assert isinstance(frame, pandas.DataFrame) and tuple(frame.columns) == TABLES["quotes"]


def test_an_unknown_table_names_the_known() -> None:
    with pytest.raises(PersonaeError, match="'people' is no table; choose one of tokens, mentions, quotes"):
        rows(harbour(), "people")


def test_csv_lines_end_as_the_standard_says() -> None:
    assert write(Book(""))[".supersenses.csv"] == b"id,start,end,text,category,chapter\r\n"


def test_a_formula_stays_what_the_story_says() -> None:
    data = write(Book("", entities=(Entity(0, "person", '=HYPERLINK("x")'),)))[".entities.csv"]
    assert b'0,"=HYPERLINK(""x"")",person' in data


def test_tokens_have_their_grammar() -> None:
    brother, _, they, *_ = list(rows(ferry(), "tokens"))[5:]
    assert (brother["lemma"], brother["upos"], brother["xpos"]) == ("brother", "NOUN", "NN")
    assert (brother["relation"], brother["head"], brother["event"]) == ("obj", 3, False)
    assert they["head"] == 10 and [row["head"] for row in rows(ferry(), "tokens")].count(None) == 2
    assert {row["event"] for row in rows(ferry(), "tokens")} == {True, False}
    assert {row[column] for row in rows(harbour(), "tokens") for column in ("lemma", "head", "event")} == {None}


def test_supersenses_are_a_table() -> None:
    assert list(rows(ferry(), "supersenses"))[1] == {
        "id": 1, "start": 5, "end": 9, "text": "rose", "category": "verb.motion", "chapter": 1,
    }  # fmt: skip
