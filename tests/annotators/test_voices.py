"""How people talk, in stories made by hand: words that are somebody's speak for them, in a long story."""

from __future__ import annotations

import numpy as np
import pytest

from personae.annotators import voices
from personae.annotators.talk import Heard
from tests.annotators.test_speakers import heard

TAGGED = (
    "“I reckon the river will be high tonight, cap’n,” said {one}.\n\n"
    "“Indeed, one must suppose that it shall,” said {other}.\n\n"
)
ASKED = "The lamp went out, and nobody moved.\n\n“{words}”\n\n"


def story(words: str, times: int, one: str = "Mara", other: str = "Tobin") -> Heard:
    """Two people talk, each in their own way; then one of them says `words`."""
    return heard(TAGGED.format(one=one, other=other) * times + ASKED.format(words=words))[0]


def chance(known: Heard, name: str) -> float:
    """That the last line is somebody's."""
    (person,) = [p.id for p in known.people.everyone if p.name == name]
    return known.turns[-1].probabilities.get(person, 0.0)


@pytest.mark.parametrize(("words", "who"), [("I reckon so, cap’n.", "Mara"), ("One must indeed.", "Tobin")])
def test_a_line_is_whose_words_it_has(words: str, who: str) -> None:
    """Whichever of the two is the one who says so elsewhere."""
    other = {"Mara": "Tobin", "Tobin": "Mara"}[who]
    plain = story("Quite dark.", 900)
    assert chance(story(words, 900), who) > chance(plain, who) + 0.05
    swapped = story(words, 900, one="Tobin", other="Mara")
    plain = story("Quite dark.", 900, one="Tobin", other="Mara")
    assert chance(swapped, other) > chance(plain, other) + 0.05


def test_a_short_story_has_no_voices() -> None:
    few = chance(story("I reckon so, cap’n.", 6), "Mara") - chance(story("Quite dark.", 6), "Mara")
    many = chance(story("I reckon so, cap’n.", 900), "Mara") - chance(story("Quite dark.", 900), "Mara")
    assert abs(few) < 0.01 < many


def test_a_turn_says_nothing_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody whose only words are those of the turn has no voice there."""
    monkeypatch.setattr(voices, "FEWEST", 1)
    known = heard("“Nobody comes,” said Mara.\n\n“Somebody will,” said Tobin.\n")[0]
    said = [[voices._said(t, known.reading.words, np.arange(99)) for t in c.turns] for c in known.conversations]
    total = np.zeros(99)
    for kinds, times in said[0]:
        total[kinds] += times
    found = voices._Voices(known.conversations, said, total).scores(0)
    column = [known.conversations[0].present.index(turn.speaker) for turn in known.turns if turn.speaker is not None]
    assert len(column) == 2 and np.abs(found[[0, 1], column]).max() < 1e-3
    assert (found[[0, 1], column[::-1]] < -1e-4).all()


def test_nobody_speaks() -> None:
    voices.listen_to_voices([], heard("Nothing was said.\n")[2], [], None)
