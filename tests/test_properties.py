"""What holds for any text at all, and for every example."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import personae
from personae.book import Book, check
from personae.text import STORY_KINDS
from personae.writers import WRITERS, book_json
from tests.stories import EXAMPLES, text_of

NAMES = ("Mara", "Tobin Venn", "Mr. Abbott", "Iruka-sensei", "the captain", "his sister", "Dr. O’Neil", "Jo")
PRONOUNS = ("he", "She", "him", "hers", "they", "xe", "I", "my", "you", "we", "themself", "It")
VERBS = ("said", "asked", "whispered to", "nodded", "thought", "walked over to", "was", "told")
MARKS = (
    "“", "”", "‘", "’", '"', "'", "«", "»", "„", "‟", "「", "」", "—", "–", "-", "...", "…", ",", ".", "?", "!",
    "_", "*", "(", ")", "[", "]", "&", "<b>",
)  # fmt: skip
SPACES = (" ", "\n", "\n\n", "\n\n\n", "\t", "\u00a0", "\u2028", "\r\n")
ODD = ("\0", "\ufeff", "\u202e", "\ud800", "\U0001f6f6", "e\u0301", "ß", "İ", "ﬁ", "١", "\x1b[31m", "字")

PIECES = st.sampled_from((*NAMES, *PRONOUNS, *VERBS, *MARKS, *SPACES, *SPACES, *ODD)) | st.text(max_size=8)
STORIES = st.lists(PIECES, max_size=60).map(" ".join) | st.lists(PIECES, max_size=60).map("".join)
LINES = st.builds("{}{}{} {} {}.".format, *(st.sampled_from(kind) for kind in (MARKS, NAMES, MARKS, VERBS, NAMES)))
DIALOGUES = st.lists(LINES, max_size=12).map("\n\n".join)
CASTS = st.lists(st.builds(personae.Member, PIECES.filter(str.strip), st.tuples(PIECES)), max_size=3).map(tuple)


@given(STORIES | DIALOGUES)
def test_any_text_can_be_annotated(content: str) -> None:
    assert_sound(personae.annotate(text_of(content)), content)


@given(DIALOGUES | STORIES, CASTS)
def test_any_text_can_be_annotated_with_any_cast(content: str, cast: personae.Cast) -> None:
    book = personae.annotate(text_of(content), cast=cast)
    assert_sound(book, content)
    assert [e.name for e in sorted(book.entities, key=_row) if e.cast is not None] == [m.name for m in cast]


def _row(entity: personae.Entity) -> int:
    return -1 if entity.cast is None else entity.cast


@given(st.text(max_size=300) | STORIES)
def test_any_file_is_read_or_refused(content: str) -> None:
    from personae.readers import read_bytes

    data = content.encode("utf-8", "surrogatepass")
    for ending in (".txt", ".md", ".html", ".epub", ".docx"):
        try:
            text = read_bytes(data, f"story{ending}")
        except personae.ReadError as error:
            assert "\n" not in str(error)
        else:
            assert_sound(personae.annotate(text), text.content)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    from personae.readers import read_bytes

    for ending in (".txt", ".html", ".epub", ".docx"):
        try:
            check(personae.annotate(read_bytes(data, f"story{ending}")))
        except personae.ReadError as error:
            assert "\n" not in str(error)


@given(STORIES | DIALOGUES)
def test_what_is_written_loads_equal(content: str) -> None:
    book = personae.annotate(text_of(content))
    assert personae.load(book_json.write(book)) == book


@given(STORIES | DIALOGUES)
def test_every_format_takes_any_annotated_text(content: str) -> None:
    book = personae.annotate(text_of(content))
    for writer in WRITERS.values():
        assert writer.make(book)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_from_end_to_end(path: Path, tmp_path: Path) -> None:
    book = check(personae.read(path))
    assert len(book.cast) >= 2 and any(quote.speaker is not None for quote in book.quotes)
    for writer in WRITERS.values():
        assert personae.write(book, tmp_path / f"out{writer.endings[0]}").exists()
    assert personae.load(tmp_path / "out.json") == book
    assert personae.read(path) == book


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_a_book_goes_from_process_to_process(path: Path) -> None:
    text = personae.read_text(path)
    book = personae.annotate(text)
    assert pickle.loads(pickle.dumps(text)) == text
    again = pickle.loads(pickle.dumps(book))
    assert again == book and again.metadata.tags == book.metadata.tags
    with pytest.raises(TypeError):
        again.made_by["personae"] = "changed"


def assert_sound(book: Book, content: str) -> None:
    """The text is as it was, every span lies in the story, and no half of a line or mention is empty."""
    check(book)
    assert book.text == content
    tokens = zip(book.tokens.start.tolist(), book.tokens.end.tolist(), strict=True)
    assert all(content[start:end].strip() for start, end in tokens)
    story = [(b.start, b.end) for b in book.blocks if b.kind in STORY_KINDS]
    for items in (book.mentions, book.quotes):
        assert_within([(item.start, item.end) for item in items], story)
    for mention in book.mentions:
        assert mention.start <= mention.head[0] <= mention.head[1] <= mention.end
        assert 0 <= mention.confidence <= 1
    for quote in book.quotes:
        assert 0 <= quote.confidence <= 1 and all(0 <= p <= 1 for _, p in quote.alternatives)


def assert_within(spans: Iterable[tuple[int, int]], blocks: list[tuple[int, int]]) -> None:
    for start, end in spans:
        assert start < end and any(first <= start and end <= last for first, last in blocks), (start, end)


def test_a_paragraph_longer_than_any_story_is_refused() -> None:
    content = "“Yes,” Ann said. " * 650_000
    text = personae.Text(content, (personae.Block(0, len(content), "paragraph"),))
    with pytest.raises(personae.ReadError, match=r"one paragraph has 11,050,000 characters.*blank lines"):
        personae.annotate(text)
