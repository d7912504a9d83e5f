"""What a reader has put right, as values. A correction holds on to words and their neighbourhood, not to offsets.

`anchors` finds the words again in a story that has been edited since, `toml` and `table` are the two files that
corrections live in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Op = Literal[
    "speaker", "addressees", "speech", "thought", "not_speech", "mention", "merge", "split", "rename", "pronouns",
    "alias", "not_person",
]  # fmt: skip
OPS: tuple[str, ...] = get_args(Op)

ON_LINES = frozenset({"speaker", "addressees", "speech", "thought", "not_speech", "split"})
"""Ops that are about lines; `split` may be about mentions too."""

WITH_VALUE = frozenset({"split", "rename", "pronouns", "alias"})
"""Ops that carry a new name, pronouns or an alias."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in a story: its words, up to 40 characters before and after, and where that was (a hint).

    Of a long line only the first 100 characters are kept; `length` is then how many it had, else 0.
    """

    words: str
    before: str = ""
    after: str = ""
    at: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody in the story, by name; `mention` is a place that means them, where the name alone doesn't tell.

    `new` is somebody whom the correction brings in.
    """

    name: str
    mention: Anchor | None = None
    new: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing put right.

    - `speaker`: each of `lines` is said by `people[0]`, by nobody if there is none; with `everywhere` so is every line
      with a tag of the same words that was taken to be `was`'s.
    - `addressees`: each of `lines` is said to `people`.
    - `speech`, `thought`, `not_speech`: what each of `lines` is.
    - `mention`: each of `mentions` means `people[0]`, nobody if there is none; with `everywhere` so does every mention
      of the same words that was taken to mean `was`.
    - `merge`: all others of `people` are the first.
    - `split`: `lines` and `mentions` belong to somebody new, called `value`; `was` is who had them.
    - `rename`, `pronouns`, `alias`: `people[0]` is called `value`, goes by it, is also called so.
    - `not_person`: `people[0]` is nobody.
    """

    op: Op
    lines: tuple[Anchor, ...] = ()
    mentions: tuple[Anchor, ...] = ()
    people: tuple[Who, ...] = ()
    value: str | None = None
    was: Who | None = None
    everywhere: bool = False


Corrections = tuple[Correction, ...]
