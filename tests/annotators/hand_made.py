"""Stories, wordpieces, mentions and people made by hand, so that each step can be tried without weights."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from personae.annotators.encoder import POINTED, SAID
from personae.annotators.links import NODE_SIZES, Nodes
from personae.annotators.spans import Span
from personae.annotators.tokens import tokenize
from personae.annotators.words import Words, look_up
from personae.book import Form, Grammar, Tokens
from tests.stories import text_of

VOCABULARY = {
    "[PAD]": 0, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, "'": 5, '"': 6, "a": 7, "##a": 8, "late": 9, "##s": 10,
}  # fmt: skip


def tokenizer() -> Tokenizer:
    """Of a handful of pieces; any other word is unknown."""
    made = Tokenizer(WordPiece(VOCABULARY, unk_token="[UNK]"))
    made.normalizer = BertNormalizer(lowercase=True)
    made.pre_tokenizer = BertPreTokenizer()
    return made


def story(content: str) -> tuple[Tokens, Words]:
    tokens = tokenize(text_of(content))
    return tokens, look_up(content, tokens)


def spans(content: str, tokens: Tokens, notes: str) -> list[Span]:
    """Of notes "WORDS=TYPE.form; …" (PER left out), looked for in order; the last word is the head."""
    found: list[Span] = []
    at, before = 0, ""
    for note in notes.split("; "):
        words, kind = note.split("=")
        at = content.index(words, at + (words == before))
        before = words
        type, _, form = kind.rpartition(".")
        first, last = tokens.span(at, at + len(words))
        found.append(Span(first, last, last - 1, type or "PER", _form(form), 0.9))
    return found


def _form(word: str) -> Form:
    forms: dict[str, Form] = {"name": "name", "noun": "noun", "pronoun": "pronoun"}
    return forms[word]


def flat(size: int, **columns: Any) -> Grammar:
    """Grammar in which nothing hangs on anything, but for the given columns."""
    nothing = ("",) * size
    whole = {
        "upos": nothing, "xpos": nothing, "lemma": nothing, "head": np.full(size, -1, np.int32),
        "relation": nothing, "event": np.zeros(size, np.bool_),
    }  # fmt: skip
    return Grammar(**(whole | columns))


COLUMNS = ("form", "type", "pronoun", "relation", "quoted", "gender", "anchored", "number")
"""The columns of `Nodes.columns`."""


def columns(size: int, **given: list[int]) -> NDArray[np.int64]:
    """`Nodes.columns`, zero but for the given ones."""
    made = np.zeros((size, len(NODE_SIZES)), np.int64)
    for name, values in given.items():
        made[:, COLUMNS.index(name)] = values
    return made


def nodes(size: int, **given: Any) -> Nodes:
    """`size` mentions, one a token, of which nothing is known but what is given."""
    place = np.arange(size, dtype=np.int32)
    unknown, zero = np.full(size, -1, np.int32), np.zeros(size, np.int32)
    whole: dict[str, Any] = {column.name: unknown for column in fields(Nodes)} | {
        "first": place, "last": place + 1, "head": place, "text": place, "word": place, "lead": place,
        "sentence": zero, "block": zero, "seen": zero, "sure": zero.astype(np.float32), "columns": columns(size),
        "beside": np.full((size, 3), -1, np.int32),
    }  # fmt: skip
    return Nodes(**(whole | {name: np.array(values, whole[name].dtype) for name, values in given.items()}))


OUTPUTS = ("words", "opening", "closing", "arc", "upos", "xpos", "script", "sense", "relation", "event")


CLASSES, NAME_OF_A_PLACE = 5, 3


class Encoder:
    """In the place of the graph: the first word of each window is a mention, and each word hangs on the one before it.

    A word's tag is the number of its sentence, and so are the numbers of its vector.
    """

    def get_outputs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name=name) for name in OUTPUTS]

    def run(self, names: None, given: dict[str, NDArray[Any]]) -> list[NDArray[Any]]:
        sentence = given["sentence"]
        b, n = sentence.shape
        opening = np.full((b, n, CLASSES, 2), [-9.0, 0.0], np.float32)
        opening[:, :, 0] = 0
        opening[:, 0, 1 + NAME_OF_A_PLACE, 1] = 11
        closing = np.ones((b, n, 2), np.float32)
        closing[:, 1:, 1] = 0
        arc = np.full((b, n, n), -1e4, np.float32)
        starts = np.diff(sentence, axis=1, prepend=-2) != 0
        place = np.arange(n)
        arc[:, place, np.maximum(place - 1, 0)] = np.where(starts, -1e4, 1.0)
        arc[:, place, place] = np.where(starts, 1.0, -1e4)
        tag = sentence.astype(np.int16)
        words = np.repeat(sentence[..., None], 384, -1).astype(np.float32)
        sides = [opening.reshape(b, n, -1), closing]
        return [words, *sides, arc, tag, tag, tag, tag, tag, tag.astype(np.float32)]


def phrases(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors[:, :2]


def _ones(rows: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    return np.ones((len(rows), width), np.float32)


def models() -> Any:
    """What `encode` asks of Models."""
    reading = SimpleNamespace(run=lambda names, given: [phrases(given["spans"])])
    heads = SimpleNamespace(run=lambda names, given: [_ones(given["mentions"], POINTED), _ones(given["lines"], SAID)])
    return SimpleNamespace(tokenizer=tokenizer(), encoder=Encoder(), phrases=reading, heads=heads)
