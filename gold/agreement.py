"""How far two annotators agree on the scenes.

    python -m gold.agreement [--scenes gold/scenes] [--differences | --settled]

The second annotation of `SCENE.xml` is `second/SCENE.xml`, made from the plain text and the list of people alone.
Spans are compared exactly; speaker, addressees and reference on the spans both marked. Kappa is Cohen's (1960),
each value a category of its own; addressees and references to several people agree if the sets are the same.

`second/differences.tsv` keeps every difference as it was before the two were settled, and how each was: "second"
where the scene now has the second annotator's mark, "first" where it was right, "both" where either can be defended
and the scene stays as it was. So `--differences` lists now those that were settled "first" or "both".
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from rich.console import Console
from rich.table import Table

from gold import scenes
from personae.book import Book, Span

Labels = dict[Span, tuple[int, ...]]
Label = tuple[str, tuple[int, ...]]


@dataclass
class Layer:
    """One thing both annotators marked: spans with a label each, over any number of scenes."""

    first: int = 0
    second: int = 0
    pairs: list[tuple[Label, Label]] = field(default_factory=list)

    def add(
        self, scene: str, one: Labels, other: Labels
    ) -> list[tuple[Span, tuple[int, ...] | None, tuple[int, ...] | None]]:
        """Count a scene in; the differences in order: (span, first label, second label), None where unmarked."""
        self.first += len(one)
        self.second += len(other)
        both = one.keys() & other.keys()
        self.pairs += [((scene, one[s]), (scene, other[s])) for s in sorted(both)]
        return [(s, one.get(s), other.get(s)) for s in sorted(one.keys() | other.keys()) if one.get(s) != other.get(s)]

    @property
    def spans(self) -> float:
        """F1 of exact spans, the first taken as gold."""
        return 200 * len(self.pairs) / max(self.first + self.second, 1)

    @property
    def share(self) -> float:
        """Percentage of the spans both marked that have the same label."""
        return 100 * sum(a == b for a, b in self.pairs) / max(len(self.pairs), 1)

    @property
    def kappa(self) -> float:
        """Over all scenes at once; no scene has another's people, so chance says little."""
        return kappa(self.pairs)

    @property
    def scene_kappa(self) -> float:
        """The mean of the scenes' own kappas, where chance knows who is in the scene."""
        documents = {scene for (scene, _), _ in self.pairs}
        own = [kappa([pair for pair in self.pairs if pair[0][0] == scene]) for scene in sorted(documents)]
        return fmean(own) if own else 1.0


def kappa(pairs: Sequence[tuple[object, object]]) -> float:
    """Cohen's kappa of paired labels; 1.0 where chance alone would already agree always."""
    total = len(pairs)
    if not total:
        return 1.0
    one, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = sum(a == b for a, b in pairs) / total
    chance = sum(count * other[label] for label, count in one.items()) / total**2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def speakers(book: Book) -> Labels:
    """Speech span to speaker; -1 for a chorus, which has no one speaker."""
    return {(q.start, q.end): (-1 if q.speaker is None else q.speaker,) for q in book.quotes if q.kind == "speech"}


def addressees(book: Book) -> Labels:
    return {(q.start, q.end): tuple(sorted(q.addressees)) for q in book.quotes if q.kind == "speech"}


def references(book: Book) -> Labels:
    return {(m.start, m.end): tuple(sorted(m.entities)) for m in book.mentions}


HOW = ("first", "second", "both")
LAYERS = {"speaker": speakers, "addressee": addressees, "reference": references}


def compare(folder: Path, documents: Iterable[str]) -> tuple[dict[str, Layer], list[str]]:
    """Agreement layer by layer, and every difference as a line."""
    layers = {name: Layer() for name in LAYERS}
    differences: list[str] = []
    for document in documents:
        one, other = scenes.load(folder, document), scenes.load(folder / "second", document)
        for name, labels in LAYERS.items():
            for span, first, second in layers[name].add(document, labels(one), labels(other)):
                labelled = f"{_names(one, first)}\t{_names(one, second)}"
                differences.append(f"{document}\t{name}\t{_quoted(one, span)}\t{labelled}")
    return layers, differences


def kind(first: str, second: str) -> str:
    """What sort of difference two labels of a listed difference are."""
    if first == "unmarked":
        return "marked by the second only"
    return "marked by the first only" if second == "unmarked" else "another person"


def settled(path: Path) -> Counter[tuple[str, str, str]]:
    """The settled differences by layer, kind and how they were settled."""
    _, *rows = path.read_text(encoding="utf-8").splitlines()
    fields = (row.split("\t") for row in rows)
    return Counter((layer, kind(first, second), how) for _, layer, _, first, second, how in fields)


def _quoted(book: Book, span: Span) -> str:
    start, end = span
    before = book.text[max(0, start - 30) : start]
    return f"{before}[{book.text[start:end]}]{book.text[end : end + 15]}".replace("\n", " ")


def _names(book: Book, label: tuple[int, ...] | None) -> str:
    if label is None:
        return "unmarked"
    return " and ".join("chorus" if i < 0 else book.entities[i].name for i in label) or "nobody"


def _settled_table(counts: Counter[tuple[str, str, str]]) -> Table:
    table = Table(title=f"{counts.total()} differences, settled")
    for column in ("layer", "difference", *HOW):
        table.add_column(column, justify="right" if column in HOW else "left")
    for layer, sort in sorted({(layer, sort) for layer, sort, _ in counts}):
        table.add_row(layer, sort, *(str(counts[layer, sort, how]) for how in HOW))
    table.add_row("all", "", *(str(sum(n for (_, _, h), n in counts.items() if h == how)) for how in HOW))
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=Path, default=Path("gold/scenes"))
    parser.add_argument("--differences", action="store_true", help="list every difference, tab-separated")
    parser.add_argument("--settled", action="store_true", help="how the differences were settled")
    parser.add_argument("documents", nargs="*", help="scenes to compare; all that have a second annotation if none")
    options = parser.parse_args()
    if options.settled:
        Console().print(_settled_table(settled(options.scenes / "second" / "differences.tsv")))
        return
    found = options.documents or sorted(p.stem for p in (options.scenes / "second").glob("*.xml"))
    layers, differences = compare(options.scenes, found)
    if options.differences:
        print("\n".join(differences))
        return
    table = Table(title=f"two annotators, {len(found)} scenes")
    for column in ("layer", "marked by the first", "by the second", "spans F1", "same label", "kappa", "by scene"):
        table.add_column(column, justify="left" if column == "layer" else "right")
    for name, layer in layers.items():
        figures = (f"{layer.spans:.1f}", f"{layer.share:.1f} %", f"{layer.kappa:.3f}", f"{layer.scene_kappa:.3f}")
        table.add_row(name, str(layer.first), str(layer.second), *figures)
    Console().print(table)


if __name__ == "__main__":
    main()
