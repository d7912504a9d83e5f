"""Who is named where."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from personae.annotators.mentions import Candidate


class Whereabouts:
    """Who is named near a place, found without going through everybody. `names` are in the order of the text."""

    def __init__(self, names: Iterable[Candidate]) -> None:
        named = list(names)
        self.tokens = [name.first for name in named]
        self.people = [name.person for name in named]

    def within(self, first: int, last: int) -> set[int]:
        """People with a name that begins in the tokens `[first, last]`."""
        return set(self.people[bisect_left(self.tokens, first) : bisect_right(self.tokens, last)])
