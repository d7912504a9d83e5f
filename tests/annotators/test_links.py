"""What speaks for two mentions meaning the same."""

from __future__ import annotations

import numpy as np

from personae.annotators.links import (
    GENDERS,
    NEAREST,
    NODE_SIZES,
    PAIR_SIZES,
    PRONOUNS,
    RECALLED,
    RELATIONS,
    Nodes,
    antecedents,
    make_nodes,
    match,
    pairs,
)
from personae.annotators.mentions import Candidate
from personae.annotators.people import SHE
from personae.annotators.quotes import Quotations, find_quotes
from personae.annotators.spans import FORMS
from personae.annotators.talk import Talk, follow_talk
from personae.book import Grammar
from tests.annotators import hand_made
from tests.stories import text_of

STORY = (
    "“You’re late,” Anna said.\n\n"
    "Thomas hung up his coat. “The bridge was up.”\n\n"
    "“It’s always up,” she told him.\n"
)  # fmt: skip
MENTIONS = "You=pronoun; Anna=name; Thomas=name; his coat=noun; his=pronoun; bridge=FAC.noun; she=pronoun; him=pronoun"
FEATURES = (
    "steps", "sentences", "paragraphs", "form", "kind", "string", "gender", "person", "quoted", "spoken", "tied",
    "syntax", "pronouns", "again", "apart", "says", "numbers",
)  # fmt: skip


def followed(content: str, mentions: str, relations: dict[str, str] | None = None) -> tuple[Nodes, Talk]:
    """The nodes of a story whose speakers the rules find; the words in `relations` hang on the word before them."""
    text = text_of(content)
    tokens, words = hand_made.story(content)
    quotations = Quotations.among(find_quotes(text, tokens, words), tokens, words)
    talk = follow_talk(text, quotations, None)
    grammar = parsed(words.text, relations or {})
    found = hand_made.spans(content, tokens, mentions)
    return make_nodes(found, talk.mentions, talk.people, talk.speech, tokens, words, quotations.quote_of, grammar), talk


def parsed(words: list[str], relations: dict[str, str]) -> Grammar:
    heads = np.array([i - 1 if word in relations else -1 for i, word in enumerate(words)], np.int32)
    return hand_made.flat(len(words), head=heads, relation=tuple(relations.get(word, "dep") for word in words))


def features(nodes: Nodes, later: int, earlier: int) -> dict[str, int]:
    row = pairs(nodes, np.array([later], np.int32), np.array([[earlier]], np.int32))[0, 0]
    return dict(zip(FEATURES, row.tolist(), strict=False))


def test_nodes_know_what_the_rules_made_of_them() -> None:
    nodes, talk = followed(STORY, MENTIONS)
    names = [talk.people.everyone[p].name if p >= 0 else None for p in nodes.person.tolist()]
    assert (names[1], names[2], names[6]) == ("Anna", "Thomas", "Anna")
    assert nodes.quote.tolist() == [0, -1, -1, -1, -1, 1, -1, -1]
    assert [nodes.speaker[0], nodes.speaker[5]] == [nodes.person[1], nodes.person[2]]
    assert nodes.seen[1] == 1 and nodes.seen[6] > 1
    forms = [FORMS[form] for form in nodes.columns[:, 0].tolist()]
    assert forms == ["pronoun", "name", "name", "noun", "pronoun", "noun", "pronoun", "pronoun"]
    assert nodes.columns[6, 2] == PRONOUNS.index(SHE) and nodes.columns[6, 5] == GENDERS[SHE]


def test_columns_are_within_their_sizes() -> None:
    nodes, _ = followed(STORY, MENTIONS, {"Thomas": "appos", "she": "nsubj", "him": "obj"})
    assert nodes.columns.shape == (8, len(NODE_SIZES))
    assert (nodes.columns >= 0).all() and (nodes.columns < NODE_SIZES).all()
    assert nodes.columns[2, 3] == RELATIONS["appos"]


def test_features_are_within_their_sizes() -> None:
    nodes, _ = followed(STORY, MENTIONS, {"Thomas": "appos", "she": "nsubj", "him": "obj"})
    found = pairs(nodes, np.arange(len(nodes), dtype=np.int32), antecedents(nodes))
    assert found.shape == (8, NEAREST + RECALLED, len(PAIR_SIZES))
    assert (found >= 0).all() and (found < PAIR_SIZES).all()


def test_features_far_apart_are_within_their_sizes() -> None:
    ends = np.array([0, 1, 900], np.int32)
    nodes = hand_made.nodes(
        3, first=ends, last=ends + 1, head=ends, sentence=ends, block=ends, person=[0, 0, 1], sure=[1, 0.6, 0],
        seen=[900] * 3, quote=[0, 1, 1], speaker=[0, 0, 1], columns=np.array(NODE_SIZES) - np.ones((3, 1), np.int64),
    )  # fmt: skip
    found = pairs(nodes, np.arange(3, dtype=np.int32), antecedents(nodes))
    assert (found >= 0).all() and (found < PAIR_SIZES).all()


def test_a_story_without_mentions() -> None:
    nodes = hand_made.nodes(0)
    assert antecedents(nodes).shape == (0, NEAREST + RECALLED)
    assert pairs(nodes, np.zeros(0, np.int32), antecedents(nodes)).shape == (0, NEAREST + RECALLED, len(PAIR_SIZES))


def test_what_speaks_for_a_pair() -> None:
    nodes, _ = followed(STORY, MENTIONS)
    anna, thomas = features(nodes, 6, 1), features(nodes, 6, 2)
    assert anna["person"] < 9 <= thomas["person"] < 18
    assert (anna["gender"], thomas["gender"]) == (1, 2)
    assert (anna["steps"], thomas["steps"]) == (5, 4)
    assert (anna["quoted"], features(nodes, 1, 0)["quoted"]) == (0, 2)
    assert (features(nodes, 4, 3)["tied"], features(nodes, 3, 2)["tied"]) == (4, 0)
    assert features(nodes, 7, 6)["paragraphs"] == 0 and features(nodes, 2, 1)["paragraphs"] == 1


def test_the_same_words_are_seen() -> None:
    content = "The old carter nodded at a carter. The old man left the old carter."
    nodes, _ = followed(content, "The old carter=noun; a carter=noun; The old man=noun; the old carter=noun")
    assert [features(nodes, later, 0)["string"] for later in (1, 2, 3)] == [2, 1, 3]


def test_an_apposition_is_tied_to_its_noun() -> None:
    columns = hand_made.columns(2, relation=[0, RELATIONS["appos"]])
    nodes = hand_made.nodes(2, governor=[-1, 0], columns=columns)
    assert features(nodes, 1, 0)["tied"] == 2


def test_a_predicate_is_tied_to_its_subject() -> None:
    columns = hand_made.columns(2, relation=[RELATIONS["nsubj"], 0])
    nodes = hand_made.nodes(2, governor=[1, -1], columns=columns)
    assert features(nodes, 1, 0)["tied"] == 3


def test_the_nearest_mentions_come_first() -> None:
    found = antecedents(hand_made.nodes(NEAREST + 3))
    assert found[0].max() == -1
    assert found[2, :3].tolist() == [1, 0, -1]
    assert found[-1, :NEAREST].tolist() == list(range(NEAREST + 1, 1, -1))


def test_then_the_same_person_from_further_back_and_others_by_how_lately_they_were_met() -> None:
    size = NEAREST + 5
    person = [7, 8, 7, 9, *[-1] * NEAREST, 8]
    found = antecedents(hand_made.nodes(size, person=person))
    assert found[-1, NEAREST : NEAREST + 4].tolist() == [1, 3, 2, -1]


def test_a_pronoun_that_means_nobody_known_is_not_recalled() -> None:
    size = NEAREST + 3
    forms = [FORMS.index("pronoun"), *[FORMS.index("noun")] * (size - 1)]
    found = antecedents(hand_made.nodes(size, columns=hand_made.columns(size, form=forms)))
    assert found[-1, NEAREST : NEAREST + 2].tolist() == [1, -1]


def test_only_so_many_are_recalled_and_each_once() -> None:
    found = antecedents(hand_made.nodes(3 * NEAREST))
    assert (found[-1] >= 0).all()
    assert len(set(found[-1].tolist())) == NEAREST + RECALLED
    assert found[-1, NEAREST:].tolist() == list(range(2 * NEAREST - 2, 2 * NEAREST - 2 - RECALLED, -1))


def test_spans_find_the_mention_of_the_rules() -> None:
    content = "The old carter and her son left."
    tokens, _ = hand_made.story(content)
    given = hand_made.spans(content, tokens, "old carter=noun; her son=noun; her=pronoun; son=noun")
    carter, son, her = (
        Candidate(0, 3, 2, "noun"), Candidate(4, 6, 5, "noun"), Candidate(4, 5, 4, "pronoun"),
    )  # fmt: skip
    assert match(given, [carter, son, her]) == [carter, son, her, son]
    assert match(given[2:3], [Candidate(4, 5, 4, "name")]) == [None]
