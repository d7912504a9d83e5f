"""Each loader against a tiny corpus of its layout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gold import gap, gum, litbank, pdnc, scenes
from gold.corpora import CORPORA, FILES, fingerprint, guess
from gold.layout import GoldError, normalise, paragraphs
from personae.book import Book, check
from personae.cast import Member
from tests.gold import tiny_corpora


def words(book: Book, item: object) -> str:
    return book.text[item.start : item.end]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", CORPORA)
def test_a_corpus_is_guessed_and_its_books_keep_the_rules(name: str, tmp_path: Path) -> None:
    folder = tiny_corpora.CORPORA[name](tmp_path)
    assert guess(folder) == name
    for document in CORPORA[name].documents(folder):
        check(CORPORA[name].load(folder, document))


def test_an_empty_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="looks like none of"):
        guess(tmp_path)
    for corpus in CORPORA.values():
        with pytest.raises(GoldError):
            corpus.documents(tmp_path)


def test_a_split_lists_documents(tmp_path: Path) -> None:
    folder = tiny_corpora.pdnc(tmp_path)
    tiny_corpora.split(folder, "dev", "TheLamp")
    tiny_corpora.split(folder, "wrong", "TheOther")
    assert pdnc.documents(folder, "dev") == ["TheLamp"]
    with pytest.raises(GoldError, match="TheOther"):
        pdnc.documents(folder, "wrong")
    with pytest.raises(GoldError, match="no such split"):
        pdnc.documents(folder, "test")


def test_a_fingerprint_changes_with_the_data(tmp_path: Path) -> None:
    folder = tiny_corpora.scenes(tmp_path)
    before = fingerprint("scenes", folder)
    assert fingerprint("scenes", folder) == before
    (folder / "ferry.xml").write_text(tiny_corpora.SCENE.replace("Ahoy", "Ohoy"), encoding="utf-8")
    assert fingerprint("scenes", folder) != before


def test_every_corpus_says_what_it_reads() -> None:
    assert FILES.keys() == CORPORA.keys()


@pytest.mark.parametrize("raw", ["a\nb", "a\r\nb", "a\rb", "\ufeffa\r\n\r\nb\r", ""])
def test_offsets_follow_the_line_ends(raw: str) -> None:
    text, moved = normalise(raw)
    assert len(moved) == len(raw) + 1
    for at, character in enumerate(raw):
        if character in "ab":
            assert text[moved[at]] == character
    assert moved[-1] == len(text)


def test_paragraphs_hold_everything_that_is_no_white_space() -> None:
    text = "\n\n One\ntwo. \n \n\nThree.\n"
    assert [text[b.start : b.end] for b in paragraphs(text)] == ["One\ntwo.", "Three."]
    assert paragraphs("") == ()


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_pdnc_quotes_stand_in_the_text_without_their_marks(tmp_path: Path, line_end: str) -> None:
    book = pdnc.load(tiny_corpora.pdnc(tmp_path, line_end), "TheLamp")
    assert book.text == tiny_corpora.NOVEL
    assert [words(book, q) for q in book.quotes] == [
        "It was lit,",
        "when I came.",
        "Then somebody was here before us,\nand left,",
        "Out! Out!",
        "I lit it,",
    ]
    assert [q.utterance for q in book.quotes] == [0, 0, 1, 2, 3]


def test_pdnc_marks_are_nobody_and_aliases_are_somebody(tmp_path: Path) -> None:
    folder = tiny_corpora.pdnc(tmp_path)
    book = pdnc.load(folder, "TheLamp")
    assert pdnc.cast(folder, "TheLamp") == (Member("Ida"), Member("Mr. Tove", ("Tove",)), Member("Jon"))
    assert [q.speaker for q in book.quotes] == [0, 0, 1, None, 2]
    assert [q.addressees for q in book.quotes] == [(1, 2), (1, 2), (), (), (0,)]
    assert [e.narrator for e in book.entities] == [False, False, True]
    assert book.entities[1].pronouns == "he/him"


def test_pdnc_mentions_stand_in_lines_and_mean_the_characters_alone(tmp_path: Path) -> None:
    folder = tiny_corpora.pdnc(tmp_path)
    book = pdnc.load(folder, "TheLamp")
    assert [(words(book, m), m.form, m.entities) for m in book.mentions] == [("us", "pronoun", (0, 1))]
    assert [e.mentions for e in book.entities] == [1, 1, 0]
    assert pdnc.referring(folder, "TheLamp") == {0: "she said", 1: "said Mr. Tove"}


def test_pdnc_types_are_by_utterance(tmp_path: Path) -> None:
    folder = tiny_corpora.pdnc(tmp_path)
    assert pdnc.quote_types(folder, "TheLamp") == {0: "anaphoric", 1: "explicit", 2: "implicit"}


def test_pdnc_spans_can_be_widened_to_their_marks(tmp_path: Path) -> None:
    book = pdnc.load(tiny_corpora.pdnc(tmp_path), "TheLamp")
    first = book.quotes[0]
    start, end = pdnc.with_marks(book.text, (first.start, first.end))
    assert book.text[start:end] == '"It was lit,"'
    assert pdnc.with_marks("no marks", (0, 2)) == (0, 2)


def test_scenes_have_lines_people_and_mentions(tmp_path: Path) -> None:
    book = scenes.load(tiny_corpora.scenes(tmp_path), "ferry")
    assert book.text.startswith(
        "Mara tied the rope. “I waited,” she told her brother. “All night.”\n\n“So did I.”"
    )
    assert [(words(book, q), q.utterance, q.speaker, q.addressees) for q in book.quotes] == [
        ("“I waited,”", 0, 0, (1,)),
        ("“All night.”", 0, 0, (1,)),
        ("“So did I.”", 1, 1, (0,)),
        ("“Ahoy!”", 2, None, ()),
    ]
    found = [(words(book, m), m.form, m.entities) for m in book.mentions]
    assert ("her brother", "noun", (1,)) in found and ("her", "pronoun", (0,)) in found
    assert ("They", "pronoun", (0, 1)) in found and ("Mara", "name", (0,)) in found
    assert book.entities[0].aliases == ("Captain Venn",) and book.entities[1].pronouns == "he/him"


def test_scenes_split_by_json(tmp_path: Path) -> None:
    folder = tiny_corpora.scenes(tmp_path)
    (folder / "splits.json").write_text(
        '{"train": [], "dev": ["ferry"], "wrong": ["quay"]}', encoding="utf-8"
    )
    assert scenes.documents(folder, "dev") == ["ferry"]
    with pytest.raises(GoldError, match="quay"):
        scenes.documents(folder, "wrong")


def test_a_broken_scene_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "ferry.xml").write_text("<TEI>", encoding="utf-8")
    with pytest.raises(GoldError, match="isn't a scene"):
        scenes.load(tmp_path, "ferry")


def test_gum_rebuilds_text_and_nested_mentions(tmp_path: Path) -> None:
    folder = tiny_corpora.gum(tmp_path)
    assert gum.documents(folder, "dev") == ["GUM_fiction_quay"]
    book = gum.load(folder, "GUM_fiction_quay")
    assert book.text == "The quay\n\nOdo can't see his sister on it."
    assert [b.kind for b in book.blocks] == ["heading", "paragraph"]
    assert [(words(book, m), m.form, m.kind, m.entities) for m in book.mentions] == [
        ("The quay", "noun", "place", (0,)),
        ("Odo", "name", "person", (1,)),
        ("his sister", "noun", "person", (2,)),
        ("his", "pronoun", "person", (1,)),
        ("it", "pronoun", "place", (0,)),
    ]
    assert book.text[slice(*book.mentions[0].head)] == "quay"
    assert list(book.tokens.sentence) == [0, 0] + [1] * 9


def test_gum_names_a_split_that_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="split test"):
        gum.documents(tiny_corpora.gum(tmp_path), "test")


def test_litbank_follows_links_and_keeps_raw_types(tmp_path: Path) -> None:
    folder = tiny_corpora.litbank(tmp_path)
    assert litbank.documents(folder) == ["1_lamp"]
    book = litbank.load(folder, "1_lamp")
    assert [(words(book, m), m.form, m.kind, m.entities) for m in book.mentions] == [
        ("Ida", "name", "person", (0,)),
        ("the keeper", "noun", "person", (0,)),
        ("the quay", "noun", "place", (1,)),
        ("she", "pronoun", "person", (0,)),
    ]
    assert [m.type for m in litbank.mentions(folder, "1_lamp")] == ["PER", "PER", "FAC", "PER"]
    assert [m.type for m in book.mentions] == ["PER", "PER", "FAC", "PER"]
    assert [(words(book, q), q.speaker) for q in book.quotes] == [("“ Is it lit ? ”", 0)]
    assert len(book.tokens) == len(tiny_corpora.LITBANK_TEXT.split()) and book.tokens.sentence[-1] == 1


def test_gap_has_two_names_and_a_pronoun(tmp_path: Path) -> None:
    folder = tiny_corpora.gap(tmp_path)
    assert gap.documents(folder, "dev") == gap.documents(folder, "validation") == ["test-1", "test-2"]
    one, two = (gap.load(folder, name) for name in ("test-1", "test-2"))
    assert [(words(one, m), m.entities) for m in one.mentions] == [("Odo", (0,)), ("Per", (1,)), ("he", (0,))]
    assert two.mentions[2].entities == ()
    with pytest.raises(GoldError, match="gap-test"):
        gap.documents(folder, "test")


@pytest.mark.parametrize("name", ["pdnc", "litbank", "gum", "gap", "ewt", "semcor"])
def test_the_shared_corpora_keep_the_rules(name: str) -> None:
    data = os.environ.get("PERSONAE_DATA")
    if not data:
        pytest.skip("set PERSONAE_DATA to a folder that holds the corpora by name (pdnc, litbank, …)")
    folder = Path(data) / name
    for document in CORPORA[name].documents(folder)[:40]:
        check(CORPORA[name].load(folder, document))
