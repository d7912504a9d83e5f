"""HTML: archives' downloads and plain pages."""

import pytest

from personae import ReadError, Text
from personae.readers import read_bytes
from tests.readers import samples
from tests.readers.samples import PLAIN, assert_sound, emphasised, kinds, words_of


def read(page: str | bytes) -> Text:
    text = read_bytes(page if isinstance(page, bytes) else page.encode(), "story.html")
    assert_sound(text)
    return text


def test_ao3_download() -> None:
    text = read(samples.ao3())
    meta = text.metadata
    assert (meta.title, meta.author, meta.language, meta.summary) == (
        "The Lamp",
        "quill",
        "en",
        "Ada keeps the lamp.",
    )
    assert meta.tags["relationships"] == ("Ada Holm/Brun Dahl", "Ada Holm & Tove")
    assert meta.tags["characters"] == ("Ada Holm", "Brun Dahl")
    assert {kind: len(tags) for kind, tags in meta.tags.items()} == {
        "rating": 1, "warnings": 1, "category": 1, "fandom": 1, "relationships": 2, "characters": 2,
        "additional": 2,
    }  # fmt: skip
    assert meta.series == ("Harbour",)
    assert meta.notes == (
        "For the keepers.",
        "Note to Oil.",
        "After Oil.",
        "Note to Wick.",
        "After Wick.",
        "Good night.",
    )
    assert words_of(text, "heading") == ["Chapter 1: Oil", "Chapter 2: Wick"]
    assert words_of(text, "paragraph") == PLAIN
    assert emphasised(text) == ["Not again"]
    assert [b.chapter for b in text.blocks if b.kind == "heading"] == [1, 2]


def test_ao3_work_of_one_chapter() -> None:
    text = read(samples.ao3_one_chapter())
    assert words_of(text, "heading") == []
    assert words_of(text, "paragraph") == PLAIN[:3]


def test_fanficfare_page() -> None:
    text = read(samples.fanficfare_html())
    assert (text.metadata.title, text.metadata.author, text.metadata.language) == ("The Lamp", "quill", "en")
    assert text.metadata.summary == "Ada keeps the lamp."
    assert text.metadata.tags["characters"] == ("Ada H.", "Brun D.")
    assert text.metadata.tags["fandom"] == ("Sea Tales",)
    assert words_of(text, "heading") == ["1. Oil", "2. Wick"]
    assert words_of(text, "paragraph") == PLAIN


def test_fanfiction_net_page() -> None:
    text = read(samples.fanfiction_net())
    meta = text.metadata
    assert (meta.title, meta.author, meta.language, meta.summary) == (
        "The Lamp",
        "quill",
        "en",
        "Ada keeps the lamp.",
    )
    assert meta.tags["characters"] == ("Ada H.", "Brun D.", "Tove")
    assert meta.tags["relationships"] == ("Ada H./Brun D.",)
    assert meta.tags["fandom"] == ("Sea Tales",)
    assert words_of(text, "heading") == ["2. Wick"]
    assert words_of(text, "paragraph") == [*PLAIN[3:], "The end came late."]
    assert words_of(text, "break") == ["* * *"]


def test_a_plain_page() -> None:
    text = read("""<html lang="en"><head><title>The Lamp by Quill Moor</title>
        <style>.i {font-style: italic}</style></head>
        <body><nav>Home</nav><header>My Site</header><h1>The Lamp</h1><p>Ada said <span
        class="i">no</span>.</p>
        <p>* * *</p><script>alert("x")</script><p>She <b>left</b><!-- a comment -->, slowly.</p>
        <footer>Imprint</footer>""")
    assert kinds(text) == [
        ("metadata", "The Lamp"),
        ("paragraph", "Ada said no."),
        ("break", "* * *"),
        ("paragraph", "She left, slowly."),
    ]  # fmt: skip
    assert (text.metadata.title, text.metadata.author, text.metadata.language) == (
        "The Lamp",
        "Quill Moor",
        "en",
    )
    assert emphasised(text) == ["no"]


def test_main_text_is_the_article() -> None:
    story = "".join(f"<p>Night number {n} was as long as the one before it.</p>" for n in range(20))
    text = read(
        f"<body><div>Links of all kinds</div><article>{story}</article><div>More stories</div></body>"
    )
    assert len(text.blocks) == 20


def test_line_breaks() -> None:
    text = read(
        "<div>The lamp went out.<br><br>Ada lit it again.<br>\n&nbsp;<br/>Brun slept.</div>"
        "<p>The tide is low,<br>The oil is thin,<br>And no one comes</p><p>“Who is it?”<br>“Only me.”</p>"
    )
    assert words_of(text, "paragraph") == [
        "The lamp went out.", "Ada lit it again.", "Brun slept.", "“Who is it?”", "“Only me.”",
    ]  # fmt: skip
    assert words_of(text, "verse") == ["The tide is low,\nThe oil is thin,\nAnd no one comes"]


@pytest.mark.parametrize(
    "markup",
    [
        "<em>very late</em>",
        "<i>very late</i>",
        '<span style="font-style: italic">very late</span>',
        "<em>very <i>late</i></em>",
        "<em> very late</em>",
        "<em>very</em><em> late</em>",
    ],
)
def test_emphasis(markup: str) -> None:
    text = read(f"<p>It was {markup}, Ada said.</p>")
    assert text.content == "It was very late, Ada said."
    assert " ".join(emphasised(text)) == "very late"


def test_emphasis_over_paragraphs() -> None:
    page = '<div style="font-style: italic"><p>One night.</p><p>Two nights.</p></div><p>Three.</p>'
    assert emphasised(read(page)) == ["One night.", "Two nights."]


def test_quotation_elements_show_their_marks() -> None:
    assert read("<p><q>Yes,</q> she said.</p>").content == "“Yes,” she said."


def test_what_never_becomes_text() -> None:
    text = read(
        "<p>Ada<script>x</script><style>y</style><template>z</template><!-- w --> slept.</p><svg>"
        "<text>v</text></svg>"
    )
    assert text.content == "Ada slept."


def test_entities_are_characters_and_nothing_is_fetched() -> None:
    page = '<!DOCTYPE html [<!ENTITY bomb "boom"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    text = read(f"{page}<html><body><p>caf&eacute; &amp; &#8220;sea&#8221; &bomb; &x;</p></body></html>")
    assert "café & “sea”" in text.content
    assert "boom" not in words_of(text, "paragraph")[-1] and "root:" not in text.content


def test_lone_surrogates_never_get_in() -> None:
    assert_sound(read("<p>A &#xD800; B &#55357; C</p>"))


def test_declared_encoding() -> None:
    page = '<html><head><meta charset="windows-1250"></head><body><p>Žižka držel lampu.</p></body></html>'
    assert read(page.encode("cp1250")).content == "Žižka držel lampu."


def test_no_text_in_it() -> None:
    for page in (
        "<html><body></body></html>",
        "<html><script>x</script></html>",
        "<html><body><p>&nbsp;</p><br>",
    ):
        with pytest.raises(ReadError, match=r"^story\.html: holds no text; "):
            read(page)


def test_deep_nesting_loses_nothing_silently() -> None:
    with pytest.raises(ReadError, match="nested too deep"):
        read("<html><body>" + "<div>" * 50_000 + "deep")
    assert read("<html><body>" + "<div>" * 500 + "deep").content == "deep"


def test_the_word_by_is_no_summary() -> None:
    page = (
        b"<div id=profile_top><b class=xcontrast_txt>Low Lamp</b><span class=xcontrast_txt>"
        b"<div class=xcontrast_txt>By: </div><a href='/u/7/wick'>wick</a></span>"
        b"<div style='margin-top:2px' class=xcontrast_txt>Ada keeps the lamp.</div></div>"
        b"<div id=storytext><p>Ada lit it.</p></div>"
    )
    assert read_bytes(page, "save.html").metadata.summary == "Ada keeps the lamp."
