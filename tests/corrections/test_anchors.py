"""Anchors are found again after edits elsewhere, and what no longer fits is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from personae.corrections import Correction, Who
from personae.corrections.anchors import AROUND, LONGEST, Anchor, anchor, fit
from tests.stories import text_of

STORY = (
    "Mara came in from the rain and shook her coat.\n\n“Yes,” she said.\n\n“No,” said Tobin.\n\n“Yes,” she said.\n\n"
    "He looked at her, and he laughed, and then he sat down by the stove.\n\n“The bridge is up again,” Mara told him."
)


def found(story: str, *anchors: Anchor) -> list[tuple[int, int] | None]:
    fitted = fit(tuple(Correction("not_speech", (one,)) for one in anchors), text_of(story))
    places = {one.number: one.places for one in fitted.fitted}
    return [places[n][one] if n in places else None for n, one in enumerate(anchors, 1)]


def of(words: str, nth: int = 0, story: str = STORY) -> Anchor:
    place = -1
    for _ in range(nth + 1):
        place = story.index(words, place + 1)
    return anchor(story, place, place + len(words))


def test_an_anchor_has_the_words_and_what_is_around_them() -> None:
    one = of("“No,”")
    assert one.words == "“No,”" and len(one.before) == len(one.after) == AROUND
    assert STORY[one.at :].startswith("“No,” said")


def test_a_long_line_is_kept_by_its_beginning() -> None:
    line = "“" + "word " * 60 + "end.”"
    story = f"Before it.\n\n{line}\n\nAfter it."
    one = anchor(story, 12, 12 + len(line))
    assert len(one.words) == LONGEST and one.length == len(line)
    assert found(story, one) == [(12, 12 + len(line))]
    assert found("New.\n\n" + story, one)[0] is not None


def test_nothing_has_moved() -> None:
    for words, nth in (("“Yes,”", 0), ("“Yes,”", 1), ("her", 1)):
        one = of(words, nth)
        assert found(STORY, one) == [(one.at, one.at + len(words))]


def test_paragraphs_come_and_go_elsewhere() -> None:
    edited = "A new beginning.\n\n" + STORY.replace("“No,” said Tobin.\n\n", "") + "\n\nAnd an end."
    first, second, bridge = of("“Yes,”"), of("“Yes,”", 1), of("“The bridge is up again,”")
    places = found(edited, first, second, bridge)
    assert places[0] is not None and places[1] is not None and places[0] < places[1]
    assert [edited[slice(*p)] for p in places if p] == ["“Yes,”", "“Yes,”", "“The bridge is up again,”"]


def test_which_of_many_pronouns() -> None:
    place = STORY.index("he laughed")
    one = anchor(STORY, place, place + 2)
    edited = STORY.replace("Mara came in", "It was late when Mara, who had walked, came in")
    now = found(edited, one)[0]
    assert now and edited[now[0] :].startswith("he laughed")


def test_lines_may_be_broken_otherwise() -> None:
    edited = STORY.replace("shook her coat", "shook\nher coat").replace("The bridge is", "The bridge\nis")
    place = found(edited, of("“The bridge is up again,”"))[0]
    assert place and edited[slice(*place)] == "“The bridge\nis up again,”"


def test_what_is_gone_is_told_and_kept() -> None:
    gone = Correction("speaker", (of("“No,”"),), people=(Who("Tobin"),))
    kept = Correction("speaker", (of("“The bridge is up again,”"),), people=(Who("Mara"),))
    result = fit((gone, kept), text_of(STORY.replace("“No,” said Tobin.\n\n", "")))
    assert [one.number for one in result.fitted] == [2]
    assert [(one.number, one.text, one.reason) for one in result.unfit] == [
        (1, "“No,” is said by Tobin", "these words are no longer in the story")
    ]


def test_words_in_other_surroundings_do_not_fit() -> None:
    place = STORY.index("he laughed")
    one = anchor(STORY, place, place + 2)
    edited = text_of("Here he is. There he goes. Away he went, and he ran.")
    result = fit((Correction("mention", mentions=(one,)),), edited)
    assert not result.fitted and "changed" in result.unfit[0].reason


@given(some.text("ab “”\n", max_size=60), some.integers(0, 59), some.integers(0, 20), some.text("ab\n", max_size=20))
def test_a_place_in_the_same_text_is_found(text: str, start: int, size: int, added: str) -> None:
    start = min(start, len(text))
    one = anchor(text, start, min(start + size, len(text)))
    fitted = fit((Correction("speech", (one,)),), text_of(text))
    if one.words.strip():
        assert fitted.fitted[0].places[one] == (start, start + len(one.words))
    fit((Correction("speech", (one,)),), text_of(added + text))  # never an error
