"""Who is whose mother, from the phrases that say so."""

from __future__ import annotations

from personae.annotators.relations import find_relations
from personae.book import Entity, Mention, Quote

PEOPLE = tuple(Entity(n, "person", name) for n, name in enumerate(("Lucy", "Mrs. Tarn", "Freddy", "the old woman")))
LUCY, TARN, FREDDY, OLD = range(4)


def told(text: str, *phrases: tuple[str, str, int, int]) -> list[tuple[int, int, str, float]]:
    """Relations of a text in which each phrase means somebody, and the words that it begins with somebody else."""
    mentions, at = [], 0
    for phrase, begins, who, owner in phrases:
        start = text.index(phrase, at)
        at, end = start + 1, start + len(phrase)
        head = end - len(phrase.split()[-1]), end
        form = "name" if begins[0].isupper() else "pronoun"
        mentions += [
            Mention(start, end, head, "noun", (who,)),
            Mention(start, start + len(begins), (start, start + len(begins)), form, (owner,)),
        ]
    return [(r.source, r.target, r.kind, r.weight) for r in find_relations(text, PEOPLE, mentions, ())]


def test_a_name_and_a_relation_once_are_enough() -> None:
    assert told("Lucy's mother rose.", ("Lucy's mother", "Lucy", TARN, LUCY)) == [(TARN, LUCY, "mother of", 1.0)]


def test_a_pronoun_and_a_relation_need_saying_twice() -> None:
    once = ("his mother", "his", TARN, FREDDY)
    assert told("He saw his mother.", once) == []
    assert told("He saw his mother, and his mother him.", once, once) == [(TARN, FREDDY, "mother of", 2.0)]


def test_a_description_of_somebody_unnamed_is_no_news() -> None:
    people = (*PEOPLE[:3], Entity(3, "person", "Lucy's mother"))
    whole = Mention(0, 13, (7, 13), "noun", (3,))
    owner = Mention(0, 4, (0, 4), "name", (LUCY,))
    assert find_relations("Lucy's mother rose.", people, [whole, owner], ()) == ()


def test_nobody_has_two_mothers_for_one_slip() -> None:
    often = [("Lucy's mother", "Lucy", TARN, LUCY)] * 3
    text = "Lucy's mother and Lucy's mother and Lucy's mother and Lucy's mother"
    assert told(text, *often, ("Lucy's mother", "Lucy", OLD, LUCY)) == [(TARN, LUCY, "mother of", 3.0)]


def test_talk_comes_first_with_its_lines() -> None:
    quote = Quote(0, 0, 4, "speech", 0, LUCY, (TARN,), 1.0)
    found = find_relations("“Hm”", PEOPLE, (), (quote,))
    assert [(r.source, r.target, r.kind, r.evidence) for r in found] == [(LUCY, TARN, "speaks to", ((0, 4),))]
