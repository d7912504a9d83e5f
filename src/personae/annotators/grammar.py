"""What the encoder's heads say of each word, as the Book has it: tags, lemmas, trees, events, supersenses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from personae.annotators.encoder import Reading
from personae.annotators.words import Words
from personae.book import Grammar, Supersense, Tokens

HAPPENS = 0.5
"""Chance from which a word says that something happens."""

OUTSIDE = "O"


def find_grammar(reading: Reading, words: Words, labels: dict[str, list[str]]) -> Grammar:
    """The grammar of every token; a root's relation is "root", and nothing else's is."""
    scripts = labels["script"]
    lemmas = {
        key: lemma_of(words.types[key[0]], scripts[key[1]])
        for key in set(zip(words.type_ids.tolist(), reading.script.tolist(), strict=True))
    }
    return Grammar(
        upos=_named(reading.upos, labels["upos"]),
        xpos=_named(reading.xpos, labels["xpos"]),
        lemma=tuple(lemmas[k] for k in zip(words.type_ids.tolist(), reading.script.tolist(), strict=True)),
        head=reading.head,
        relation=tuple(_relations(reading, labels["relation"])),
        event=reading.event >= HAPPENS,
    )


def _named(column: NDArray[np.int16], labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(labels.__getitem__, column.tolist()))


def _relations(reading: Reading, labels: Sequence[str]) -> Iterator[str]:
    for number, head in zip(reading.relation.tolist(), reading.head.tolist(), strict=True):
        relation = labels[number]
        if head < 0:
            yield "root"
        else:
            yield "dep" if relation == "root" else relation


def lemma_of(word: str, script: str) -> str:
    """Apply an edit script of train/samples.py: "L1|y" lowers, cuts a letter off and adds "y"; "K" keeps the case.

    A script that would leave nothing, or cut more than there is, leaves the word as it is.
    """
    base = word.replace("’", "'")
    base = base if script[0] == "K" else base.lower()
    number, _, ending = script[1:].partition("|")
    cut = int(number)
    stem = base[: len(base) - cut] if cut else base
    return (stem + ending if cut <= len(base) else base) or base


def find_supersenses(reading: Reading, tokens: Tokens, labels: dict[str, list[str]]) -> tuple[Supersense, ...]:
    """B-, I- and O-labels as spans; an I- that continues nothing opens a span of its own."""
    names = labels["sense"]
    starts, ends = tokens.start.tolist(), tokens.end.tolist()
    found: list[Supersense] = []
    sentence = tokens.sentence.tolist()
    open_category, open_at = "", -2
    for index in np.flatnonzero(reading.sense != names.index(OUTSIDE)).tolist():
        place, _, category = names[reading.sense[index]].partition("-")
        continues = place == "I" and open_at == index - 1 and category == open_category
        if continues and sentence[index] == sentence[index - 1]:
            found[-1] = Supersense(found[-1].start, ends[index], category)
        else:
            found.append(Supersense(starts[index], ends[index], category))
        open_category, open_at = category, index
    return tuple(found)
