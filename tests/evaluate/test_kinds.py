"""Kinds of mistake, on Books made by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from evaluate import coreference
from evaluate.kinds import KINDS, main, put_right, sense_kinds, tree_kinds
from personae.book import Book, Supersense
from tests.evaluate.hand_made import book, case
from tests.evaluate.test_evaluate_grammar import GOLD, TEXT, grammar, parsed


def test_a_tree_without_mistakes() -> None:
    assert tree_kinds(case(GOLD, GOLD)) == Counter({"": 8})


def test_a_wrong_head_a_wrong_relation_and_a_wrong_sentence() -> None:
    columns = {
        "head": "1 3 3 -1 3 6 -1 6", "relation": "nsubj aux advmod root punct obj root punct",
    }  # fmt: skip
    one = replace(GOLD, grammar=grammar(8, columns))
    assert tree_kinds(case(GOLD, one)) == Counter({"": 8, "head of nsubj": 1, "nsubj taken for obj": 1})
    columns = {"head": "1 -1 3 -1 3 6 -1 6", "relation": " ".join(["dep"] * 8)}
    cut = parsed(TEXT, "Odo ca|n't swim .|He sank .", **columns)
    found = tree_kinds(case(GOLD, cut))
    assert found["the head is in what was taken for another sentence, or no word of ours"] == 2
    assert found["root taken for dep"] == 2


def test_supersenses() -> None:
    text = "Odo took place by the sea"

    def with_senses(*found: tuple[int, int, str]) -> Book:
        return Book(text=text, supersenses=tuple(Supersense(*each) for each in found))

    gold = with_senses((0, 3, "noun.person"), (4, 14, "verb.stative"), (22, 25, "noun.object"))
    predicted = with_senses((0, 3, "noun.animal"), (4, 8, "verb.stative"), (15, 17, "adv.all"))
    assert sense_kinds(case(gold, predicted)) == {
        "": 3, "noun.person taken for noun.animal": 1, "of another extent": 1, "left out: noun.object": 1,
        "added: adv.all": 1,
    }  # fmt: skip


MEANT = "Odo=Odo; he=Odo; he=Odo; Pim=Pim; he=Pim"


def test_one_kind_put_right() -> None:
    text = "Odo said he lied, he did. Pim knew he did. And he too."
    gold = book(text, "Odo Pim", mentions=f"{MEANT}; he=Pim")
    own = book(text, "Odo Pim", mentions="Odo=Odo; he=Odo; he=Pim; Pim=Pim; he=Pim")
    found = {name: coreference.figures([parts]) for name, parts in put_right(case(gold, own)).items()}
    assert found["as it is"] == coreference.figures([coreference.parts(*both(gold, own))])
    assert found["names right"] == found["nouns right"] == found["as it is"]
    assert found["pronouns right"]["B³ P"] == found["all that were found right"]["B³ P"] == 100
    assert found["no mention that gold hasn't"]["CoNLL"] == found["as it is"]["CoNLL"]
    left_out = found["… and none left out: those stand alone"]
    assert left_out["B³ R"] > found["as it is"]["B³ R"]


def both(*books: Book) -> list[list[coreference.Cluster]]:
    return [coreference.clusters(coreference.meaning(each, lambda mention: True)) for each in books]


def test_a_mistake_in_the_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trees", "--data", "gold/scenes"]) == 1
    assert "trees" in capsys.readouterr().err


def test_kinds_are_shown_by_sorts_first() -> None:
    other = "the head is in what was taken for another sentence, or no word of ours"
    counts = Counter({"": 100, "head of root": 2, other: 1, "obj taken for obl": 4})
    table = KINDS["trees"][1]([counts, counts])
    assert list(table.columns[0].cells)[:2] == ["all taken for another", "all wrong heads"]
    assert list(table.columns[1].cells)[:3] == ["8", "6", "8"]
    assert next(iter(table.columns[2].cells)) == "4.00"
