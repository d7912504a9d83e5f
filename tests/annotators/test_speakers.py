"""Conversations as nodes, with scores made by hand in the place of the net's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from personae.annotators import speakers
from personae.annotators.conversations import fill, fill_again
from personae.annotators.quotes import Quotations
from personae.annotators.speakers import (
    NODE_SIZES,
    PAIR_SIZES,
    PERSON_SIZES,
    Reviser,
    Stretch,
    find_stretches,
    inputs,
    listening,
    weighed,
)
from personae.annotators.talk import Heard, hear
from personae.annotators.words import Words
from personae.book import Tokens
from personae.readers.txt import read

STORY = """Tobin took his hat off. Mara folded her arms. Ines rubbed her eyes.

“You saw him,” said Mara.

“I saw nobody, Mara.”

He looked at the stove.

“Then why is your coat wet?”

“It rained.”
"""


def heard(story: str = STORY) -> tuple[Heard, Tokens, Words]:
    text = read(story.encode(), "story.txt")
    found = Quotations.of(text)
    return hear(text, found, None), found.tokens, found.words


def stretches(story: str = STORY) -> tuple[list[Stretch], Heard]:
    known, tokens, words = heard(story)
    made = find_stretches(known.conversations, known.mentions, known.people, tokens, words, None)
    return list(made), known


def name_of(known: Heard, person: int) -> str:
    return known.people.everyone[person].name


def test_the_columns_stay_within_their_tables() -> None:
    (stretch,), _ = stretches()
    for column, size in enumerate(NODE_SIZES):
        assert 0 <= stretch.columns[:, column].min() <= stretch.columns[:, column].max() < size
    for array, sizes in ((stretch.persons, PERSON_SIZES), (stretch.pairs, PAIR_SIZES)):
        assert all(0 <= array[..., n].min() <= array[..., n].max() < size for n, size in enumerate(sizes))


def test_nodes_are_turns_and_mentions_in_the_order_of_the_text() -> None:
    (stretch,), known = stretches()
    assert (np.diff(stretch.place) >= 0).all()
    assert (stretch.columns[stretch.turns, 0] == speakers.TURN).all()
    assert len(stretch.turns) == 4
    assert (stretch.numbers[stretch.turns] == -1).all()
    said = {known.mentions[n].word or name_of(known, known.mentions[n].person) for n in stretch.numbers if n >= 0}
    assert {"Mara", "Tobin", "he", "you"} <= said


def test_a_name_is_known_and_i_and_you_in_a_line_are_not() -> None:
    (stretch,), known = stretches()
    present = [name_of(known, p) for p in known.conversations[0].present]
    for row, number in enumerate(stretch.numbers.tolist()):
        if number < 0:
            assert stretch.who[row].sum() == pytest.approx(1.0, abs=1e-5)
            continue
        mention = known.mentions[number]
        if mention.form == "name":
            assert stretch.who[row, present.index(name_of(known, mention.person))] == 1.0
        if mention.quote >= 0 and mention.gender in ("I", "you"):
            assert not stretch.who[row].any()


def test_the_pairs_know_who_is_called_and_named() -> None:
    (stretch,), known = stretches()
    mara = [name_of(known, p) for p in known.conversations[0].present].index("Mara")
    assert stretch.pairs[1, mara].tolist()[2] == 1
    assert stretch.pairs[2, mara].tolist()[3] == 1


def test_a_long_conversation_is_cut_and_every_turn_is_decided_once() -> None:
    said = "\n\n".join(f"“This is line {n}.”" for n in range(100))
    story = f"Tobin took his hat off. Mara folded her arms.\n\n{said}"
    found, known = stretches(story)
    turns = [(s.conversation, turn) for s in found for turn in range(s.first, s.last)]
    assert turns == [(c, t) for c, own in enumerate(known.conversations) for t in range(len(own.turns))]
    assert all(len(s.turns) <= speakers.TURNS + 2 * speakers.MARGIN for s in found)
    assert max(len(s.columns) for s in found) <= speakers.NODES


def test_what_the_net_takes_has_one_size() -> None:
    (stretch,), _ = stretches()
    n, p = stretch.who.shape
    t = len(stretch.turns)
    given = inputs(stretch, np.zeros((n, 256)), np.zeros((t, 512)))
    assert {name: array.shape for name, array in given.items()} == {
        "columns": (n, len(NODE_SIZES)), "who": (n, p), "at": (t, n), "persons": (p, len(PERSON_SIZES)),
        "pairs": (t, p, len(PAIR_SIZES)), "floats": (t, p, speakers.FLOATS), "mentions": (n, 256), "lines": (t, 512),
        "gap": (t, n), "apart": (n + p, n + p),
    }  # fmt: skip
    assert (given["at"].sum(1) == 1).all()


class Net:
    """Gives every turn to one person, and has it said to another."""

    def __init__(self, speaker: int, listener: int) -> None:
        self.wanted = speaker, listener

    def run(self, _: None, given: dict[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        p, t = given["who"].shape[1], len(given["at"])
        return [np.eye(p + 1, dtype=np.float32)[[wanted + 1] * t] * 9 for wanted in self.wanted]


def revised() -> Heard:
    """Heard once more by a net for which Tobin speaks every line to Ines."""
    known, tokens, words = heard()
    present = [name_of(known, p) for p in known.conversations[0].present]
    reading = SimpleNamespace(spans=[], pointed=np.zeros((0, 256)), said=np.zeros((4, 512)))
    tobin, ines = present.index("Tobin"), present.index("Ines")
    models = SimpleNamespace(speakers=Net(tobin, ines))
    revise = Reviser(reading, tokens, words, models)  # type: ignore[arg-type]
    revise(known.conversations, known.mentions, known.people, None)
    return known


def test_what_the_net_says_speaks_for_somebody_and_does_not_decide_alone() -> None:
    (before, after), tobin = (heard()[0].turns, revised().turns), _id("Tobin")
    for rules, both in zip(before, after, strict=True):
        assert both.probabilities[tobin] > rules.probabilities.get(tobin, 0.0) or rules.probabilities[tobin] > 0.99
    tagged = after[0]
    assert tagged.speaker == _id("Mara")
    assert tagged.why == "tag"


def test_whom_the_net_has_a_line_said_to_is_its_addressee() -> None:
    known = revised()
    assert all(turn.addressees == (_id("Ines"),) for turn in known.turns if turn.speaker != _id("Ines"))


def test_what_the_net_says_beyond_the_rules_is_weighed_with_taking_turns() -> None:
    conversation = heard()[0].conversations[0]
    rules, nobody = conversation.chances.copy(), np.zeros(conversation.chances.shape, np.float32)
    before = weighed(conversation, rules.astype(np.float32), nobody)
    assert (before.argmax(1) == rules.argmax(1)).all()
    likelier = rules.astype(np.float32)
    row, column = np.argwhere((rules > 0.05) & (rules < 0.95))[0]
    likelier[row, column] = 1.0
    found = weighed(conversation, likelier, nobody)
    assert found.sum(1) == pytest.approx(np.ones(len(found))) and found[row, column] > before[row, column]
    assert (conversation.chances == rules).all()


def test_whoever_is_spoken_to_is_likelier_to_speak_next() -> None:
    conversation = heard()[0].conversations[0]
    rules, nobody = conversation.chances.astype(np.float32), np.zeros(conversation.chances.shape, np.float32)
    unsure = np.argwhere((rules > 0.05) & (rules < 0.95))
    row, column = next((t, p) for t, p in unsure if conversation.turns[t].gap == "next")
    told = nobody.copy()
    told[row - 1, column] = 1.0
    assert weighed(conversation, rules, told)[row, column] > weighed(conversation, rules, nobody)[row, column]


def test_whoever_speaks_before_and_after_is_likelier_to_be_spoken_to() -> None:
    chances = np.array([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.9, 0.05, 0.05]])
    unsure = np.full((3, 3), 1 / 3, np.float32)
    near, apart = listening(unsure, chances, ["near", "next", "next"]), listening(unsure, chances, ["near"] * 3)
    assert near.sum(1) == pytest.approx(np.ones(3))
    assert near.argmax(1).tolist() == [1, 0, 1]
    assert near[1, 0] > apart[1, 0] and apart[1, 0] == pytest.approx(apart[1, 2])


def _id(name: str) -> int:
    return next(person.id for person in heard()[0].people.everyone if person.name == name)


def test_where_more_than_the_turn_decides_it_is_said_so() -> None:
    known = heard()[0]
    conversation = known.conversations[0]
    fill(conversation, known.mentions, None)
    row = next(n for n, turn in enumerate(conversation.turns) if turn.why == "turn")
    speaker = conversation.turns[row].speaker
    conversation.chances[row] = conversation.chances[row][::-1].copy()
    fill_again(conversation, known.mentions, None)
    assert conversation.turns[row].speaker != speaker and conversation.turns[row].why == "model"
    assert all(turn.why != "model" for n, turn in enumerate(conversation.turns) if n != row)
    fill_again(conversation, known.mentions, None)
    assert conversation.turns[row].why == "model"
