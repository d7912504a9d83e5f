"""What is known of one person, for their card: deeds, relations, whom they talk to, some of their lines."""

from __future__ import annotations

from collections.abc import Iterable

from personae.annotators.relations import SPEAKS_TO
from personae.serve.people import entities
from personae.serve.view import Json, View
from personae.writers.html_deeds import Deed

SAMPLES = 12

LABELS = {"does": "does", "do": "does", "is": "is", "are": "is", "has": "has", "have": "has", "others": "others"}


def card(view: View, number: int, until: int | None = None) -> Json | None:
    """The card of somebody by the page's number; None where nobody has it (or not yet, before `until`)."""
    entity = view.entity_of.get(number)
    rows = [row for row in entities(view, until) if row["id"] == number]
    if entity is None or not rows:
        return None
    found: Json = {"entity": rows[0], "does": [], "is": [], "has": [], "others": []}
    found["relations"] = list(_ties(view, entity.id, until))
    for label, told in view.deeds(entity).items():
        found[LABELS[label]] = list(_told(view, told, until))
    talks = view.talks(until)
    found["talks_to"] = [[to, count] for speaker, to, count in talks if speaker == number]
    found["spoken_to_by"] = [[speaker, count] for speaker, to, count in talks if to == number]
    found["called"] = _called(view, entity.id, until)
    found["sample_lines"] = _samples(view, entity.id, until)
    return found


def _told(view: View, told: Iterable[Deed], until: int | None) -> Iterable[Json]:
    tokens = view.book.tokens
    for deed in told:
        start, end = int(tokens.start[deed.token]), int(tokens.end[deed.token])
        if until is None or start < until:
            yield {
                "text": deed.words, "block": view.block_at(start), "start": start, "end": end, "count": deed.count,
                "sentence": deed.sentence,
            }  # fmt: skip


def _ties(view: View, entity: int, until: int | None) -> Iterable[Json]:
    """Kinship, from this one's side: "mother of Lucy", and "Lucy's mother" for whoever that is."""
    names = {each.id: each.name for each in view.book.entities}
    numbers = {each.id: number for number, each in view.entity_of.items()}
    for relation in view.book.relations:
        if relation.kind == SPEAKS_TO or entity not in (relation.source, relation.target):
            continue
        spans = [span for span in relation.evidence if until is None or span[0] < until]
        if not spans:
            continue
        other = relation.target if relation.source == entity else relation.source
        told = f"{relation.kind} {names[other]}"
        if relation.target == entity:
            told = f"{relation.kind.removesuffix(' of')}: {names[other]}"
        start, end = spans[0]
        yield {"text": told, "entity": numbers.get(other), "block": view.block_at(start), "start": start, "end": end}


def _samples(view: View, entity: int, until: int | None) -> list[int]:
    """A few of their longer lines, in the order of the story."""
    own = [q for q in view.book.quotes if q.speaker == entity and (until is None or q.start < until)]
    longest = sorted(own, key=lambda q: (q.start - q.end, q.start))[:SAMPLES]
    return sorted(quote.start for quote in longest)


def _called(view: View, entity: int, until: int | None) -> list[Json]:
    """Their mentions by words, pronouns left out; the most used words first."""
    groups: dict[tuple[str, str], list[int]] = {}
    for number, mention in enumerate(view.book.mentions):
        if mention.entities == (entity,) and mention.form != "pronoun" and (until is None or mention.start < until):
            words = " ".join(view.book.text[mention.start : mention.end].split())
            groups.setdefault((words, mention.form), []).append(number)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[1]))
    return [
        {
            "words": words, "form": form, "mentions": numbers,
            "block": view.block_at(view.book.mentions[numbers[0]].start),
        }
        for (words, form), numbers in ranked
    ]  # fmt: skip
