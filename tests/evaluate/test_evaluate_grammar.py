"""Events, trees, supersenses, and mentions of six types, on Books made by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evaluate import events, mentions, supersenses, trees
from evaluate.__main__ import main
from evaluate.run import Run
from gold import semcor
from personae.book import Book, Grammar, Mention, Supersense, Tokens
from personae.text import Metadata
from tests.evaluate.hand_made import case
from tests.gold import tiny_corpora


def parsed(text: str, sentences: str, **columns: str) -> Book:
    """A Book of words as they come in `sentences` (apart by spaces, sentences by "|"), its columns likewise."""
    start, end, sentence, at = [], [], [], 0
    for number, words in enumerate(sentences.split("|")):
        for word in words.split():
            at = text.index(word, at)
            start, end, sentence = [*start, at], [*end, at + len(word)], [*sentence, number]
            at += len(word)
    tokens = Tokens(*(np.array(c, np.int32) for c in (start, end, sentence, [0] * len(start))))
    return Book(text=text, tokens=tokens, grammar=grammar(len(start), columns) if columns else Grammar.empty())


def grammar(size: int, columns: dict[str, str]) -> Grammar:
    nothing = ("",) * size
    upos, xpos, lemma, relation = (
        tuple(columns[name].split()) if name in columns else nothing for name in ("upos", "xpos", "lemma", "relation")
    )
    head = np.array(columns.get("head", " -1" * size).split(), np.int32)
    event = np.array([e == "1" for e in columns.get("event", "0" * size)], np.bool_)
    return Grammar(upos, xpos, lemma, head, relation, event)


TEXT = "Odo can't swim. He sank."
GOLD = parsed(
    TEXT,
    "Odo ca n't swim .|He sank .",
    upos="PROPN AUX PART VERB PUNCT PRON VERB PUNCT",
    xpos="NNP MD RB VB . PRP VBD .",
    lemma="Odo can not swim . he _ .",
    head="3 3 3 -1 3 6 -1 6",
    relation="nsubj aux advmod root punct nsubj:pass root punct",
    event="00000010",
)


def test_the_same_trees_are_perfect() -> None:
    found = trees.figures([trees.measure(case(GOLD, GOLD))])
    assert found.pop("gold words") == 8
    assert set(found.values()) == {100}


def test_trees_on_other_words_are_scored_over_both_sides_words() -> None:
    """Seven words, six of them shared, as "can't" is one here; two sentences in gold, one predicted."""
    predicted = parsed(
        TEXT,
        "Odo can't swim . He sank .",
        upos="PROPN AUX VERB PUNCT PRON NOUN PUNCT",
        xpos="NNP MD VB . PRP VBD .",
        lemma="Odo can swim . he sink .",
        head="1 -1 1 2 5 2 5",
        relation="nsubj root xcomp punct nsubj:outer parataxis punct",
    )
    found = trees.figures([trees.measure(case(GOLD, predicted))])
    assert found["words F1"] == pytest.approx(100 * 2 * 6 / 15)
    assert found["sentences F1"] == 0
    assert found["UPOS F1"] == pytest.approx(100 * 2 * 5 / 15)
    assert found["UPOS, shared words"] == pytest.approx(100 * 5 / 6)
    assert found["XPOS F1"] == pytest.approx(100 * 2 * 6 / 15)
    assert found["lemma, shared words"] == 100  # gold leaves the lemma of "sank" open
    # right heads: the first full stop's, "He"'s, the last full stop's; "swim" hangs on a word that gold hasn't
    assert found["UAS, shared words"] == found["LAS, shared words"] == pytest.approx(100 * 3 / 6)
    assert found["LAS F1"] == pytest.approx(100 * 2 * 3 / 15)


def test_las_needs_the_relation_without_its_subtype() -> None:
    relations = ("obj", *GOLD.grammar.relation[1:5], "nsubj", *GOLD.grammar.relation[6:])
    predicted = replace(GOLD, grammar=replace(GOLD.grammar, relation=relations))
    found = trees.figures([trees.measure(case(GOLD, predicted))])
    assert (found["UAS F1"], found["LAS F1"]) == (100, pytest.approx(100 * 7 / 8))


def test_a_root_is_right_where_gold_has_one() -> None:
    head = GOLD.grammar.head.copy()
    head[3], head[6] = 0, -1
    predicted = replace(GOLD, grammar=replace(GOLD.grammar, head=head))
    assert trees.figures([trees.measure(case(GOLD, predicted))])["UAS F1"] == pytest.approx(100 * 7 / 8)


def test_a_book_that_nobody_parsed_has_words_only() -> None:
    found = trees.figures([trees.measure(case(GOLD, replace(GOLD, grammar=Grammar.empty())))])
    assert (found["words F1"], found["sentences F1"], found["UPOS F1"], found["LAS F1"]) == (100, 100, 0, 0)
    empty = trees.figures([trees.measure(case(GOLD, Book(text=TEXT)))])
    assert (empty["words F1"], empty["sentences F1"]) == (0, 0)


def test_trees_are_run_on_raw_text(tmp_path: Path) -> None:
    """GUM's own tokens are given where people are looked for, not here."""
    folder = tiny_corpora.gum(tmp_path)
    (folder / "dep" / "GUM_fiction_quay.conllu").write_text(
        tiny_corpora.CONLLU.replace("9\t.\t.", "9\t...!\t...!"), encoding="utf-8"
    )
    run = Run("trees", "gum", folder)
    counts = run.measured(run.documents())[0]
    assert counts["gold words"] == 11 and counts["predicted words"] == 12


def test_events_are_single_words() -> None:
    assert events.figures([events.measure(case(GOLD, GOLD))])["events F1"] == 100
    predicted = replace(GOLD, grammar=replace(GOLD.grammar, event=np.arange(8) > 5))
    measured = events.measure(case(GOLD, predicted))
    found = events.figures([measured, measured])
    assert (found["events P"], found["events R"], found["events F1"]) == (50, 100, pytest.approx(200 / 3))
    assert (found["gold events"], found["predicted events"]) == (2, 4)
    assert [TEXT[slice(*span)] for span in measured.added] == ["."] and measured.missed == ()
    nothing = events.figures([events.measure(case(GOLD, Book(text=TEXT)))])
    assert (nothing["events P"], nothing["events R"], nothing["events F1"]) == (0, 0, 0)


def sensed(book: Book, *senses: tuple[str, str]) -> Book:
    spans = ((book.text.index(words), words, category) for words, category in senses)
    return replace(book, supersenses=tuple(Supersense(at, at + len(w), c) for at, w, c in spans))


def test_supersenses_need_the_span_and_the_category(tmp_path: Path) -> None:
    gold = semcor.load(tiny_corpora.semcor(tmp_path), "br-a01")
    assert set(supersenses.figures([supersenses.measure(case(gold, gold))]).values()) == {100}
    predicted = sensed(
        gold,
        ("Odo Berg", "noun.person"),
        ("took", "verb.motion"),
        ("cap", "noun.body"),
        ("his", "adj.all"),
    )
    measured = supersenses.measure(case(gold, predicted))
    found = supersenses.figures([measured])
    assert (found["nouns and verbs P"], found["nouns and verbs R"]) == (pytest.approx(100 / 3), 20)
    assert (found["nouns P"], found["nouns R"], found["verbs F1"]) == (50, 25, 0)
    assert (found["nouns, right where found"], found["all P"]) == (50, 25)
    assert len(measured.missed) == 4 and len(measured.added) == 3


def test_where_verbs_alone_are_marked_verbs_alone_count(tmp_path: Path) -> None:
    gold = semcor.load(tiny_corpora.semcor(tmp_path), "br-a03")
    predicted = sensed(gold, ("Per", "noun.person"), ("slept", "verb.body"))
    assert supersenses.figures([supersenses.measure(case(gold, predicted))])["all F1"] == 100
    elsewhere = replace(gold, metadata=Metadata())
    found = supersenses.figures([supersenses.measure(case(elsewhere, predicted))])
    assert (found["all P"], found["all R"]) == (50, 100)


def mention(text: str, words: str, kind: str, type_: str | None) -> Mention:
    span = text.index(words), text.index(words) + len(words)
    return Mention(*span, span, "name", (), 1.0, kind, type_)  # type: ignore[arg-type]


def test_six_types_tell_places_apart() -> None:
    text = "Ida left York by sea on the Swan."
    four = (("Ida", "person", "PER"), ("York", "place", "GPE"), ("sea", "place", "LOC"), ("Swan", "vehicle", "VEH"))
    gold = Book(text=text, mentions=tuple(mention(text, *m) for m in four))
    same = mentions.figures([mentions.measure(case(gold, gold))])
    assert (same["six types F1"], same["six types, names and nouns F1"], same["GPE F1"]) == (100, 100, 100)
    other = (("Ida", "group", None), ("York", "place", "FAC"), ("sea", "place", None), ("Swan", "vehicle", None))
    measured = mentions.measure(case(gold, Book(text=text, mentions=tuple(mention(text, *m) for m in other))))
    found = mentions.figures([measured])
    assert (found["all F1"], found["six types F1"]) == (100, 50)
    assert (found["PER F1"], found["GPE F1"], found["LOC F1"], found["VEH F1"]) == (100, 0, 0, 100)
    assert [category for *_, category in measured.missed] == ["GPE", "LOC"]


def test_a_corpus_without_types_has_no_figures_for_them() -> None:
    gold = Book(text="Ida", mentions=(mention("Ida", "Ida", "person", None),))
    found = mentions.figures([mentions.measure(case(gold, gold))])
    assert found["all F1"] == 100 and "six types F1" not in found and "PER F1" not in found


@pytest.mark.parametrize(("corpus", "task"), [
    ("litbank", "events"), ("semcor", "supersenses"), ("litbank", "mentions"), ("litbank", "quotes"),
])  # fmt: skip
def test_wrong_spans_are_printed_in_their_context(
    corpus: str, task: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny_corpora.CORPORA[corpus](tmp_path)
    monkeypatch.setattr("evaluate.case.annotate", lambda text, **_: Book(text=text.content))
    document = ["--split", "one"]
    tiny_corpora.split(folder, "one", "1_lamp" if corpus == "litbank" else "br-a01")
    assert main([task, "--data", str(folder), *document, "--errors", "2"]) == 0
    assert "⟦" in capsys.readouterr().out
    assert main([task, "--data", str(folder), *document, "--errors", "2", "--only", "added"]) == 0
    assert "⟦" not in capsys.readouterr().out
