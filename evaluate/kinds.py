"""Which kinds of mistake there are most of: trees, supersenses, reference.

    python -m evaluate.kinds trees --data EWT --split dev
    python -m evaluate.kinds supersenses --data SEMCOR --split heldout
    python -m evaluate.kinds coreference --data LITBANK --split dev

Of trees and supersenses every wrong word or span is put down under one kind. Of reference, where one wrong link takes
others with it, the table says what CoNLL would be if one kind alone were right.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from evaluate import coreference, supersenses, trees
from evaluate.case import Case
from evaluate.coreference import PEOPLE, Meaning
from evaluate.run import Run, shared_out
from gold.corpora import guess
from personae.book import Book, Mention
from personae.errors import PersonaeError

MOST = 16
"""Kinds that are shown, after all of one sort together."""
GROUPS = {
    "all wrong heads": "head", "all that are left out": "left out: ", "all that are added": "added: ",
    "all taken for another": " taken for ", "all of another extent": "extent",
}  # fmt: skip
"""Sorts of kinds, by the words that theirs have."""


def tree_kinds(case: Case) -> Counter[str]:
    """Of the words that both have: those whose head is wrong by their relation, or only their relation is."""
    gold, predicted = case.gold, case.predicted
    pairs = trees.pairs_of(gold.tokens, predicted.tokens)
    right = trees.right_words(gold, predicted, pairs)
    place = dict(zip(*(side.tolist() for side in pairs), strict=True))
    relations, others = trees.bare_relations(gold.grammar), trees.bare_relations(predicted.grammar)
    found: Counter[str] = Counter({"": len(pairs[0])})
    columns = pairs[0].tolist(), pairs[1].tolist(), right["UAS"].tolist(), right["LAS"].tolist()
    for ours, theirs, head, both in zip(*columns, strict=True):
        own, above = relations[ours], int(gold.grammar.head[ours])
        if not head and above >= 0 and not _together(predicted, theirs, place.get(above)):
            found["the head is in what was taken for another sentence, or no word of ours"] += 1
        elif not head:
            found[f"head of {own}"] += 1
        elif not both:
            found[f"{own} taken for {others[theirs]}"] += 1
    return found


def _together(book: Book, word: int, other: int | None) -> bool:
    return other is not None and bool(book.tokens.sentence[word] == book.tokens.sentence[other])


def sense_kinds(case: Case) -> Counter[str]:
    """Of what gold has and of what isn't there: left out, added, of another extent, or of another category."""
    measured = supersenses.measure(case)
    found: Counter[str] = Counter({"": measured.counts["all", "gold"]})
    added = {(start, end): category for start, end, category in measured.added}
    for start, end, category in measured.missed:
        same = added.pop((start, end), None)
        crossing = [span for span in added if span[0] < end and start < span[1]]
        if same:
            found[f"{category} taken for {same}"] += 1
        elif crossing:
            found["of another extent"] += 1
            for span in crossing:
                del added[span]
        else:
            found[f"left out: {category}"] += 1
    found.update(f"added: {category}" for category in added.values())
    return found


def put_right(case: Case) -> dict[str, coreference.Totals]:
    """The parts of CoNLL as it is, and with one kind of mention put right."""
    gold, own = (coreference.meaning(book, lambda m: True) for book in (case.gold, case.predicted))
    mentions = {(m.start, m.end): m for m in reversed(case.predicted.mentions)}
    owners = _owners(gold, own)

    def moved(wanted: Callable[[Mention], bool]) -> Meaning:
        right = {span for span in own if span in gold and wanted(mentions[span])}
        return {span: owners[gold[span]] if span in right else whom for span, whom in own.items()}

    found = {
        "as it is": own,
        "no mention that gold hasn't": {span: whom for span, whom in own.items() if span in gold},
        "… and none left out: those stand alone": {span: own.get(span, span) for span in gold},
        "pronouns right": moved(lambda m: m.form == "pronoun"),
        "nouns right": moved(lambda m: m.form == "noun"),
        "names right": moved(lambda m: m.form == "name"),
        "people right": moved(lambda m: m.kind in PEOPLE),
        "places and things right": moved(lambda m: m.kind not in PEOPLE),
        "all that were found right": moved(lambda m: True),
    }
    wanted = coreference.clusters(gold)
    return {name: coreference.parts(wanted, coreference.clusters(means)) for name, means in found.items()}


def _owners(gold: Meaning, own: Meaning) -> dict[Hashable, Hashable]:
    """Where the mentions of each gold entity belong: the cluster that most of them are in, if it is mostly theirs."""
    ours: defaultdict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    theirs: defaultdict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    for span in own.keys() & gold.keys():
        ours[gold[span]][own[span]] += 1
        theirs[own[span]][gold[span]] += 1
    found: dict[Hashable, Hashable] = {}
    for entity, counts in ours.items():
        likeliest = max(counts, key=lambda whom: (counts[whom], theirs[whom][entity] == max(theirs[whom].values())))
        mostly = theirs[likeliest][entity] == max(theirs[likeliest].values())
        found[entity] = likeliest if mostly else ("apart", entity)
    return found


def _counted(measured: Sequence[Counter[str]]) -> Table:
    total = sum(measured, Counter())
    size = total.pop("")
    together = Counter(dict.fromkeys(GROUPS, 0))
    for kind, count in total.items():
        together[next(group for group, mark in GROUPS.items() if mark in kind)] += count
    table = Table("kind", "wrong", f"% of {size:,}", title=f"{sum(total.values()):,} wrong")
    for kinds, most in ((+together, len(GROUPS)), (total, MOST)):
        for kind, count in kinds.most_common(most):
            table.add_row(kind, f"{count:,}", f"{100 * count / size:.2f}")
        table.add_section()
    return table


def _compared(measured: Sequence[dict[str, coreference.Totals]]) -> Table:
    table = Table("", *COREFERENCE)
    for name in measured[0]:
        found = coreference.figures([one[name] for one in measured])
        table.add_row(name, *(f"{found[figure]:.1f}" for figure in COREFERENCE))
    return table


COREFERENCE = ("CoNLL", "MUC F1", "B³ F1", "CEAFφ4 F1")
KINDS: dict[str, tuple[Callable[[Case], Any], Callable[[Sequence[Any]], Table]]] = {
    "trees": (tree_kinds, _counted),
    "supersenses": (sense_kinds, _counted),
    "coreference": (put_right, _compared),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 and one line for a mistake in the request or the data."""
    parser = argparse.ArgumentParser(prog="python -m evaluate.kinds", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("task", choices=KINDS)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="a folder laid out like the corpus")
    parser.add_argument("--split", metavar="NAME", help="the documents in splits/NAME.ids; all if left out")
    options = parser.parse_args(arguments)
    try:
        run = Run(options.task, guess(options.data), options.data, options.split)
        measured = shared_out(partial(_of_document, run), run.documents())
    except (PersonaeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    Console(width=None if sys.stdout.isatty() else 140).print(KINDS[options.task][1](measured))
    return 0


def _of_document(run: Run, document: str) -> Any:
    return KINDS[run.task][0](run.case(document))


if __name__ == "__main__":
    sys.exit(main())
