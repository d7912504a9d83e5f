"""The page as a document: nothing of the story lost, nothing of it run, the right people everywhere."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from lxml import html as lxml_html
from lxml.etree import _Element

from personae.book import Book, Entity, Mention, Quote
from personae.text import STORY_KINDS, Block, Metadata
from personae.writers.html import write
from personae.writers.html_cast import most_used, stopwords
from personae.writers.html_doubts import SHOWN, doubtful
from personae.writers.html_faces import COLOURS, escape, faces, shorten
from personae.writers.html_story import PART, Mark, inline
from personae.writers.html_talk import DRAWN, circle, spoken_to
from tests.writers.books import books, harbour
from tests.writers.html_books import novel, scene

HOSTILE = (
    '</script><script>window.bad=1</script><img src=x onerror="bad=1">{{7*7}}${title}$title\''
    "\u2028&lt;\x00\ud800"
)


def parse(book: Book) -> _Element:
    return lxml_html.document_fromstring(
        write(book).decode("utf-8"), parser=lxml_html.HTMLParser(huge_tree=True)
    )


def text_of(element: _Element) -> str:
    return "".join(element.itertext())


def shown(text: str) -> str:
    """The characters of the page that stand for `text`."""
    return lxml_html.fromstring(f"<p>{escape(text)}</p>").text_content() if text.strip(" \t\r\n") else text


def data(page: _Element) -> dict[str, list]:
    return json.loads(page.get_element_by_id("data").text)


def hostile() -> Book:
    """A Book with markup wherever a string can be."""
    text = f"{HOSTILE} “{HOSTILE}” she said."
    meta = Metadata(
        HOSTILE, HOSTILE, HOSTILE, 'en" onload="bad=1', HOSTILE, (HOSTILE,), (HOSTILE,), {HOSTILE: (HOSTILE,)}
    )
    start = text.index("“")
    quote = Quote(0, start, text.index("”") + 1, "speech", 0, 0, (1,), 0.3, None, None, ((1, 0.2),))
    blocks = (Block(0, 9, "heading", 1), Block(9, 40, "note", 1), Block(40, len(text), "paragraph", 2))
    return Book(
        text, blocks, meta,
        entities=(Entity(0, "person", HOSTILE, (HOSTILE, "x"), HOSTILE, mentions=1, quotes=1),
                  Entity(1, "person", HOSTILE[::-1], mentions=1)),
        mentions=(Mention(start + 1, start + 9, (start + 1, start + 9), "name", (0,), 0.1),),
        quotes=(quote,), made_by={"personae": HOSTILE},
    )  # fmt: skip


def test_every_character_of_the_story_is_there_in_order() -> None:
    book = scene()
    for block, element in zip(
        [b for b in book.blocks if b.kind in STORY_KINDS],
        parse(book).xpath("//div[@class='part']/*[not(self::details)]"),
        strict=True,
    ):
        assert text_of(element) == book.text[block.start : block.end]


def test_notes_stand_apart_and_closed() -> None:
    (note,) = parse(scene()).xpath("//main//details[@class='note']")
    assert "Thanks to everybody" in text_of(note) and "open" not in note.attrib


def test_blocks_have_their_elements() -> None:
    page = parse(scene())
    assert [text_of(h) for h in page.xpath("//section[@class='chapter']//h2")] == ["One", "Two"]
    assert text_of(page.xpath("//p[@role='separator']")[0]) == "* * *"
    assert text_of(page.xpath("//p[@class='v']")[0]).count("\n") == 3
    assert "had" in [text_of(em) for em in page.xpath("//main//em")]


def test_chapters_have_a_menu() -> None:
    page = parse(scene())
    links = page.xpath("//details[@class='toc']//a")
    assert [text_of(a) for a in links] == ["One · Low Water", "Two"]
    assert all(page.get_element_by_id(a.get("href")[1:]).tag == "section" for a in links)


@given(books())
@settings(max_examples=60, deadline=None)
def test_any_book_keeps_its_words_and_its_marks(book: Book) -> None:
    page = parse(book)
    blocks = (
        [b for b in book.blocks if b.kind in STORY_KINDS]
        if book.blocks
        else [Block(0, len(book.text), "verse")]
    )
    elements = page.xpath("//div[@class='part']/*[not(self::details)]")
    assert [text_of(e) for e in elements] == [shown(book.text[b.start : b.end]) for b in blocks]
    for quote in book.quotes:
        pieces = page.xpath(f"//main//*[@data-q='{quote.id}']")
        inside = [book.text[max(b.start, quote.start) : min(b.end, quote.end)] for b in blocks]
        assert "".join(text_of(p) for p in pieces) == "".join(shown(piece) for piece in inside)


def test_marks_that_cross_are_cut_and_nest() -> None:
    marks = [Mark(0, 6, 0, "span", " a"), Mark(3, 9, 1, "em", ""), Mark(3, 6, 2, "b", "")]
    assert inline("abcdefghij", 0, 10, marks) == "<span a>abc<em><b>def</b></em></span><em>ghi</em>j"


def test_a_line_over_two_blocks_has_one_anchor() -> None:
    book = Book(
        "“One\n\ntwo”",
        (Block(0, 4, "paragraph"), Block(6, 10, "paragraph")),
        quotes=(Quote(0, 0, 10, "speech", 0),),
    )
    pieces = parse(book).xpath("//main//*[@data-q='0']")
    assert [(p.get("id"), text_of(p)) for p in pieces] == [("q0", "“One"), (None, "two”")]


def test_the_speaker_stands_beside_the_line() -> None:
    page = parse(scene())
    first = page.get_element_by_id("q0")
    assert (first.get("data-w"), first.get("data-i"), first.get("class")) == ("Ines Carrow", "IC", "q c0")
    assert page.xpath("//main//*[@data-w='Ines Carrow?']")
    assert page.xpath("//main//*[@data-w='?' and contains(@class, 'u')]")


def test_words_quoted_within_a_line_have_no_name_in_the_margin() -> None:
    inner = Quote(1, 4, 8, "speech", 1, 1, (), 1.0)
    people = (Entity(0, "person", "Ada"), Entity(1, "person", "Ben"))
    book = Book("“He ‘go’.” Yes.", entities=people, quotes=(Quote(0, 0, 10, "speech", 0, 0, (), 1.0), inner))
    assert parse(book).xpath("//main//*/@data-w") == ["Ada"]


def test_kinds_of_line_are_told_apart() -> None:
    classes = " ".join(parse(scene()).xpath("//main//*[@data-q]/@class")).split()
    assert {"t", "w", "o", "u", "lo"} <= set(classes)


def test_mentions_know_whom_they_mean() -> None:
    page = parse(scene())
    assert [m.get("data-e") for m in page.xpath("//main//*[@data-e][text()='them']")] == ["0 1"]
    assert page.xpath("//main//*[@data-e='']")
    assert [row[0] for row in data(page)["people"]] == ["Ines Carrow", "Tobin", "Quill Abernathy"]


def test_cards_show_the_main_people_and_fold_the_rest() -> None:
    page = parse(novel(2000, people=30))
    assert len(page.xpath("//li[starts-with(@class, 'card')]")) == 12
    assert text_of(page.xpath("//section[@id='people']/details/summary")[0]) == "and 18 more"


def test_a_card_tells_about_a_person() -> None:
    card = parse(scene()).get_element_by_id("p2")
    said = text_of(card)
    assert "Quill Abernathy they/them" in said and "also Quill, the ferrymaster" in said
    assert "7 lines · 9 mentions" in said and "says often lantern, soup, river" in said
    assert card.xpath(".//a/@href") == ["#q5"]


def test_the_picture_has_a_table_behind_it() -> None:
    page = parse(scene())
    assert len(page.xpath("//*[local-name()='svg'][@class='talk']//*[@data-node]")) == 3
    rows = [[text_of(cell) for cell in row] for row in page.xpath("//section[@id='talk']//tbody/tr")]
    assert rows[0] == ["Quill Abernathy", "Ines Carrow", "6"]


@pytest.mark.parametrize("people", [2, 3, 15, 40])
def test_the_picture_fits_any_number(people: int) -> None:
    pairs = {
        (a, (a + step) % people): a + step
        for a in range(people)
        for step in (1, 2)
        if (a + step) % people != a
    }
    assert len(circle(pairs)) == min(people, DRAWN)
    assert spoken_to(scene())[(0, 1)] == 4


def test_pairs_that_share_nobody_still_make_a_picture() -> None:
    people = tuple(Entity(i, "person", f"P{i}") for i in range(60))
    text = "“x” " * 30
    quotes = tuple(Quote(i, 4 * i, 4 * i + 3, "speech", i, i, (59 - i,), 1.0) for i in range(30))
    assert parse(Book(text, entities=people, quotes=quotes)).xpath("//*[@data-node]")


def test_doubts_begin_with_the_undecided() -> None:
    lines = doubtful(novel(6000))
    confidence = [quote.confidence for quote in lines if quote.speaker is not None]
    undecided = [quote.speaker is None for quote in lines]
    assert confidence == sorted(confidence) and undecided == sorted(undecided, reverse=True)


def test_doubts_link_to_their_lines_and_give_the_guess() -> None:
    page = parse(scene())
    items = page.xpath("//ol[@class='doubts']/li")
    assert text_of(items[0].find("a/q")) == "“Which bell was that?”"
    assert "Undecided: perhaps Tobin 31%, Ines Carrow 22%" in text_of(items[0])
    assert "Quill Abernathy? 47%" in text_of(items[2]) and "people take turns here" in text_of(items[2])
    assert all(
        page.get_element_by_id(href[1:]) is not None for href in page.xpath("//ol[@class='doubts']//a/@href")
    )


def test_long_lists_of_doubts_are_folded() -> None:
    page = parse(novel(12_000))
    assert len(page.xpath("//section[@id='doubts']/ol/li")) == SHOWN
    assert page.xpath("//section[@id='doubts']/details//li")


def test_nothing_of_a_hostile_story_is_markup() -> None:
    page = parse(hostile())
    assert not page.xpath("//img | //*[@onerror or @onload] | //script[contains(., 'bad')][not(@type)]")
    assert len(page.xpath("//script")) == 2 and page.xpath("//main/@lang") == []
    assert data(page)["people"][0][0] == HOSTILE
    assert HOSTILE.split("\x00")[0] in text_of(page.xpath("//h1")[0])


def test_the_policy_allows_only_the_pages_own_script_and_styles() -> None:
    page = parse(scene())
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy
    for source in (*page.xpath("//script[not(@type)]"), *page.xpath("//style")):
        assert b64encode(sha256(source.text.encode()).digest()).decode() in policy
    assert not page.xpath("//@style") and not re.search(rb"https?://", write(scene()))


@pytest.mark.parametrize(
    "book",
    [Book(""), Book("Just words.\n\nNo blocks."), harbour(), hostile()],
    ids=["empty", "plain", "harbour", "hostile"],
)
def test_small_books_make_a_page(book: Book) -> None:
    assert write(book) == write(book)


def test_a_novel_fits_and_is_cut_in_parts() -> None:
    page = write(novel())
    assert len(page) < 8_000_000
    parts = page.decode().split('<div class="part">')[1:]
    assert max(len(re.sub(r"<[^>]*>", "", part)) for part in parts[:-1]) < PART + 3000


def test_speakers_beyond_the_palette_are_told_apart_by_underlines() -> None:
    styles = {face.style for face in faces(novel(8000, people=30))}
    assert {f"c{i}" for i in range(COLOURS)} | {"n n0", "n n1", "n n2"} <= styles


def test_initials_are_nobody_elses() -> None:
    names = ("Ada Thorn", "Al Tarn", "Ann Tull", "Ada Thorn", "", "7", "élan")
    book = Book("", entities=tuple(Entity(i, "person", name) for i, name in enumerate(names)))
    initials = [face.initials for face in faces(book)]
    assert initials[:2] == ["AT", "Al"] and len(set(initials)) == len(names)


def test_long_names_give_way_to_an_alias() -> None:
    entity = Entity(0, "person", "The Right Honourable Percival Ames", ("Percy", "Mr. Ames"))
    assert faces(Book("", entities=(entity,)))[0].short == "Mr. Ames"


def test_words_are_cut_at_spaces() -> None:
    assert shorten("one  two,\nthree four", 12) == "one two …" and shorten("one two", 12) == "one two"


def test_most_used_words_say_something() -> None:
    texts = ["The river’s up, the river is up!", "I'm told the boats won't go", "Boats, I say. Boats."]
    assert most_used(texts, stopwords()) == ["boats", "river"]


def _palette(name: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    css = files("personae").joinpath("writers", "page", name).read_text("utf-8")
    found = {key: int(value, 16) for key, value in re.findall(r"--([\w-]+): #(\w{6});", css)}
    rgb = {key: np.array([value >> 16, value >> 8 & 255, value & 255]) / 255 for key, value in found.items()}
    linear = {k: np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4) for k, v in rgb.items()}
    return np.array([linear[f"c{i}"] for i in range(COLOURS)]), linear


def _contrast(a: np.ndarray, b: np.ndarray) -> float:
    light = sorted(float(colour @ [0.2126, 0.7152, 0.0722]) for colour in (a, b))
    return (light[1] + 0.05) / (light[0] + 0.05)


def _oklab(linear: np.ndarray) -> np.ndarray:
    """Björn Ottosson's perceptual space; `[n, 3]`."""
    cones = [[0.41222, 0.53633, 0.05145], [0.21190, 0.68070, 0.10740], [0.08830, 0.28172, 0.62998]]
    mixed = [[0.21045, 0.79362, -0.00407], [1.97800, -2.42859, 0.45059], [0.02590, 0.78277, -0.80868]]
    return np.cbrt(np.clip(linear @ np.array(cones).T, 0, None)) @ np.array(mixed).T


SIGHTS = {
    "full": np.eye(3),
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
"""Linear RGB as other eyes see it: Machado, Oliveira and Fernandes 2009, severity 1."""


@pytest.mark.parametrize("name", ["page.css", "dark.css"])
def test_colours_can_be_read(name: str) -> None:
    colours, named = _palette(name)
    for colour in (*colours, named["ink"], named["soft"], named["grey"]):
        assert min(_contrast(colour, named[ground]) for ground in ("paper", "side", "card")) >= 4.5


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("name", ["page.css", "dark.css"])
def test_colours_are_told_apart(name: str, sight: str) -> None:
    colours, _ = _palette(name)
    seen = _oklab(np.clip(colours @ np.array(SIGHTS[sight]).T, 0, 1))
    apart = np.linalg.norm(seen[:, None] - seen[None], axis=-1) + np.eye(COLOURS)
    assert apart.min() >= 0.08


def test_dark_has_a_value_for_every_colour() -> None:
    assert _palette("page.css")[1].keys() == _palette("dark.css")[1].keys()


def test_unresolved_books_say_so() -> None:
    said = text_of(parse(replace(scene(), entities=(), mentions=(), quotes=())))
    assert "Nobody was found" in said and "No line here is in doubt" in said and "No line has both" in said
