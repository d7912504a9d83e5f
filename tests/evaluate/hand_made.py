"""Books made by hand, to score against each other."""

from __future__ import annotations

from evaluate.case import Case, Protocol
from personae.book import Book, Entity, Mention, Quote

PRONOUNS = {"he", "him", "she", "her", "they", "I", "you", "we"}


def book(text: str, people: str, lines: str = "", mentions: str = "", cast: bool = True) -> Book:
    """A Book from short notes.

    `lines` is "WORDS:SPEAKER:ADDRESSEE; …" (or "-" for nobody), "+WORDS:…" goes on with the speech before it.
    `mentions` is "WORDS=PERSON; …"; "WORDS=PERSON&PERSON" means several. Words are looked for in order.
    """
    names = people.split()
    ids = {name: number for number, name in enumerate(names)} | {"-": None}
    return Book(
        text=text,
        entities=tuple(Entity(n, "person", name, cast=n if cast else None) for n, name in enumerate(names)),
        quotes=tuple(_quotes(text, lines, ids)),
        mentions=tuple(_mentions(text, mentions, ids)),
    )


def case(
    gold: Book, predicted: Book, protocol: Protocol = "none", types: dict[int, str] | None = None
) -> Case:
    return Case("scenes", "one", protocol, gold, predicted, types or {})


def _quotes(text: str, lines: str, ids: dict[str, int | None]) -> list[Quote]:
    quotes: list[Quote] = []
    at, utterance = 0, -1
    for number, line in enumerate(filter(None, lines.split("; "))):
        words, speaker, addressee = line.removeprefix("+").split(":")
        utterance += not line.startswith("+")
        at = text.index(words, at)
        to = ids[addressee]
        quotes.append(
            Quote(
                id=number,
                start=at,
                end=at + len(words),
                kind="speech",
                utterance=utterance,
                speaker=ids[speaker],
                addressees=() if to is None else (to,),
                confidence=0.9,
                why="tag",
            )
        )
        at += len(words)
    return quotes


def _mentions(text: str, mentions: str, ids: dict[str, int | None]) -> list[Mention]:
    found: list[Mention] = []
    at = 0
    for note in filter(None, mentions.split("; ")):
        words, people = note.split("=")
        at = text.index(words, at)
        span = at, at + len(words)
        entities = tuple(i for i in (ids[person] for person in people.split("&")) if i is not None)
        found.append(Mention(*span, span, "pronoun" if words in PRONOUNS else "name", entities, 1.0))
        at += len(words)
    return found
