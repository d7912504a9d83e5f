"""Whom each mention means, with chances made by hand in the place of the net's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from personae.annotators.links import GENDERS
from personae.annotators.mentions import Candidate
from personae.annotators.people import HE, SHE, People
from personae.annotators.references import SEVERAL_OF_THEM, link, resolve
from tests.annotators import hand_made

Links = dict[int, dict[int, float]]
"""Of a mention, by its number, the chances of earlier ones; what is left is that of meaning nobody before."""

PRONOUNS = {"she": SHE, "her": SHE, "he": HE, "him": HE}


def solved(content: str, notes: str, links: Links, rules: dict[int, str] | None = None) -> list[str | None]:
    """Whom each mention means, by name. The rules know Mara, Tobin and Ines where they are named, and `rules`."""
    found = _solved(content, notes, links, rules)
    return [people.everyone[c.person].name if c.person >= 0 else None for c, people in found]


def _solved(
    content: str, notes: str, links: Links, rules: dict[int, str] | None = None
) -> list[tuple[Candidate, People]]:  # fmt: skip
    tokens, words = hand_made.story(content)
    spans = hand_made.spans(content, tokens, notes)
    people = _people()
    ids = {person.name: person.id for person in people.everyone}
    said = [words.text[s.head] for s in spans]
    who = {n: name for n, name in enumerate(said) if name in ids} | (rules or {})
    candidates = [
        Candidate(s.first, s.last, s.head, s.form, person=ids[who[n]], confidence=0.9)
        for n, s in enumerate(spans)
        if n in who
    ]
    genders = [GENDERS[PRONOUNS.get(word.lower())] for word in said]
    nodes = hand_made.nodes(len(spans), columns=hand_made.columns(len(spans), gender=genders))
    found = resolve(spans, nodes, *_chances(len(spans), links), candidates, people, words)
    return [(candidate, people) for candidate in found]


def _people() -> People:
    people = People()
    for name, pronouns in (("Mara", SHE), ("Tobin", HE), ("Ines", SHE)):
        person = people.add("person", name)
        person.given.add(name)
        person.votes[pronouns] = 5
    people.settle()
    return people


def _chances(size: int, links: Links) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    others, chances = np.full((size, size), -1, np.int32), np.zeros((size, size + 1), np.float32)
    for later in range(size):
        given = links.get(later, {})
        others[later, :later] = np.arange(later)
        chances[later, 0] = 1 - sum(given.values())
        for earlier, chance in given.items():
            chances[later, 1 + earlier] = chance
    return others, chances


def test_a_pronoun_joins_the_cluster_that_all_links_together_speak_for() -> None:
    content = "Mara rose. She saw Ines. She sat."
    links = {1: {0: 0.9}, 3: {0: 0.3, 1: 0.25, 2: 0.4}}
    assert solved(content, "Mara=name; She=pronoun; Ines=name; She=pronoun", links) == ["Mara", "Mara", "Ines", "Mara"]
    links[3] = {0: 0.2, 1: 0.15, 2: 0.4}
    assert solved(content, "Mara=name; She=pronoun; Ines=name; She=pronoun", links)[3] == "Ines"


def test_how_sure_a_mention_is() -> None:
    found = _solved("Mara rose. She sat.", "Mara=name; She=pronoun", {1: {0: 0.7}})
    (name, _), (pronoun, _) = found
    assert name.confidence == 1.0 and 0.65 < pronoun.confidence < 0.75


def test_two_people_with_names_never_become_one() -> None:
    assert solved("Mara saw Ines.", "Mara=name; Ines=name", {1: {0: 0.99}}) == ["Mara", "Ines"]


def test_a_name_is_the_same_person_wherever_it_stands() -> None:
    assert solved("Mara saw Tobin. Mara sat.", "Mara=name; Tobin=name; Mara=name", {2: {1: 0.9}})[2] == "Mara"


def test_a_name_joins_who_was_described_before() -> None:
    links = {1: {0: 0.9}, 2: {1: 0.9}}
    found = solved("A girl came. Mara sat. She slept.", "A girl=noun; Mara=name; She=pronoun", links)
    assert found == ["Mara"] * 3


def test_he_is_no_she() -> None:
    links = {1: {0: 0.99}}
    assert solved("Mara rose. He sat.", "Mara=name; He=pronoun", links) == ["Mara", None]
    assert solved("Tobin rose. He sat.", "Tobin=name; He=pronoun", links) == ["Tobin", "Tobin"]


def test_he_takes_the_likeliest_of_those_it_can_be() -> None:
    content = "Mara saw Tobin. He sat."
    assert solved(content, "Mara=name; Tobin=name; He=pronoun", {2: {0: 0.6, 1: 0.4}})[2] == "Tobin"


def test_a_pronoun_of_its_own_means_nobody() -> None:
    assert solved("She sat.", "She=pronoun", {}) == [None]


def test_pronouns_that_mean_the_same_are_somebody() -> None:
    found = _solved("She sat. She slept.", "She=pronoun; She=pronoun", {1: {0: 0.9}})
    (first, people), (second, _) = found
    assert first.person == second.person >= 3
    assert people.everyone[first.person].pronouns == SHE


def test_a_phrase_that_nothing_comes_before_is_somebody_new() -> None:
    content = "Mara saw the carter. He nodded."
    found = _solved(content, "Mara=name; the carter=noun; He=pronoun", {1: {0: 0.2}, 2: {1: 0.8}})
    carter, people = found[1]
    assert (people.everyone[carter.person].name, people.everyone[carter.person].pronouns) == ("the carter", HE)
    assert found[2][0].person == carter.person


def test_somebody_new_is_called_by_a_name_if_there_is_one() -> None:
    found = solved("The carter nodded. Odo left.", "The carter=noun; Odo=name", {1: {0: 0.9}})
    assert found == ["Odo", "Odo"]


def test_places_are_places() -> None:
    ((candidate, people),) = _solved("The mill burned.", "The mill=FAC.noun", {})
    assert (candidate.kind, candidate.type, people.everyone[candidate.person].kind) == ("place", "FAC", "place")


def test_the_rules_decide_between_two_that_the_net_finds_as_likely() -> None:
    content, notes = "Mara saw Ines. She sat.", "Mara=name; Ines=name; She=pronoun"
    links = {2: {0: 0.5, 1: 0.5}}
    assert solved(content, notes, links, {2: "Ines"})[2] == "Ines"
    assert solved(content, notes, links, {2: "Mara"})[2] == "Mara"


def test_a_name_that_comes_later_tells_who_she_was() -> None:
    content, notes = "Mara saw Ines. She sat. Ines slept.", "Mara=name; Ines=name; She=pronoun; Ines=name"
    links = {2: {0: 0.5, 1: 0.45}, 3: {2: 0.9}}
    assert solved(content, notes, links)[2] == "Ines"
    links[3] = {0: 0.1}
    assert solved(content, notes, links)[2] == "Mara"


def meant_by_they(content: str, notes: str, links: Links) -> tuple[tuple[int, ...], int]:
    """The several people, and the one, whom the last mention means; the rules take it for Mara and Tobin."""
    tokens, words = hand_made.story(content)
    spans = hand_made.spans(content, tokens, notes)
    they = spans[-1]
    rules = [Candidate(they.first, they.last, they.head, "pronoun", several=(0, 1))]
    columns = hand_made.columns(len(spans), number=[*[1] * (len(spans) - 1), SEVERAL_OF_THEM])
    nodes = hand_made.nodes(len(spans), columns=columns)
    *_, found = resolve(spans, nodes, *_chances(len(spans), links), rules, _people(), words)
    return found.several, found.person


def test_a_they_that_takes_up_nothing_means_whom_the_rules_name() -> None:
    assert meant_by_they("Rain fell. They left.", "Rain=noun; They=pronoun", {}) == ((0, 1), -1)


def test_a_they_that_takes_up_a_phrase_means_what_that_means() -> None:
    several, person = meant_by_they("A crowd came. They left.", "A crowd=noun; They=pronoun", {1: {0: 0.8}})
    assert (several, person) == ((), 3)


def test_no_mentions_no_links() -> None:
    others, chances = link(np.zeros((0, 0), np.float16), hand_made.nodes(0), hand_made.models())
    assert len(others) == len(chances) == 0
