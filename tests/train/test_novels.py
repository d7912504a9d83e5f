"""Whom the mentions of a PDNC novel mean, as far as that is known."""

from pathlib import Path

from gold import pdnc
from personae.annotators.quotes import Quotations
from personae.annotators.talk import follow_talk
from personae.text import Text
from tests.gold import tiny_corpora
from train.novels import known_mentions


def test_marks_tags_names_and_the_i_of_lines_are_known_and_nothing_else(tmp_path: Path) -> None:
    folder = tiny_corpora.pdnc(tmp_path)
    book = pdnc.load(folder, "TheLamp")
    text = Text(book.text, book.blocks, book.metadata)
    found = Quotations.of(text)
    talk = follow_talk(text, found, pdnc.cast(folder, "TheLamp"))
    known = known_mentions(book, talk, found.tokens, pdnc.referring(folder, "TheLamp"))
    said = [(" ".join(found.words.text[first:last]), means) for (first, last), means in known.items()]
    ida, tove, jon = "0", "1", "2"
    assert said[:5] == [("Ida", ida), ("she", ida), ("I", ida), ("us", "0+1"), ("Mr. Tove", tove)]
    assert ("they", tove) not in said and ("I", jon) in said
