"""The TEI header: what the story is, who is in it, how the markup was made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from personae.book import Book, Entity

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_VERSION = re.compile(r"\d+(\.\d+){0,2}")

NAMES = {
    "person": "persName", "group": "persName", "place": "placeName", "organization": "orgName",
    "vehicle": "objectName",
}  # fmt: skip
"""The element that holds a name of each kind of entity."""

_ENCODING = """<encodingDesc>
<editorialDecl>
<quotation marks="all"><p>Quotation marks are kept, inside the elements that they belong to.</p></quotation>
<interpretation><p>Made by a program, not by hand: said, q, persName and rs carry its answers, cert says how
sure it is of them. What has no who or ref is undecided.</p></interpretation>
</editorialDecl>
"""


def escape(words: str) -> str:
    """Text as XML; what XML can't hold, such as a control character, becomes U+FFFD."""
    words = _ILLEGAL.sub("\ufffd", words)
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def identifier(entity: int) -> str:
    """The xml:id of an entity."""
    return f"e{entity}"


def language(book: Book) -> str:
    """The story's language as TEI needs it: a language tag, "und" where unknown."""
    found = book.metadata.language or ""
    return found if _LANGUAGE.fullmatch(found) else "und"


def header(book: Book) -> Iterator[str]:
    """The teiHeader, and a standOff for what the header has no list for."""
    yield "<teiHeader>\n"
    yield from _file(book)
    yield from (_ENCODING, _application(book), "</encodingDesc>\n")
    yield from ("<profileDesc>\n", *_profile(book), "</profileDesc>\n", "</teiHeader>\n")
    vehicles = [_object(entity) for entity in book.entities if entity.kind == "vehicle"]
    yield from _wrapped("standOff", _wrapped("listObject", vehicles))


def _file(book: Book) -> Iterator[str]:
    meta = book.metadata
    yield f"<fileDesc>\n<titleStmt>\n{_element('title', meta.title or 'Untitled')}"
    yield _element("author", meta.author)
    yield "</titleStmt>\n<publicationStmt><p>Not published: made by Personae.</p></publicationStmt>\n"
    yield from (f"<seriesStmt>{_element('title', series)}</seriesStmt>\n" for series in meta.series)
    yield f"<sourceDesc>{_element('p', meta.source or 'Unknown.')}</sourceDesc>\n</fileDesc>\n"


def _application(book: Book) -> str:
    version = str(book.made_by.get("personae", ""))
    if not _VERSION.fullmatch(version):
        return ""
    application = f'<application ident="personae" version="{version}"><label>Personae</label></application>'
    return f"<appInfo>{application}</appInfo>\n"


def _profile(book: Book) -> Iterator[str]:
    meta = book.metadata
    if meta.summary:
        yield f"<abstract>{_element('p', meta.summary)}</abstract>\n"
    name = escape(meta.language or "Unknown")
    yield f'<langUsage><language ident="{language(book)}">{name}</language></langUsage>\n'
    for kind, tags in meta.tags.items():
        terms = [_element("term", tag) for tag in tags]
        yield from _wrapped("textClass", _wrapped("keywords", terms, f' n="{_attribute(kind)}"'))
    people = _wrapped("listPerson", [_person(e) for e in book.entities if e.kind in ("person", "group")])
    organizations = _wrapped("listOrg", [_named("org", e) for e in book.entities if e.kind == "organization"])
    yield from _wrapped("particDesc", [*people, *organizations])
    places = [_named("place", e) for e in book.entities if e.kind == "place"]
    yield from _wrapped("settingDesc", _wrapped("listPlace", places))


def _person(entity: Entity) -> str:
    tag = "person" if entity.kind == "person" else "personGrp"
    role = ' role="narrator"' if entity.narrator else ""
    pronouns = ""
    if entity.pronouns:
        pronouns = f'<persPronouns evidence="conjecture">{escape(entity.pronouns)}</persPronouns>\n'
    return f'<{tag} xml:id="{identifier(entity.id)}"{role}>\n{_names(entity)}{pronouns}</{tag}>\n'


def _named(tag: str, entity: Entity) -> str:
    return f'<{tag} xml:id="{identifier(entity.id)}">\n{_names(entity)}</{tag}>\n'


def _object(entity: Entity) -> str:
    names = f"<objectIdentifier>\n{_names(entity)}</objectIdentifier>\n"
    return f'<object xml:id="{identifier(entity.id)}">\n{names}</object>\n'


def _names(entity: Entity) -> str:
    tag = NAMES[entity.kind]
    aliases = (alias for alias in entity.aliases if alias != entity.name)
    return _element(tag, entity.name, ' type="main"') + "".join(
        _element(tag, alias, ' type="alias"') for alias in aliases
    )


def _element(tag: str, words: str | None, attributes: str = "") -> str:
    return "" if words is None else f"<{tag}{attributes}>{escape(words)}</{tag}>\n"


def _wrapped(tag: str, inside: Iterable[str], attributes: str = "") -> list[str]:
    """The pieces inside an element; nothing if there are none, since TEI allows no empty list."""
    pieces = list(inside)
    return [f"<{tag}{attributes}>\n", *pieces, f"</{tag}>\n"] if pieces else []


def _attribute(words: str) -> str:
    return escape(words).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
