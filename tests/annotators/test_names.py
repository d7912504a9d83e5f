"""Which names are people's: by where they stand, and by what the encoder takes them for."""

from __future__ import annotations

import numpy as np
import pytest

from personae.annotators.names import find_names, gather, kind_of
from personae.annotators.spans import Span
from tests.annotators import hand_made

STORY = "They drove to Brenna in the rain. The road to Brenna was long. “Not Brenna again,” Oskar said."


def kinds(story: str, **types: str) -> dict[str, str]:
    """Each name's kind, where the encoder takes those in `types` for that; it reads no other."""
    tokens, words = hand_made.story(story)
    places = [(n, word) for n, word in enumerate(words.text) if word in types]
    marked = [Span(n, n + 1, n, types[word], "name", 0.9) for n, word in places]
    names = find_names(tokens, words, np.ones(len(tokens), np.bool_))
    found = gather(names, words, np.zeros(len(tokens), np.bool_), marked)
    return {surface.text: kind_of(surface, evidence) for surface, evidence in found.items()}


def test_by_where_they_stand_alone() -> None:
    assert kinds(STORY) == {"Brenna": "place", "Oskar": "person"}


@pytest.mark.parametrize("type", ["PER", "GPE", "ORG"])
def test_what_the_encoder_takes_a_name_for_counts(type: str) -> None:
    assert kinds(STORY, Brenna=type)["Brenna"] == ("person" if type == "PER" else "place")


def test_whoever_speaks_and_acts_is_a_person_though_it_be_misread_once() -> None:
    story = f"{STORY} Oskar smiled. “Yes,” Oskar said."
    assert kinds(story)["Oskar"] == "person"
    assert kinds(story, Oskar="GPE")["Oskar"] == "person"
