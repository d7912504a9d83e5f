"""Speech after a dash: — Come in, she said. — Sit down."""

from __future__ import annotations

import re

from personae.annotators.words import CAPITAL, DETERMINER, PRONOUN, SPEECH, STRONG_SPEECH, Words
from personae.book import Span, Tokens

DASH_START = re.compile(r"[—–―]\s*(?=[^\s—–―])|--\s*(?=[\w¿¡'’\"“(…])|-\s+(?=[\w¿¡'’\"“(…])")
DASHES = frozenset({"—", "–", "―", "--", "-"})
ENDS = frozenset({",", "!", "?", ".", "…", "...", "—", "–", "―", "--", "?!", "!?"})
SUBJECTS = frozenset({"i", "he", "she", "they", "we", "xe", "ze", "ey", "it", "one"})
SPOKEN = frozenset({"i", "you", "we", "me", "my", "your", "our", "us", "let", "'m", "'ll", "'ve"})


def dash_spans(tokens: Tokens, words: Words, first: int, last: int) -> list[Span]:
    """Spoken stretches (characters) of the dash paragraph whose tokens are `[first, last)`, the leading dash included.

    A tag ends the speech; a dash after the tag resumes it, and so do words that only a speaker would use.
    """
    start = int(tokens.start[first])
    end = int(tokens.end[last - 1])
    tag = _tag_start(words, first + 1, last)
    if tag is None:
        return [(start, end)]
    spoken_end = tag - 1 if words.text[tag - 1] in DASHES else tag
    spans = [(start, int(tokens.end[spoken_end - 1]))]
    resumed = _resumption(words, tag, last)
    if resumed is not None and resumed < last:
        spans.append((int(tokens.start[resumed]), end))
    return spans


def _tag_start(words: Words, first: int, last: int) -> int | None:
    """First token of "she said" or "said Mara" after a mark that may end a speech."""
    flags = words.flag_list
    for index in range(first + 1, last):
        if words.text[index - 1] not in ENDS:
            continue
        if flags[index] & STRONG_SPEECH and index + 1 < last and _is_subject(words, index + 1):
            return index
        if _is_subject(words, index):
            verb = _verb_after(words, index, last)
            if verb is not None:
                return index
    return None


def _is_subject(words: Words, index: int) -> bool:
    flags = words.flag_list[index]
    if flags & PRONOUN:
        return words.lower[index] in SUBJECTS or bool(flags & DETERMINER)
    return bool(flags & (CAPITAL | DETERMINER))


def _verb_after(words: Words, index: int, last: int) -> int | None:
    for place in range(index + 1, min(index + 6, last)):
        if words.flag_list[place] & SPEECH:
            return place
        if words.text[place] in ENDS:
            return None
    return None


def _resumption(words: Words, tag: int, last: int) -> int | None:
    for index in range(tag + 1, last):
        if words.text[index] in DASHES and words.text[index] != "-":
            return index
        if words.text[index] in (".", "!", "?", ":") and index + 1 < last:
            following = index + 1
            if words.text[following] in DASHES:
                return following
            rest = words.lower[following:last]
            return following if words.text[index] == ":" or _is_spoken(rest) else None
    return None


def _is_spoken(rest: list[str]) -> bool:
    return any(word in SPOKEN for word in rest[:12]) and not any(word in ("he", "she", "they") for word in rest[:1])
