"""Write the example stories in examples/ from the gold scenes.

    python gold/export_examples.py            # writes into examples/
    python gold/export_examples.py --out DIR  # somewhere else

Each gold scene is turned back into its plain text and wrapped in one of the forms that people have
stories in. The story text is only ever taken from gold/scenes/*.xml; the wrapping is written here.
Same scenes in, same bytes out. Needs lxml; the .docx needs python-docx and is skipped without it.
"""

# The long lines are those of the pages that are imitated.
# ruff: noqa: E501

from __future__ import annotations

import argparse
import datetime
import io
import re
import sys
import textwrap
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import quote

from lxml import etree

HERE = Path(__file__).resolve().parent
SCENES = HERE / "scenes"
TEI = "{http://www.tei-c.org/ns/1.0}"
STAMP = (2024, 3, 1, 12, 0, 0)
BREAK = "* * *"

# What stands around the stories. The pen names are invented and belong to no character.
PEN = {
    "night_window": "quillwort",
    "first_batch": "Saltmarsh Annie",
    "thank_you_five": "PromptCorner",
    "ring_twice": "Berta Lisle",
    "lost_property": "H. M. Thackaberry",
    "mend_or_scrap": "H. M. Thackaberry",
    "grey_heron": "inkstone",
    "homing": "Aldith Roper",
}
ABOUT = {
    "night_window": "A clerk, a courier, a chart, and a question at two in the morning.",
    "first_batch": "Two bakers, four in the morning, and a thing that is not to be said.",
    "thank_you_five": "The half, the quarter, the five, and no leading man.",
    "ring_twice": "A letter comes up the mountain with the bread.",
    "lost_property": "Ten to six in the basement, and one more person in the queue.",
    "mend_or_scrap": "The robot on the counter will not walk.",
    "grey_heron": "A policeman comes to tea with a photograph.",
    "homing": "The pigeon loft is one bird short.",
}


def load(name: str) -> tuple[str, list[str]]:
    """The title and the plain paragraphs of a gold scene."""
    root = etree.parse(SCENES / f"{name}.xml").getroot()
    title = root.findtext(f".//{TEI}titleStmt/{TEI}title")
    return title, ["".join(p.itertext()) for p in root.iter(f"{TEI}p")]


def words(paras: list[str]) -> int:
    return sum(len(p.split()) for p in paras)


def pieces(para: str) -> list[tuple[str, bool]]:
    """A paragraph as (text, is italic); underscores mark the italics."""
    out = [(t, bool(i % 2)) for i, t in enumerate(re.split(r"_([^_]+)_", para))]
    return [(t, it) for t, it in out if t]


def markup(para: str, tag: str = "em") -> str:
    return "".join(
        f"<{tag}>{escape(t, quote=False)}</{tag}>" if it else escape(t, quote=False) for t, it in pieces(para)
    )


def html_paras(paras: list[str], tag: str = "em", hr: str = "<hr />") -> str:
    return "\n".join(hr if p == BREAK else f"<p>{markup(p, tag)}</p>" for p in paras)


# ---------------------------------------------------------------- plain text


def txt_blank(name: str) -> str:
    title, paras = load(name)
    return "\n\n".join([title, *paras]) + "\n"


def txt_indented(name: str) -> str:
    """Each paragraph starts with four spaces; no blank lines between them."""
    title, paras = load(name)
    return "\n".join([title, f"by {PEN[name]}", "", *("    " + p for p in paras)]) + "\n"


def txt_wrapped(name: str) -> str:
    """Lines of at most 72 columns, in a frame like that of a Project Gutenberg eBook."""
    title, paras = load(name)

    def wrap(p: str) -> str:
        return textwrap.fill(p, 72, break_long_words=False, break_on_hyphens=False)

    frame = (
        f"The Project Gutenberg eBook of {title}, by {PEN[name]}",
        "This is not a Project Gutenberg eBook. It is an example file that has only the frame of "
        "one. The story inside may be copied, given away and changed by anyone, with no conditions.",
        f"Title: {title}",
        f"Author: {PEN[name]}",
        "Release date: March 1, 2024",
        "Language: English",
        f"*** START OF THE PROJECT GUTENBERG EBOOK {title.upper()} ***",
        "",
        title.upper(),
        f"by {PEN[name]}",
        "",
    )
    licence = (
        "",
        f"*** END OF THE PROJECT GUTENBERG EBOOK {title.upper()} ***",
        "A LICENCE WOULD STAND HERE",
        "Section 1. “You” in this section means the person who has the file. You may copy it, give "
        "it away or re-use it, and we ask you for nothing in return.",
    )
    return "\n\n".join(wrap(p) for p in (*frame, *paras, *licence)) + "\n"


def markdown(name: str) -> str:
    """Markdown with front matter; thoughts between asterisks."""
    title, paras = load(name)
    head = (
        "---\n"
        f"title: {title}\nauthor: {PEN[name]}\nsummary: {ABOUT[name]}\n"
        "tags: [original fiction, secret identity]\n"
        "---"
    )
    body = ("".join(f"*{t}*" if it else t for t, it in pieces(p)) for p in paras)
    return "\n\n".join([head, f"# {title}", *body]) + "\n"


# ---------------------------------------------------------------- html

AO3_STYLE = """    p.message { text-align: center; }
    .meta h1 { font-size: 1.5em; text-align: center; }
    .meta h2 { font-size: 1.25em; text-align: center; page-break-before: always; }
    .meta .byline { text-align: center; }
    .meta dl.tags { border: 1px solid; padding: 1em; }
    .meta dd { margin: -1em 0 0 10em; }
    .meta .endnote-link { font-size: .8em; }
    /* toc */
    .toc-heading { display: none; }"""

AO3 = "http://archiveofourown.org"


def ao3(name: str, tags: list[tuple[str, list[str]]], note: str, end: str) -> str:
    title, paras = load(name)

    def link(t: str) -> str:
        path = quote(t.replace("/", "*s*"), safe="*")
        return f'<a href="{AO3}/tags/{path}">{escape(t, quote=False)}</a>'

    rows = "\n".join(
        f"        <dt>{k}:</dt>\n        <dd>{', '.join(link(t) for t in v)}</dd>" for k, v in tags
    )
    work = f"{AO3}/works/0"
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
  <meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
  <title>{title} - {PEN[name]} - Original Work</title>
  <style type="text/css">
{AO3_STYLE}
  </style>
</head>

<body>

<div id="preface">
  <p class="message">
      <b>{title}</b><br />
      Posted originally on the <a href="{AO3}/">Archive of Our Own</a> at <a href="{work}">{work}</a>.
  </p>

  <div class="meta">
    <dl class="tags">
{rows}
        <dt>Language:</dt>
        <dd>English</dd>
        <dt>Stats:</dt>
        <dd>
          Published: 2024-03-01
          Words: {words(paras):,}
          Chapters: 1/1
        </dd>
    </dl>
    <h1>{title}</h1>
    <div class="byline">by <a rel="author" href="{AO3}/users/{PEN[name]}/pseuds/{PEN[name]}">{PEN[name]}</a></div>
    <p>Summary</p>
    <blockquote class="userstuff"><p>{escape(ABOUT[name], quote=False)}</p></blockquote>
    <p>Notes</p>
    <blockquote class="userstuff">{note}</blockquote>
    <div class="endnote-link">See the end of the work for <a href="#endnotes">more notes</a></div>
  </div>
</div>

<div id="chapters" class="userstuff">

  <h2 class="toc-heading">{title}</h2>

  <!--chapter content-->
  <div class="userstuff">
{html_paras(paras)}
  </div>
  <!--/chapter content-->

</div>

<div id="afterword">
  <div class="meta">
    <div id="endnotes">
      <p>End Notes</p>
      <blockquote class="userstuff">{end}</blockquote>
    </div>
  </div>

  <p class="message">Please <a href="{work}/comments/new">drop by the Archive and comment</a> to let the creator know if you enjoyed their work!</p>
</div>

</body>
</html>
"""


NIGHT_TAGS = [
    ("Rating", ["General Audiences"]),
    ("Archive Warning", ["No Archive Warnings Apply"]),
    ("Category", ["M/M"]),
    ("Fandom", ["Original Work"]),
    ("Relationship", ["Davin Holt/Anselm Quarrie"]),
    ("Characters", ["Anselm Quarrie", "Davin Holt"]),
    ("Additional Tags", ["Lying on Orders", "Climbing Through Windows", "Hurt No Comfort"]),
]
NIGHT_NOTE = (
    "<p>For Bettany, who read this twice and told me that Davin would never knock. She was right. "
    "“Boys like that come in by the gutter,” she said, and I have stolen it for my summary. "
    "Anselm is still lying to me about the drainpipe.</p>\n"
    "<p>I do not own a lighthouse. All mistakes are mine!</p>"
)
NIGHT_END = "<p>“The Drowned Bell of Sarn” is not a real book. Come and shout at me about Davin.</p>"


def fanficfare(name: str) -> str:
    """As the FanFicFare downloader saves a story in html."""
    title, paras = load(name)
    rows = [
        ("Category", "Original Fiction"),
        ("Genre", "Family, Hurt/Comfort"),
        ("Language", "English"),
        ("Characters", "Connie P., Rita, Josie"),
        ("Status", "Completed"),
        ("Published", "2024-03-01"),
        ("Packaged", "2024-03-01 12:00:00"),
        ("Chapters", "1"),
        ("Words", f"{words(paras):,}"),
        ("Publisher", "stories.example"),
        ("Summary", escape(ABOUT[name], quote=False)),
    ]
    table = "\n".join(f"<tr><td><b>{k}:</b></td><td>{v}</td></tr>" for k, v in rows)
    url = "https://stories.example/s/0"
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{title} by {PEN[name]}</title>
<style type="text/css">
body {{ background-color: #FFFFFF; text-align: justify; margin: 2%; }}
h1 {{ text-align: center; }}
</style>
</head>
<body>
<h1><a href="{url}">{title}</a> by <a class='authorlink' href='https://stories.example/u/0'>{PEN[name]}</a></h1>
<table class="full">
{table}
</table>
<a name="TOCTOP"><h2>Table of Contents</h2></a>
<p>
<a href="#section0001">1. {title}</a><br />
</p>
<a name="section0001"><h2>1. {title}</h2></a>
<div class="chapter">
{html_paras(paras)}
</div>
</body>
</html>
"""


FFN_NOTE = (
    "<p><strong>A/N: Written for Dot at the real St Osyth’s, who sews faster than she swears. "
    "Lucan is nobody I know. “Break a leg,” as they say! Reviews make me happy.</strong></p>"
)


def fanfiction_net(name: str) -> str:
    """As a browser saves a story page of FanFiction.net; the note stands inside the story."""
    title, paras = load(name)
    return f"""<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<title>{title}, an original fic | FanFiction</title>
<script>var storyid = 0; var chapter = 1;</script>
</head>
<body>
<div id="top" class="menulink">Browse | Just In | Community | Forum</div>
<div id="content_wrapper_inner">
<div id="pre_story_links"><span class="lc-left"><a class="xcontrast_txt" href="/misc/">Misc</a> <a class="xcontrast_txt" href="/misc/Plays/">Plays/Musicals</a></span></div>
<div id="profile_top" style="min-height:112px;"><b class="xcontrast_txt">{title}</b>
<span class="xcontrast_txt"><div class="xcontrast_txt">By: </div> <a class="xcontrast_txt" href="/u/0/{PEN[name]}">{PEN[name]}</a></span>
<div style="margin-top:2px" class="xcontrast_txt">{escape(ABOUT[name], quote=False)}</div>
<span class="xgray xcontrast_txt">Rated: <a class="xcontrast_txt" href="https://www.fictionratings.com/">Fiction  K</a> - English - Humor/Friendship - Kit A., Lucan, Dot - Words: {words(paras):,} - Reviews: <a href="/r/0/">2</a> - Published: <span data-xutime="1709294400">Mar 1, 2024</span> - Status: Complete - id: 0 </span>
</div>
<div role="main" aria-label="story content" style="font-size:1.1em;">
<div class="storytext xcontrast_txt nocopy" id="storytext">
{FFN_NOTE}
<hr size="1" noshade>
{html_paras(paras)}
</div>
</div>
<div id="review_success" class="hide">Your review has been posted.</div>
</div>
<div id="p_footer">Help . Privacy . Terms of Service . Top</div>
</body>
</html>
"""


# ---------------------------------------------------------------- zipped forms


def pack(files: list[tuple[str, str | bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip with fixed times, so that the same content gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in files:
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = method
            info.create_system = 3
            info.external_attr = 0o644 << 16
            z.writestr(info, data.encode("utf-8") if isinstance(data, str) else data)
    return out.getvalue()


CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""
XHTML11 = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'


def xhtml(title: str, body: str, doctype: str = "<!DOCTYPE html>", extra: str = "") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
{doctype}
<html xmlns="http://www.w3.org/1999/xhtml"{extra} xml:lang="en">
<head><title>{title}</title></head>
<body>
{body}
</body>
</html>
"""


EPUB_TYPE = ' xmlns:epub="http://www.idpf.org/2007/ops"'


def epub3(book: str, author: str, uid: str, names: list[str]) -> bytes:
    """EPUB 3: all stories in one xhtml file; only the anchors of the nav tell the chapters apart."""
    parts, toc = [], []
    for n, name in enumerate(names, 1):
        title, paras = load(name)
        parts.append(
            f'<section id="ch{n}" epub:type="chapter">\n<h2>{title}</h2>\n'
            f"{html_paras(paras, 'i')}\n</section>"
        )
        toc.append(f'    <li><a href="text.xhtml#ch{n}">{title}</a></li>')
    nav = f"""<nav epub:type="toc" id="toc">
  <h1>Contents</h1>
  <ol>
{chr(10).join(toc)}
  </ol>
</nav>"""
    opf = f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="uid" xml:lang="en">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:identifier id="uid">{uid}</dc:identifier>
    <dc:title>{book}</dc:title>
    <dc:creator>{author}</dc:creator>
    <dc:language>en</dc:language>
    <dc:rights>CC0 1.0</dc:rights>
    <meta property="dcterms:modified">2024-03-01T12:00:00Z</meta>
  </metadata>
  <manifest>
    <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="title" href="title.xhtml" media-type="application/xhtml+xml"/>
    <item id="text" href="text.xhtml" media-type="application/xhtml+xml"/>
  </manifest>
  <spine>
    <itemref idref="title"/>
    <itemref idref="text"/>
  </spine>
</package>
"""
    cover = f'<section epub:type="titlepage">\n<h1>{book}</h1>\n<p>{author}</p>\n</section>'
    return pack(
        [
            ("mimetype", "application/epub+zip"),
            ("META-INF/container.xml", CONTAINER),
            ("OEBPS/content.opf", opf),
            ("OEBPS/nav.xhtml", xhtml("Contents", nav, extra=EPUB_TYPE)),
            ("OEBPS/title.xhtml", xhtml(book, cover, extra=EPUB_TYPE)),
            ("OEBPS/text.xhtml", xhtml(book, "\n".join(parts), extra=EPUB_TYPE)),
        ]
    )


def epub2(book: str, uid: str, names: list[str]) -> bytes:
    """EPUB 2 with toc.ncx: a title page, then one file for each story."""
    authors = list(dict.fromkeys(PEN[n] for n in names))
    files, items, refs, points = [], [], [], []
    for n, name in enumerate(names, 1):
        title, paras = load(name)
        body = f"<h2>{title}</h2>\n" + html_paras(paras, hr='<p class="break">* * *</p>')
        files.append((f"OEBPS/story{n}.xhtml", xhtml(title, f"<div>\n{body}\n</div>", XHTML11)))
        items.append(f'    <item id="s{n}" href="story{n}.xhtml" media-type="application/xhtml+xml"/>')
        refs.append(f'    <itemref idref="s{n}"/>')
        points.append(
            f'    <navPoint id="n{n}" playOrder="{n}"><navLabel><text>{title}</text></navLabel>'
            f'<content src="story{n}.xhtml"/></navPoint>'
        )
    creators = "\n".join(f'    <dc:creator opf:role="aut">{a}</dc:creator>' for a in authors)
    nl = "\n"
    opf = f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="uid">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">
    <dc:identifier id="uid">{uid}</dc:identifier>
    <dc:title>{book}</dc:title>
{creators}
    <dc:language>en</dc:language>
    <dc:date>2024-03-01</dc:date>
    <dc:rights>CC0 1.0</dc:rights>
  </metadata>
  <manifest>
    <item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
    <item id="title" href="title.xhtml" media-type="application/xhtml+xml"/>
{nl.join(items)}
  </manifest>
  <spine toc="ncx">
    <itemref idref="title"/>
{nl.join(refs)}
  </spine>
</package>
"""
    ncx = f"""<?xml version="1.0" encoding="UTF-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">
  <head>
    <meta name="dtb:uid" content="{uid}"/>
    <meta name="dtb:depth" content="1"/>
    <meta name="dtb:totalPageCount" content="0"/>
    <meta name="dtb:maxPageNumber" content="0"/>
  </head>
  <docTitle><text>{book}</text></docTitle>
  <navMap>
{nl.join(points)}
  </navMap>
</ncx>
"""
    cover = f"<div>\n<h1>{book}</h1>\n<p>{' and '.join(authors)}</p>\n</div>"
    return pack(
        [
            ("mimetype", "application/epub+zip"),
            ("META-INF/container.xml", CONTAINER),
            ("OEBPS/content.opf", opf),
            ("OEBPS/toc.ncx", ncx),
            ("OEBPS/title.xhtml", xhtml(book, cover, XHTML11)),
            *files,
        ]
    )


def docx(name: str) -> bytes | None:
    try:
        from docx import Document
        from docx.enum.text import WD_ALIGN_PARAGRAPH
    except ImportError:
        return None
    title, paras = load(name)
    doc = Document()
    core = doc.core_properties
    core.title, core.author, core.language = title, PEN[name], "en"
    core.comments = ABOUT[name]
    core.created = core.modified = datetime.datetime(*STAMP)
    doc.add_heading(title, 1)
    for p in paras:
        para = doc.add_paragraph()
        for t, it in pieces(p):
            para.add_run(t).italic = it or None
        if p == BREAK:
            para.alignment = WD_ALIGN_PARAGRAPH.CENTER
    raw = io.BytesIO()
    doc.save(raw)
    with zipfile.ZipFile(raw) as z:
        return pack([(i, z.read(i)) for i in z.namelist()], zipfile.ZIP_DEFLATED)


# ---------------------------------------------------------------- all of them


def examples() -> dict[str, Callable[[], str | bytes | None]]:
    """File name -> a function that gives its text or bytes."""
    return {
        "night_window.html": lambda: ao3("night_window", NIGHT_TAGS, NIGHT_NOTE, NIGHT_END),
        "night_window.txt": lambda: txt_blank("night_window"),
        "lost_property.txt": lambda: txt_indented("lost_property"),
        "ring_twice.txt": lambda: txt_wrapped("ring_twice"),
        "grey_heron.md": lambda: markdown("grey_heron"),
        "first_batch.html": lambda: fanficfare("first_batch"),
        "thank_you_five.html": lambda: fanfiction_net("thank_you_five"),
        "two_counters.epub": lambda: epub3(
            "Two Counters",
            PEN["lost_property"],
            "urn:uuid:6f0d1f5e-3a52-4c7e-9b1a-7c1d2a6e0001",
            ["lost_property", "mend_or_scrap"],
        ),
        "bread_and_birds.epub": lambda: epub2(
            "Bread and Birds",
            "urn:uuid:6f0d1f5e-3a52-4c7e-9b1a-7c1d2a6e0002",
            ["first_batch", "homing"],
        ),
        "homing.docx": lambda: docx("homing"),
        "grey_heron.docx": lambda: docx("grey_heron"),
    }


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write the example stories from the gold scenes.")
    parser.add_argument("--out", type=Path, default=HERE.parent / "examples")
    args = parser.parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    for name, make in examples().items():
        data = make()
        if data is None:
            print(f"skipped {name}: python-docx is not installed", file=sys.stderr)
            continue
        (args.out / name).write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
