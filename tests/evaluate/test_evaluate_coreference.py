"""The metrics against the examples worked out in the papers."""

from __future__ import annotations

import pytest

from evaluate.coreference import METRICS, Cluster, b_cubed, ceaf_e, f1, figures, lea, measure, muc
from tests.evaluate.hand_made import book, case


def clusters(notes: str) -> list[Cluster]:
    return [frozenset(note) for note in notes.split()]


def test_pradhan_2014_worked_example() -> None:
    """Pradhan et al., "Scoring Coreference Partitions of Predicted Mentions", ACL 2014."""
    key, response = clusters("abc defg"), clusters("ab cd fghi")
    assert (muc(key, response), muc(response, key)) == ((2, 5), (2, 5))
    assert b_cubed(key, response) == pytest.approx((35 / 12, 7))
    assert b_cubed(response, key) == pytest.approx((4, 8))
    assert ceaf_e(key, response) == pytest.approx((1.3, 2))
    assert ceaf_e(response, key) == pytest.approx((1.3, 3))


def test_moosavi_and_strube_2016_worked_example() -> None:
    """The same partitions under LEA: R = (3 · 1/3 + 4 · 1/6) / 7, P = (2 · 1 + 2 · 0 + 4 · 1/6) / 8."""
    key, response = clusters("abc defg"), clusters("ab cd fghi")
    assert lea(key, response) == pytest.approx((3 / 3 + 4 / 6, 7))
    assert lea(response, key) == pytest.approx((2 + 4 / 6, 8))


@pytest.mark.parametrize(
    ("response", "muc_f1", "b_cubed_f1", "ceaf_f1"),
    [
        ("12345 6789ABC", 0.947, 0.865, 0.733),
        ("1234589ABC 67", 0.947, 0.737, 0.667),
        ("123456789ABC", 0.900, 0.545, 0.294),
        ("1 2 3 4 5 6 7 8 9 A B C", 0.0, 0.400, 0.178),
    ],
)
def test_luo_2005_table_1(response: str, muc_f1: float, b_cubed_f1: float, ceaf_f1: float) -> None:
    """Luo, "On Coreference Resolution Performance Metrics", HLT 2005: key {1–5}, {6, 7}, {8–C}."""
    key = clusters("12345 67 89ABC")
    found = [f1(metric, key, clusters(response)) for metric in (muc, b_cubed, ceaf_e)]
    assert found == pytest.approx([muc_f1, b_cubed_f1, ceaf_f1], abs=0.001)


@pytest.mark.parametrize("name", METRICS)
def test_the_same_clusters_are_perfect_and_none_are_nothing(name: str) -> None:
    key = clusters("abc de")
    assert f1(METRICS[name], key, key) == 1
    assert f1(METRICS[name], key, []) == 0
    assert f1(METRICS[name], [], key) == 0


def test_lea_rewards_a_singleton_for_itself_only() -> None:
    assert lea(clusters("a"), clusters("a")) == (1, 1)
    assert lea(clusters("a"), clusters("ab")) == (0, 1)


def test_measures_add_up_over_documents() -> None:
    gold = book("Ida met Jon and she ran.", "Ida Jon", mentions="Ida=Ida; Jon=Jon; she=Ida")
    wrong = book("Ida met Jon and she ran.", "Ida Jon", mentions="Ida=Ida; Jon=Jon; she=Jon")
    assert figures([measure(case(gold, gold))])["CoNLL"] == pytest.approx(100)
    both = figures([measure(case(gold, gold)), measure(case(gold, wrong))])
    assert both["MUC R"] == both["MUC P"] == 50
    assert both["people CoNLL"] == both["CoNLL"]


def test_an_unresolved_mention_is_a_cluster_of_its_own() -> None:
    gold = book("Ida met Jon and she ran.", "Ida Jon", mentions="Ida=Ida; Jon=Jon; she=Ida")
    open_ = book("Ida met Jon and she ran.", "Ida Jon", mentions="Ida=Ida; Jon=Jon; she=-")
    found = figures([measure(case(gold, open_))])
    assert found["B³ P"] == 100 and found["B³ R"] == pytest.approx(100 * 2 / 3)
