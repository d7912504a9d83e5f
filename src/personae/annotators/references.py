"""Whom every mention means: a net's links between mentions (Lee et al. 2017), held together by who is called what.

People are anchored on their names, which the rules have clustered over the whole book: mentions of two people with
names of their own never become one. `beliefs` decides the rest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from personae.annotators.beliefs import RULES, SPEAKER, Belief, Evidence, believe
from personae.annotators.links import GENDERS, PRONOUNS, Nodes, antecedents, match, pairs
from personae.annotators.mentions import Candidate
from personae.annotators.people import People
from personae.annotators.spans import KINDS, Span
from personae.annotators.words import DETERMINER, Words
from personae.models import Models

CHUNK, MARGIN = 192, 32
"""Nodes that the net reads at once, and those at either end read only for the sake of the others; as in training."""

ROWS = 64
"""Mentions held against their antecedents at once: more is no faster, and 512 take 200 MB."""

SEVERAL_OF_THEM = 2
"""The number of a plural in `Nodes.columns`."""

Floats = NDArray[np.float32]
Settle = Callable[[NDArray[np.int32], Floats, Evidence], list[Belief]]


def link(vectors: NDArray[np.float16], nodes: Nodes, models: Models) -> tuple[NDArray[np.int32], Floats]:
    """Each mention's antecedents `[n, k]`; the chances `[n, 1 + k]` that it means nobody before, and each of them."""
    others = antecedents(nodes)
    size = len(nodes)
    chances = np.zeros((size, 1 + others.shape[1]), np.float32)
    earlier: NDArray[np.float16] | None = None
    for start, read in _read(vectors, nodes, models):
        width = (read.shape[1] - 1) // 2
        if earlier is None:
            earlier = np.zeros((size, width), np.float16)  # half as wide, for a long book's sake
        earlier[start : start + len(read)] = read[:, width : 2 * width]
        for lot in range(0, len(read), ROWS):
            own = read[lot : lot + ROWS]
            rows = np.arange(start + lot, start + lot + len(own), dtype=np.int32)
            asked, place = np.unique(np.maximum(others[rows], 0), return_inverse=True)
            given = {
                "later": own[:, :width], "earlier": earlier[asked].astype(np.float32)[place],
                "features": pairs(nodes, rows, others[rows]),
            }  # fmt: skip
            scores = np.where(others[rows] < 0, -1e4, models.pairs.run(None, given)[0])
            chances[rows] = softmax(np.concatenate([own[:, -1:], scores], 1))
    return others, chances


def _read(vectors: NDArray[np.float16], nodes: Nodes, models: Models) -> Iterator[tuple[int, Floats]]:
    """Every node's row of the first half of the net, stretch by stretch: the number of the first, and the rows."""
    size, step = len(nodes), CHUNK - 2 * MARGIN
    for start in range(0, size, step):
        a, b = max(0, start - MARGIN), min(size, start + step + MARGIN)
        out = models.nodes.run(None, {"phrases": vectors[a:b].astype(np.float32), "columns": nodes.columns[a:b]})[0]
        yield start, out[start - a : min(start + step, size) - a]


def softmax(scores: Floats) -> Floats:
    """Chances of each row's columns."""
    raised = np.exp(scores - scores.max(1, keepdims=True))
    chances: Floats = (raised / raised.sum(1, keepdims=True)).astype(np.float32)
    return chances


def resolve(
    spans: Sequence[Span],
    nodes: Nodes,
    others: NDArray[np.int32],
    chances: Floats,
    candidates: Sequence[Candidate],
    people: People,
    words: Words,
    known: Mapping[int, int] = MappingProxyType({}),
    settle: Settle = believe,
) -> list[Candidate]:
    """The spans as mentions with the person, place or thing each means; new people are added to `people`.

    `known` are the people that some of the spans mean for certain; `settle` works out the beliefs.
    """
    matched = match(spans, candidates)
    evidence = _evidence(spans, nodes, matched, people, known)
    beliefs = settle(others, chances, evidence)
    labels = [max(belief, key=lambda label: (belief[label], label)) for belief in beliefs]
    owners = _owners(labels, spans, nodes, evidence.rules, people, words)
    described = {label for label, span in zip(labels, spans, strict=True) if span.form != "pronoun"}
    found = []
    for number, span in enumerate(spans):
        candidate, label = matched[number], labels[number]
        plural = bool(nodes.columns[number, 7] == SEVERAL_OF_THEM)
        several: tuple[int, ...] = ()
        if candidate is not None and plural and span.form == "pronoun" and label not in described:
            several = candidate.several
        found.append(_mention(span, owners[label], several, beliefs[number][label], plural))
    return found


def _evidence(
    spans: Sequence[Span], nodes: Nodes, matched: Sequence[Candidate | None], people: People, known: Mapping[int, int]
) -> Evidence:  # fmt: skip
    """Names are certain, as the rules have clustered them over the whole book; their other readings count a little."""
    certain, rules, weight = [], [], []
    for number, (span, candidate) in enumerate(zip(spans, matched, strict=True)):
        person = candidate.person if candidate is not None else -1
        named = candidate is not None and span.form == candidate.form == "name"
        certain.append(known.get(number, person if named else -1))
        rules.append(person)
        told = nodes.columns[number, 2] in FIRST_AND_SECOND  # by whoever speaks the line, or tells the story
        weight.append(SPEAKER if told else RULES[span.form])
    own = nodes.columns[:, 5].tolist()

    def may(number: int, label: int) -> bool:
        theirs = own[~label] if label < 0 else GENDERS.get(people.everyone[label].known, 0)
        return not (own[number] in HE_OR_SHE and theirs in HE_OR_SHE and own[number] != theirs)

    return Evidence(certain, rules, weight, may)


FIRST_AND_SECOND = (PRONOUNS.index("I"), PRONOUNS.index("you"))
HE_OR_SHE = (GENDERS["he/him"], GENDERS["she/her"])


def _owners(
    labels: Sequence[int], spans: Sequence[Span], nodes: Nodes, rules: Sequence[int], people: People, words: Words
) -> dict[int, int]:  # fmt: skip
    """The person of each label. Somebody new is called by their first name, else phrase; a lone pronoun is nobody.

    Whom the rules alone know (they may have lines) is who most of a new one's phrases are for the rules.
    """
    members: dict[int, list[int]] = defaultdict(list)
    for number, label in enumerate(labels):
        members[label].append(number)
    found = {label: label for label in members if label >= 0}
    for label, own in members.items():
        described = [n for n in own if spans[n].form != "pronoun"]
        named = [n for n in described if spans[n].form == "name"]
        known, times = Counter(rules[n] for n in described).most_common(1)[0] if described else (-1, 0)
        if label >= 0:
            continue
        if known >= 0 and known not in found and 2 * times > len(described):
            found[label] = found[known] = known
        elif described or len(own) > 1:
            found[label] = _add(people, own, (named or described or own)[0], spans, nodes, words)
        else:
            found[label] = -1
    return found


def _add(
    people: People, members: Sequence[int], number: int, spans: Sequence[Span], nodes: Nodes, words: Words
) -> int:  # fmt: skip
    """Somebody or something new, called as mention `number` calls them; where that's a pronoun, they have no name."""
    span = spans[number]
    text = " ".join(words.text[span.first : span.last])
    if words.flag_list[span.first] & DETERMINER:  # "The caretaker" at the beginning of a sentence
        text = text[:1].lower() + text[1:]
    plural = span.type == "PER" and span.form == "noun" and nodes.columns[number, 7] == SEVERAL_OF_THEM
    called = text if span.form != "pronoun" else f"unnamed ({text})"
    person = people.add("group" if plural else KINDS[span.type], called)
    person.names[person.name] += 1
    for member in members:
        gender = int(nodes.columns[member, 5])
        if gender in HE_OR_SHE:
            person.votes["he/him" if gender == HE_OR_SHE[0] else "she/her"] += 1
    person.settle()
    return person.id


def _mention(span: Span, person: int, several: tuple[int, ...], sure: float, plural: bool) -> Candidate:
    """A mention of the book: of one person, or of `several`."""
    return Candidate(
        span.first, span.last, span.head, span.form, KINDS[span.type], -1 if several else person, several,
        plural=plural and span.form != "name", confidence=SEVERAL if several else sure, type=span.type,
    )  # fmt: skip


SEVERAL = 0.25
"""Confidence where a "we" or "they" is taken for several people: about as often right on our train scenes."""
