"""Word documents."""

import pytest

from personae import ReadError, Text
from personae.readers import read_bytes
from tests.readers import samples
from tests.readers.samples import PLAIN, assert_sound, emphasised, kinds, words_of

DOCUMENT = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body>%s</w:body></w:document>"
)


def read(data: bytes) -> Text:
    text = read_bytes(data, "story.docx")
    assert_sound(text)
    return text


def body(xml: str) -> bytes:
    return samples.zipped({"word/document.xml": DOCUMENT % xml})


def test_headings_italics_title() -> None:
    text = read(samples.docx())
    assert kinds(text)[0] == ("metadata", "The Lamp")
    assert (text.metadata.title, text.metadata.author) == ("The Lamp", "Quill Moor")
    assert words_of(text, "heading") == ["Oil", "Wick"]
    assert words_of(text, "paragraph") == PLAIN
    assert emphasised(text) == ["Not again"]
    assert text.blocks[-1].chapter == 2


def test_inserted_words_count_and_deleted_ones_do_not() -> None:
    xml = (
        "<w:p><w:r><w:t>The </w:t></w:r><w:ins><w:r><w:t>old </w:t></w:r></w:ins><w:del><w:r>"
        "<w:delText>new </w:delText></w:r></w:del>"
    )
    assert read(body(f"{xml}<w:r><w:t>lamp.</w:t></w:r></w:p>")).content == "The old lamp."


def test_line_breaks_and_tabs() -> None:
    xml = "<w:p><w:r><w:t>“Who is it?”</w:t><w:br/><w:t>“Only</w:t><w:tab/><w:t>me.”</w:t></w:r></w:p>"
    assert words_of(read(body(xml)), "paragraph") == ["“Who is it?”", "“Only me.”"]


def test_italics_switched_off() -> None:
    xml = (
        '<w:p><w:r><w:rPr><w:i w:val="0"/></w:rPr><w:t>no </w:t></w:r><w:r><w:rPr><w:i/></w:rPr>'
        "<w:t>yes</w:t></w:r></w:p>"
    )
    assert emphasised(read(body(xml))) == ["yes"]


@pytest.mark.parametrize("xml", ["", "<w:p/>", "<w:p><w:r><w:t> </w:t></w:r></w:p>"])
def test_no_text_in_it(xml: str) -> None:
    with pytest.raises(ReadError, match=r"^story\.docx: holds no text; "):
        read(body(xml))


def test_damaged() -> None:
    for data in (
        samples.docx()[:500],
        samples.zipped({"word/styles.xml": "<x/>"}),
        samples.zipped({"word/document.xml": "no"}),
    ):
        with pytest.raises(ReadError, match=r"^story\.docx: "):
            read(data)
