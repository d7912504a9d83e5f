"""Words and sentences are those of Universal Dependencies; the rules read what hyphens join as one."""

from __future__ import annotations

import time

import numpy as np
import pytest

import personae
from personae.annotators.tokens import tokenize
from personae.annotators.words import JOINED, KIN, joined, look_up
from personae.text import Block, Text


def _text(*paragraphs: str) -> Text:
    content = "\n\n".join(paragraphs)
    places = [content.index(p) for p in paragraphs]
    return Text(content, tuple(Block(s, s + len(p), "paragraph") for s, p in zip(places, paragraphs, strict=True)))


def _words(content: str) -> list[str]:
    tokens = tokenize(_text(content))
    return [content[s:e] for s, e in zip(tokens.start.tolist(), tokens.end.tolist(), strict=True)]


def _sentences(content: str) -> list[str]:
    tokens = tokenize(_text(content))
    numbers = tokens.sentence.tolist()
    return [
        content[tokens.start[numbers.index(n)] : tokens.end[len(numbers) - 1 - numbers[::-1].index(n)]]
        for n in dict.fromkeys(numbers)
    ]


@pytest.mark.parametrize(
    "spaced",
    [
        "a well - known twenty - six - year - old",
        "Jean - Luc and al - Amin drank Coca - Cola",
        "my mother-in-law re-read her ex-husband 's e-mail mid-May",
        "Iruka-sensei said uh-huh career-wise",
        "you can not , I 'm gon na , do n't , DO N'T , d' you , du n no",
        "'T is 'em at five o'clock , y' all",
        "it cost $ 20 , 5 % of it , at 10:30 , 7:30 pm , 5 pm on 10/12/2001",
        "Mr. Lee and Dr. Oh , e.g. and i.e. , etc. and No. 5",
        "in the 1920's , summer of '68",
        "see https://example.org/a-b_c?d=1 or www.example.org",
        "me.two@example.org sent draft_2-b.docx",
        "call 555-1234 or 555-867-5309",
        "fine :-) really :( yes <3",
        "oh ... well ---- now !!! === ***",
        "and / or b/c # 1 #story w/ it",
        "th- this is J. Roe of the U.S. army",
        "the end . Then it was over",
    ],
)
def test_words_are_those_of_universal_dependencies(spaced: str) -> None:
    """Written as the tokens apart; what touches in a story is put together here."""
    pieces = spaced.split()
    content = spaced
    for apart, together in (
        *((f" {sign}", sign) for sign in ("%", "'s", "n't", "N'T", "'m", "all")),
        (" - ", "-"), ("$ ", "$"), ("# 1", "#1"), ("and / or", "and/or"), (" ,", ","), ("end . Then", "end.Then"),
        ("can not", "cannot"), ("gon na", "gonna"), ("d' you", "d'you"), ("du n no", "dunno"), ("'T is", "'Tis"),
        ("30 pm", "30pm"), ("5 pm", "5pm"),
    ):  # fmt: skip
        content = content.replace(apart, together)
    assert _words(content) == pieces


@pytest.mark.parametrize(
    "sentences",
    [
        ["“Why?” he asked.", "“No,” said Mr. Oh."],
        ["He ran.", "she ran after him.", "Both fell."],
        ["“Oh! what a day!”", "Ann sat down."],
        ["So did I.", "Then it rained!!!!!", "It stopped."],
        ["It was late (very late.)", "They slept."],
        ["Thanks :)", "See you soon."],
        ["He bought nails, screws, etc.", "The shop closed."],
        ["1. Buy bread.", "Eat it."],
        ["She waited . . . and left."],
        ["He left … and she stayed."],
    ],
)
def test_sentences(sentences: list[str]) -> None:
    assert _sentences(" ".join(sentences)) == sentences


def test_without_capitals_a_small_letter_opens_a_sentence() -> None:
    content = "what happened? nobody knows! i asked."
    assert _sentences(content) == ["what happened?", "nobody knows!", "i asked."]


def test_a_paragraph_ends_a_sentence() -> None:
    tokens = tokenize(_text("no stop here", "nor here"))
    assert tokens.sentence.tolist() == [0, 0, 0, 1, 1]


def test_what_hyphens_join_is_flagged_as_one_word() -> None:
    content = "her mother - in - law, a red-haired ex-thief"
    tokens = tokenize(_text(content))
    words = look_up(content, tokens)
    assert [w for w, f in zip(words.text, words.flag_list, strict=True) if f & JOINED] == ["-", "haired"]
    assert words.compound(words.text.index("haired")) == "red-haired"
    _, whole, borders = joined(tokens, words)
    assert "red-haired" in whole.text and "haired" not in whole.text
    assert borders.tolist()[-1] == len(tokens)


def test_a_relation_in_a_corpus_parts_is_still_one() -> None:
    """GUM's own tokens have "mother" "-" "in" "-" "law"."""
    content = "mother-in-law"
    bounds = np.array([0, 6, 7, 9, 10, 13], np.int32)
    column = np.zeros(5, np.int32)
    words = look_up(content, personae.book.Tokens(bounds[:-1], bounds[1:], column, column))
    assert words.where(KIN) == [4]
    assert words.compound(4) == "mother-in-law"


def test_a_name_with_a_hyphen_is_one_name() -> None:
    story = _text(*["“Sit down, Mary-Jane,” said Jane Holt-Avery.", "Mary-Jane sat down. Mrs. Holt-Avery smiled."] * 3)
    names = {person.name for person in personae.annotate(story).cast}
    assert "Mary-Jane" in names
    assert any("Holt-Avery" in name for name in names)
    assert not names & {"Mary", "Holt", "Avery"}


@pytest.mark.parametrize("unit", ["a-", "a.", "1-", "x@", "#", "w/", "-", "'", "_a", ":", "[1]", ")", "Aa.", "!a"])
def test_time_grows_with_the_text(unit: str) -> None:
    begun = time.process_time()
    tokenize(_text(unit * 30_000))
    assert time.process_time() - begun < 10
