"""A short story of our own in the forms people have, built in memory."""

from __future__ import annotations

import io
import zipfile

from personae import Text

CHAPTERS = {
    "Oil": [
        "“Who is there?” Ada asked. <em>Not again</em>, she thought.",
        "Nobody answered.",
        "The wick hissed.",
    ],
    "Wick": ["Brun came up at four.", "“You should have slept,” he said."],
}
PLAIN = [
    paragraph.replace("<em>", "").replace("</em>", "") for part in CHAPTERS.values() for paragraph in part
]

AO3 = """<!DOCTYPE html><html><head><title>The Lamp - quill - Sea Tales</title>
<style>p{margin:0}</style></head><body>
<div id="preface"><h2 class="toc-heading">Preface</h2>
<p class="message"><b>The Lamp</b><br/>Posted originally on the <a>Archive of Our Own</a> at <a>a
        link</a>.</p>
<div class="meta"><dl class="tags">
<dt>Rating:</dt><dd><a>Teen And Up Audiences</a></dd>
<dt>Archive Warning:</dt><dd><a>No Archive Warnings Apply</a></dd>
<dt>Category:</dt><dd><a>Gen</a></dd>
<dt>Fandom:</dt><dd><a>Sea Tales</a></dd>
<dt>Relationships:</dt><dd><a>Ada Holm/Brun Dahl</a>, <a>Ada Holm &amp; Tove</a></dd>
<dt>Characters:</dt><dd><a>Ada Holm</a>, <a>Brun Dahl</a></dd>
<dt>Additional Tags:</dt><dd><a>Lighthouses</a>, <a>Night</a></dd>
<dt>Language:</dt><dd>English</dd>
<dt>Series:</dt><dd>Part 2 of <a>Harbour</a></dd>
<dt>Stats:</dt><dd>Published: 2020-01-01 Words: 1,234 Chapters: 2/?</dd></dl>
<h1>The Lamp</h1><div class="byline">by <a rel="author">quill</a></div>
<p>Summary</p><blockquote class="userstuff"><p>Ada keeps the lamp.</p></blockquote>
<p>Notes</p><blockquote class="userstuff"><p>For the keepers.</p></blockquote>
<div class="endnote-link">See the end of the work for <a>more notes</a></div></div></div>
<div id="chapters" class="userstuff">
%s
</div>
<div id="afterword"><h2 class="toc-heading">Afterword</h2><div class="meta"><div id="endnotes"><p>End
        Notes</p>
<blockquote class="userstuff"><p>Good night.</p></blockquote></div></div>
<p class="message">Please drop by and comment.</p></div></body></html>"""


def paragraphs(name: str) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in CHAPTERS[name])


def ao3() -> bytes:
    chapters = [
        f"""<div class="meta group"><h2 class="heading">Chapter {number}: {name}</h2><p>Chapter Notes</p>
        <blockquote class="userstuff"><p>Note to {name}.</p></blockquote></div>
        <!--chapter content--><div class="userstuff">{paragraphs(name)}</div><!--/chapter content-->
        <div class="meta" id="endnotes{number}"><p>Chapter End Notes</p>
        <blockquote class="userstuff"><p>After {name}.</p></blockquote></div>"""
        for number, name in enumerate(CHAPTERS, 1)
    ]
    return (AO3 % "\n".join(chapters)).encode()


def ao3_one_chapter() -> bytes:
    hidden = '<h2 class="toc-heading">The Lamp</h2>'
    return (AO3 % f'{hidden}<div class="userstuff">{paragraphs("Oil")}</div>').encode()


def fanficfare_html() -> bytes:
    rows = {"Category": "Sea Tales", "Characters": "Ada H., Brun D.", "Language": "English", "Rating": "T"}
    table = "".join(f"<tr><td><b>{label}:</b></td><td>{value}</td></tr>" for label, value in rows.items())
    contents = "".join(f'<a href="#section000{i}">{i}. {n}</a><br />' for i, n in enumerate(CHAPTERS, 1))
    chapters = "".join(
        f'<a name="section000{i}"><h2>{i}. {name}</h2></a>{paragraphs(name)}'
        for i, name in enumerate(CHAPTERS, 1)
    )
    return f"""<!DOCTYPE html><html><head><meta charset="UTF-8"><title>The Lamp by quill</title></head><body>
    <h1><a href="story">The Lamp</a> by <a href="author">quill</a></h1><table class="full">{table}
    <tr><td><b>Summary:</b></td><td>Ada keeps the lamp.</td></tr></table>
    <a name="TOCTOP"><h2>Table of Contents</h2></a><p>{contents}</p>{chapters}</body></html>""".encode()


def fanfiction_net() -> bytes:
    return f"""<html><body><div id=pre_story_links><a>Books</a> » <a href="/book/Sea/">Sea Tales</a></div>
    <div id=profile_top><b class='xcontrast_txt'>The Lamp</b> By: <a href='/u/12/quill'>quill</a>
    <div class='xcontrast_txt'>Ada keeps the lamp.</div><span class='xgray xcontrast_txt'>Rated: <a>Fiction
        T</a> -
    English - Angst/Drama - [Ada H., Brun D.] Tove - Chapters: 2 - Words: 900</span></div>
    <SELECT id=chap_select><option value=1>1. Oil<option value=2 selected>2. Wick</select>
    <div id=storytextp><div id=storytext>{paragraphs("Wick")}<hr size=1><p>The end came late.</p></div></div>
    <script>track()</script><div id=review>Review this Chapter</div></body></html>""".encode()


CONTAINER = """<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
        </container>"""

PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata
        xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>The Lamp</dc:title><dc:creator>Quill Moor</dc:creator><dc:language>en</dc:language>
<dc:description>&lt;p&gt;Ada keeps the &lt;b&gt;lamp&lt;/b&gt;.&lt;/p&gt;</dc:description></metadata>
<manifest>%s</manifest><spine toc="ncx">%s</spine></package>"""

PAGE = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"
xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title><link rel="stylesheet" href="s.css"/></head>
<body>%s</body></html>"""


def epub(
    pages: dict[str, str], contents: dict[str, str], *, version: int = 3, extra: dict[str, str] | None = None
) -> bytes:
    """An EPUB of `pages` (file name to body) with a table of contents (words to link)."""
    items = "".join(
        f'<item id="p{i}" href="{name}" media-type="application/xhtml+xml"/>' for i, name in enumerate(pages)
    )
    items += '<item id="css" href="s.css" media-type="text/css"/>'
    if version == 3:
        items += '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        links = "".join(f'<li><a href="{link}">{words}</a></li>' for words, link in contents.items())
        toc = {"OEBPS/nav.xhtml": PAGE % f'<nav epub:type="toc"><ol>{links}</ol></nav>'}
    else:
        items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        points = "".join(
            f'<navPoint id="n{i}"><navLabel><text>{words}</text></navLabel><content src="{link}"/></navPoint>'
            for i, (words, link) in enumerate(contents.items())
        )
        toc = {
            "OEBPS/toc.ncx": f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>'
        }
    spine = "".join(f'<itemref idref="p{i}"/>' for i in range(len(pages)))
    files = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
    files |= {
        "OEBPS/content.opf": PACKAGE % (items, spine),
        "OEBPS/s.css": "span.it { font-style: italic }",
    } | toc
    files |= {f"OEBPS/{name}": PAGE % body for name, body in pages.items()}
    return zipped(files | (extra or {}))


def zipped(files: dict[str, str] | dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def two_chapters(version: int = 3) -> bytes:
    pages = {f"{name}.xhtml": f"<h2>{name}</h2>{paragraphs(name)}" for name in CHAPTERS}
    front = {"title.xhtml": "<h1>The Lamp</h1><p>Quill Moor</p>"}
    return epub(front | pages, {name: f"{name}.xhtml" for name in CHAPTERS}, version=version)


def docx() -> bytes:
    from docx import Document

    document = Document()
    document.core_properties.author = "Quill Moor"
    document.add_heading("The Lamp", 0)
    for name in CHAPTERS:
        document.add_heading(name, 1)
        for text in CHAPTERS[name]:
            plain, _, rest = text.partition("<em>")
            italic, _, rest = rest.partition("</em>")
            paragraph = document.add_paragraph(plain)
            if italic:
                paragraph.add_run(italic).italic = True
                paragraph.add_run(rest)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def kinds(text: Text) -> list[tuple[str, str]]:
    """Each block's kind and words."""
    return [(block.kind, text.content[block.start : block.end]) for block in text.blocks]


def words_of(text: Text, kind: str) -> list[str]:
    return [words for block_kind, words in kinds(text) if block_kind == kind]


def emphasised(text: Text) -> list[str]:
    return [text.content[start:end] for start, end in text.emphasis]


def assert_sound(text: Text) -> None:
    """Blocks in order, apart, within the content, and all but white space in one of them."""
    position = 0
    for block in text.blocks:
        assert position <= block.start < block.end <= len(text.content)
        assert not text.content[position : block.start].strip()
        position = block.end
    assert not text.content[position:].strip()
    chapters = [block.chapter for block in text.blocks]
    assert chapters == sorted(chapters)
    last = 0
    for start, end in text.emphasis:
        assert last <= start < end <= len(text.content)
        last = end
    assert not any("\ud800" <= character <= "\udfff" for character in text.content)
