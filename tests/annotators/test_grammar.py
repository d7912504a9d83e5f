"""Labels into lemmas, trees and supersenses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.annotators.encoder import Reading
from personae.annotators.grammar import find_grammar, find_supersenses, lemma_of, likely_lemma
from tests.annotators import hand_made
from train.samples import script

LABELS = {
    "upos": ["X", "PRON", "VERB"], "xpos": ["XX", "PRP", "VBD"], "script": ["L0|", "L3|y", "K0|"],
    "relation": ["dep", "root", "nsubj"], "sense": ["O", "B-noun.person", "I-noun.person", "B-verb.motion"],
}  # fmt: skip


def reading(size: int, **columns: list[Any]) -> Reading:
    whole: dict[str, Any] = {
        name: np.zeros(size, np.int16) for name in ("upos", "xpos", "script", "sense", "relation")
    }
    whole |= {"event": np.zeros(size, np.float32), "head": np.full(size, -1, np.int32)}
    whole |= {name: np.array(values, whole[name].dtype) for name, values in columns.items()}
    return Reading(**whole, spans=[], **{k: np.zeros((0, 0), np.float16) for k in ("vectors", "pointed", "said")})


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("went", "go"), ("Tried", "try"), ("n’t", "not"), ("Mara", "Mara"), ("LONDON", "London"), ("’s", "be"),
        ("don’t", "don't"), ("better", "well"), ("I", "I"), ("—", "—"), ("ſ", "s"), ("Is", "be"), ("a|b", "a|c"),
    ],
)  # fmt: skip
def test_a_script_makes_its_lemma(word: str, lemma: str) -> None:
    assert lemma_of(word, script(word, lemma)) == lemma


@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_any_script_makes_its_lemma(word: str, lemma: str) -> None:
    assert lemma_of(word, script(word, lemma)) == lemma


def test_a_script_for_other_words_does_no_harm() -> None:
    assert lemma_of("is", "L3|y") == "is"
    assert lemma_of("Is", "L2|") == "is"
    assert lemma_of("Mary’s", "K2|") == "Mary"


def test_a_root_is_called_root_and_nothing_else_is() -> None:
    _, words = hand_made.story("She tried it")
    given = reading(3, relation=[2, 2, 1], head=[1, -1, 1], upos=[1, 2, 0], xpos=[1, 2, 0], script=[0, 1, 0])
    found = find_grammar(given, words, LABELS, ())
    assert found.relation == ("nsubj", "root", "dep")
    assert found.head.tolist() == [1, -1, 1]
    assert (found.upos, found.xpos) == (("PRON", "VERB", "X"), ("PRP", "VBD", "XX"))
    assert found.lemma == ("she", "try", "it")


def test_an_event_is_likelier_than_not() -> None:
    _, words = hand_made.story("She tried it")
    assert find_grammar(reading(3, event=[0.49, 0.5, 0.9]), words, LABELS, ()).event.tolist() == [False, True, True]


def senses(content: str, *labels: str) -> list[tuple[str, str]]:
    tokens, _ = hand_made.story(content)
    names = LABELS["sense"]
    given = reading(len(tokens), sense=[names.index(label) for label in labels])
    return [(content[s.start : s.end], s.category) for s in find_supersenses(given, tokens, {"sense": names})]


def test_supersenses_are_spans() -> None:
    found = senses("Prime ministers walked out", "B-noun.person", "I-noun.person", "B-verb.motion", "O")
    assert found == [("Prime ministers", "noun.person"), ("walked", "verb.motion")]


def test_two_of_a_kind_side_by_side_are_two() -> None:
    assert senses("men women", "B-noun.person", "B-noun.person") == [("men", "noun.person"), ("women", "noun.person")]


def test_an_inside_that_continues_nothing_begins() -> None:
    assert senses("Prime men", "O", "I-noun.person") == [("men", "noun.person")]
    assert senses("walked men", "B-verb.motion", "I-noun.person") == [("walked", "verb.motion"), ("men", "noun.person")]
    apart = senses("Men, men", "B-noun.person", "O", "I-noun.person")
    assert apart == [("Men", "noun.person"), ("men", "noun.person")]


def test_a_supersense_ends_with_its_sentence() -> None:
    found = senses("men\n\nmen", "B-noun.person", "I-noun.person")
    assert found == [("men", "noun.person"), ("men", "noun.person")]


@pytest.mark.parametrize(
    ("word", "xpos", "lemma"),
    [
        ("whispered", "VBD", "whisper"), ("stopped", "VBD", "stop"), ("carried", "VBN", "carry"),
        ("baking", "VBG", "bake"), ("took", "VBD", "take"), ("saw", "NN", "saw"), ("found", "VB", "found"),
        ("’ve", "VBP", "have"), ("men", "NNS", "man"), ("boxes", "NNS", "box"), ("passes", "VBZ", "pass"),
        ("filled", "VBD", "fill"),
    ],
)  # fmt: skip
def test_a_lemma_is_a_word(word: str, xpos: str, lemma: str) -> None:
    known = {"whisper", "stop", "carry", "bake", "box", "pass", "fill", "saw", "found"}
    assert likely_lemma(word, "L0|", xpos, known) == lemma
