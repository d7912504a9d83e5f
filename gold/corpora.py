"""Which corpora there are, and which one a folder holds."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Protocol

from gold import gap, gum, litbank, pdnc, scenes, semcor, ud
from gold.layout import GoldError
from personae.book import Book


class Corpus(Protocol):
    """What every loader offers."""

    def documents(self, folder: Path, split: str | None = None) -> list[str]: ...

    def load(self, folder: Path, document: str) -> Book: ...


CORPORA: dict[str, Corpus] = {
    "litbank": litbank,
    "pdnc": pdnc,
    "gum": gum,
    "gap": gap,
    "ewt": ud,
    "semcor": semcor,
    "scenes": scenes,
}

FILES: dict[str, tuple[str, ...]] = {
    "pdnc": ("data/*/quotation_info.csv", "data/*/character_info.csv", "data/*/novel_text.txt"),
    "litbank": ("coref/tsv/*_brat.ann", "coref/brat/*_brat.txt", "quotations/tsv/*_brat.ann", "events/tsv/*.tsv"),
    "gum": ("dep/*.conllu",),
    "gap": ("gap-*.tsv",),
    "ewt": ("*-ud-*.conllu",),
    "semcor": ("brown*/*.tsv",),
    "scenes": ("*.xml",),
}
"""The files that a corpus's loader reads, as patterns; the first is one that only this corpus has."""


def guess(folder: Path) -> str:
    """The corpus whose files `folder` holds. Raises GoldError if none fits."""
    found = next((name for name, patterns in FILES.items() if any(folder.glob(patterns[0]))), None)
    if found is None:
        raise GoldError(f"{folder}: looks like none of {', '.join(CORPORA)}; check --data, or name --corpus")
    return found


def fingerprint(corpus: str, folder: Path) -> str:
    """SHA-256 over the names and contents of the corpus's files and splits."""
    digest = sha256()
    patterns = (*FILES[corpus], "splits/*.ids", "splits.*")
    for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
