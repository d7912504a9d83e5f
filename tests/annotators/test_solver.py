"""Corrections are evidence: what they say holds, what is around them follows, however it was worked out."""

from __future__ import annotations

import random
from functools import cache

import pytest

import personae
from personae.annotators import open_story
from personae.annotators.solver import Solution, Solver
from personae.book import Book, check
from personae.corrections import Correction, Corrections, Who
from personae.corrections.anchors import anchor
from tests.stories import ROOT, text_of

STORY = ROOT / "examples" / "night_window.html"


@cache
def opened() -> Solver:
    """A solver that remembers, as the page's do."""
    solver = open_story(personae.read_text(STORY))
    solver.remember()
    return solver


@cache
def first() -> Book:
    return opened().solve().book


def afresh(corrections: Corrections) -> Solution:
    """Solved by somebody who remembers nothing."""
    solver = opened()
    return Solver(solver.ground, solver.made_by, revise=solver.revise).solve(corrections)


def said(book: Book, number: int) -> str | None:
    speaker = book.quotes[number].speaker
    return None if speaker is None else book.entities[speaker].name


def pinned(number: int, *people: Who) -> Correction:
    quote = first().quotes[number]
    return Correction("speaker", (anchor(first().text, quote.start, quote.end),), people=people)


def test_without_corrections_nothing_changes() -> None:
    assert first() == personae.read(STORY) == afresh(()).book


def test_a_pinned_line_is_certain() -> None:
    doubtful = min((q for q in first().quotes if q.kind == "speech"), key=lambda q: q.confidence)
    other = next(e.name for e in first().cast if e.id != doubtful.speaker and e.quotes > 5)
    book = opened().solve((pinned(doubtful.id, Who(other)),)).book
    quote = book.quotes[doubtful.id]
    assert (said(book, doubtful.id), quote.confidence, quote.why, quote.alternatives) == (other, 1.0, "pinned", ())
    changed = [n for n in range(len(book.quotes)) if said(book, n) != said(first(), n)]
    assert len(changed) > 1, "its neighbours stayed as they were"


def test_every_line_can_be_pinned_against_the_grain() -> None:
    """However sure the rules are, and whoever is said to speak."""
    speech = [q.id for q in first().quotes if q.kind == "speech"]
    names = [e.name for e in first().cast if e.kind == "person"][:4]
    corrections = tuple(pinned(number, Who(names[n % len(names)])) for n, number in enumerate(speech))
    book = check(opened().solve(corrections).book)
    assert [said(book, number) for number in speech] == [names[n % len(names)] for n in range(len(speech))]


def test_parts_of_a_paragraph_may_be_two_peoples() -> None:
    text = text_of("“Yes,” said Mara. “No.” She left.\n\nTobin sat down.")
    book = personae.annotate(text)
    places = [anchor(text.content, q.start, q.end) for q in book.quotes]
    corrections = tuple(Correction("speaker", (places[n],), people=(Who(("Mara", "Tobin")[n]),)) for n in (0, 1))
    found = personae.annotate(text, corrections=corrections)
    assert [said(found, n) for n in (0, 1)] == ["Mara", "Tobin"]


def test_nobody_and_somebody_new() -> None:
    book = check(opened().solve((pinned(3), pinned(4, Who("a guard", new=True)))).book)
    assert (said(book, 3), book.quotes[3].why, book.quotes[3].confidence) == (None, "pinned", 1.0)
    assert said(book, 4) == "a guard"


def test_somebody_who_is_not_found_by_name_is_brought_in() -> None:
    assert said(opened().solve((pinned(4, Who("Nobody You Know")),)).book, 4) == "Nobody You Know"


@pytest.mark.parametrize("form", ["name", "noun", "pronoun"])
def test_a_pinned_mention_is_certain(form: str) -> None:
    number, mention = next((n, m) for n, m in enumerate(first().mentions) if m.form == form and m.entities == (0,))
    other = first().cast[1].name
    place = anchor(first().text, mention.start, mention.end)
    solution = opened().solve((Correction("mention", mentions=(place,), people=(Who(other),)),))
    meant = solution.book.mentions[number]
    assert [solution.book.entities[e].name for e in meant.entities] == [other] and meant.confidence == 1.0
    assert solution.pinned == {number}
    nobody = opened().solve((Correction("mention", mentions=(place,)),)).book
    assert nobody.mentions[number].entities == () and "nobody" not in [e.name for e in nobody.entities]


def test_all_lines_with_the_same_tag() -> None:
    text = text_of(
        "“One,” said the guard.\n\n“Two,” said Mara.\n\n“Three,” said the guard.\n\n“Four,” she said.\n\n"
        "“Five,” said the guard.\n\nMara looked at Tobin. Tobin waited. Mara waited too."
    )
    book = personae.annotate(text)
    one = (anchor(text.content, book.quotes[0].start, book.quotes[0].end),)
    correction = Correction("speaker", one, people=(Who("Tobin"),), everywhere=True)
    found = personae.annotate(text, corrections=(correction,))
    assert [said(found, n) for n in range(5)] == ["Tobin", "Mara", "Tobin", "Mara", "Tobin"]


def test_two_people_are_one() -> None:
    names = [e.name for e in first().cast[:2]]
    book = check(opened().solve((Correction("merge", people=(Who(names[0]), Who(names[1]))),)).book)
    assert names[1] not in [e.name for e in book.entities]
    assert names[1] in book.person(names[0]).aliases
    total = sum(e.mentions for e in first().cast[:2])
    assert book.person(names[0]).mentions > 0.6 * total


def test_corrections_name_people_as_they_were_called_then() -> None:
    name = first().cast[0].name
    corrections = (
        Correction("rename", people=(Who(name),), value="Zed"), pinned(3, Who("Zed")),
        Correction("pronouns", people=(Who("Zed"),), value="xe/xem"), pinned(4, Who(name)),
    )  # fmt: skip
    book = opened().solve(corrections).book
    assert said(book, 3) == said(book, 4) == "Zed" and book.person(name).name == "Zed"
    assert book.person("Zed").pronouns == "xe/xem"


def test_what_no_longer_fits_is_told_and_changes_nothing() -> None:
    gone = Correction("speaker", (anchor("“Something else entirely,” it said.", 0, 26),), people=(Who("Anselm"),))
    solution = opened().solve((gone,))
    assert [one.number for one in solution.unfit] == [1] and solution.book == first()


def some_corrections(seed: int) -> Corrections:
    """Corrections of every kind, at random."""
    dice, book = random.Random(seed), first()
    speech = [q for q in book.quotes if q.kind == "speech"]
    cast = [e.name for e in book.cast if e.mentions > 2]

    def one() -> Correction:
        quote, mention = dice.choice(speech), dice.choice(book.mentions)
        place, words = (anchor(book.text, x.start, x.end) for x in (quote, mention))
        who, other = (Who(name) for name in dice.sample(cast, 2))
        return dice.choice(
            [
                Correction("speaker", (place,), people=(who,)), Correction("speaker", (place,), people=(other,)),
                Correction("speaker", (place,)), Correction("addressees", (place,), people=(who, other)),
                Correction("speaker", (place,), people=(Who("a guard", new=True),)),
                Correction("mention", mentions=(words,), people=(who,)), Correction("mention", mentions=(words,)),
                Correction("mention", mentions=(words,), people=(who,), was=other, everywhere=True),
                Correction("not_speech", (place,)), Correction("thought", (place,)),
                Correction("merge", people=(who, other)), Correction("rename", people=(who,), value="Zed"),
                Correction("alias", people=(who,), value="the man"), Correction("not_person", people=(who,)),
                Correction("split", (place,), (words,), value="the other one", was=who),
            ]
        )  # fmt: skip

    return tuple(one() for _ in range(dice.randint(1, 6)))


@pytest.mark.parametrize("seed", range(12))
def test_it_does_not_matter_what_was_solved_before(seed: int) -> None:
    """Nor does any mixture of corrections break a rule of the Book."""
    corrections = some_corrections(seed)
    whole, fresh = opened().solve(corrections), afresh(corrections)
    check(whole.book)
    assert whole.book.quotes == fresh.book.quotes
    assert [m.entities for m in whole.book.mentions] == [m.entities for m in fresh.book.mentions]
    assert [(e.name, e.aliases, e.pronouns) for e in whole.book.entities] == [
        (e.name, e.aliases, e.pronouns) for e in fresh.book.entities
    ]


@pytest.mark.parametrize("seed", range(8))
def test_a_quick_answer_is_what_the_whole_gives(seed: int) -> None:
    dice, book = random.Random(seed), first()
    speech = [q.id for q in book.quotes if q.kind == "speech"]
    names = [e.name for e in book.cast if e.kind == "person"][:3]
    corrections: Corrections = ()
    solution = opened().solve()
    for _ in range(5):
        corrections += (pinned(dice.choice(speech), *dice.choice([(), (Who(dice.choice(names)),)])),)
        quick = opened().quick(corrections, solution)
        assert quick is not None
        check(quick.book)
        whole = opened().solve(corrections)
        assert [said(quick.book, n) for n in speech] == [said(whole.book, n) for n in speech]
        assert [q.confidence for q in quick.book.quotes] == [q.confidence for q in whole.book.quotes]
        solution = dice.choice([quick, whole])


def test_a_quick_answer_takes_back_too() -> None:
    number = next(q.id for q in first().quotes if q.kind == "speech")
    there = opened().solve((pinned(number, Who(first().cast[2].name)),))
    back = opened().quick((), there)
    assert back is not None
    assert [said(back.book, n) for n in range(len(first().quotes))] == [
        said(first(), n) for n in range(len(first().quotes))
    ]


def test_what_changes_more_than_lines_has_no_quick_answer() -> None:
    solution = opened().solve()
    names = [e.name for e in first().cast[:2]]
    assert opened().quick((Correction("merge", people=(Who(names[0]), Who(names[1]))),), solution) is None
