"""Markdown."""

import pytest

from personae import ReadError, Text
from personae.readers import read_bytes
from tests.readers.samples import assert_sound, emphasised, kinds, words_of


def read(content: str) -> Text:
    text = read_bytes(content.encode(), "story.md")
    assert_sound(text)
    return text


def test_markup_is_gone() -> None:
    text = read(
        "# The Lamp\n\n## Chapter 1\n\n*Ada* said **no** and _left_.\n\n---\n\nShe [came](http://x) back.\n"
    )
    assert kinds(text) == [
        ("metadata", "The Lamp"),
        ("heading", "Chapter 1"),
        ("paragraph", "Ada said no and left."),
        ("break", "* * *"),
        ("paragraph", "She came back."),
    ]  # fmt: skip
    assert emphasised(text) == ["Ada", "no", "left"]
    assert text.metadata.title == "The Lamp"


def test_front_matter() -> None:
    text = read(
        '---\ntitle: "The Lamp"\nauthor: Quill Moor\ncharacters:\n  - Ada\n  - Brun\n---\n\nThe lamp '
        "went out.\n"
    )
    assert (text.metadata.title, text.metadata.author) == ("The Lamp", "Quill Moor")
    assert text.metadata.tags["characters"] == ("Ada", "Brun")
    assert text.content == "The lamp went out."


def test_a_break_at_the_top_is_no_front_matter() -> None:
    assert (
        words_of(read("---\n\nShe came: late, as ever.\n\n---\n\nHe slept."), "paragraph")[1] == "He slept."
    )


def test_wrapped_lines_are_joined_and_single_lines_are_not() -> None:
    wrapped = (
        "Ada climbed the stairs with the can of oil in one\nhand and the rail in the other, and she "
        "counted\nthe steps."
    )
    assert read(wrapped).content == wrapped.replace("\n", " ")
    assert len(read("“Who is it?” she asked.\n“Only me.”\n“Go to bed.”\nHe went.").blocks) == 4


def test_words_that_look_like_markup_stay() -> None:
    for words in (
        "- Yes, she said.",
        "1985. It was a dry year.",
        "<he said nothing>",
        "2 * 3 * 4",
        "snake_case_name",
    ):
        assert read(f"The lamp.\n\n{words}").content == f"The lamp.\n\n{words}"


def test_scripts_are_words_at_most() -> None:
    text = read("The lamp.<br>It <i>went</i> out.\n\n<script>alert(1)</script>")
    assert emphasised(text) == ["went"]
    assert_sound(text)


def test_a_line_below_words_is_a_break_but_below_a_title_a_heading() -> None:
    assert kinds(read("The lamp went out.\n---\nAda lit it."))[1] == ("break", "* * *")
    assert words_of(read("The Lamp\n========\n\nIt went out.\n\nOil\n---\n\nIt was lit."), "heading") == [
        "Oil"
    ]


def test_brackets_take_no_time() -> None:
    assert_sound(read("[" * 100_000))


def test_empty() -> None:
    with pytest.raises(ReadError, match=r"^story\.md: is empty; "):
        read("\n \n")
