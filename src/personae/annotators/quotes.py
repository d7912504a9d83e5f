"""Quotations: where they are, which belong to one speech, and whether anybody speaks them at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from personae import lexicons
from personae.annotators.dashes import DASH_START, dash_spans
from personae.annotators.layout import quote_of_token, with_paragraphs
from personae.annotators.marks import MARK, SINGLE, is_spaced, pair_marks, pair_spaced
from personae.annotators.tokens import tokenize
from personae.annotators.words import (
    CAPITAL,
    DETERMINER,
    JOINED,
    NAMING,
    PRONOUN,
    SPEECH,
    STRONG_SPEECH,
    THOUGHT,
    WORD,
    WRITTEN,
    Words,
    look_up,
)
from personae.book import Quote, QuoteKind, Span, Tokens
from personae.text import Text

STORY_PROSE = frozenset({"paragraph", "verse"})
TERMINAL = frozenset(".,!?…—–-:;")
LONG = 7
"""Words from which a quotation in running text is taken for speech: names and titles are shorter."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A quotation before anything is known of it: characters, and whether the next one continues it."""

    start: int
    end: int
    block: int
    closed: bool
    mark: str


@dataclass(frozen=True)
class Quotations:
    """A text's quotations beside its tokens and words.

    `spans` are the tokens `[first, last)` of each of the `lines`; `quote_of` is int32 `[n_tokens]`, the quotation that
    a token stands in, -1 in narration.
    """

    tokens: Tokens
    words: Words
    lines: tuple[Quote, ...]
    spans: list[Span]
    quote_of: NDArray[np.int32]

    @classmethod
    def of(cls, text: Text, tokens: Tokens | None = None) -> Quotations:
        """As they are found; `tokens` are a corpus's own."""
        tokens = tokenize(text) if tokens is None or not len(tokens) else tokens
        words = look_up(text.content, tokens)
        return cls.among(find_quotes(text, tokens, words), tokens, words)

    @classmethod
    def among(cls, lines: tuple[Quote, ...], tokens: Tokens, words: Words) -> Quotations:
        """Where the quotations are known."""
        spans = [tokens.span(quote.start, quote.end) for quote in lines]
        return cls(tokens, words, lines, spans, quote_of_token(lines, spans, len(tokens)))


def find_quotes(text: Text, tokens: Tokens, words: Words) -> tuple[Quote, ...]:
    """All quotations of the story, in order, with kind and utterance; nobody speaks them yet."""
    drafts = _drafts(text, tokens, words)
    ranges = [tokens.span(d.start, d.end) for d in drafts]
    kinds = [_kind(d, r, text, tokens, words) for d, r in zip(drafts, ranges, strict=True)]
    parted = with_paragraphs(tokens, words, [r for r, kind in zip(ranges, kinds, strict=True) if kind == "speech"])
    places = [int(parted.block[first]) if first < last else -1 - n for n, (first, last) in enumerate(ranges)]
    utterances = _utterances(drafts, ranges, kinds, places, text, words)
    return tuple(
        Quote(index, d.start, d.end, kind, utterance)
        for index, (d, kind, utterance) in enumerate(zip(drafts, kinds, utterances, strict=True))
    )


def given_quotes(spans: Sequence[tuple[int, int, int]]) -> tuple[Quote, ...]:
    """Quotes from known spans `(start, end, utterance)`, all of them speech."""
    return tuple(Quote(i, s, e, "speech", u) for i, (s, e, u) in enumerate(sorted(spans)))


def _drafts(text: Text, tokens: Tokens, words: Words) -> list[Draft]:
    """Quotations by marks, by dashes where the story uses them, and thoughts in italics."""
    prose = [i for i, b in enumerate(text.blocks) if b.kind in STORY_PROSE]
    single = _uses_single(text)
    pair = pair_spaced if is_spaced(text.content) else partial(pair_marks, single=single)
    dashes = _uses_dashes(text, prose)
    found: list[Draft] = []
    for index in prose:
        block = text.blocks[index]
        if dashes and DASH_START.match(text.content, block.start, block.end):
            first, last = tokens.span(block.start, block.end)
            spans = dash_spans(tokens, words, first, last)
            found += [Draft(s, e, index, True, "—") for s, e in spans]
        elif MARK.search(text.content, block.start, block.end):
            pairs = pair(text.content, block.start, block.end)
            found += [Draft(p.start, p.end, index, p.closed, p.mark) for p in pairs]
    return _with_thoughts(found, text, prose)


def _uses_single(text: Text) -> bool:
    """False if, in all of a longer story, no single mark stands where one would open."""
    return True if len(text.content) < 2000 else bool(re.search(r"(?:^|[\s(—])[‘'`][^\W\d_]", text.content))


def _uses_dashes(text: Text, prose: list[int]) -> bool:
    """True if at least two paragraphs, and one in a hundred, start with a dash."""
    count = sum(bool(DASH_START.match(text.content, text.blocks[i].start, text.blocks[i].end)) for i in prose)
    return count >= 2 and count * 100 >= len(prose)


def _with_thoughts(found: list[Draft], text: Text, prose: list[int]) -> list[Draft]:
    spans = sorted({*text.emphasis, *_underscored(text, prose)})
    if not spans:
        return found
    blocks = [text.blocks[i] for i in prose]
    thoughts: list[Draft] = []
    place = at = 0
    for start, end in spans:
        while at < len(blocks) and blocks[at].end <= start:
            at += 1
        while place < len(found) and found[place].end <= start:
            place += 1
        inside = place < len(found) and found[place].start < end
        if at < len(blocks) and blocks[at].start <= start and end <= blocks[at].end and not inside:
            thoughts.append(Draft(start, end, prose[at], True, "_"))
    kept: list[Draft] = []
    for draft in sorted([*found, *thoughts], key=lambda d: (d.start, -d.end)):
        if draft.mark != "_" or _is_thought(draft, text):
            if kept and draft.start < kept[-1].end:
                continue
            kept.append(draft)
    return kept


UNDERSCORED = re.compile(r"(?<![^\W_])_(?=[^\s_])[^_]{1,2000}?(?<=[^\s_])_(?![^\W_])")


def _underscored(text: Text, prose: list[int]) -> list[Span]:
    if "_" not in text.content:
        return []
    return [
        m.span() for i in prose for m in UNDERSCORED.finditer(text.content, text.blocks[i].start, text.blocks[i].end)
    ]


THOUGHT_TAG = re.compile(
    r"[\s,]*(?:\w+\s)?(?:[\w-]+\s){0,2}(?:thought|wondered|mused|told (?:him|her|them|my)self|thinks|wonders)\b"
)


def _is_thought(draft: Draft, text: Text) -> bool:
    """Whole sentences in italics are thought (a word or a title alone is stress)."""
    inner = text.content[draft.start : draft.end].strip("_ \n*")
    count = len(inner.split())
    after = text.content[draft.end : draft.end + 60]
    if THOUGHT_TAG.match(after):
        return True
    before = text.content[max(draft.start - 3, 0) : draft.start].rstrip()
    opens = draft.start <= text.blocks[draft.block].start or before[-1:] in (
        ".",
        "?",
        "!",
        "…",
        ":",
        ",",
        "”",
        '"',
        "—",
    )
    return opens and inner[:1].isupper() and (inner[-1:] in ".?!…—" and count >= 2)


def _kind(draft: Draft, tokens_range: Span, text: Text, tokens: Tokens, words: Words) -> QuoteKind:
    if draft.mark == "_":
        return "thought"
    if draft.mark == "—":
        return "speech"
    first, last = tokens_range
    block = text.blocks[draft.block]
    before = _context_before(first, tokens, words)
    after = _context_after(last, tokens, words)
    if not any(words.flag_list[i] & WORD for i in range(first, last)):
        return "speech" if draft.start == block.start else "other"
    if _reports(after, words, THOUGHT) and not _reports(after, words, STRONG_SPEECH):
        return "thought"
    if _reports_before(before, words, WRITTEN) and not _reports(after, words, STRONG_SPEECH):
        return "written"
    return "speech" if _spoken(draft, first, last, before, after, text, words) else "other"


def _context_before(first: int, tokens: Tokens, words: Words, reach: int = 8) -> range:
    """Token range of the same sentence and block just before the quotation."""
    start = first
    while start > 0 and first - start < reach and tokens.block[start - 1] == tokens.block[min(first, len(tokens) - 1)]:
        if words.text[start - 1] in (".", "!", "?", "”", '"', "“", "…", "’", "‘"):
            break
        start -= 1
    return range(start, first)


def _context_after(last: int, tokens: Tokens, words: Words, reach: int = 6) -> range:
    end = last
    while end < len(tokens) and end - last < reach and tokens.block[end] == tokens.block[last - 1]:
        if words.text[end] in (".", "!", "?", '"', "“", "…", ";", "‘"):
            break
        end += 1
    return range(last, end)


def _reports(place: range, words: Words, mask: int) -> bool:
    """A verb of `mask` with its subject right after the quotation: "said Mara", "the old man said"."""
    flags = words.flag_list
    for offset, index in enumerate(place):
        if flags[index] & mask and not (offset and words.lower[index - 1] in ("to", "a", "the", "of")):
            nearby = [i for i in (index - 1, index - 2, index + 1, index + 2) if i in place]
            return any(flags[i] & (PRONOUN | CAPITAL | DETERMINER) for i in nearby)
    return False


def _reports_before(place: range, words: Words, mask: int) -> bool:
    """A word of `mask` that leads up to the quotation: 'the sign read "…"', 'a note: "…"'."""
    flags = words.flag_list
    written = [i for i in place[-6:] if flags[i] & mask]
    said = [i for i in place[-4:] if flags[i] & STRONG_SPEECH]
    if not written or not said:
        return bool(written)
    between = range(written[-1] + 1, said[-1])
    return written[-1] < said[-1] and not any(
        flags[i] & (PRONOUN | CAPITAL) or words.text[i] in (",", "and") for i in between
    )


def _spoken(draft: Draft, first: int, last: int, before: range, after: range, text: Text, words: Words) -> bool:
    block = text.blocks[draft.block]
    inner = text.content[draft.start + 1 : draft.end - draft.closed].strip()
    length = sum(1 for i in range(first, last) if words.flag_list[i] & (WORD | JOINED) == WORD)
    if draft.start == block.start or not draft.closed:
        return True
    if _reports(after, words, SPEECH) and (inner[-1:] in TERMINAL or length >= 2):
        return True
    lead = words.text[before[-1]] if before else ""
    if lead in (",", ":", "—", "--", "–"):
        return length > 1 or inner[-1:] in TERMINAL or lead == ":" or _speaks(before, words)
    if not before:
        return inner[-1:] in TERMINAL or length >= LONG or (length > 1 and inner[:1].isupper())
    if words.flag_list[before[-1]] & SPEECH:
        return inner[-1:] in TERMINAL or not _yet_to_be_said(before, words)
    if words.flag_list[before[-1]] & (NAMING | DETERMINER):
        return length >= LONG and inner[-1:] in TERMINAL
    return length >= LONG or (inner[-1:] in "!?" and draft.mark not in SINGLE)


def _yet_to_be_said(before: range, words: Words) -> bool:
    """A modal before the verb that leads up to the quotation: 'he would answer "Sarn"' if he were asked."""
    return len(before) > 1 and words.lower[before[-2]] in lexicons.words("modals")


def _speaks(before: range, words: Words) -> bool:
    return any(words.flag_list[i] & SPEECH for i in before)


def _utterances(
    drafts: list[Draft], ranges: list[Span], kinds: list[QuoteKind], places: list[int], text: Text, words: Words
) -> list[int]:
    """Utterance number of each quotation: parts around a tag, and paragraphs of one speech, share one.

    `places` are the paragraphs that they stand in.
    """
    result: list[int] = []
    count = 0
    for index, draft in enumerate(drafts):
        previous = drafts[index - 1] if index else None
        joined = (
            previous is not None
            and kinds[index] == kinds[index - 1]
            and (
                _continues(previous, draft, text)
                or (places[index] == places[index - 1] and _interrupted(ranges[index - 1], ranges[index], words))
            )
        )
        count += not joined
        result.append(count - 1)
    return result


def _continues(previous: Draft, draft: Draft, text: Text) -> bool:
    """A speech left open at its paragraph's end goes on where the next paragraph opens with the same mark."""
    blocks = text.blocks
    return (
        not previous.closed
        and draft.block == previous.block + 1
        and draft.start == blocks[draft.block].start
        and draft.mark == previous.mark
    )


INTERRUPTION = 14


def _interrupted(previous: Span, current: Span, words: Words) -> bool:
    """A short tag between two quotations of a paragraph leaves them one utterance."""
    gap = range(previous[1], current[0])
    if not 0 < len(gap) <= INTERRUPTION:
        return len(gap) == 0
    if len(gap) > 2 and {words.text[gap[0]], words.text[gap[-1]]} <= {"—", "–", "--"}:
        return True
    reports = any(words.flag_list[i] & SPEECH for i in gap)
    stops = sum(words.text[i] in (".", "!", "?") for i in gap)
    return reports and stops <= 1
