"""What speaks for two mentions meaning the same: the features that the net of people reads.

Mentions are nodes in the order of the text. Each is held against the `NEAREST` before it and against the last
mention of up to `RECALLED` others met further back, so that time and memory grow with the length of the book and no
faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personae import lexicons
from personae.annotators.memory import Speech
from personae.annotators.mentions import Candidate, gender_of_noun
from personae.annotators.people import HE, SHE, THEY, People
from personae.annotators.spans import FORMS, TYPES, Span
from personae.annotators.words import DETERMINER, Words
from personae.book import Grammar, Tokens

NEAREST = 48
RECALLED = 16
PRONOUNS = ("", "I", "you", HE, SHE, "it/its", THEY, "we")
OTHER_PRONOUN = len(PRONOUNS)
GENDERS = {None: 0, HE: 1, SHE: 2, THEY: 3, "we": 3, "it/its": 4}
RELATIONS = {
    name: number
    for number, names in enumerate(
        (
            "nsubj nsubj:pass csubj", "obj iobj", "nmod:poss", "obl obl:agent", "nmod", "conj", "vocative", "appos",
            "root",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
STEPS = np.array([1, 2, 3, 4, 5, 7, 10, 14, 20, 30, 48, 100])
SENTENCES = np.array([1, 2, 3, 4, 6, 9, 15, 30, 100])
PARAGRAPHS = np.array([1, 2, 3, 4, 6, 10, 25])
SURE = np.array([0.5, 0.8])
OFTEN = np.array([1, 2, 4, 8, 20])
BESIDE = 40
"""Tokens from a line within which narration stands beside it."""

NODE_SIZES = (len(FORMS), len(TYPES), OTHER_PRONOUN + 1, 10, 2, 5, 3, 3)
"""How many values each column of `Nodes.columns` has: form, type, pronoun, relation, quoted, gender, anchored,
number."""

PAIR_SIZES = (13, 10, 9, 9, 3, 4, 3, 28, 6, 3, 6, 100, 81, 6, 6, 3, 9, 5)
"""How many values each pair feature has, in the order of `pairs`."""

Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Nodes:
    """Mentions as columns, `[n_nodes]` each.

    `columns` is int64 `[n_nodes, len(NODE_SIZES)]`. `person` is whom the rules take the mention for (-1 unknown), with
    `sure` from 0 to 1; `speaker` and `quote` are those of the quotation it stands in, -1 in narration. `beside` is
    `[n_nodes, 3]`: who speaks the last line before it in its paragraph, the next line there, and the last line of the
    paragraphs before.
    """

    first: Ints
    last: Ints
    head: Ints
    columns: NDArray[np.int64]
    sentence: Ints
    block: Ints
    person: Ints
    sure: NDArray[np.float32]
    quote: Ints
    speaker: Ints
    addressee: Ints
    text: Ints
    word: Ints
    lead: Ints
    governor: Ints
    seen: Ints
    beside: Ints

    def __len__(self) -> int:
        return len(self.first)


def make_nodes(
    spans: Sequence[Span],
    candidates: Sequence[Candidate],
    people: People,
    speech: dict[int, Speech],
    tokens: Tokens,
    words: Words,
    quote_of: Ints,
    grammar: Grammar,
) -> Nodes:
    """Nodes of the spans; `candidates` are what the rules found, and resolved, in the same text."""
    size = len(spans)
    first, last, head = (np.array([getattr(s, k) for s in spans], np.int32) for k in ("first", "last", "head"))
    matched = match(spans, candidates)
    person = np.full(size, -1, np.int32)
    sure = np.zeros(size, np.float32)
    for number, candidate in enumerate(matched):
        if candidate is not None and candidate.person >= 0:
            person[number], sure[number] = candidate.person, candidate.confidence
    quote = quote_of[head] if size else np.zeros(0, np.int32)
    spoken = [speech.get(q) if q >= 0 else None for q in quote.tolist()]
    speaker = np.array([s.speaker if s and s.speaker is not None else -1 for s in spoken], np.int32)
    addressee = np.array([s.addressees[0] if s and len(s.addressees) == 1 else -1 for s in spoken], np.int32)
    sets = [_pronoun(s, words) for s in spans]
    relation = [RELATIONS.get(grammar.relation[s.head], 0) for s in spans]
    gender = [_gender(s, p, c, people, words) for s, p, c in zip(spans, sets, person.tolist(), strict=True)]
    anchored = np.where(person < 0, 0, np.where(sure >= SURE[1], 2, 1))
    columns = np.array(
        [
            [FORMS.index(s.form) for s in spans], [TYPES.index(s.type) for s in spans], sets, relation, quote >= 0,
            gender, anchored, [number_of(s, p, grammar) for s, p in zip(spans, sets, strict=True)],
        ],
        np.int64,
    ).T.reshape(size, len(NODE_SIZES))  # fmt: skip
    text, word, lead = _strings(spans, words)
    return Nodes(
        first, last, head, columns, tokens.sentence[head] if size else first, tokens.block[head] if size else first,
        person, sure, quote.astype(np.int32), speaker, addressee, text, word, lead,
        grammar.head[head] if size else first, _times_seen(person),
        _speakers_beside(first, speech, tokens),
    )  # fmt: skip


def _speakers_beside(first: Ints, speech: dict[int, Speech], tokens: Tokens) -> Ints:
    """`Nodes.beside`; -1 where there is no such line, or nobody is known to speak it."""
    said = sorted((s for s in speech.values() if s.last > 0), key=lambda s: s.last)
    found = np.full((len(first), 3), -1, np.int32)
    if not said or not len(first):
        return found
    last = np.array([s.last for s in said], np.int32)
    speaker = np.array([-1 if s.speaker is None else s.speaker for s in said], np.int32)
    block, here = tokens.block[last - 1], tokens.block[first]
    before = np.searchsorted(last, first, side="right") - 1
    after = before + 1
    some = before >= 0
    near = some & (block[before] == here) & (first - last[before] < BESIDE)
    found[near, 0] = speaker[before[near]]
    earlier = some & ~near
    found[earlier, 2] = speaker[before[earlier]]
    inside = np.minimum(after, len(said) - 1)
    follows = (after < len(said)) & (block[inside] == here) & (last[inside] - first < 3 * BESIDE)
    found[follows, 1] = speaker[inside[follows]]
    return found


def match(spans: Sequence[Span], candidates: Sequence[Candidate]) -> list[Candidate | None]:
    """The rules' mention of the same words, of the same head, or, for a name, the name that it is a part of."""
    inside = {token: c for c in candidates if c.form == "name" for token in range(c.first, c.last)}
    exact = {(c.first, c.last): c for c in candidates}
    by_head: dict[int, Candidate] = {}
    for candidate in candidates:
        by_head.setdefault(candidate.head, candidate)
    found: list[Candidate | None] = []
    for span in spans:
        same = exact.get((span.first, span.last)) or by_head.get(span.head)
        same = same or (inside.get(span.head) if span.form == "name" else None)
        found.append(same if same is not None and (same.form == "pronoun") == (span.form == "pronoun") else None)
    return found


def _pronoun(span: Span, words: Words) -> int:
    if span.form != "pronoun":
        return 0
    table = lexicons.table("pronouns")
    kind = table.get(words.lower[span.head]) or table.get(words.text[span.head])
    return PRONOUNS.index(kind) if kind in PRONOUNS else OTHER_PRONOUN


def _gender(span: Span, pronoun: int, person: int, people: People, words: Words) -> int:
    if span.form == "pronoun":
        return GENDERS.get(PRONOUNS[pronoun] if pronoun < OTHER_PRONOUN else None, 0)
    if span.form == "noun":
        return GENDERS.get(gender_of_noun(words.text[span.head]), 0)
    return GENDERS.get(people.everyone[person].known, 0) if person >= 0 else 0


def number_of(span: Span, pronoun: int, grammar: Grammar) -> int:
    """1 for one, 2 for several, 0 where the words don't say (a pronoun like "you" or "who")."""
    if span.form == "pronoun":
        several = pronoun < OTHER_PRONOUN and PRONOUNS[pronoun] in (THEY, "we")
        return 2 if several else 0 if pronoun in (PRONOUNS.index("you"), OTHER_PRONOUN) else 1
    return 2 if grammar.xpos[span.head] in ("NNS", "NNPS") else 1


def _strings(spans: Sequence[Span], words: Words) -> tuple[Ints, Ints, Ints]:
    """Numbers of the whole phrase, its head, and its first word after a determiner; the same words, the same number."""
    ids: dict[str, int] = {}

    def number(text: str) -> int:
        return ids.setdefault(text, len(ids))

    rows = []
    for span in spans:
        start = span.first
        while start < span.last - 1 and words.flag_list[start] & DETERMINER:
            start += 1
        whole = " ".join(words.lower[start : span.last])
        rows.append((number(whole), number(words.lower[span.head]), number(words.lower[start])))
    table = np.array(rows, np.int32).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _times_seen(person: Ints) -> Ints:
    """How often the rules have met each mention's person up to there."""
    counts: dict[int, int] = {}
    seen = np.zeros(len(person), np.int32)
    for number, who in enumerate(person.tolist()):
        if who >= 0:
            counts[who] = counts.get(who, 0) + 1
            seen[number] = counts[who]
    return seen


def antecedents(nodes: Nodes) -> Ints:
    """For each node the earlier ones it is held against, `[n_nodes, NEAREST + RECALLED]`, -1 where there are fewer."""
    size = len(nodes)
    found = np.full((size, NEAREST + RECALLED), -1, np.int32)
    places = np.arange(max(size, NEAREST), dtype=np.int32)
    found[:, :NEAREST] = np.maximum(places[:size, None] - 1 - places[None, :NEAREST], -1)
    last: dict[tuple[str, int], int] = {}
    keys = [
        ("person", p) if p >= 0 else ("word", w)
        for p, w in zip(nodes.person.tolist(), nodes.word.tolist(), strict=True)
    ]
    pronoun = (nodes.columns[:, 0] == FORMS.index("pronoun")).tolist()
    leaving = 0
    for number in range(size):
        while leaving < number - NEAREST:
            if keys[leaving][0] == "person" or not pronoun[leaving]:
                last.pop(keys[leaving], None)
                last[keys[leaving]] = leaving
            leaving += 1
        place = NEAREST
        own = last.get(keys[number])
        if own is not None:
            found[number, place] = own
            place += 1
        for key in reversed(last):
            if place == NEAREST + RECALLED:
                break
            if key != keys[number]:
                found[number, place] = last[key]
                place += 1
    return found


def pairs(nodes: Nodes, rows: Ints, others: Ints) -> NDArray[np.int64]:
    """Features of `rows` `[m]` against `others` `[m, k]` (-1 counts as node 0): int64 `[m, k, len(PAIR_SIZES)]`."""
    i, j = rows[:, None], np.maximum(others, 0)
    c = nodes.columns
    form = c[i, 0] * 3 + c[j, 0]
    kind = np.where(c[i, 1] == c[j, 1], np.where(c[i, 1] == 0, 0, 1), 2)
    same_text, same_word = nodes.text[i] == nodes.text[j], nodes.word[i] == nodes.word[j]
    shared = (nodes.lead[i] == nodes.word[j]) | (nodes.word[i] == nodes.lead[j]) | (nodes.lead[i] == nodes.lead[j])
    string = np.where(same_text, 3, np.where(same_word, 2, np.where(shared, 1, 0)))
    gi, gj = c[i, 5], c[j, 5]
    gender = np.where((gi == 0) | (gj == 0), 0, np.where(gi == gj, 1, 2))
    pi, pj = nodes.person[i], nodes.person[j]
    si, sj = np.searchsorted(SURE, nodes.sure[i]), np.searchsorted(SURE, nodes.sure[j])
    person = np.where((pi < 0) | (pj < 0), 27, np.where(pi == pj, 0, 9) + 3 * si + sj)
    qi, qj = nodes.quote[i], nodes.quote[j]
    both = np.where(qi == qj, 3, np.where((nodes.speaker[i] == nodes.speaker[j]) & (nodes.speaker[i] >= 0), 4, 5))
    quoted = np.where(qi < 0, np.where(qj < 0, 0, 2), np.where(qj < 0, 1, both))
    spoken = np.where(
        pj < 0, 0, np.where(pj == nodes.speaker[i], 1, np.where(pj == nodes.addressee[i], 2, 0))
    ) * (qi >= 0)  # fmt: skip
    tied = _tied(nodes, i, j)
    syntax = c[i, 3] * 10 + c[j, 3]
    pronouns = c[i, 2] * 9 + c[j, 2]
    again = np.where((pj >= 0) & (nodes.quote[i] < 0), np.searchsorted(OFTEN, nodes.seen[j]), 0)
    paragraphs = np.searchsorted(PARAGRAPHS, nodes.block[i] - nodes.block[j], side="right")
    undivided = len(nodes) > 0 and bool(nodes.block[-1] == nodes.block[0])
    apart = np.where(undivided, 8, paragraphs)
    says = np.where((qj >= 0) & (pi >= 0), np.where(nodes.speaker[j] == pi, 1, 2), 0) * (qi < 0)
    columns = (
        np.searchsorted(STEPS, i - j, side="right"),
        np.searchsorted(SENTENCES, nodes.sentence[i] - nodes.sentence[j], side="right"),
        apart, form, kind, string, gender, person, quoted, spoken, tied, syntax, pronouns, again,
        np.searchsorted(OFTEN, nodes.last[i] - nodes.last[j]), says,
        3 * c[i, 7] + c[j, 7], _beside(nodes, i, pj),
    )  # fmt: skip
    return np.stack(np.broadcast_arrays(*columns), -1).astype(np.int64)


def _beside(nodes: Nodes, i: Ints, person: Ints) -> NDArray[np.int64]:
    """1 to 3: the person speaks the line that stands there in `Nodes.beside`; 4 speaks none of them; 0 not known."""
    lines = nodes.beside[i]
    known = (person >= 0) & (nodes.quote[i] < 0) & (lines.max(-1) >= 0)
    which = np.select([person == lines[..., n] for n in range(3)], [1, 2, 3], 4)
    return np.where(known, which, 0)


def _tied(nodes: Nodes, i: Ints, j: Ints) -> NDArray[np.int64]:
    """How phrases hang together: 1 of one verb, 2 apposition, 3 predicate and subject, 4 and 5 one inside the other."""
    relation_i, relation_j = nodes.columns[i, 3], nodes.columns[j, 3]
    inside = (nodes.first[i] >= nodes.first[j]) & (nodes.last[i] <= nodes.last[j])
    around = (nodes.first[j] >= nodes.first[i]) & (nodes.last[j] <= nodes.last[i])
    apposed = (nodes.governor[i] == nodes.head[j]) & (relation_i == RELATIONS["appos"])
    predicated = (nodes.governor[j] == nodes.head[i]) & (relation_j == RELATIONS["nsubj"])
    together = (nodes.governor[i] == nodes.governor[j]) & (nodes.governor[i] >= 0)
    return np.select([apposed, predicated, inside, around, together], [2, 3, 4, 5, 1], 0)
