"""Loaders of trees, events and supersenses, each against a tiny corpus of its layout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gold import conllu, gum, litbank, semcor, ud
from gold.layout import GoldError
from personae.book import Book
from tests.gold import tiny_corpora


def tokens(book: Book) -> list[str]:
    return [book.text[a:b] for a, b in zip(book.tokens.start, book.tokens.end, strict=True)]


def senses(book: Book) -> list[tuple[str, str]]:
    return [(book.text[s.start : s.end], s.category) for s in book.supersenses]


def shared(name: str) -> Path:
    data = os.environ.get("PERSONAE_DATA")
    if not data:
        pytest.skip(f"set PERSONAE_DATA to a folder that holds {name}")
    return Path(data) / name


def test_a_treebank_is_text_and_trees(tmp_path: Path) -> None:
    book = ud.load(tiny_corpora.ewt(tmp_path), "letter-ferry")
    assert book.text == "\"Don't row, Odo sang now\n\nRow"
    assert [(b.start, b.end, b.kind) for b in book.blocks] == [(0, 24, "paragraph"), (26, 29, "paragraph")]
    assert tokens(book) == ['"', "Do", "n't", "row", ",", "Odo", "sang", "now", "Row"]
    assert book.tokens.sentence.tolist() == [0] * 5 + [1] * 3 + [2]
    assert book.tokens.block.tolist() == [0] * 8 + [1]
    assert book.grammar.head.tolist() == [3, 3, 3, -1, 3, 6, -1, 6, -1]
    assert book.grammar.upos[:4] == ("PUNCT", "AUX", "PART", "VERB")
    assert book.grammar.xpos[5:] == ("NNP", "VBD", "RB", "VB")
    assert book.grammar.lemma[2] == "not" and book.grammar.relation[7] == "advmod:tmod"
    assert not book.grammar.event.any()


def test_a_treebank_s_splits_are_its_files(tmp_path: Path) -> None:
    folder = tiny_corpora.ewt(tmp_path)
    assert ud.documents(folder, "dev") == ["letter-quay"]
    assert ud.documents(folder) == ["letter-quay", "letter-ferry"]
    assert ud.load(folder, "letter-quay").text == "Wait!"
    with pytest.raises(GoldError, match="-ud-test"):
        ud.documents(folder, "test")


def test_gum_has_trees_too(tmp_path: Path) -> None:
    book = gum.load(tiny_corpora.gum(tmp_path), "GUM_fiction_quay")
    assert book.grammar.head.tolist() == [1, -1, 4, 5, 5, -1, 7, 5, 9, 5, 5]
    assert book.grammar.lemma[3:5] == ("can", "not")


def test_a_form_is_cut_into_its_words() -> None:
    assert conllu.cut("don't", ["do", "n't"]) == [(0, 2), (2, 5)]
    assert conllu.cut("gonna", ["going", "to"]) == [(0, 4), (4, 5)]
    with pytest.raises(GoldError, match="too short"):
        conllu.cut("a", ["at", "the"])


@given(st.text(min_size=1, max_size=9), st.lists(st.text(min_size=1, max_size=9), min_size=1, max_size=9))
def test_the_parts_of_a_form_follow_one_another(form: str, words: list[str]) -> None:
    if len(words) > len(form):
        return
    spans = conllu.cut(form, words)
    assert len(spans) == len(words) and all(start < end for start, end in spans)
    assert [spans[0][0], *(end for _, end in spans)] == [*(start for start, _ in spans), len(form)]


def test_semcor_units_are_their_words(tmp_path: Path) -> None:
    book = semcor.load(tiny_corpora.semcor(tmp_path), "br-a01")
    assert book.text == "“ Odo Berg took off his cap ”\nsea wall entity"
    assert tokens(book) == book.text.split()
    assert book.tokens.sentence.tolist() == [0] * 8 + [1] * 3
    assert senses(book) == [
        ("Odo Berg", "noun.person"),
        ("took off", "verb.motion"),
        ("cap", "noun.artifact"),
        ("sea wall", "noun.object"),
        ("entity", "noun.Tops"),
    ]
    assert not semcor.verbs_only(book)


def test_semcor_says_where_only_verbs_count(tmp_path: Path) -> None:
    book = semcor.load(tiny_corpora.semcor(tmp_path), "br-a03")
    assert semcor.verbs_only(book) and senses(book) == [("slept", "verb.body")]
    with pytest.raises(GoldError, match="br-a04"):
        semcor.load(tmp_path, "br-a04")


def test_every_fifth_story_of_semcor_is_held_out(tmp_path: Path) -> None:
    folder = tiny_corpora.semcor(tmp_path)
    with pytest.raises(GoldError, match="heldout"):
        semcor.documents(folder, "heldout")
    stories = [f"br-{letter}01" for letter in "klmnpr"]
    (folder / "brown2").mkdir()
    for name in (*stories, "br-j01"):
        (folder / "brown2" / f"{name}.tsv").write_text(tiny_corpora.SEMCOR, encoding="utf-8")
    (folder / "brownv" / "br-k00.tsv").write_text(tiny_corpora.SEMCOR_VERBS, encoding="utf-8")
    assert semcor.documents(folder, "heldout") == ["br-p01"]
    train = semcor.documents(folder, "train")
    assert train == sorted({*stories, "br-a01", "br-a03", "br-j01", "br-k00"} - {"br-p01"})
    assert len(semcor.documents(folder)) == len(train) + 1
    with pytest.raises(GoldError, match="no such split"):
        semcor.documents(folder, "dev")


def test_litbank_events_are_tokens(tmp_path: Path) -> None:
    folder = tiny_corpora.litbank(tmp_path)
    book = litbank.load(folder, "1_lamp")
    event = litbank.events(folder, "1_lamp")
    assert [word for word, is_event in zip(tokens(book), event, strict=True) if is_event] == ["put"]
    assert book.grammar.event.tolist() == event.tolist()
    assert set(book.grammar.head.tolist()) == {-1} and set(book.grammar.upos) == {""}


def test_litbank_events_must_be_of_the_same_tokens(tmp_path: Path) -> None:
    folder = tiny_corpora.litbank(tmp_path)
    (folder / "events" / "tsv" / "1_lamp_brat.tsv").write_text("Ida\tO\n", encoding="utf-8")
    with pytest.raises(GoldError, match="tokens"):
        litbank.load(folder, "1_lamp")
    (folder / "events" / "tsv" / "1_lamp_brat.tsv").unlink()
    assert len(litbank.load(folder, "1_lamp").grammar) == 0


def test_the_shared_treebank_is_spelled_as_it_says() -> None:
    folder = shared("ewt")
    for document in ud.documents(folder, "dev"):
        book = ud.load(folder, document)
        assert (book.grammar.head == -1).sum() == book.tokens.sentence[-1] + 1
        assert all(word and " " not in word for word in tokens(book))


def test_the_shared_litbank_s_events_fit_its_tokens() -> None:
    folder = shared("litbank")
    found = sum(int(litbank.events(folder, document).sum()) for document in litbank.documents(folder))
    assert found > 5_000


def test_the_shared_semcor_s_held_out_part_is_all_categories() -> None:
    folder = shared("semcor")
    for document in semcor.documents(folder, "heldout"):
        book = semcor.load(folder, document)
        assert not semcor.verbs_only(book) and len({s.category for s in book.supersenses}) > 30
