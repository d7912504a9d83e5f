"""A story as one string, and where its headings, paragraphs, notes and breaks lie."""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, get_args


def _read_only(content: dict[str, Any]) -> MappingProxyType[str, Any]:
    return MappingProxyType(content)


copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))
"""Python can't pickle these read-only mappings by itself, and a Book goes from process to process."""

BlockKind = Literal["note", "heading", "paragraph", "verse", "break", "metadata"]
BLOCK_KINDS: tuple[str, ...] = get_args(BlockKind)

STORY_KINDS = frozenset({"heading", "paragraph", "verse", "break"})
"""Kinds of block that belong to the story; a note or metadata never does."""


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of `Text.content`: half-open code points, its kind, its chapter (0 = before the first)."""

    start: int
    end: int
    kind: BlockKind
    chapter: int = 0


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a story beside the story. Unknown is None or empty, never a guess."""

    title: str | None = None
    author: str | None = None
    source: str | None = None
    language: str | None = None
    summary: str | None = None
    notes: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Tag kind to tags, as the archive gives them: "fandom", "characters", "relationships", "rating", …"""


@dataclass(frozen=True, slots=True)
class Text:
    """What a reader makes of a file.

    `blocks` are in order, don't overlap, and hold every character that isn't white space.
    `emphasis` are the half-open spans that were in italics, in order; markup itself isn't in `content`
    (a plain text file is kept to the letter, so there `_underscores_` stay).
    """

    content: str
    blocks: tuple[Block, ...]
    metadata: Metadata = field(default_factory=Metadata)
    emphasis: tuple[tuple[int, int], ...] = ()
