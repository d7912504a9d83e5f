"""What a parsed story says of its people: each role, what shares it, and what isn't told as so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from personae.book import Book, Entity, Grammar
from personae.profiles import ROLES, Profile, Trait, profiles
from tests.parsed import parsed
from tests.writers.books import books

INES, TOBIN = Entity(0, "person", "Ines", (), "she/her"), Entity(1, "person", "Tobin", (), "he/him")


def words(source: str, entity: int = 0) -> dict[str, list[str]]:
    """Lemmas by role; "-" before what is negated, "can:" before what is only possible."""
    profile = profiles(parsed(source, INES, TOBIN))[entity]
    return {role: [_sign(trait) for trait in getattr(profile, role)] for role in ROLES if getattr(profile, role)}


def _sign(trait: Trait) -> str:
    return ("-" if trait.negated else "") + (f"{trait.modal}:" if trait.modal else "") + trait.word


ROSE = """
Ines  Ines  PROPN NNP 2 nsubj (0)
rose  rise  VERB  VBD 0 root !
and   and   CCONJ CC  4 cc
left  leave VERB  VBD 2 conj !
Tobin Tobin PROPN NNP 4 obj (1)
.     .     PUNCT .   2 punct
"""


def test_who_does_and_to_whom() -> None:
    assert words(ROSE) == {"agent": ["rise", "leave"]}
    assert words(ROSE, 1) == {"patient": ["leave"]}


def test_a_trait_has_its_token_and_its_sentence() -> None:
    book = parsed(ROSE + "\n" + ROSE, INES, TOBIN)
    rise, leave, *again = profiles(book)[0].agent
    assert (rise.token, leave.token, [trait.token for trait in again]) == (1, 3, [7, 9])
    assert book.text[slice(*leave.evidence)] == "Ines rose and left Tobin."
    assert again[0].evidence == (len("Ines rose and left Tobin. "), len(book.text))


def test_a_verb_with_its_own_subject_shares_none() -> None:
    source = """
    Ines  Ines  PROPN NNP 2 nsubj (0)
    rose  rise  VERB  VBD 0 root
    and   and   CCONJ CC  5 cc
    Tobin Tobin PROPN NNP 5 nsubj (1)
    left  leave VERB  VBD 2 conj
    """
    assert words(source) == {"agent": ["rise"]} and words(source, 1) == {"agent": ["leave"]}


def test_the_passive_turns_the_roles_round() -> None:
    source = """
    Ines    Ines   PROPN NNP 3 nsubj:pass (0)
    was     be     AUX   VBD 3 aux:pass
    seized  seize  VERB  VBN 0 root
    and     and    CCONJ CC  5 cc
    dragged drag   VERB  VBN 3 conj
    away    away   ADV   RB  5 advmod
    by      by     ADP   IN  8 case
    Tobin   Tobin  PROPN NNP 3 obl:agent (1)
    and     and    CCONJ CC  10 cc
    cried   cry    VERB  VBD 3 conj
    """
    assert words(source) == {"patient": ["seize", "drag"], "agent": ["cry"]}
    assert words(source, 1) == {"agent": ["seize"]}


def test_people_joined_by_and_share_a_verb() -> None:
    source = """
    Ines  Ines  PROPN NNP 4 nsubj (0+1 (0)
    and   and   CCONJ CC  3 cc
    Tobin Tobin PROPN NNP 1 conj (1) 0+1)
    ran   run   VERB  VBD 0 root
    """
    assert words(source) == words(source, 1) == {"agent": ["run"]}


def test_what_they_are() -> None:
    source = """
    Ines  Ines  PROPN NNP 3 nsubj (0)
    was   be    AUX   VBD 3 cop
    tall  tall  ADJ   JJ  0 root
    and   and   CCONJ CC  6 cc
    a     a     DET   DT  6 det
    baker baker NOUN  NN  3 conj
    ,     ,     PUNCT ,   8 punct
    grinned grin VERB VBD 3 conj
    """
    assert words(source) == {"mod": ["tall", "baker"], "agent": ["grin"]}


def test_where_they_are_is_not_what_they_are() -> None:
    source = """
    Ines   Ines   PROPN NNP 5 nsubj (0)
    was    be     AUX   VBD 5 cop
    in     in     ADP   IN  5 case
    the    the    DET   DT  5 det
    garden garden NOUN  NN  0 root
    """
    assert words(source) == {}


def test_adjectives_beside_a_noun_that_means_them_and_not_beside_a_name() -> None:
    source = """
    the   the   DET   DT  3 det (0
    tired tired ADJ   JJ  3 amod
    baker baker NOUN  NN  4 nsubj 0)
    met   meet  VERB  VBD 0 root
    old   old   ADJ   JJ  6 amod (1
    Tobin Tobin PROPN NNP 4 obj 1)
    """
    assert words(source) == {"mod": ["tired"], "agent": ["meet"]}
    assert words(source, 1) == {"patient": ["meet"]}


def test_what_they_have() -> None:
    source = """
    Her    her    PRON  PRP$ 2 nmod:poss (0)
    hat    hat    NOUN  NN   0 root
    and    and    CCONJ CC   4 cc
    coat   coat   NOUN  NN   2 conj
    and    and    CCONJ CC   7 cc
    Tobin  Tobin  PROPN NNP  7 nmod:poss (1)
    boots  boot   NOUN  NNS  2 conj
    """
    assert words(source) == {"poss": ["hat", "coat"]} and words(source, 1) == {"poss": ["boot"]}


def test_the_head_of_a_long_mention_is_what_hangs_outside() -> None:
    source = """
    The     the     DET   DT  2 det (0
    sister  sister  NOUN  NN  6 nsubj
    of      of      ADP   IN  5 case
    poor    poor    ADJ   JJ  5 amod
    Tobin   Tobin   PROPN NNP 2 nmod 0) (1)
    slept   sleep   VERB  VBD 0 root
    """
    assert words(source) == {"agent": ["sleep"]} and words(source, 1) == {}


NEGATED = """
Ines  Ines  PROPN NNP 4 nsubj (0)
did   do    AUX   VBD 4 aux
n't   not   PART  RB  4 advmod
run   run   VERB  VB  0 root
{or}  {or}  CCONJ CC  6 cc
{hid} hide  VERB  {VBD} 4 conj
"""


@pytest.mark.parametrize(
    ("joint", "form", "tag", "expected"),
    [("or", "hide", "VB", "-hide"), ("and", "hide", "VB", "-hide"), ("and", "hid", "VBD", "hide")],
)
def test_not_reaches_over_or(joint: str, form: str, tag: str, expected: str) -> None:
    source = NEGATED.replace("{or}", joint).replace("{hid}", form).replace("{VBD}", tag)
    assert words(source) == {"agent": ["-run", expected]}


def test_seeing_nobody_is_not_seeing() -> None:
    source = """
    Ines    Ines    PROPN NNP 2 nsubj (0)
    saw     see     VERB  VBD 0 root
    no      no      DET   DT  4 det
    guard   guard   NOUN  NN  2 obj
    ---
    Nobody  nobody  PRON  NN  2 nsubj
    knew    know    VERB  VBD 0 root
    Ines    Ines    PROPN NNP 2 obj (0)
    ---
    Ines    Ines    PROPN NNP 4 nsubj (0)
    was     be      AUX   VBD 4 cop
    no      no      DET   DT  4 det
    fool    fool    NOUN  NN  0 root
    ---
    Ines    Ines    PROPN NNP 4 nsubj (0)
    no      no      ADV   RB  3 advmod
    longer  long    ADV   RBR 4 advmod
    sang    sing    VERB  VBD 0 root
    """
    assert words(source) == {"agent": ["-see", "-sing"], "patient": ["-know"], "mod": ["-fool"]}


def test_what_is_only_possible_is_marked() -> None:
    source = """
    If     if     SCONJ IN  3 mark
    Ines   Ines   PROPN NNP 3 nsubj (0)
    runs   run    VERB  VBZ 6 advcl
    Tobin  Tobin  PROPN NNP 6 nsubj (1)
    ca     can    AUX   MD  6 aux
    swim   swim   VERB  VB  0 root
    and    and    CCONJ CC  8 cc
    dive   dive   VERB  VB  6 conj
    .      .      PUNCT .   6 punct
    """
    assert words(source) == {"agent": ["if:run"]} and words(source, 1) == {"agent": ["can:swim", "can:dive"]}


def test_a_question_tells_nothing_but_its_tag_does() -> None:
    source = """
    “     “     PUNCT `` 4 punct
    Did   do    AUX   VBD 4 aux
    Ines  Ines  PROPN NNP 4 nsubj (0)
    run   run   VERB  VB  6 ccomp
    ?     ?     PUNCT .   4 punct
    asked ask   VERB  VBD 0 root
    Tobin Tobin PROPN NNP 6 nsubj (1)
    .     .     PUNCT .   6 punct
    """
    assert words(source) == {"agent": ["?:run"]} and words(source, 1) == {"agent": ["ask"]}


def test_an_unparsed_book_has_empty_profiles() -> None:
    book = replace(parsed(ROSE, INES, TOBIN), grammar=Grammar.empty())
    assert profiles(book) == (Profile(0), Profile(1))


def test_a_tree_that_goes_round_in_a_circle_ends() -> None:
    book = parsed(ROSE, INES, TOBIN)
    grammar = replace(book.grammar, head=np.array([3, 3, 1, 1, 4, 4], np.int32), relation=("conj",) * 6)
    assert profiles(replace(book, grammar=grammar))


@given(books())
def test_evidence_holds_the_word(book: Book) -> None:
    for profile, entity in zip(profiles(book), book.entities, strict=True):
        assert profile.entity == entity.id
        for trait in (trait for role in ROLES for trait in getattr(profile, role)):
            start, end = trait.evidence
            assert start <= book.tokens.start[trait.token] and book.tokens.end[trait.token] <= end
            assert trait.word == book.grammar.lemma[trait.token]
