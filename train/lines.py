"""Conversations with their right answers: what the net of lines learns from, and what it is measured on."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluate.assignment import best_pairs
from evaluate.speakers import matches, utterances
from gold import litbank, pdnc, scenes
from personae.annotators.conversations import Conversation, decide
from personae.annotators.encoder import POINTED, SAID, Reading
from personae.annotators.mentions import Candidate
from personae.annotators.people import People
from personae.annotators.quotes import Quotations
from personae.annotators.speakers import PRONOUN, Stretch, find_stretches, rows_of, vectors
from personae.annotators.talk import Heard, follow_talk, hear
from personae.annotators.voices import listen_to_voices
from personae.api import read_text
from personae.book import Book, Quote, Tokens
from personae.models import Models
from personae.text import Text
from train.novels import read_beginning

SCENES, PRACTICE = Path("gold/scenes"), Path("gold/practice")
TYPES = ("explicit", "anaphoric", "implicit", None)
MOST, ENCODED = 60_000, 12_000
"""Tokens of a novel whose conversations are read, and those of which the encoder makes something: beyond them the net
does without its vectors. Enough of a novel, in a fraction of the time."""


@dataclass(frozen=True)
class Example:
    """A stretch of a conversation, and the gold lines of its turns.

    `lines` int64 `[l, 3]` are (turn, the speaker's column or -1, type in TYPES); `addressees` bool `[l, p]` the columns
    of those spoken to; `references` int64 `[r, 2]` (node, column or -1) of the "he", "she" and "they" of one person.
    `mentions` float16 `[n, 256]` and `words` float16 `[t, 512]` are what the encoder makes of the
    nodes and the turns. `rules` bool `[l, 3]`: the rules have the speaker right, an addressee right, and there is one.
    """

    corpus: str
    stretch: Stretch
    lines: NDArray[np.int64]
    addressees: NDArray[np.bool_]
    references: NDArray[np.int64]
    mentions: NDArray[np.float16]
    words: NDArray[np.float16]
    rules: NDArray[np.bool_]


@dataclass(frozen=True)
class Source:
    """A document of a corpus; with `given`, its cast is known beforehand."""

    corpus: str
    loader: Any
    folder: Path
    document: str
    given: bool = False

    @property
    def label(self) -> str:
        return f"{self.corpus} {'cast given' if self.given else 'nothing given'}"


Answer = tuple[int, tuple[int, ...], int]
"""Speaker, addressees (persons, -1 for somebody unknown) and type of a gold line."""


def sources(data: Path, split: str) -> Iterator[Source]:
    """A split's documents; novels twice, with their cast and without. The practice scenes are there to learn from."""
    for corpus, loader, folder in (
        ("scenes", scenes, SCENES), ("litbank", litbank, data / "litbank"), ("pdnc", pdnc, data / "pdnc"),
    ):  # fmt: skip
        for document in loader.documents(folder, split):
            yield Source(corpus, loader, folder, document)
            if corpus == "pdnc":
                yield Source(corpus, loader, folder, document, given=True)
    if split == "train":
        yield from (Source("practice", scenes, PRACTICE, d) for d in scenes.documents(PRACTICE))


def silver_sources(data: Path) -> Iterator[Source]:
    """The full novels of LitBank's train split, as far as they are nobody's in PDNC and so have no gold lines."""
    known = [d.lower() for d in pdnc.documents(data / "pdnc")]
    for document in litbank.documents(data / "litbank", "train"):
        if not any(novel in document.replace("_", "") for novel in known):
            yield Source("silver", litbank, data / "litbank", document)


HIDDEN = 0.5
"""Share of the tags with a name that are hidden from whoever is to learn from silver lines."""


class Prepared:
    """Documents read once and kept in a folder, so that a stopped run can be taken up again."""

    def __init__(self, folder: Path, models: Models) -> None:
        self.folder, self.models = folder, models
        self._read: tuple[str, Reading] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, source: Source, split: str) -> list[Example]:
        path = self.folder / f"{source.label}.{split}.{source.document}.pickle".replace(" ", "_")
        if not path.exists():
            part = path.with_suffix(".part")
            part.write_bytes(pickle.dumps(silver(source) if source.corpus == "silver" else self.examples(source)))
            part.rename(path)
        found: list[Example] = pickle.loads(path.read_bytes())
        return found

    def examples(self, source: Source) -> list[Example]:
        """Everything that the net reads of a document, with the right answers."""
        book = source.loader.load(source.folder, source.document)
        text = _text(source, book)
        found = Quotations.of(text, book.tokens)
        tokens, words = found.tokens, found.words
        cast = source.loader.cast(source.folder, source.document) if source.given else None
        kept: list[Any] = []
        talk = follow_talk(
            text, found, cast,
            lambda *decided, **_: kept.append((*decided, [m.person for m in decided[1]])),
        )  # fmt: skip
        conversations, mentions, people, narrator, persons = kept[-1]
        whom = Whom.of(book, talk.lines, mentions, persons, people, tokens, source.given)
        answers = dict(_answers(source, book, talk.lines, whom))
        reading = self._reading(source, found)
        end = min(MOST, len(tokens))
        rows = rows_of(mentions, reading)
        meant = _meant(book, tokens, whom)
        made = []
        for stretch in find_stretches(conversations, mentions, people, tokens, words, narrator):
            if stretch.place.max() >= end:
                break
            conversation = conversations[stretch.conversation]
            read = vectors(stretch, rows, reading)
            made.append(_example(source, stretch, conversation, answers, meant, *read))
        return [example for example in made if len(example.lines)]

    def _reading(self, source: Source, found: Quotations) -> Reading:
        """The encoder's reading of the first ENCODED tokens, once for both ways of taking a novel."""
        if self._read is None or self._read[0] != source.document:
            self._read = source.document, read_beginning(found, ENCODED, self.models)[0]
        return self._read[1]


def silver(source: Source) -> list[Example]:
    """Lines whose tag names who speaks, with the tag hidden: what it says is the right answer.

    Nothing of the encoder's is in them. "Said Anselm" is read by rule, right for some 98 of 100 lines.
    """
    text = read_text(source.folder / "original" / f"{source.document}.txt")
    found = Quotations.of(text)
    tokens, words = found.tokens, found.words
    heard = hear(text, found, None)
    answers = dict(_hidden(heard, random.Random(source.document)))
    mentions, people, teller = heard.mentions, heard.people, heard.reading.teller
    conversations = decide(heard.turns, people, mentions, heard.reading.choices, teller, heard.breaks, heard.absent)
    listen_to_voices(conversations, words, mentions, teller)
    made = []
    for stretch in find_stretches(conversations, mentions, people, tokens, words, teller):
        if stretch.place.max() >= MOST:
            break
        mentioned = np.zeros((len(stretch.numbers), POINTED), np.float16)
        said = np.zeros((len(stretch.quotes), SAID), np.float16)
        made.append(_example(source, stretch, conversations[stretch.conversation], answers, {}, mentioned, said))
    return [example for example in made if len(example.lines)]


def _hidden(heard: Heard, chance: random.Random) -> Iterator[tuple[int, Answer]]:
    """Lines whose tags are taken out of the turns and mentions, and who speaks them."""
    for turn in heard.turns:
        tags = [line.tag for line in turn.lines if line.tag]
        named = {heard.mentions[tag.mention].person for tag in tags if heard.mentions[tag.mention].form == "name"}
        if named != {turn.speaker} or chance.random() > HIDDEN:
            continue
        for tag in tags:
            heard.mentions[tag.mention].kind = "place"  # nobody's, so that no node is made of it
        turn.named = None
        for line in turn.lines:
            line.tag = line.beat = None
            yield line.quote, (int(turn.speaker or 0), (), TYPES.index(None))


def _text(source: Source, book: Book) -> Text:
    if source.corpus != "pdnc":
        return Text(book.text, book.blocks, book.metadata)
    return read_text(pdnc.story(source.folder, source.document))


class Whom(dict[int, int]):
    """Gold entity to person."""

    @classmethod
    def of(
        cls, book: Book, lines: Sequence[Quote], mentions: Sequence[Candidate], persons: Sequence[int], people: People,
        tokens: Tokens, given: bool,
    ) -> Whom:  # fmt: skip
        """By the cast's rows, or by most agreement on names, phrases and lines."""
        if given:
            return cls({p.cast: p.id for p in people.everyone if p.cast is not None})
        agreement = np.zeros((len(people.everyone), len(book.entities)))
        ends = {(m.end, m.form): m.entities[0] for m in book.mentions if len(m.entities) == 1}
        names = {n: e.id for e in book.entities for n in (e.name, *e.aliases)}
        for mention, person in zip(mentions, persons, strict=True):
            if person < 0 or mention.form == "pronoun":
                continue
            end = int(tokens.end[mention.last - 1])
            called = book.text[int(tokens.start[mention.first]) : end]
            gold = ends.get((end, mention.form), names.get(called, -1))  # narration may be unmarked
            if gold >= 0:
                agreement[person, gold] += 1
        for parts, quote in _found(book, lines):
            if quote.speaker is not None:
                agreement[quote.speaker, parts[0].speaker] += LINE
        return cls({gold: person for person, gold in best_pairs(agreement)})


LINE = 0.5
"""Weight of a line that the rules give to somebody, beside a name."""


def _found(book: Book, lines: Sequence[Quote]) -> Iterator[tuple[tuple[Quote, ...], Quote]]:
    """The gold lines that have a speaker and were found, with the quotation found for each."""
    scored = [parts for parts in utterances(book) if parts[0].speaker is not None]
    for parts, quote in zip(scored, matches(scored, Book(text=book.text, quotes=tuple(lines))), strict=True):
        if quote is not None:
            yield parts, quote


def _answers(source: Source, book: Book, lines: Sequence[Quote], whom: Whom) -> Iterator[tuple[int, Answer]]:
    types = pdnc.quote_types(source.folder, source.document) if source.corpus == "pdnc" else {}
    for parts, quote in _found(book, lines):
        speaker, addressees = parts[0].speaker, parts[0].addressees
        assert speaker is not None
        kind = TYPES.index(types.get(parts[0].utterance))
        yield quote.id, (whom.get(speaker, -1), tuple(whom.get(a, -1) for a in addressees), kind)


def _meant(book: Book, tokens: Tokens, whom: Whom) -> dict[int, int]:
    """Tokens of pronouns that mean one person to that person, -1 for somebody unknown."""
    found = {}
    for mention in book.mentions:
        if mention.form == "pronoun" and len(mention.entities) == 1:
            found[tokens.span(mention.start, mention.end)[0]] = whom.get(mention.entities[0], -1)
    return found


def _example(
    source: Source, stretch: Stretch, conversation: Conversation, answers: dict[int, Answer], meant: dict[int, int],
    mentions: NDArray[np.float16], words: NDArray[np.float16],
) -> Example:  # fmt: skip
    column = {p: i for i, p in enumerate(conversation.present)}
    rows, told, rules = [], [], []
    for number in range(stretch.first, stretch.last):
        turn = conversation.turns[number]
        for speaker, addressees, kind in dict.fromkeys(answers[x.quote] for x in turn.lines if x.quote in answers):
            rows.append((number - stretch.first + stretch.skipped, column.get(speaker, -1), kind))
            told.append([person in addressees for person in conversation.present])
            heard = bool(set(turn.addressees) & set(addressees))
            rules.append((speaker >= 0 and turn.speaker == speaker, heard, bool(addressees)))
    third = (stretch.columns[:, 1] == PRONOUN) & np.isin(stretch.columns[:, 2], (1, 2, 3))
    known = [(n, meant[int(stretch.place[n])]) for n in np.flatnonzero(third) if int(stretch.place[n]) in meant]
    references = [(n, column.get(person, -1)) for n, person in known]
    return Example(
        source.label, stretch, np.array(rows, np.int64).reshape(-1, 3), np.array(told, bool).reshape(-1, len(column)),
        np.array(references, np.int64).reshape(-1, 2), mentions, words,
        np.array(rules, bool).reshape(-1, 3),
    )  # fmt: skip
