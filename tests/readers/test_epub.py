"""EPUB 2 and 3."""

import pytest

from personae import ReadError, Text
from personae.readers import read_bytes
from tests.readers import samples
from tests.readers.samples import PLAIN, assert_sound, emphasised, kinds, paragraphs, words_of

ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
<enc:EncryptedData><enc:EncryptionMethod Algorithm="%s"/></enc:EncryptedData></encryption>"""


def read(data: bytes) -> Text:
    text = read_bytes(data, "book.epub")
    assert_sound(text)
    return text


@pytest.mark.parametrize("version", [2, 3])
def test_chapters_and_metadata(version: int) -> None:
    text = read(samples.two_chapters(version))
    meta = text.metadata
    assert (meta.title, meta.author, meta.language) == ("The Lamp", "Quill Moor", "en")
    assert meta.summary == "Ada keeps the lamp."
    assert words_of(text, "metadata") == ["The Lamp", "Quill Moor"]
    assert words_of(text, "heading") == ["Oil", "Wick"]
    assert words_of(text, "paragraph") == PLAIN
    assert emphasised(text) == ["Not again"]
    assert text.blocks[-1].chapter == 2


def test_a_file_with_two_chapters() -> None:
    body = f'<h2 id="a">Oil</h2>{paragraphs("Oil")}<a id="b"/><h2>Wick</h2>{paragraphs("Wick")}'
    text = read(samples.epub({"all.xhtml": body}, {"Oil": "all.xhtml#a", "Wick": "all.xhtml#b"}))
    assert [block.chapter for block in text.blocks] == [1, 1, 1, 1, 2, 2, 2]


def test_a_chapter_over_two_files() -> None:
    pages = {"1.xhtml": f"<h2>Oil</h2>{paragraphs('Oil')}", "2.xhtml": f"<h3>Later</h3>{paragraphs('Wick')}"}
    text = read(
        samples.epub(
            pages | {"3.xhtml": "<h2>End</h2><p>It ended.</p>"}, {"Oil": "1.xhtml", "End": "3.xhtml"}
        )
    )
    assert [block.chapter for block in text.blocks] == [1] * 7 + [2] * 2


def test_chapter_titles_without_heading_elements() -> None:
    pages = {f"{name}.xhtml": f'<p class="c4">{name}</p>{paragraphs(name)}' for name in samples.CHAPTERS}
    text = read(samples.epub(pages, {name: f"{name}.xhtml" for name in samples.CHAPTERS}))
    assert words_of(text, "heading") == ["Oil", "Wick"]


def test_front_matter_is_metadata() -> None:
    pages = {
        "cover.xhtml": "<p>The Lamp</p>",
        "rights.xhtml": '<section epub:type="copyright-page"><p>All rights reserved.</p></section>',
        "1.xhtml": f"<h2>Oil</h2>{paragraphs('Oil')}",
    }
    text = read(samples.epub(pages, {"Cover": "cover.xhtml", "Copyright": "rights.xhtml", "Oil": "1.xhtml"}))
    assert words_of(text, "metadata") == ["The Lamp", "All rights reserved."]
    assert [block.chapter for block in text.blocks] == [0, 0, 1, 1, 1, 1]


def test_italics_of_the_style_sheet() -> None:
    page = {"1.xhtml": '<p>Ada said <span class="it">no</span>.</p>'}
    assert emphasised(read(samples.epub(page, {"One": "1.xhtml"}))) == ["no"]


def test_footnotes_are_notes_and_their_marks_nothing() -> None:
    body = (
        '<p>The lamp<a epub:type="noteref" href="#n">1</a> went out.</p><aside epub:type="footnote" '
        'id="n"><p>A lamp.</p></aside>'
    )
    text = read(samples.epub({"1.xhtml": body}, {"One": "1.xhtml"}))
    assert kinds(text) == [("paragraph", "The lamp went out."), ("note", "A lamp.")]


def test_fanficfare_epub() -> None:
    title = (
        '<div class="fff_titlepage"><h3><a>The Lamp</a> by <a>quill</a></h3><b>Characters:</b> Ada '
        "H., Brun D.<br/></div>"
    )
    chapter = (
        '<h3 class="fff_chapter_title">1. Oil</h3><div class="fff_chapter_notes"><p>Hi!</p>'
        f"</div>{paragraphs('Oil')}"
    )
    text = read(samples.epub({"t.xhtml": title, "1.xhtml": chapter}, {"1. Oil": "1.xhtml"}))
    assert words_of(text, "note") == ["Hi!"]
    assert words_of(text, "heading") == ["1. Oil"]
    assert words_of(text, "paragraph") == PLAIN[:3]


def test_ao3_epub() -> None:
    page = samples.ao3().decode()
    preface, rest = page.split("<body>")[1].split('<div id="chapters"')
    chapters = f'<div id="chapters"{rest.split("<div id=.afterword")[0]}'.replace("</body></html>", "")
    text = read(
        samples.epub(
            {"1.xhtml": preface, "2.xhtml": chapters}, {"Preface": "1.xhtml", "Chapter 1: Oil": "2.xhtml"}
        )
    )
    assert text.metadata.tags["characters"] == ("Ada Holm", "Brun Dahl")
    assert words_of(text, "paragraph") == PLAIN


def test_broken_markup_is_read_all_the_same() -> None:
    text = read(
        samples.epub(
            {"1.xhtml": "<p>The lamp &nbsp;<i>went out.<p>Ada & Brun slept.</div>"}, {"One": "1.xhtml"}
        )
    )
    assert "went out." in text.content and "Brun slept." in text.content


@pytest.mark.parametrize(
    ("extra", "wrong"),
    [
        ({"META-INF/rights.xml": "<rights/>"}, "is protected"),
        (
            {"META-INF/encryption.xml": ENCRYPTION % "http://www.w3.org/2001/04/xmlenc#aes128-cbc"},
            "is protected",
        ),
        ({"META-INF/encryption.xml": "<<<"}, "is protected"),
        ({"OEBPS/content.opf": "<package><manif"}, "reading order"),
        ({"OEBPS/content.opf": "no xml at all"}, "isn't valid XML"),
        ({"OEBPS/content.opf": ""}, "isn't valid XML"),
        ({"OEBPS/1.xhtml": "a" * 50_000_000}, "zip bomb"),
    ],
)
def test_what_cannot_be_read(extra: dict[str, str], wrong: str) -> None:
    data = samples.epub({"1.xhtml": "<p>The lamp went out.</p>"}, {"One": "1.xhtml"})
    with pytest.raises(ReadError, match=wrong) as caught:
        read_bytes(_with(data, extra), "book.epub")
    assert (
        str(caught.value).startswith("book.epub: ")
        and "\n" not in str(caught.value)
        and "; " in str(caught.value)
    )


def _with(data: bytes, extra: dict[str, str]) -> bytes:
    """The archive with some entries put in or changed."""
    import io
    import zipfile

    old = zipfile.ZipFile(io.BytesIO(data))
    return samples.zipped(
        {name: old.read(name) for name in old.namelist()} | {n: c.encode() for n, c in extra.items()}
    )


def test_obfuscated_fonts_are_no_protection() -> None:
    data = samples.epub({"1.xhtml": "<p>The lamp.</p>"}, {"One": "1.xhtml"})
    font = {"META-INF/encryption.xml": ENCRYPTION % "http://www.idpf.org/2008/embedding"}
    assert read(_with(data, font)).content == "The lamp."


def test_names_that_climb_lead_nowhere() -> None:
    data = samples.epub(
        {"../../../etc/passwd": "<p>x</p>", "1.xhtml": "<p>The lamp.</p>"}, {"One": "1.xhtml"}
    )
    assert "root:" not in read(data).content


def test_zip_that_is_no_book() -> None:
    with pytest.raises(ReadError, match=r"^book\.epub: is a zip file but no EPUB; "):
        read_bytes(samples.zipped({"a.txt": "The lamp."}), "book.epub")
    with pytest.raises(ReadError, match=r"^book\.epub: is damaged"):
        read_bytes(b"PK\x03\x04 no zip", "book.epub")
