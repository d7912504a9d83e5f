"""A Book as the six files that BookNLP makes: token ranges, their ends included.

What isn't known of a Book without grammar is filled so that readers of the format still work: "_" for lemma and
tags, a token's own id for its syntactic head, "O" for event, no rows of supersense.
"""

from __future__ import annotations

import io
import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from personae.book import Book, Entity, Grammar, Mention
from personae.profiles import ROLES, Profile, profiles
from personae.writers.booknlp_page import page
from personae.writers.booknlp_words import Words, visible

_TOKENS = (
    "paragraph_ID", "sentence_ID", "token_ID_within_sentence", "token_ID_within_document", "word", "lemma",
    "byte_onset", "byte_offset", "POS_tag", "fine_POS_tag", "dependency_relation", "syntactic_head_ID",
    "event",
)  # fmt: skip
_ENTITIES = ("COREF", "start_token", "end_token", "prop", "cat", "text")
_QUOTES = ("quote_start", "quote_end", "mention_start", "mention_end", "mention_phrase", "char_id", "quote")
_SUPERSENSE = ("start_token", "end_token", "supersense_category", "text")
COLUMNS = {".tokens": _TOKENS, ".entities": _ENTITIES, ".quotes": _QUOTES, ".supersense": _SUPERSENSE}

_PROP = {"name": "PROP", "noun": "NOM", "pronoun": "PRON"}
_CAT = {"person": "PER", "group": "PER", "place": "LOC", "organization": "ORG", "vehicle": "VEH"}
_GENDERS = ("he/him/his", "she/her", "they/them/their", "xe/xem/xyr/xir", "ze/zem/zir/hir")
"""BookNLP's five sets of pronouns, as its .book names them."""


@dataclass(frozen=True, slots=True)
class Row:
    """A mention as BookNLP has it: `last` is its last token, `entities` whom it means."""

    coref: int
    first: int
    last: int
    prop: str
    cat: str
    text: str
    entities: tuple[int, ...]


def write(book: Book) -> dict[str, bytes]:
    """The six files, by what their names end in."""
    words = Words(book)
    corefs = numbers(book)
    mentions = _mention_rows(book, words, corefs)
    quotes = list(_quote_rows(book, words, mentions, corefs))
    characters = _characters(book, words, mentions, corefs)
    marked = ((m.first, m.last, m.coref) for m in mentions)
    lines = ((row[0], row[1], row[5]) for row in quotes)
    html = page({corefs[e.id]: e.name for e in book.entities}, characters, words, marked, lines)
    return {
        ".tokens": _table(_TOKENS, _token_rows(words, book.grammar)),
        ".entities": _table(_ENTITIES, ((m.coref, m.first, m.last, m.prop, m.cat, m.text) for m in mentions)),
        ".quotes": _table(_QUOTES, quotes),
        ".supersense": _table(_SUPERSENSE, _supersense_rows(book, words)),
        ".book": json.dumps({"characters": characters}).encode(),
        ".book.html": _encoded(html),
    }


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    return _encoded("\t".join(map(str, row)) + "\n" for row in chain([columns], rows))


def _encoded(pieces: Iterable[str]) -> bytes:
    file = io.BytesIO()
    for piece in pieces:
        file.write(piece.encode("utf-8", "replace"))
    return file.getvalue()


def _token_rows(words: Words, grammar: Grammar) -> Iterator[tuple[Any, ...]]:
    sentence, within = -1, 0
    parsed = _parsed(grammar) if len(grammar) else (("_", "_", "_", "_", id, "O") for id in range(len(words)))
    for id, (lemma, upos, xpos, relation, head, event) in enumerate(parsed):
        found = words.sentences[id]
        sentence, within = found, within + 1 if found == sentence else 0
        yield (
            words.paragraphs[id], sentence, within, id, words[id], lemma, words.starts[id], words.ends[id],
            upos, xpos, relation, head, event,
        )  # fmt: skip


def _parsed(grammar: Grammar) -> Iterator[tuple[str, str, str, str, int, str]]:
    """Each token's lemma, tags, relation, head and event; the head of a root is itself, as in BookNLP."""
    heads, events = grammar.head.tolist(), grammar.event.tolist()
    labels = zip(grammar.lemma, grammar.upos, grammar.xpos, grammar.relation, strict=True)
    for id, (columns, head, event) in enumerate(zip(labels, heads, events, strict=True)):
        lemma, upos, xpos, relation = (visible(value) or "_" for value in columns)
        yield lemma, upos, xpos, relation, head if head >= 0 else id, "EVENT" if event else "O"


def _supersense_rows(book: Book, words: Words) -> Iterator[tuple[Any, ...]]:
    for sense in book.supersenses:
        if found := words.phrase((sense.start, sense.end)):
            first, last, text = found
            yield first, last, visible(sense.category), text


def numbers(book: Book) -> list[int]:
    """Each entity's COREF: 0 is the first-person narrator's (the first one's), so others count from 1."""
    narrator = next((entity.id for entity in book.entities if entity.narrator), None)
    return [0 if entity.id == narrator else entity.id + 1 for entity in book.entities]


def _mention_rows(book: Book, words: Words, corefs: Sequence[int]) -> list[Row]:
    """The mentions that hold a token, in order; groups and the unresolved are numbered after the entities."""
    rows: list[Row] = []
    known: dict[tuple[int, ...], int] = {(id,): coref for id, coref in enumerate(corefs)}
    fresh = len(corefs) + 1
    for mention in book.mentions:
        if (found := words.phrase((mention.start, mention.end))) is None:
            continue
        number = known.get(mention.entities)
        if number is None:
            number, fresh = fresh, fresh + 1
            if mention.entities:
                known[mention.entities] = number
        first, last, text = found
        prop, category = _PROP[mention.form], _category(book, mention)
        rows.append(Row(number, first, last, prop, category, text, mention.entities))
    return sorted(rows, key=lambda row: (row.first, row.last))


def _category(book: Book, mention: Mention) -> str:
    kinds = {book.entities[entity].kind for entity in mention.entities}
    kind = kinds.pop() if len(kinds) == 1 else mention.kind
    return mention.type if mention.type and kind == mention.kind else _CAT[kind]


def _quote_rows(
    book: Book, words: Words, mentions: Sequence[Row], corefs: Sequence[int]
) -> Iterator[tuple[Any, ...]]:
    naming = _by_speaker(mentions)
    for quote in book.quotes:
        found = words.phrase((quote.start, quote.end))
        if quote.kind == "other" or found is None:
            continue
        first, last, text = found
        if quote.speaker is None:
            yield first, last, None, None, None, None, text
            continue
        cue = words.phrase(quote.cue) if quote.cue else None
        who = cue or _nearest(naming.get(quote.speaker, []), first, last) or (None, None, None)
        yield first, last, *who, corefs[quote.speaker], text


def _by_speaker(mentions: Iterable[Row]) -> dict[int, list[Row]]:
    naming: dict[int, list[Row]] = {}
    for row in mentions:
        if len(row.entities) == 1:
            naming.setdefault(row.entities[0], []).append(row)
    return naming


def _nearest(naming: Sequence[Row], first: int, last: int) -> tuple[int, int, str] | None:
    """The speaker's mention that is nearest to a quote; BookNLP knows a speaker only through a mention."""
    at = bisect_left(naming, first, key=lambda row: row.first)
    near = naming[max(0, at - 1) : at + 1]
    if not near:
        return None
    row = min(near, key=lambda row: (max(first - row.last, row.first - last), row.first))
    return row.first, row.last, row.text


def _characters(
    book: Book, words: Words, mentions: Iterable[Row], corefs: Sequence[int]
) -> list[dict[str, Any]]:
    """The people that are mentioned or speak, the most mentioned first."""
    counts: dict[int, dict[str, Counter[str]]] = {}
    for row in mentions:
        if row.cat == "PER" and len(row.entities) == 1:
            forms = counts.setdefault(row.entities[0], {prop: Counter() for prop in _PROP.values()})
            forms[row.prop][row.text] += 1
    speakers = {quote.speaker for quote in book.quotes}
    people = (e for e in book.entities if e.id in counts or (e.id in speakers and _CAT[e.kind] == "PER"))
    said = profiles(book)
    found = [
        _roles(said[e.id], words) | _character(e, corefs[e.id], counts.get(e.id, {})) for e in people
    ]
    return sorted(found, key=lambda character: (-character["count"], character["id"]))


def _character(entity: Entity, coref: int, forms: dict[str, Counter[str]]) -> dict[str, Any]:
    names = {"proper": "PROP", "common": "NOM", "pronoun": "PRON"}
    pronouns = forms.get("PRON", Counter())
    return {
        "id": coref, "g": _gender(entity.pronouns, pronouns.total()),
        "count": sum(form.total() for form in forms.values()),
        "mentions": {
            key: [{"c": count, "n": words} for words, count in forms.get(prop, Counter()).most_common()]
            for key, prop in names.items()
        },
    }  # fmt: skip


def _roles(profile: Profile, words: Words) -> dict[str, list[dict[str, Any]]]:
    """What they do, what is done to them, what they are and have: the words as they stand, and their tokens."""
    return {
        role: [{"w": words[trait.token], "i": trait.token} for trait in getattr(profile, role)]
        for role in ROLES
    }


def _gender(pronouns: str | None, total: int) -> dict[str, Any] | None:
    """All weight on the set that begins with the same pronoun; a set BookNLP lacks is added."""
    if not pronouns:
        return None
    subject = pronouns.split("/")[0]
    likeliest = next((g for g in _GENDERS if g.split("/")[0] == subject), pronouns)
    inference = {g: float(g == likeliest) for g in dict.fromkeys((*_GENDERS, likeliest))}
    return {"inference": inference, "argmax": likeliest, "max": 1.0, "total": total}
