"""How people stand to each other: who speaks to whom, and who is whose mother."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from personae.book import Entity, Mention, Quote, Relation, Span
from personae.lexicons import table

SPEAKS_TO = "speaks to"
OFTEN = 2
"""Times from which "his mother" counts; with a name ("Lucy's mother") once is enough."""
RIVAL = 0.4
"""Share of a pair's commonest relation, or of a relation's likeliest person, below which another is a mistake."""
ONE_ONLY = frozenset({"mother", "father", "husband", "wife"})


def find_relations(
    text: str, entities: Sequence[Entity], mentions: Sequence[Mention], quotes: Sequence[Quote]
) -> tuple[Relation, ...]:
    """Talk, then kinship ("mother of"), each with all its evidence; the strongest first."""
    return (*_ranked(_talk(quotes)), *_ranked(_kinship(text, entities, mentions)))


def _ranked(evidence: dict[tuple[int, int, str], list[Span]]) -> list[Relation]:
    ranked = sorted(evidence.items(), key=lambda item: (-len(item[1]), item[0]))
    return [Relation(a, b, kind, float(len(spans)), tuple(spans)) for (a, b, kind), spans in ranked]


def _talk(quotes: Sequence[Quote]) -> dict[tuple[int, int, str], list[Span]]:
    """Every line, by its speaker and whom it is said to."""
    evidence: dict[tuple[int, int, str], list[Span]] = defaultdict(list)
    for quote in quotes:
        if quote.kind == "speech" and quote.speaker is not None:
            for addressee in quote.addressees:
                evidence[quote.speaker, addressee, SPEAKS_TO].append((quote.start, quote.end))
    return evidence


def _kinship(
    text: str, entities: Sequence[Entity], mentions: Sequence[Mention]
) -> dict[tuple[int, int, str], list[Span]]:  # fmt: skip
    """Phrases like "Lucy's mother" that mean somebody with a name of their own."""
    evidence: dict[tuple[int, int, str], list[Span]] = defaultdict(list)
    named: set[tuple[int, int, str]] = set()
    for word, whole, owner in _owned(text, mentions):
        person = whole.entities[0]
        key = person, owner.entities[0], f"{word} of"
        if entities[person].name.lower().endswith(word):
            continue
        evidence[key].append((whole.start, whole.end))
        if owner.form == "name":
            named.add(key)
    times = Counter({key: len(spans) for key, spans in evidence.items() if key in named or len(spans) >= OFTEN})
    of_pair: Counter[tuple[int, int]] = Counter()
    of_role: Counter[tuple[int, str]] = Counter()
    for (source, target, kind), count in times.items():
        of_pair[source, target] = max(of_pair[source, target], count)
        of_role[target, kind] = max(of_role[target, kind], count)
    kept = (
        (source, target, kind)
        for (source, target, kind), count in times.items()
        if count >= RIVAL * of_pair[source, target]
        and (kind.removesuffix(" of") not in ONE_ONLY or count >= RIVAL * of_role[target, kind])
    )
    return {key: evidence[key] for key in kept}


def _owned(text: str, mentions: Sequence[Mention]) -> Iterator[tuple[str, Mention, Mention]]:
    """Kinship word, the phrase, and the name or pronoun that it begins with, each of one person."""
    kinship = table("kinship")
    ordered = sorted(mentions, key=lambda m: (m.start, -m.end))
    for place, whole in enumerate(ordered):
        word = text[slice(*whole.head)].lower()
        if whole.form != "noun" or len(whole.entities) != 1 or word not in kinship:
            continue
        for owner in ordered[place + 1 :]:
            if owner.start != whole.start:
                break
            if owner.end < whole.head[0] and len(owner.entities) == 1 and owner.entities != whole.entities:
                yield word, whole, owner
                break
