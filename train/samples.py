"""Gold Books as what the encoder learns from: words, windows, and the labels that each corpus has.

A corpus teaches what it marks and nothing else: LitBank mentions, reference, events and lines; PDNC lines, and
reference in part; GUM people, reference and grammar; EWT grammar; SemCor supersenses; our scenes people, reference and
lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gold import gum, litbank, pdnc, scenes, semcor, ud
from personae.annotators.pieces import Pieces, cut, windows
from personae.annotators.quotes import Quotations
from personae.annotators.talk import follow_talk
from personae.book import Book, Span, Tokens
from personae.text import Text
from train.novels import known_mentions

TYPES = ("PER", "FAC", "GPE", "LOC", "VEH", "ORG")
FORMS = ("name", "noun", "pronoun")
SPAN_CLASSES = ("", *(f"{t}.{f}" for t in TYPES for f in FORMS))
"""What a span of words can be; the first is "no mention"."""

RARE = 3
"""Labels seen fewer times in training are not learnt."""

Array = NDArray[Any]


@dataclass(frozen=True)
class GoldMention:
    """Tokens `[first, last)`, its class in SPAN_CLASSES, and whom it means (a set of ids as one string)."""

    first: int
    last: int
    label: int
    means: str


@dataclass(frozen=True)
class GoldLine:
    """A line's tokens `[first, last)`, who says it and to whom, named as `GoldMention.means` is; its parts share an
    `utterance`."""

    first: int
    last: int
    speaker: str
    addressees: tuple[str, ...]
    utterance: int


@dataclass
class Sample:
    """A document. What its corpus doesn't mark is None; `people_only` says that other types aren't marked.

    `anchors` are mentions of whom it is known who they mean, where not all are marked.
    """

    name: str
    words: list[str]
    pieces: Pieces
    sentence: Array
    mentions: list[GoldMention] | None = None
    people_only: bool = False
    anchors: list[GoldMention] | None = None
    lines: list[GoldLine] = field(default_factory=list)
    events: Array | None = None
    tags: dict[str, Array] | None = None
    heads: Array | None = None
    senses: Array | None = None

    def windows(self, size: int, skip: int = 0) -> Iterator[Span]:
        """Windows as at run time; the first one ends after `skip` tokens, so that borders move between epochs."""
        shift = int(np.searchsorted(self.sentence, self.sentence[min(skip, len(self.sentence) - 1)]))
        if shift:
            yield from windows(self.pieces.first[: shift + 1], self.sentence[:shift], size)
        for first, last in windows(self.pieces.first[shift:] - self.pieces.first[shift], self.sentence[shift:], size):
            yield first + shift, last + shift


@dataclass
class Labels:
    """The label sets of the grammar's heads, most frequent first; what they don't have is -100."""

    upos: list[str]
    xpos: list[str]
    script: list[str]
    relation: list[str]
    sense: list[str]

    def ids(self, kind: str, values: Iterable[str]) -> Array:
        place = {label: number for number, label in enumerate(getattr(self, kind))}
        return np.array([place.get(v, -100) for v in values], np.int64)


def script(word: str, lemma: str) -> str:
    """How a lemma is made of its word: keep or lower its case, cut n letters off, add some. "K2|y", "L0|"."""
    word = word.replace("’", "'")
    case = "K" if lemma[:1].isupper() else "L"
    base = word if case == "K" else word.lower()
    same = 0
    while same < min(len(base), len(lemma)) and base[same] == lemma[same]:
        same += 1
    return f"{case}{len(base) - same}|{lemma[same:]}"


def prepared(book: Book, tokenizer: Any) -> tuple[Sample, Quotations]:
    """The words and windows of a Book, and its quotations as the run time finds them."""
    found = Quotations.of(Text(book.text, book.blocks, book.metadata), book.tokens)
    words = found.words
    pieces = cut(words.types, words.type_ids, found.quote_of >= 0, tokenizer)
    return Sample(book.metadata.title or "", words.text, pieces, found.tokens.sentence), found


def from_litbank(folder: Path, document: str, tokenizer: Any) -> Sample:
    """Mentions of all types, reference, events and lines."""
    book = litbank.load(folder, document)
    sample, found = prepared(book, tokenizer)
    tokens = found.tokens
    raw = litbank.mentions(folder, document)
    sample.mentions = [_mention(tokens, m.start, m.end, m.type, m.form, m.entity) for m in raw]
    names = {number: m.entity for m, number in zip(raw, (b.entities[0] for b in book.mentions), strict=True)}
    sample.lines = _lines(book, tokens, {n: names.get(n, f"#{n}") for n in range(len(book.entities))})
    sample.events = litbank.events(folder, document).astype(np.float32)
    return sample


def from_scenes(folder: Path, document: str, tokenizer: Any) -> Sample:
    """People, reference and lines."""
    book = scenes.load(folder, document)
    sample, found = prepared(book, tokenizer)
    sample.mentions, sample.people_only = _people(book, found.tokens), True
    sample.lines = _lines(book, found.tokens, {n: str(n) for n in range(len(book.entities))})
    return sample


def from_pdnc(folder: Path, document: str, tokenizer: Any) -> Sample:
    """Lines, and who is meant as far as that is known (`train.novels`)."""
    book = pdnc.load(folder, document)
    sample, found = prepared(book, tokenizer)
    talk = follow_talk(Text(book.text, book.blocks, book.metadata), found, pdnc.cast(folder, document))
    known = known_mentions(book, talk, found.tokens, pdnc.referring(folder, document))
    sample.anchors = [GoldMention(first, last, 0, means) for (first, last), means in known.items()]
    sample.lines = _lines(book, found.tokens, {n: str(n) for n in range(len(book.entities))})
    return sample


def from_gum(folder: Path, document: str, tokenizer: Any, labels: Labels) -> Sample:
    """People, reference and grammar."""
    book = gum.load(folder, document)
    sample, found = prepared(book, tokenizer)
    sample.mentions, sample.people_only = _people(book, found.tokens), True
    _add_grammar(sample, book, labels)
    return sample


def from_ewt(folder: Path, document: str, tokenizer: Any, labels: Labels) -> Sample:
    """Grammar."""
    book = ud.load(folder, document)
    sample, _ = prepared(book, tokenizer)
    _add_grammar(sample, book, labels)
    return sample


def from_semcor(folder: Path, document: str, tokenizer: Any, labels: Labels) -> Sample:
    """Supersenses; where only verbs are marked the rest is -100."""
    book = semcor.load(folder, document)
    sample, found = prepared(book, tokenizer)
    tags = ["O"] * len(found.tokens)
    for sense in book.supersenses:
        first, last = found.tokens.span(sense.start, sense.end)
        tags[first] = f"B-{sense.category}"
        tags[first + 1 : last] = [f"I-{sense.category}"] * (last - first - 1)
    sample.senses = labels.ids("sense", tags)
    if semcor.verbs_only(book):
        sample.senses[["-verb." not in t for t in tags]] = -100
    return sample


def collect_labels(ewt: Path, gum_folder: Path, semcor_folder: Path) -> Labels:
    """The label sets of the training splits."""
    counts: dict[str, Counter[str]] = {k: Counter() for k in ("upos", "xpos", "script", "relation", "sense")}
    books = [ud.load(ewt, d) for d in ud.documents(ewt, "train")]
    books += [gum.load(gum_folder, d) for d in gum.documents(gum_folder, "train")]
    for book in books:
        grammar = book.grammar
        words = [book.text[s:e] for s, e in zip(book.tokens.start, book.tokens.end, strict=True)]
        counts["upos"].update(grammar.upos)
        counts["xpos"].update(grammar.xpos)
        counts["relation"].update(grammar.relation)
        counts["script"].update(script(w, lemma) for w, lemma in zip(words, grammar.lemma, strict=True))
    for document in semcor.documents(semcor_folder, "train"):
        senses = semcor.load(semcor_folder, document).supersenses
        counts["sense"].update(f"{b}-{s.category}" for s in senses for b in "BI")
    counts["sense"]["O"] = 1 << 40
    kept = {k: [label for label, n in c.most_common() if n >= RARE] for k, c in counts.items()}
    return Labels(**kept)


def _add_grammar(sample: Sample, book: Book, labels: Labels) -> None:
    grammar = book.grammar
    scripts = [script(w, lemma) for w, lemma in zip(sample.words, grammar.lemma, strict=True)]
    sample.tags = {
        "upos": labels.ids("upos", grammar.upos),
        "xpos": labels.ids("xpos", grammar.xpos),
        "script": labels.ids("script", scripts),
        "relation": labels.ids("relation", grammar.relation),
    }
    sample.heads = grammar.head.astype(np.int64)


def _mention(tokens: Tokens, start: int, end: int, type: str, form: str, means: str) -> GoldMention:
    first, last = tokens.span(start, end)
    return GoldMention(first, last, SPAN_CLASSES.index(f"{type}.{form}"), means)


def _people(book: Book, tokens: Tokens) -> list[GoldMention]:
    """People's and groups' mentions; who several are is their ids in a row."""
    return [
        _mention(tokens, m.start, m.end, "PER", m.form, "+".join(map(str, sorted(m.entities))))
        for m in book.mentions
        if m.kind in ("person", "group") and m.entities
    ]


def _lines(book: Book, tokens: Tokens, names: dict[int, str]) -> list[GoldLine]:
    return [
        GoldLine(*tokens.span(q.start, q.end), names[q.speaker], tuple(names[a] for a in q.addressees), q.utterance)
        for q in book.quotes
        if q.speaker is not None and q.kind == "speech"
    ]
