"""Collecting what a file says about its story, under whatever label, into Metadata."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from personae.readers.pieces import clean
from personae.text import Metadata

FIELDS: Mapping[str, str] = {
    "title": "title", "story": "title", "story title": "title",
    "author": "author", "by": "author", "written by": "author", "authors": "author",
    "language": "language",
    "summary": "summary", "description": "summary", "synopsis": "summary",
    "series": "series",
}  # fmt: skip
TAGS: Mapping[str, str] = {
    "fandom": "fandom", "fandoms": "fandom",
    "character": "characters", "characters": "characters",
    "relationship": "relationships", "relationships": "relationships", "pairing": "relationships",
    "pairings": "relationships", "ship": "relationships", "ships": "relationships",
    "rating": "rating", "rated": "rating",
    "warning": "warnings", "warnings": "warnings",
    "archive warning": "warnings", "archive warnings": "warnings",
    "content warning": "warnings", "content warnings": "warnings", "trigger warnings": "warnings",
    "category": "category", "categories": "category",
    "genre": "genre", "genres": "genre",
    "additional tag": "additional", "additional tags": "additional", "extra tags": "additional",
    "freeform tags": "additional", "tags": "additional",
    "status": "status",
}  # fmt: skip
OTHERS = frozenset({
    "stats", "published", "updated", "completed", "packaged", "words", "word count", "chapters", "chapter",
    "collections", "collection", "publisher", "story url", "author url", "story id", "spoilers",
    "beta", "betaed by", "beta'd by", "timeline", "archive", "feedback", "reviews", "favs",
    "release date", "distribution", "disclaimer", "notes", "note", "author's notes",
    "prompt", "follows", "translator", "illustrator", "editor", "copyright",
})  # fmt: skip
LABELS = frozenset(FIELDS) | frozenset(TAGS) | OTHERS

_LANGUAGES = {
    "english": "en", "french": "fr", "français": "fr", "german": "de", "deutsch": "de", "spanish": "es",
    "español": "es", "italian": "it", "italiano": "it", "portuguese": "pt", "dutch": "nl", "nederlands": "nl",
    "russian": "ru", "русский": "ru", "polish": "pl", "polski": "pl", "swedish": "sv", "svenska": "sv",
    "danish": "da", "norwegian": "no", "finnish": "fi", "suomi": "fi", "japanese": "ja", "日本語": "ja",
    "chinese": "zh", "korean": "ko", "latin": "la",
}  # fmt: skip
_LABEL_LINE = re.compile(
    r"[*_ \t>]{0,6}([A-Za-z][A-Za-z'’ ]{1,24}?)[*_ \t]{0,4}:[*_]{0,3}[ \t]*(.*)", re.DOTALL
)


def language_code(name: str) -> str:
    """ "English" and "en-GB" as they are used in metadata: the code where it is known."""
    plain = name.strip()
    return _LANGUAGES.get(plain.casefold(), plain)


def label_line(text: str) -> tuple[str, str] | None:
    """Label (in lower case) and value of "Rating: T", if the label is a known one."""
    match = _LABEL_LINE.match(text) if len(text) < 20_000 else None
    if match is None:
        return None
    label = match[1].strip().casefold().replace("’", "'")
    return (label, match[2].strip()) if label in LABELS else None


@dataclass(slots=True)
class Record:
    """Metadata in the making. The first word on title, author, language and summary is kept."""

    title: str | None = None
    author: str | None = None
    language: str | None = None
    summary: str | None = None
    notes: list[str] = field(default_factory=list)
    series: list[str] = field(default_factory=list)
    tags: dict[str, list[str]] = field(default_factory=dict)

    def put(self, label: str, values: Iterable[str]) -> None:
        """Keep `values` if `label` is a known one; a field that holds no list gets them joined."""
        label = label.strip().rstrip(":").casefold()
        found = [clean(" ".join(value.split())) for value in values if value.strip()]
        if not found:
            return
        if label in TAGS:
            self.tags.setdefault(TAGS[label], []).extend(found)
        elif FIELDS.get(label) == "series":
            self.series.extend(found)
        elif label in FIELDS:
            self._put_field(FIELDS[label], ", ".join(found))

    def _put_field(self, name: str, value: str) -> None:
        if getattr(self, name) is None:
            setattr(self, name, language_code(value) if name == "language" else value)

    def put_line(self, label: str, value: str) -> None:
        """Like `put`, for a value in which commas part a list."""
        values = re.split(r",\s+", value) if label.casefold() in TAGS else [value]
        self.put(label, values)

    def metadata(self, source: str) -> Metadata:
        return Metadata(
            title=self.title,
            author=self.author,
            source=clean(source),
            language=self.language,
            summary=self.summary,
            notes=tuple(clean(note) for note in self.notes),
            series=tuple(self.series),
            tags=MappingProxyType({kind: tuple(dict.fromkeys(tags)) for kind, tags in self.tags.items()}),
        )
