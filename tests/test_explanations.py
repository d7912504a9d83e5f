"""Why a line was given to somebody, told in words."""

import pytest

from personae.book import Book, Entity, Mention, Quote
from personae.errors import LineError
from personae.explanations import explain, spoken

TEXT = "“Give it back, Tobin,” said Mara.\n\n“No.”\n\nMara sat down. “Then keep it.”\n\n“Who’s there?”"
MARA, TOBIN = 0, 1


def _quote(number: int, words: str, speaker: int | None, **rest: object) -> Quote:
    start = TEXT.index(words)
    return Quote(number, start, start + len(words), "speech", number, speaker, **rest)  # type: ignore[arg-type]


def _cue(words: str, after: str) -> tuple[int, int]:
    start = TEXT.index(words, TEXT.index(after))
    return start, start + len(words)


BOOK = Book(
    text=TEXT,
    entities=(Entity(id=MARA, kind="person", name="Mara"), Entity(id=TOBIN, kind="person", name="Tobin")),
    mentions=(Mention(15, 20, (15, 20), "name", (TOBIN,)),),
    quotes=(
        _quote(0, "“Give it back, Tobin,”", MARA, confidence=0.99, why="tag", cue=_cue("Mara", "said")),
        _quote(1, "“No.”", TOBIN, confidence=0.8, why="vocative", addressees=(MARA,), alternatives=((MARA, 0.2),)),
        _quote(2, "“Then keep it.”", MARA, confidence=0.9, why="beat", cue=_cue("Mara", "No")),
        _quote(3, "“Who’s there?”", None),
    ),
)


def _told(number: int) -> str:
    return " ".join(ground.text for ground in explain(BOOK, number))


def test_a_tag_is_quoted_and_a_name_inside_rules_its_bearer_out() -> None:
    assert "say who speaks: “Mara”." in _told(1)
    assert "It names Tobin, so Tobin hardly says it." in _told(1)


def test_a_line_without_a_word_beside_it_tells_of_its_neighbours_and_rivals() -> None:
    assert "The line before calls Tobin" in _told(2)
    assert "1 line before, Mara speaks (99% sure)" in _told(2)
    assert "It is taken to be said to Mara." in _told(2)
    assert "Less likely: Mara (20%)." in _told(2)


def test_a_beat_is_told_of_whom_it_is_told() -> None:
    assert "What is told beside it is told of Mara: “Mara”." in _told(3)


def test_every_ground_that_rests_on_words_says_which() -> None:
    spans = [ground.span for number in range(1, 5) for ground in explain(BOOK, number) if ground.span]
    assert spans
    assert all(0 <= start < end <= len(TEXT) for start, end in spans)


def test_an_open_line_says_so() -> None:
    assert "left open" in _told(4)


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_line_that_is_not_there(number: int) -> None:
    with pytest.raises(LineError, match="the story has 4 lines"):
        explain(BOOK, number)


def test_only_spoken_lines_are_counted() -> None:
    thought = Quote(4, 0, 3, "thought", 4)
    assert len(spoken(Book(text=TEXT, quotes=(*BOOK.quotes, thought)))) == 4
