"""The encoder's pass: what the graph gives comes back to its words, and trees are trees."""

from __future__ import annotations

import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from personae.annotators.encoder import POINTED, SAID, Reading, arborescence, encode, heads, read_windows, side_by_side
from tests.annotators import hand_made

SENTENCES = 250
STORY = " ".join(f"She was {'late ' * (n % 9)}again." for n in range(SENTENCES))


def reading(*, keep_words: bool = False) -> tuple[Reading, NDArray[np.int32]]:
    """A story of several windows, read by the encoder made by hand; and the sentence of each token."""
    tokens, words = hand_made.story(STORY)
    nobody = np.zeros(len(tokens), np.bool_)
    return encode(tokens, words, nobody, hand_made.models(), keep_words=keep_words), tokens.sentence


def test_every_word_gets_what_the_graph_says_of_it() -> None:
    found, sentence = reading()
    assert len(set(sentence.tolist())) == SENTENCES
    for column in (found.upos, found.xpos, found.script, found.sense, found.relation, found.event):
        assert column.tolist() == sentence.tolist()


def test_heads_are_tokens_of_the_story() -> None:
    found, sentence = reading()
    first = np.diff(sentence, prepend=-1) > 0
    assert found.head.tolist() == np.where(first, -1, np.arange(len(sentence)) - 1).tolist()


def test_mentions_are_in_the_order_of_the_text() -> None:
    found, sentence = reading()
    assert len(found.spans) > 4
    firsts = [span.first for span in found.spans]
    assert firsts == sorted(firsts) and firsts[0] == 0
    assert all((s.last, s.head, s.type, s.form) == (s.first + 1, s.first, "FAC", "name") for s in found.spans)
    assert found.vectors[:, 0].tolist() == sentence[firsts].tolist()
    assert found.words is None


def test_words_can_be_kept() -> None:
    found, sentence = reading(keep_words=True)
    assert found.words is not None
    assert found.words[:, 0].tolist() == sentence.tolist()
    assert found.spans and not found.vectors.size


def test_progress_goes_up_to_the_last_token() -> None:
    tokens, words = hand_made.story(STORY)
    calls: list[tuple[int, int]] = []
    encode(tokens, words, np.zeros(len(tokens), np.bool_), hand_made.models(), lambda *call: calls.append(call))
    assert calls == sorted(calls) and len(calls) > 1
    assert calls[-1] == (len(tokens), len(tokens))


def test_reading_stops_where_progress_says_so() -> None:
    tokens, words = hand_made.story(STORY * 8)
    models, read = hand_made.models(), []
    run = models.encoder.run
    models.encoder.run = lambda names, given: (read.append(1), run(names, given))[1]

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode(tokens, words, np.zeros(len(tokens), np.bool_), models, stop)
    whole = len(list(read_windows(tokens, words, np.zeros(len(tokens), np.bool_), models)))
    assert 1 <= len(read) < whole


def test_windows_come_out_in_order_whichever_is_read_first() -> None:
    windows = [((n, n + 1), {}) for n in range(40)]

    def read(window: tuple[tuple[int, int], dict[str, NDArray[np.float32]]]) -> int:
        time.sleep(0.002 * (window[0][0] % 3))
        return window[0][0]

    assert list(side_by_side(read, windows)) == list(range(40))


def test_a_story_without_words() -> None:
    tokens, words = hand_made.story("")
    found = encode(tokens, words, np.zeros(0, np.bool_), hand_made.models())
    assert (len(found.upos), len(found.spans), len(found.vectors)) == (0, 0, 0)


def test_what_the_graph_is_given() -> None:
    content = "A late aas. A."
    tokens, words = hand_made.story(content)
    (window, given), *more = read_windows(tokens, words, np.zeros(len(tokens), np.bool_), hand_made.models())
    assert (window, more) == ((0, 6), [])
    assert given["ids"].tolist() == [[101, 7, 9, 7, 8, 10, 100, 7, 100, 102]]
    assert given["segments"].tolist() == [[0, 1, 0, 0, 0, 0, 0, 1, 0, 0]]
    assert given["mask"].tolist() == [[1] * 10]
    assert given["sentence"].tolist() == [[0, 0, 0, 0, 1, 1]]
    assert given["pool"].sum(2) == pytest.approx(1.0)
    assert given["pool"][0, 2, 3:6] == pytest.approx(1 / 3)


def one_sentence(arcs: list[list[float]]) -> list[int]:
    return heads(np.array(arcs, np.float32), np.zeros(len(arcs), np.int32)).tolist()


def test_the_best_heads_are_taken_where_they_are_a_tree() -> None:
    assert one_sentence([[0, 5, 1], [1, 6, 2], [1, 4, 3]]) == [1, -1, 1]


def test_a_word_alone_is_a_root() -> None:
    assert one_sentence([[-3]]) == [-1]


def test_a_circle_is_broken_where_it_costs_least() -> None:
    assert one_sentence([[4, 1, 1], [2, 0, 9], [3, 8, 0]]) == [-1, 2, 0]


def test_of_two_roots_one_stays() -> None:
    assert one_sentence([[9, 1, 2], [1, 8, 0], [4, 1, 0]]) == [-1, 0, 0]


def test_each_sentence_is_a_tree_of_its_own() -> None:
    arcs = np.full((4, 4), -1e4, np.float32)
    arcs[:2, :2], arcs[2:, 2:] = [[5, 1], [3, 1]], [[2, 4], [1, 6]]
    assert heads(arcs, np.array([3, 3, 4, 4], np.int32)).tolist() == [-1, 0, 3, -1]


SCORES = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).normal(size=(4, 4)))


@given(SCORES, st.integers(0, 3))
def test_no_tree_from_a_root_is_better(scores: NDArray[np.float64], root: int) -> None:
    given = scores.copy()
    given[root] = -np.inf
    np.fill_diagonal(given, -np.inf)
    found = arborescence(given, root)
    best = max(trees(4, root), key=lambda tree: score(scores, tree))
    assert [p for w, p in enumerate(found) if w != root] == [p for w, p in enumerate(best) if w != root]


@given(SCORES)
def test_no_tree_from_the_three_likeliest_roots_is_better(scores: NDArray[np.float64]) -> None:
    arcs = scores.astype(np.float32)
    roots = np.argsort(-np.diag(arcs))[:3].tolist()
    best = max((tree for root in roots for tree in trees(4, root)), key=lambda tree: score(arcs, tree))
    found = [word if head < 0 else head for word, head in enumerate(one_sentence(arcs.tolist()))]
    assert score(arcs, found) >= score(arcs, best) - 1e-5
    assert any(found == tree for root in range(4) for tree in trees(4, root))


def score(scores: NDArray[np.floating], tree: list[int]) -> float:
    return float(scores[np.arange(len(tree)), tree].sum())


def trees(size: int, root: int) -> list[list[int]]:
    """Every tree of `size` words from `root`, which is its own head."""
    every = (list(tree) for tree in product(range(size), repeat=size))
    return [tree for tree in every if tree[root] == root and all(_comes_to(root, w, tree) for w in range(size))]


def _comes_to(root: int, word: int, tree: list[int]) -> bool:
    for _ in tree:
        word = tree[word]
    return word == root


def test_every_mention_and_line_gets_what_tells_who_speaks() -> None:
    tokens, words = hand_made.story("“Go,” said Mara. “Stay.” Tobin ran.")
    lines = [(0, 4), (7, 10)]
    found = encode(tokens, words, np.zeros(len(tokens), np.bool_), hand_made.models(), lines=lines)
    assert found.pointed.shape == (len(found.spans), POINTED)
    assert found.pointed.all()
    assert found.said.shape == (len(lines), SAID)
    assert found.said.all()
