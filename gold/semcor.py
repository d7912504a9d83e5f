"""SemCor 3.0 (Miller et al., HLT 1993): words and units of several words, each with its WordNet category.

Layout: `brown1/`, `brown2/`, `brownv/`, a document `br-k01.tsv` in one of them: word, lemma, tag, B- or I-category or
O; a blank line ends a sentence. Brown's letters say the genre: k to r are fiction. `brownv` has categories of verbs
only. The corpus has no splits: "heldout" here is every fifth fiction document of brown1 and brown2 by name, "train"
every other document of the three.

The corpus's text is tokenised; it's given here as LitBank's is, a sentence a line, a space between tokens. A unit
("primary_election") becomes its words with spaces between, and Treebank's quotation marks those of print.
Names are in the corpus under WordNet's top nodes ("noun.Tops" with the lemma "person"): such a word, and any other
whose lemma is a category's own name, gets that category here ("noun.person").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gold.layout import GoldError, chosen, read_raw
from personae.book import Book, Supersense, Tokens
from personae.text import Block, Metadata

PARTS = ("brown1", "brown2", "brownv")
VERBS_ONLY = "brownv"
FICTION = tuple(f"br-{letter}" for letter in "klmnpr")
EVERY = 5
MARKS = {"``": "“", "''": "”", "`": "‘"}
NAMES = (
    "act animal artifact attribute body cognition communication event feeling food group location motive object "
    "person phenomenon plant possession process quantity relation shape state substance time"
)
NOUNS = frozenset(NAMES.split())
"""WordNet's categories of nouns beside "Tops"."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a document: a word, or a unit of several, and its category, None for none."""

    words: tuple[str, ...]
    category: str | None
    goes_on: bool
    """Whether it belongs to the unit before it (I-)."""


def documents(folder: Path, split: str | None = None) -> list[str]:
    """The document names, as "br-k01"; `split` is "heldout", "train" or one of `splits/`."""
    part_of = {path.stem: path.parent.name for part in PARTS for path in folder.glob(f"{part}/*.tsv")}
    if split not in ("heldout", "train"):
        return chosen(folder, split, part_of)
    whole = (name for name, part in part_of.items() if part != VERBS_ONLY)
    heldout = sorted(name for name in whole if name.startswith(FICTION))[EVERY - 1 :: EVERY]
    found = heldout if split == "heldout" else sorted(part_of.keys() - set(heldout))
    if not found:
        raise GoldError(f"{folder}: holds no document of the split {split}; check --data and --corpus")
    return found


def load(folder: Path, document: str) -> Book:
    """Tokens and supersenses; `metadata.source` is the part of the corpus."""
    path = _path(folder, document)
    sentences = list(_sentences(read_raw(path)))
    text = "\n".join(" ".join(word for row in rows for word in row.words) for rows in sentences)
    return Book(
        text=text,
        blocks=(Block(0, len(text), "paragraph"),),
        metadata=Metadata(title=document, source=path.parent.name, language="en"),
        tokens=_tokens(sentences),
        supersenses=tuple(_supersenses(sentences)),
    )


def verbs_only(book: Book) -> bool:
    """Whether a Book of this corpus has categories of verbs alone, so that other words' mean nothing."""
    return book.metadata.source == VERBS_ONLY


def _path(folder: Path, document: str) -> Path:
    paths = (folder / part / f"{document}.tsv" for part in PARTS)
    found = next((path for path in paths if path.is_file()), None)
    if found is None:
        raise GoldError(f"{folder}: has no {document}.tsv in {', '.join(PARTS)}")
    return found


def _sentences(content: str) -> Iterator[list[Row]]:
    rows: list[Row] = []
    for line in (*content.splitlines(), ""):
        if line:
            rows.append(_row(line))
        elif rows:
            yield rows
            rows = []


def _row(line: str) -> Row:
    word, lemma, _, label = line.split("\t")
    words = tuple(filter(None, word.split("_"))) or (word,)
    start, _, category = label.partition("-")
    if category == "noun.Tops" and lemma in NOUNS:
        category = f"noun.{lemma}"
    return Row(tuple(MARKS.get(w, w) for w in words), category or None, start == "I")


def _tokens(sentences: list[list[Row]]) -> Tokens:
    """The words, a space or a line's end between."""
    words = [(word, n) for n, rows in enumerate(sentences) for row in rows for word in row.words]
    length = np.array([len(word) for word, _ in words], np.int32)
    start = (np.cumsum(length + 1) - length - 1).astype(np.int32)
    sentence = np.array([number for _, number in words], np.int32)
    return Tokens(start, start + length, sentence, np.zeros(len(words), np.int32))


def _supersenses(sentences: list[list[Row]]) -> Iterator[Supersense]:
    start, open_ = 0, None
    for row in (row for rows in sentences for row in rows):
        end = start + len(" ".join(row.words))
        if open_ and row.goes_on:
            open_ = Supersense(open_.start, end, open_.category)
        else:
            if open_:
                yield open_
            open_ = Supersense(start, end, row.category) if row.category else None
        start = end + 1
    if open_:
        yield open_
