"""What a card says of a person: in words, the telling first, with a way to the sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from personae.book import Book, Entity, Grammar
from personae.writers.html_deeds import SHOWN, deeds
from personae.writers.html_phrases import SENTENCE, third_person
from tests.parsed import parsed
from tests.writers.books import books, ferry
from tests.writers.html_books import scene
from tests.writers.test_html import HOSTILE, parse, text_of

INES, TOBIN = Entity(0, "person", "Ines", (), "she/her"), Entity(1, "person", "Tobin", (), "he/him")


def shown(source: str, entity: int = 0, *people: Entity) -> dict[str, list[str]]:
    """The words of each row, with how often."""
    book = parsed(source, *(people or (INES, TOBIN)))
    rows = deeds(book, book.cast)[entity]
    return {label: [f"{d.words} {d.count}" if d.count > 1 else d.words for d in row] for label, row in rows.items()}


CROSSING = """
Ines    Ines    PROPN NNP 2 nsubj (0)
had     have    VERB  VBD 0 root !
a       a       DET   DT  5 det
long    long    ADJ   JJ  5 amod
oar     oar     NOUN  NN  2 obj
and     and     CCONJ CC  8 cc
she     she     PRON  PRP 8 nsubj (0)
pushed  push    VERB  VBD 2 conj !
Tobin   Tobin   PROPN NNP 8 obj (1)
off     off     ADP   RP  8 compound:prt
.       .       PUNCT .   2 punct
---
Her     her     PRON  PRP$ 3 nmod:poss (0)
wet     wet     ADJ   JJ  3 amod
boots   boot    NOUN  NNS 4 nsubj
sank    sink    VERB  VBD 0 root !
.       .       PUNCT .   4 punct
---
He      he      PRON  PRP 4 nsubj (1)
did     do      AUX   VBD 4 aux
not     not     PART  RB  4 advmod
thank   thank   VERB  VB  0 root
her     she     PRON  PRP 4 obj (0)
.       .       PUNCT .   4 punct
---
She     she     PRON  PRP 3 nsubj (0)
was     be      AUX   VBD 3 cop
tired   tired   ADJ   JJ  0 root
and     and     CCONJ CC  8 cc
no      no      DET   DT  8 det
great   great   ADJ   JJ  8 amod
old     old     ADJ   JJ  8 amod
sailor  sailor  NOUN  NN  3 conj
.       .       PUNCT .   3 punct
"""


def test_a_person_in_four_rows() -> None:
    assert shown(CROSSING) == {
        "is": ["tired", "not great old sailor"],
        "does": ["pushes Tobin off", "has a long oar"],
        "has": ["wet boots"],
        "others": ["don’t thank her"],
    }
    assert shown(CROSSING, 1) == {"does": ["doesn’t thank"], "others": ["push him off"]}


def test_a_group_acts_in_the_plural() -> None:
    crew = Entity(0, "group", "the crew")
    rows = shown(CROSSING, 0, crew, TOBIN)
    assert list(rows) == ["are", "do", "have", "others"]
    assert rows["do"][0] == "push Tobin off" and rows["others"] == ["don’t thank them"]


def _acts(*verbs: str, event: str = "!") -> str:
    """A sentence for each verb, all of Ines."""
    return "\n---\n".join(f"Ines Ines PROPN NNP 2 nsubj (0)\n{verb} {verb} VERB VBD 0 root {event}" for verb in verbs)


def test_what_happens_comes_before_what_might_and_the_dull_last() -> None:
    might = "\n---\nInes Ines PROPN NNP 3 nsubj (0)\ncould could AUX MD 3 aux\nswim swim VERB VB 0 root"
    assert shown(_acts("say", "row", "be", "sing") + might)["does"] == ["rows", "sings", "says", "is", "could swim"]


def test_what_is_asked_or_supposed_is_left_out() -> None:
    asked = "Did do AUX VBD 3 aux\nInes Ines PROPN NNP 3 nsubj (0)\nrun run VERB VB 0 root\n? ? PUNCT . 3 punct\n---\n"
    assert shown(asked + _acts("row"))["does"] == ["rows"]
    assert shown(asked.replace("?", "!") + _acts("row"))["does"] == ["rows", "runs"]


def test_what_is_done_again_and_again_is_counted_and_the_rest_cut() -> None:
    verbs = [f"verb{letter}" for letter in "abcdefgh"]
    row = shown(_acts(*verbs, "sing", "sing", "sing"))["does"]
    assert row[0] == "sings 3" and len(row) == SHOWN


def test_words_that_need_the_sentence_are_left_out() -> None:
    source = """
    Ines   Ines   PROPN NNP 2 nsubj (0)
    told   tell   VERB  VBD 0 root !
    him    he     PRON  PRP 2 iobj (1)
    ---
    Ines   Ines   PROPN NNP 2 nsubj (0)
    leaned lean   VERB  VBD 0 root !
    on     on     ADP   IN  5 case
    the    the    DET   DT  5 det
    rail   rail   NOUN  NN  2 obl
    of     of     ADP   IN  9 case
    the    the    DET   DT  9 det
    old    old    ADJ   JJ  9 amod
    ferry  ferry  NOUN  NN  5 nmod
    """
    assert shown(source)["does"] == ["leans on the rail", "tells"]


@pytest.mark.parametrize(
    ("verb", "told"),
    [("try", "tries"), ("play", "plays"), ("go", "goes"), ("watch", "watches"), ("y", "ys"), ("open", "opens")],
)
def test_the_third_person(verb: str, told: str) -> None:
    assert third_person(verb) == told


def test_each_leads_to_its_word_and_shows_its_sentence() -> None:
    page = parse(parsed(CROSSING, INES, TOBIN))
    links = page.get_element_by_id("p0").xpath(".//p[contains(@class, 'deeds')]/a")
    assert [text_of(link) for link in links][2] == "pushes Tobin off"
    assert links[2].get("title") == "Ines had a long oar and she pushed Tobin off."
    assert [text_of(page.get_element_by_id(link.get("href")[1:])) for link in links] == [
        "tired", "sailor", "pushed", "had", "boots", "thank",
    ]  # fmt: skip


def test_a_long_sentence_is_cut_around_the_word() -> None:
    filler = "\n".join("far far ADV RB 41 advmod" for _ in range(80))
    source = f"{filler}\nInes Ines PROPN NNP 82 nsubj (0)\nsang sing VERB VBD 0 root !\n{filler}"
    (deed,) = deeds(parsed(source, INES), [INES])[0]["does"]
    assert deed.sentence.startswith("… far") and deed.sentence.endswith("far …") and "Ines sang" in deed.sentence
    assert len(deed.sentence) <= SENTENCE + 2


def test_nothing_is_shown_without_grammar() -> None:
    for book in (scene(), replace(ferry(), grammar=Grammar.empty())):
        assert deeds(book, book.cast) == {} and not parse(book).xpath("//*[contains(@class, 'deeds')]")


def test_one_word_of_two_people_has_one_anchor() -> None:
    page = parse(parsed(CROSSING, INES, TOBIN))
    ids = page.xpath("//main//*/@id[starts-with(., 'w')]")
    assert len(ids) == len(set(ids)) == 6
    assert len(page.xpath(f"//a[@href='#{ids[1]}']")) == 2


def test_hostile_words_stay_words() -> None:
    book = parsed(CROSSING, replace(INES, pronouns=f"x/{HOSTILE}"), TOBIN)
    lemmas = tuple(HOSTILE if lemma == "push" else lemma for lemma in book.grammar.lemma)
    page = parse(replace(book, grammar=replace(book.grammar, lemma=lemmas)))
    assert not page.xpath("//img | //*[@onerror or @onload]") and len(page.xpath("//script")) == 2
    assert "<img src=x onerror" in text_of(page.get_element_by_id("p0"))


@given(books())
@settings(max_examples=30)
def test_every_link_of_any_book_leads_somewhere(book: Book) -> None:
    page = parse(book)
    for link in page.xpath("//p[contains(@class, 'deeds')]/a"):
        assert page.get_element_by_id(link.get("href")[1:]) is not None


def test_a_parsed_novel_stays_small() -> None:
    book = parsed("\n---\n".join([CROSSING] * 50), INES, TOBIN)
    many = deeds(book, book.cast)
    assert all(len(row) <= SHOWN for rows in many.values() for row in rows.values())
    assert np.sum([deed.count for deed in many[0]["does"]]) == 100
