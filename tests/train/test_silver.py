"""Silver lines: a tag that names who speaks is hidden, and is the answer."""

from __future__ import annotations

import random

from tests.annotators.test_speakers import heard
from train.lines import _hidden

STORY = (
    "Mara folded her arms. Tobin took his hat off.\n\n“You saw him,” said Mara.\n\n“I saw nobody,” he said.\n\n"
    "“Then why is your coat wet?”\n\n“It rained,” said Tobin.\n"
)


class Always(random.Random):
    def random(self) -> float:
        return 0.0


def test_a_hidden_tag_is_the_answer_and_nowhere_else() -> None:
    known = heard(STORY)[0]
    names = {p.name: p.id for p in known.people.everyone}
    tags = {line.quote: line.tag.mention for turn in known.turns for line in turn.lines if line.tag}
    found = dict(_hidden(known, Always()))
    assert {quote: answer[0] for quote, answer in found.items()} == {0: names["Mara"], 3: names["Tobin"]}
    assert [line.tag is None for turn in known.turns for line in turn.lines] == [True, False, True, True]
    assert all((known.mentions[mention].kind == "place") == (quote in found) for quote, mention in tags.items())


def test_a_chance_leaves_tags_as_they_are() -> None:
    class Never(random.Random):
        def random(self) -> float:
            return 1.0

    known = heard(STORY)[0]
    assert not dict(_hidden(known, Never()))
    assert sum(line.tag is not None for turn in known.turns for line in turn.lines) == 3
