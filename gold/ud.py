"""Universal Dependencies' English Web Treebank (Silveira et al., LREC 2014): tags, lemmas and dependency trees.

Layout: `*-ud-SPLIT.conllu`, each with several documents (`# newdoc id`). There are no people in it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from gold import conllu
from gold.layout import GoldError, read_raw
from personae.book import Book
from personae.text import Metadata

NEW_DOCUMENT = re.compile(r"^# newdoc id = (?=\S)", re.M)


def documents(folder: Path, split: str | None = None) -> list[str]:
    """The ids of the documents in the split's file, in its order."""
    found = [name for name, (own, _) in _table(folder).items() if split in (None, own)]
    if not found:
        raise GoldError(f"{folder}: no *-ud-{split or 'SPLIT'}.conllu there; check --data and --split")
    return found


def load(folder: Path, document: str) -> Book:
    """Tokens are the syntactic words; sentences stand in a row in their paragraph."""
    parsed = conllu.read(_table(folder)[document][1].splitlines())
    return Book(
        text=parsed.text,
        blocks=parsed.blocks,
        metadata=Metadata(title=document, language="en"),
        tokens=parsed.tokens,
        grammar=parsed.grammar,
    )


@lru_cache(maxsize=2)
def _table(folder: Path) -> dict[str, tuple[str, str]]:
    """Document to its split and its lines."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("*-ud-*.conllu")):
        split = path.stem.rpartition("-ud-")[2]
        for part in NEW_DOCUMENT.split(read_raw(path))[1:]:
            name, _, lines = part.partition("\n")
            found[name.strip()] = split, lines
    return found
