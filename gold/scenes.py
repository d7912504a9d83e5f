"""Our own annotated scenes, a TEI P5 subset: `said` with who and toWhom, `rs` for every mention of a person.

Layout: `SCENE.xml`, one scene a file; splits in `splits.json` ({"train": […], "dev": […]}) or
`splits/NAME.ids`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lxml import etree

from gold.layout import GoldError, chosen, split_ids
from personae.book import Book, Entity, Form, Mention, Quote
from personae.cast import Cast, Member
from personae.lexicons import words as lexicon
from personae.text import Block, Metadata, Text

TEI = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
PRONOUN = re.compile(
    r"(I|me|my|mine|myself|we|us|our|ours|ourselves|you|your|yours|yourself|yourselves|thou|thee|thy|thine"
    r"|he|him|his|himself|she|her|hers|herself|they|them|their|theirs|themsel(?:f|ves)|it|its|itself"
    r"|xe|xem|xyrs?|xyr|xemself|ze|hir|hirs|hirself|zir|zirs|zirself|who|whom|whose|each other|one another)",
    re.IGNORECASE,
)
CAPITAL = re.compile(r"\b[^\W\d_a-z]\w+")


def documents(folder: Path, split: str | None = None) -> list[str]:
    """The scenes' file names without their ending."""
    present = [path.stem for path in folder.glob("*.xml")]
    table = folder / "splits.json"
    if split is None or not table.is_file():
        return chosen(folder, split, present)
    splits = json.loads(table.read_text(encoding="utf-8"))
    if split not in splits:
        return split_ids(folder, split)
    missing = sorted(set(splits[split]) - set(present))
    if missing:
        raise GoldError(f"{table}: split {split} names {missing[0]}, which isn't there")
    return list(splits[split])


def cast(folder: Path, document: str) -> Cast:
    """Everybody the scene declares, with the names it declares and without pronouns."""
    return tuple(Member(e.name, e.aliases) for e in load(folder, document).entities)


def load(folder: Path, document: str) -> Book:
    """Everybody declared is an entity, `cast` its place; words spoken in chorus have no one speaker."""
    path = folder / f"{document}.xml"
    try:
        root = etree.parse(path).getroot()
    except (OSError, etree.XMLSyntaxError) as error:
        raise GoldError(f"{path}: isn't a scene ({error})") from None
    entities = _entities(root)
    scene = _Scene({person: number for number, (person, _) in enumerate(entities)}, [e for _, e in entities])
    for paragraph in root.iter(f"{TEI}p"):
        scene.paragraph(paragraph)
    title = root.findtext(f".//{TEI}titleStmt/{TEI}title")
    return scene.book(Metadata(title=title, language="en"))


def text(folder: Path, document: str) -> Text:
    """The scene as a reader would give it: the plain paragraphs."""
    book = load(folder, document)
    return Text(book.text, book.blocks, book.metadata)


def _entities(root: Any) -> list[tuple[str, Entity]]:
    people = []
    for number, person in enumerate(root.iter(f"{TEI}person")):
        names = ["".join(name.itertext()).strip() for name in person.iter(f"{TEI}persName")]
        gender = person.findtext(f"{TEI}gender")
        pronouns = None if gender in (None, "unknown") else gender
        people.append(
            (person.get(XML_ID), Entity(number, "person", names[0], tuple(names[1:]), pronouns, cast=number))
        )
    return people


@dataclass
class _Scene:
    """A scene as it's read, element by element."""

    ids: dict[str, int]
    people: list[Entity]
    content: str = ""
    blocks: list[Block] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    utterances: dict[str, int] = field(default_factory=dict)

    def paragraph(self, element: Any) -> None:
        self.content += "\n\n" if self.content else ""
        start = len(self.content)
        self._inside(element)
        self.blocks.append(Block(start, len(self.content), "paragraph"))

    def book(self, metadata: Metadata) -> Book:
        mentions = tuple(sorted(self.mentions, key=lambda m: (m.start, -m.end)))
        return Book(
            text=self.content,
            blocks=tuple(self.blocks),
            metadata=metadata,
            entities=tuple(self._counted(person) for person in self.people),
            mentions=mentions,
            quotes=tuple(self.quotes),
        )

    def _inside(self, element: Any) -> None:
        self.content += element.text or ""
        for child in element:
            start = len(self.content)
            self._inside(child)
            if child.tag == f"{TEI}said":
                self.quotes.append(self._quote(child, start))
            else:
                self.mentions.append(self._mention(child, start))
            self.content += child.tail or ""

    def _people(self, references: str | None) -> tuple[int, ...]:
        names = [name.removeprefix("#") for name in (references or "").split()]
        return tuple(self.ids[name] for name in names if name != "none")

    def _quote(self, said: Any, start: int) -> Quote:
        who = self._people(said.get("who"))
        return Quote(
            id=len(self.quotes),
            start=start,
            end=len(self.content),
            kind="speech",
            utterance=self._utterance(said),
            speaker=who[0] if len(who) == 1 else None,
            addressees=self._people(said.get("toWhom")),
            confidence=1.0,
        )

    def _utterance(self, said: Any) -> int:
        """`prev` goes on with the last speech of the same speaker."""
        who = said.get("who", "")
        if said.get("prev") != "true" or who not in self.utterances:
            self.utterances[who] = 1 + max((quote.utterance for quote in self.quotes), default=-1)
        return self.utterances[who]

    def _mention(self, rs: Any, start: int) -> Mention:
        span = start, len(self.content)
        who = self._people(rs.get("ref"))
        return Mention(
            *span,
            span,
            self._form(self.content[start:], who),
            who,
            1.0,
            "group" if len(who) > 1 else "person",
        )

    def _form(self, words: str, who: tuple[int, ...]) -> Form:
        if PRONOUN.fullmatch(words):
            return "pronoun"
        names = {
            name.casefold()
            for person in who
            for name in (self.people[person].name, *self.people[person].aliases)
        }
        first, _, rest = words.partition(" ")
        bare = rest if first.lower() in lexicon("determiners") and rest else words
        named = CAPITAL.search(bare) and (words.casefold() in names or bare[:1].isupper())
        return "name" if named else "noun"

    def _counted(self, person: Entity) -> Entity:
        return replace(
            person,
            mentions=sum(person.id in mention.entities for mention in self.mentions),
            quotes=sum(quote.speaker == person.id for quote in self.quotes),
        )
