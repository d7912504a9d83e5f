"""A chapter page saved from FanFiction.net."""

from __future__ import annotations

import re

from personae.readers.classify import mark_breaks_and_notes
from personae.readers.flow import flow
from personae.readers.markup import Element, Walker, by_id, classes, find, tag, text_of
from personae.readers.pieces import Piece
from personae.readers.record import Record, language_code

_PAIR = re.compile(r"\[([^\]]+)\]")
_PROFILE = re.compile(r"/u/\d+|^/~")
_GENRES = frozenset({
    "adventure", "angst", "crime", "drama", "family", "fantasy", "friendship", "general", "horror", "humor",
    "mystery", "parody", "poetry", "romance", "sci-fi", "spiritual", "supernatural", "suspense", "tragedy",
    "western",
}) | {"hurt/comfort", "hurt", "comfort"}  # fmt: skip


def recognises(root: Element) -> bool:
    return by_id(root, "storytext") is not None or by_id(root, "storytextp") is not None


def pieces(root: Element) -> tuple[list[Piece], Record]:
    record = Record()
    found: list[Piece] = []
    profile = by_id(root, "profile_top")
    if profile is not None:
        _put_profile(profile, record)
        found += Walker(kind_of=lambda e: "metadata" if e is profile else None).walk(profile)
    links = by_id(root, "pre_story_links")
    if links is not None and find(links, lambda e: tag(e) == "a") is not None:
        record.put("fandom", [text_of([a for a in links.iter("a")][-1])])
    chapter = _chapter_title(root)
    if chapter:
        found += flow(chapter, "heading", ())
    story = by_id(root, "storytext")
    story = by_id(root, "storytextp") if story is None else story
    text = Walker().walk(story)
    mark_breaks_and_notes(text, record)
    return found + text, record


def _chapter_title(root: Element) -> str | None:
    """The chapter chosen in the list of chapters: "3. The Well"."""
    chosen = find(root, lambda e: tag(e) == "option" and e.get("selected") is not None and _lists_chapters(e))
    return " ".join("".join(chosen.itertext()).split()) if chosen is not None else None


def _lists_chapters(option: Element) -> bool:
    parent = option.getparent()
    return parent is not None and "chap" in (parent.get("id") or parent.get("name") or "").lower()


def _put_profile(profile: Element, record: Record) -> None:
    title = find(profile, lambda e: tag(e) == "b")
    author = find(profile, lambda e: tag(e) == "a" and _PROFILE.search(e.get("href") or "") is not None)
    summary = find(profile, _is_summary)
    record.put("title", [text_of(title) if title is not None else ""])
    record.put("author", [text_of(author) if author is not None else ""])
    record.put("summary", [text_of(summary) if summary is not None else ""])
    details = find(profile, lambda e: tag(e) == "span" and "Rated:" in text_of(e))
    if details is not None:
        _put_details(text_of(details), record)


def _is_summary(element: Element) -> bool:
    """The summary's division; "By:" before the author stands in one of the same class."""
    return tag(element) == "div" and "xcontrast_txt" in classes(element) and text_of(element).strip() not in ("", "By:")


def _put_details(line: str, record: Record) -> None:
    """ "Rated: Fiction T - English - Angst/Drama - [A, B] C - Chapters: 3 - Words: …"."""
    fields = [field.strip() for field in line.split(" - ")]
    for field in fields:
        if field.startswith("Rated:"):
            record.put("rating", [re.sub(r"^Rated:\s*(?:Fiction\s*)?", "", field)])
    plain = [field for field in fields if ":" not in field]
    for field in plain:
        if language_code(field) != field:
            record.put("language", [field])
        elif all(part.casefold() in _GENRES for part in field.split("/")):
            record.put("genre", field.split("/"))
        else:
            _put_characters(field, record)


def _put_characters(field: str, record: Record) -> None:
    """Characters, those in brackets being a couple."""
    for pair in _PAIR.findall(field):
        record.put("relationships", ["/".join(name.strip() for name in pair.split(","))])
    record.put("characters", [name.strip() for name in re.split(r"[\[\],]", field) if name.strip()])
