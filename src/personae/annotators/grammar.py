"""What the encoder's heads say of each word, as the Book has it: tags, lemmas, trees, events, supersenses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from personae import lexicons
from personae.annotators.encoder import Reading
from personae.annotators.words import Words
from personae.book import Grammar, Supersense, Tokens

HAPPENS = 0.5
"""Chance from which a word says that something happens."""

OUTSIDE = "O"


def find_grammar(reading: Reading, words: Words, labels: dict[str, list[str]], known: Collection[str]) -> Grammar:
    """The grammar of every token; a root's relation is "root", and nothing else's is.

    `known` are English words in lower case; a lemma that is none of them is looked at twice.
    """
    scripts, xpos = labels["script"], labels["xpos"]
    keys = list(zip(words.type_ids.tolist(), reading.script.tolist(), reading.xpos.tolist(), strict=True))
    lemmas = {
        (word, script, tag): likely_lemma(words.types[word], scripts[script], xpos[tag], known)
        for word, script, tag in set(keys)
    }
    return Grammar(
        upos=_named(reading.upos, labels["upos"]),
        xpos=_named(reading.xpos, labels["xpos"]),
        lemma=tuple(map(lemmas.__getitem__, keys)),
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


INFLECTED = {
    "VBD": ("ed",), "VBN": ("ed",), "VBG": ("ing",), "VBZ": ("s", "es"), "NNS": ("s", "es"),
}  # fmt: skip
"""Endings of the regular forms, by Penn tag."""
IRREGULAR = frozenset({"VBD", "VBN", "VBG", "VBZ", "MD", "NNS", "JJR", "JJS", "RBR", "RBS"})
"""Penn tags of what the list of irregular forms may be; "saw" as a noun, or "found" as a base, is no such form."""


def likely_lemma(word: str, script: str, xpos: str, known: Collection[str]) -> str:
    """An irregular form by the list; a regular one by its ending, if that leaves a known word; else by the script."""
    low = word.lower().replace("’", "'")
    listed = lexicons.table("irregular_forms").get(low)
    present = xpos == "VBP" and (low.startswith("'") or listed == "be")
    if listed and (present or xpos in IRREGULAR):
        return listed
    for ending in INFLECTED.get(xpos, ()):
        if low.endswith(ending) and len(low) > len(ending) + 1:
            lemma = next((base for base in _bases(low[: -len(ending)], ending) if base in known), None)
            if lemma:
                return lemma
    found = lemma_of(word, script)
    return found if found.lower() in known or xpos in INFLECTED or xpos.startswith("NNP") else _whole(low, found, known)


def _bases(stem: str, ending: str) -> Iterator[str]:
    """What a regular form may be made of: "carri-ed" of carry, "stopp-ed" of stop, "bak-ed" of bake."""
    if stem.endswith("i") and ending != "ing":
        yield stem[:-1] + "y"
    if ending in ("ed", "ing") and stem[-1:] == stem[-2:-1] and stem[-1:] not in "sl":
        yield stem[:-1]
    if ending in ("ed", "ing") and stem[-1:] in "vcuzg":
        yield stem + "e"
    yield stem
    if ending != "s":
        yield stem + "e"
    if stem[-1:] == stem[-2:-1]:
        yield stem[:-1]


def _whole(low: str, lemma: str, known: Collection[str]) -> str:
    """A word that isn't inflected is its own lemma, unless the script made a word that is known."""
    return low if low in known else lemma


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
