"""One HTML file to read a story in: who speaks each line, whom each name means, the people and the doubts.

It needs no network and no other file. The story is untrusted: it's escaped wherever it stands, and the page
allows only its own script and styles, by their hash.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from importlib.resources import files
from string import Template

from personae.book import Book, Quote
from personae.writers.html_cast import MAIN, cast
from personae.writers.html_deeds import deeds
from personae.writers.html_doubts import WHY, doubtful, doubts
from personae.writers.html_faces import Face, escape, faces, plural
from personae.writers.html_story import Chapter, chapters
from personae.writers.html_talk import talk

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def write(book: Book) -> bytes:
    """The page, in UTF-8."""
    looks = faces(book)
    told = deeds(book, book.cast[:MAIN])
    anchors = {deed.token: deed.anchor for rows in told.values() for row in rows.values() for deed in row}
    parts = tuple(chapters(book, looks, anchors))
    script, style, dark = (_asset(name) for name in ("page.js", "page.css", "dark.css"))
    page = Template(_asset("page.html")).substitute(
        policy=_policy(script, style, dark),
        script=script,
        style=style,
        dark=dark,
        title=escape(_title(book)),
        byline=_byline(book),
        about=_about(book),
        contents=_contents(parts),
        language=_language(book),
        story="".join(_section(chapter) for chapter in parts),
        cast=cast(book, looks, told),
        talk=talk(book, looks),
        doubts=doubts(book, looks),
        n_doubts=f"{len(doubtful(book)):,}",
        made_by=_made_by(book),
        data=_island(book, looks),
    )
    return page.encode("utf-8")


def _asset(name: str) -> str:
    return files("personae").joinpath("writers", "page", name).read_text("utf-8")


def _policy(script: str, *styles: str) -> str:
    hashes = " ".join(_hash(style) for style in styles)
    allowed = f"script-src {_hash(script)}; style-src {hashes}; img-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _hash(source: str) -> str:
    return f"'sha256-{b64encode(sha256(source.encode('utf-8')).digest()).decode('ascii')}'"


def _title(book: Book) -> str:
    return book.metadata.title or book.metadata.source or "Untitled"


def _byline(book: Book) -> str:
    return f'<p class="byline">{escape(book.metadata.author)}</p>' if book.metadata.author else ""


def _language(book: Book) -> str:
    language = book.metadata.language or ""
    return f' lang="{language}"' if _LANGUAGE.fullmatch(language) else ""


def _about(book: Book) -> str:
    """Under the title: the summary, what was found, and what the archive says of the story."""
    meta = book.metadata
    summary = f'<p class="summary">{escape(meta.summary)}</p>' if meta.summary else ""
    return summary + _figures(book) + _tags([("part of", meta.series), *meta.tags.items()])


def _figures(book: Book) -> str:
    lines = [quote for quote in book.quotes if quote.kind == "speech"]
    undecided = sum(quote.speaker is None for quote in lines)
    people = sum(entity.kind == "person" for entity in book.entities)
    figures = [plural(people, "person"), plural(len(lines), "line"), f"{undecided:,} undecided"]
    return f'<p class="figures">{" · ".join(figures)}</p>'


def _tags(groups: Iterable[tuple[str, Sequence[str]]]) -> str:
    rows = "".join(
        f"<div><dt>{escape(kind)}</dt><dd>{escape(', '.join(tags))}</dd></div>"
        for kind, tags in groups
        if tags
    )
    return f'<details class="note tags"><summary>Tags</summary><dl>{rows}</dl></details>' if rows else ""


def _contents(parts: Sequence[Chapter]) -> str:
    """A menu of the chapters, where there are at least two."""
    titled = [chapter for chapter in parts if chapter.title]
    if len(titled) < 2:
        return ""
    rows = "".join(
        f'<li><a href="#{chapter.anchor}">{escape(chapter.title or "")}</a></li>\n' for chapter in titled
    )
    return f'<details class="toc"><summary>Chapters</summary><ol>{rows}</ol></details>'


def _section(chapter: Chapter) -> str:
    return f'<section class="chapter" id="{chapter.anchor}">{chapter.html}</section>\n'


def _made_by(book: Book) -> str:
    version = book.made_by.get("personae")
    return f"Read by Personae {escape(str(version))}" if version else "Read by Personae"


def _island(book: Book, looks: Sequence[Face]) -> str:
    """What the script needs beside the story, as JSON that can't end its element.

    people: [name, style, pronouns, kind] by entity; quotes: [speaker or -1, listeners, percent, why, kind,
    [[candidate, percent], …]] by quote; why: the reasons in words.
    """
    data = {
        "people": [[f.name, f.style, e.pronouns, e.kind] for f, e in zip(looks, book.entities, strict=True)],
        "quotes": [_row(quote) for quote in book.quotes],
        "why": {key or "": words for key, words in WHY.items()},
    }
    encoded = json.dumps(data, separators=(",", ":"))
    return encoded.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _row(quote: Quote) -> list[object]:
    speaker = -1 if quote.speaker is None else quote.speaker
    others = [[who, round(100 * chance)] for who, chance in quote.alternatives[:3]]
    return [speaker, quote.addressees, round(100 * quote.confidence), quote.why or "", quote.kind[0], others]
