"""Words, marks and sentences of the story's blocks."""

from __future__ import annotations

import re

import numpy as np

from personae.book import Tokens
from personae.lexicons import words as lexicon
from personae.text import STORY_KINDS, Text

TERMINALS = frozenset({".", "!", "?", "…", "...", "....", "?!", "!?", "!!", "??", "!!!", "???", "。", "！", "？"})
CLOSERS = frozenset("\"”’'»›“)]}」』*_")
OPENERS = frozenset("\"“‘'«‹„‚([{「『*_—–-")


def tokenize(text: Text) -> Tokens:
    """Split every story block into tokens and sentences, clitics apart ("do" "n't", "Iruka" "'s").

    A hyphenated word is one token, as in LitBank; so are an abbreviation with its full stop and a run of dots.
    """
    starts: list[int] = []
    ends: list[int] = []
    counts: list[tuple[int, int]] = []
    find = _pattern().finditer
    for index, block in enumerate(text.blocks):
        if block.kind not in STORY_KINDS:
            continue
        before = len(starts)
        for match in find(text.content, block.start, block.end):
            starts.append(match.start())
            ends.append(match.end())
        if len(starts) > before:
            counts.append((index, len(starts) - before))
    block_column = np.repeat(
        np.array([b for b, _ in counts], np.int32), np.array([n for _, n in counts], np.int64)
    ).astype(np.int32)
    sentences = _sentences(text.content, starts, ends, block_column)
    return Tokens(np.array(starts, np.int32), np.array(ends, np.int32), sentences, block_column)


def _pattern() -> re.Pattern[str]:
    abbreviations = "|".join(sorted(map(re.escape, lexicon("abbreviations")), key=len, reverse=True))
    return re.compile(
        rf"""
        (?:{abbreviations})\.(?!\.)             # Mr.
        | (?:[A-Z]\.){{2,}} | [A-Z]\.(?=\s?[A-Z])  # U.S.  J. Smith
        | \d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s)?(?![^\W_])
        | [^\W_]+?(?=n['’]t(?![^\W_]))          # do|n't
        | n['’]t(?![^\W_])
        | (?<=[^\W_])['’](?:s|ll|re|ve|d|m)(?![^\W_])
        | [^\W_]+(?:(?:['’](?!(?:s|ll|re|ve|d|m)(?![^\W_]))|[-‐‑&@.](?=[^\W_]))[^\W_]+(?<!n['’]t))*
        | \.{{2,}} | -{{2,}} | [!?]{{2,}}
        | \S
        """,
        re.VERBOSE,
    )


def _sentences(content: str, starts: list[int], ends: list[int], blocks: np.ndarray) -> np.ndarray:
    """Sentence index of each token, int32 `[n_tokens]`: a new one at each block and after a full stop."""
    size = len(starts)
    first = np.zeros(size, np.int32)
    if not size:
        return first
    first[1:] = blocks[1:] != blocks[:-1]
    for index in range(size - 1):
        if content[starts[index]] in ".!?…。！？" and content[starts[index] : ends[index]] in TERMINALS:
            after = _after_closers(content, starts, ends, index + 1)
            if after < size and not first[after] and _opens_sentence(content, starts, after):
                first[after] = 1
    return np.cumsum(first, dtype=np.int32)


def _after_closers(content: str, starts: list[int], ends: list[int], index: int) -> int:
    """First token past the closing marks that touch the full stop."""
    while index < len(starts) and starts[index] == ends[index - 1] and content[starts[index]] in CLOSERS:
        index += 1
    return index


def _opens_sentence(content: str, starts: list[int], index: int) -> bool:
    if content[starts[index] - 1 : starts[index]].strip():
        return False
    while content[starts[index]] in OPENERS and index + 1 < len(starts):
        index += 1
    return not content[starts[index]].islower()
