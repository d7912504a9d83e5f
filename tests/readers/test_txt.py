"""Plain text: kept to the letter, carved into blocks."""

import textwrap
import time

import pytest

from personae import ReadError, Text
from personae.readers import read_bytes
from tests.readers.samples import assert_sound, kinds, words_of

LONG = (
    "Ada climbed the stairs with the can of oil in one hand and the rail in the other, and she "
    "counted the steps "
    "as she always did, because a step had been missing once, in the winter of the big storm."
)


def read(text: str, name: str = "story.txt") -> Text:
    result = read_bytes(text.encode(), name)
    assert_sound(result)
    return result


def test_content_is_the_file_to_the_letter() -> None:
    text = read_bytes(
        b"\xef\xbb\xbfThe _lamp_ went out.\r\n\r\n  \xe2\x80\x8fAda\tswore.\rBrun  slept.\n\n", "a.txt"
    )
    assert text.content == "The _lamp_ went out.\n\n  \u200fAda\tswore.\nBrun  slept.\n\n"
    assert text.emphasis == ()


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    wrapped = "\n\n".join([textwrap.fill(LONG, 60)] * 3)
    assert [kind for kind, _ in kinds(read(wrapped))] == ["paragraph"] * 3


def test_indents_part_paragraphs_where_blank_lines_do_not() -> None:
    paragraphs = [
        textwrap.fill(LONG, 60, initial_indent="    "),
        "    “Who is there?” she asked.",
        "    Nobody.",
    ]
    text = read("\n".join(paragraphs * 3))
    assert words_of(text, "paragraph")[1:3] == ["“Who is there?” she asked.", "Nobody."]
    assert len(text.blocks) == 9


def test_a_paragraph_a_line() -> None:
    text = read("\n".join([LONG, "“Who is there?” she asked.", "Nobody answered."] * 3))
    assert len(words_of(text, "paragraph")) == 9


def test_short_lines_of_speech_are_paragraphs_not_verse() -> None:
    text = read("“Who is it?” she asked.\n“Only me.”\n“Go to bed, Brun.”\nHe went to bed.\n“Good.”\n")
    assert len(words_of(text, "paragraph")) == 5


def test_verse_keeps_its_lines_together() -> None:
    song = "    The lamp is low, the oil is thin,\n    The tide is coming in, in, in,\n    And who will row"
    text = read("\n\n".join([textwrap.fill(LONG, 60), song, textwrap.fill(LONG, 60)]))
    assert words_of(text, "verse") == [song.strip()]


@pytest.mark.parametrize(
    "heading",
    [
        "CHAPTER I.",
        "Chapter 3: The Well",
        "Chapter Twenty-one",
        "Part Two",
        "PROLOGUE",
        "Epilogue: Home",
        "1",
        "- 1 -",
        "The First Part",
        "BOOK THE FIRST",
        "_Chapter 1_",
        "CHAPTER IV\nTHE LONG NIGHT",
        "1. The Well",
    ],
)
def test_headings(heading: str) -> None:
    text = read(f"{heading}\n\n{LONG}\n\nThe end of it came late.")
    assert kinds(text)[0] == ("heading", heading)
    assert [block.chapter for block in text.blocks] == [1, 1, 1]


@pytest.mark.parametrize(
    "line",
    [
        "“Chapter one!”",
        "Chapter one was dull, he said.",
        "Part of me wanted to go.",
        "Three.",
        "I",
        "“No.”",
        "STOP!",
        "Letter I had not read.",
        "1984",
        "— Yes.",
        "Book I never finished.",
        "Day one of the trip was fine.",
    ],
)
def test_what_is_no_heading(line: str) -> None:
    text = read(f"{LONG} And then\n\n{line}\n\n{LONG}")
    assert kinds(text)[1] == ("paragraph", line)


def test_numbers_are_headings_where_they_count_up() -> None:
    text = read("\n\n".join(f"{number}\n\n{LONG}" for number in ("I", "II", "III", "IV")))
    assert words_of(text, "heading") == ["I", "II", "III", "IV"]
    assert text.blocks[-1].chapter == 4


def test_a_part_and_its_first_chapter_open_one_chapter() -> None:
    text = read(f"PART ONE\n\nCHAPTER I\n\nTHE NIGHT WATCH\n\n{LONG}\n\nCHAPTER II\n\n{LONG}")
    assert [block.chapter for block in text.blocks] == [1, 1, 1, 1, 2, 2]
    assert len(words_of(text, "heading")) == 4


@pytest.mark.parametrize(
    "line", ["***", "* * *", "---", "~~~", "#", "o0o", "<hr>", "xXx", "⁂", "-Line Break-", "———", "oOo"]
)
def test_breaks(line: str) -> None:
    assert kinds(read(f"{LONG}\n\n{line}\n\n{LONG}"))[1] == ("break", line)


def test_a_break_needs_no_blank_lines() -> None:
    assert [kind for kind, _ in kinds(read("The lamp went out.\n***\nAda lit it."))] == [
        "paragraph",
        "break",
        "paragraph",
    ]


@pytest.mark.parametrize("line", ["“...”", "?!", "“!”", "XX said so.", "ox"])
def test_what_is_no_break(line: str) -> None:
    assert kinds(read(f"{LONG}\n\n{line}\n\n{LONG}"))[1][0] == "paragraph"


def test_gutenberg_header_and_licence_are_metadata() -> None:
    story = f"THE LAMP\n\nby Quill Moor\n\n\nCHAPTER I\n\n{LONG}\n\n{LONG}"
    text = read(
        "The Project Gutenberg eBook of The Lamp\n\nTitle: The Lamp,\n       or the Long Night\n\n"
        "Author: Quill Moor\n\n"
        "Language: English\n\n*** START OF THE PROJECT GUTENBERG EBOOK THE LAMP ***\n\nProduced by "
        "A. Volunteer\n\n"
        f"{story}\n\nEnd of Project Gutenberg's The Lamp\n\n*** END OF THE PROJECT GUTENBERG EBOOK "
        "THE LAMP ***\n\n"
        "Section 1. Terms of use\n"
    )
    assert [kind for kind, _ in kinds(text)] == [
        *["metadata"] * 4,
        "heading",
        "paragraph",
        "paragraph",
        "metadata",
    ]
    assert text.metadata.title == "The Lamp, or the Long Night"
    assert (text.metadata.author, text.metadata.language) == ("Quill Moor", "en")


def test_the_oldest_gutenberg_header() -> None:
    mark = "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*"
    text = read(f"Project Gutenberg Etext of The Lamp\n\nTitle: The Lamp\n\n{mark}\n\n{LONG}\n\nNobody came.")
    assert [kind for kind, _ in kinds(text)] == ["metadata", "paragraph", "paragraph"]
    assert text.metadata.title == "The Lamp"


def test_title_and_byline_are_metadata() -> None:
    text = read(f"The Lamp\n\nby Quill Moor\n\n{LONG}\n\nNobody came.")
    assert (text.metadata.title, text.metadata.author) == ("The Lamp", "Quill Moor")
    assert [kind for kind, _ in kinds(text)] == ["metadata", "metadata", "paragraph", "paragraph"]


def test_a_first_line_that_is_a_sentence_is_story() -> None:
    for line in ("Nobody came.", "“Nobody Came”", "He waited", "By the river Ada sat."):
        assert kinds(read(f"{line}\n\n{LONG}\n\n{LONG}"))[0][0] == "paragraph"


def test_contents_are_metadata_and_their_entries_headings_later() -> None:
    entries = "Oil\nThe Wick\nAt Sea Again"
    chapters = "\n\n\n".join(f"{name}\n\n{LONG}" for name in entries.split("\n"))
    text = read(f"The Lamp\n\nby Quill Moor\n\nCONTENTS\n\n{entries}\n\n\n{chapters}")
    assert words_of(text, "heading") == ["Oil", "The Wick", "At Sea Again"]
    assert words_of(text, "metadata")[2:] == ["CONTENTS", entries]
    assert text.blocks[-1].chapter == 3


def test_notes_around_and_between_chapters() -> None:
    text = read(
        "Title: The Lamp\nRating: T\n\nDisclaimer: I own nothing.\n\nA/N: My first story!\n\nThanks "
        "to my beta for reading "
        f"this fic.\n\n---\n\nChapter 1\n\nAuthor's Note: This chapter is short.\n\n{LONG}\n\n"
        "“Thanks,” said Brun, and I "
        "read the chapter again.\n\n***\n\nA/N: Please review!\n\nI hope to update this story soon, "
        "thanks for your comments."
    )
    assert len(words_of(text, "note")) == 6
    assert len(text.metadata.notes) == 3
    assert words_of(text, "paragraph") == [LONG, "“Thanks,” said Brun, and I read the chapter again."]
    assert text.metadata.title == "The Lamp"
    assert text.metadata.tags["rating"] == ("T",)


def test_a_note_does_not_swallow_the_story_below() -> None:
    text = read(f"A/N: I wrote this at night.\n\n{LONG}\n\n“Who?” she asked.\n\n* * *\n\n{LONG}")
    assert words_of(text, "paragraph") == [LONG, "“Who?” she asked.", LONG]


def test_summary_label_is_metadata() -> None:
    text = read(f"Summary: Ada keeps the lamp.\n\n{LONG}\n\nNobody came.")
    assert text.metadata.summary == "Ada keeps the lamp."
    assert [kind for kind, _ in kinds(text)] == ["note", "paragraph", "paragraph"]


def test_fanficfare_text() -> None:
    head = (
        "\n\n\nThe Lamp\n\nby quill\n\n\n\nCategory: Sea Tales\nCharacters: Ada H., Brun "
        "D.\nSummary: Ada keeps\nthe lamp.\n\n\n"
    )
    contents = "\nTABLE OF CONTENTS\n\n\nthe first night\n\nthe second night\n\n\n"
    chapters = "".join(
        f"\n\n\t{name}\n\n{LONG}\n\nNobody came.\n" for name in ("the first night", "the second night")
    )
    text = read(f"{head}{contents}{chapters}\n\nEnd file.\n")
    assert words_of(text, "heading") == ["the first night", "the second night"]
    assert text.metadata.summary == "Ada keeps the lamp."
    assert text.metadata.tags["characters"] == ("Ada H.", "Brun D.")
    assert kinds(text)[-1] == ("metadata", "End file.")
    assert words_of(text, "paragraph") == [LONG, "Nobody came."] * 2


def test_nothing_to_read() -> None:
    for data in (b"", b" \n\t\r\n ", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"):
        with pytest.raises(ReadError, match=r"^a\.txt: is empty; "):
            read_bytes(data, "a.txt")


@pytest.mark.parametrize("unit", ["word ", "a", " a\n", "I ", "“", "~ \n\n", "Chapter 1\n\n", "* "])
def test_time_is_linear(unit: str) -> None:
    assert_sound(read_bytes((unit * (300_000 // len(unit))).encode(), "long.txt"))


def test_fifty_megabytes_on_one_line() -> None:
    start = time.perf_counter()
    text = read_bytes(b"word " * 10_000_000, "long.txt")
    assert len(text.blocks) == 1
    assert time.perf_counter() - start < 10


def test_a_short_note_is_one_paragraph() -> None:
    text = read(f"A/N: Some short notes\n\n{LONG}\n\nNobody came.")
    assert [kind for kind, _ in kinds(text)] == ["note", "paragraph", "paragraph"]
    text = read(f"Author's Note:\n\nI wrote this at night.\n\n***\n\n{LONG}\n\nNobody came.")
    assert [kind for kind, _ in kinds(text)] == ["note", "note", "break", "paragraph", "paragraph"]


def test_the_head_of_a_letter_is_story() -> None:
    head = "Warning: read this alone\nTo: Ada Holm\nFrom: Brun Dahl"
    assert kinds(read(f"{head}\n\n{LONG}\n\nNobody came."))[0][0] in ("paragraph", "verse")


def test_pictures_are_no_story() -> None:
    assert kinds(read(f"{LONG}\n\n[Illustration: The lamp]\n\n{LONG}"))[1][0] == "metadata"
