"""GAP (Webster et al., TACL 2018): gendered pronouns in short passages, each with two names that it may mean.

Layout: `gap-SPLIT.tsv`; a document is a row's ID.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from io import StringIO
from pathlib import Path

from gold.layout import GoldError, as_text, read_raw
from personae.book import Book, Entity, Form, Mention
from personae.text import Metadata

Row = dict[str, str]


def documents(folder: Path, split: str | None = None) -> list[str]:
    """The rows' IDs; "dev" is the corpus's "validation", as its "development" set is for training."""
    wanted = {"dev": "validation", "train": "development"}.get(split or "", split)
    found = [name for name, row in _table(folder).items() if wanted in (None, row["split"])]
    if not found:
        raise GoldError(f"{folder}: no gap-{wanted}.tsv there; leave --split out to take every document")
    return found


def load(folder: Path, document: str) -> Book:
    """Entities 0 and 1 are the two names; the pronoun has one of them, or none where it means neither."""
    row = _table(folder)[document]
    pronoun = tuple(number for number, name in enumerate("AB") if row[f"{name}-coref"].upper() == "TRUE")
    mentions = [
        _mention(row, "A", "name", (0,)),
        _mention(row, "B", "name", (1,)),
        _mention(row, "Pronoun", "pronoun", pronoun),
    ]
    text = as_text(row["Text"])
    return Book(
        text=text.content,
        blocks=text.blocks,
        metadata=Metadata(title=document, language="en"),
        entities=(Entity(0, "person", row["A"]), Entity(1, "person", row["B"])),
        mentions=tuple(sorted(mentions, key=lambda m: m.start)),
    )


@lru_cache(maxsize=2)
def _table(folder: Path) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for path in sorted(folder.glob("gap-*.tsv")):
        split = path.stem.removeprefix("gap-")
        for row in csv.DictReader(
            StringIO(read_raw(path), newline=""), delimiter="\t", quoting=csv.QUOTE_NONE
        ):
            rows[row["ID"]] = {**row, "split": split}
    return rows


def _mention(row: Row, name: str, form: Form, entities: tuple[int, ...]) -> Mention:
    start = int(row[f"{name}-offset"])
    span = start, start + len(row[name])
    return Mention(*span, span, form, entities, 1.0)
