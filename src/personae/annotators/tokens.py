"""Words and marks of the story's blocks, as Universal Dependencies has them in English."""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate

import numpy as np

from personae.annotators.sentences import number_sentences
from personae.book import Tokens
from personae.lexicons import table
from personae.lexicons import words as lexicon
from personae.text import STORY_KINDS, Text

HYPHEN = re.compile(r"[-‐‑]")
ADDRESS = re.compile(r"[.@/]")
Cuts = tuple[int, ...]
"""Where a word comes apart, in characters from its start."""


def tokenize(text: Text) -> Tokens:
    """Split every story block into tokens and sentences, clitics apart ("do" "n't", "Iruka" "'s").

    What a hyphen joins comes apart, hyphen too ("well" "-" "known"), but for prefixes ("re-read"), honorifics
    ("Iruka-sensei") and words that the lists of people have whole ("mother-in-law"). An abbreviation keeps its full
    stop; an address, a file's name, a telephone number, a face and a run of one sign are one token.
    """
    starts: list[int] = []
    ends: list[int] = []
    counts: list[tuple[int, int]] = []
    find = _pattern().finditer
    cuts = _cuts()
    content = text.content
    for index, block in enumerate(text.blocks):
        if block.kind not in STORY_KINDS:
            continue
        before = len(starts)
        for match in find(content, block.start, block.end):
            start, end = match.span()
            starts.append(start)
            for cut in cuts[content[start:end]] if end - start > 1 else ():
                ends.append(start + cut)
                starts.append(start + cut)
            ends.append(end)
        if len(starts) > before:
            counts.append((index, len(starts) - before))
    block_column = np.repeat(
        np.array([b for b, _ in counts], np.int32), np.array([n for _, n in counts], np.int64)
    ).astype(np.int32)
    sentences = number_sentences(content, starts, ends, block_column)
    return Tokens(np.array(starts, np.int32), np.array(ends, np.int32), sentences, block_column)


@cache
def _pattern() -> re.Pattern[str]:
    """What is found at once. Every repetition is bounded or ends where the word does: time is linear in the text."""
    clitic = r"(?:[sdmSDM]|ll|re|ve|LL|RE|VE)(?![^\W_])"
    return re.compile(
        rf"""
        (?=\S)(?:
        [^\W\d_]+(?=[\s,;!?—”"]) | [.,;!?](?=[\s”"]) | [“”"]      # most of a story: what follows is slow
        | (?:https?://|www\.)[^\s<>"“”]*[^\s<>"“”.,;:!?'’)\]]
        | [\w.+%-]{{1,64}}+@[\w-]{{1,64}}+(?:\.[\w-]{{1,64}}+)+
        | [\w\#-]{{1,64}}+\.(?:{_either("file_endings")})(?![\w-])
        | {_faces()}
        | (?:{_either("abbreviations")})\.(?!\.)(?!\s*\Z)    # Mr.
        | etc\.(?!\.|\s*\Z|\s+[A-Z])
        | (?:{_either("numbered_abbreviations")})\.(?=\s?\d)  # No. 5
        | (?:[^\W\d_]\.){{2,}}(?![^\W_]) | (?!I\.\s)[A-Z]\.(?=\s?[A-Z])   # U.S.  J. Smith
        | (?:\d-)?\d{{3}}-(?:\d{{3}}-)?\d{{4}}(?![\w-]) | \d-\d{{4}}(?![\w-]) | \d\d?-\d\d?-\d{{2,4}}(?![\w-])
        | (?<!\S)(?:\+\d+ | \#[^\W\d_]\w*)
        | \d*0['’]s(?![^\W_]) | (?<![^\s(])['’]\d\ds?(?![^\W_])         # the 1920's, '72
        | \d+(?:[.,:/]\d+)*(?:(?:st|nd|rd|th|s)?(?![^\W_])|(?=(?:{_either("units")})(?![^\W_])))
        | [A-Za-z]/(?:[A-Za-z](?![^\W_])|(?<=[wW]/)(?=[\w\s])) | [A-Z]{{1,2}}\$(?=\d)
        | [b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]{{1,3}}-(?=\s)      # th- this
        | [^\W_]+?(?=[nN]['’][tT](?![^\W_]))          # do|n't
        | [nN]['’][tT](?![^\W_])
        | (?<=[^\W_])['’`]{clitic}
        | (?<![^\W_])['’](?:[eE]m|[tT](?:is|was|were|will|would))(?![^\W_])
        | [^\W_]+(?:(?:['’](?!{clitic})|[-‐‑&@](?=[^\W_])|\.(?=[^\W_])(?!(?<=[a-z]\.)[A-Z][a-z]))[^\W_]+(?<!n['’]t))*
        | \.{{2,}} | [!?]{{2,}} | [*_]{{3,}} | ([-=~\#+$<>|\\/])\1+
        | \S)
        """,
        re.VERBOSE,
    )


def _either(name: str) -> str:
    return "|".join(sorted(map(re.escape, lexicon(name)), key=lambda word: (-len(word), word)))


def _faces() -> str:
    """One that starts or ends with a letter or figure may not touch another: ":Done", "as XD."."""
    return rf"(?<![^\W_])(?:{_either('emoticons')})(?![^\W_])"


class _Cuts(dict[str, Cuts]):
    """Looks at each distinct word once."""

    def __missing__(self, word: str) -> Cuts:
        cuts = self[word] = _cuts_of(word)
        return cuts


def _cuts() -> _Cuts:
    found = _Cuts()
    for entry in lexicon("contractions"):
        parts = entry.split("|")
        cuts = tuple(accumulate(map(len, parts[:-1])))
        found |= dict.fromkeys(_cases("".join(parts)), cuts)
    return found


def _cases(word: str) -> set[str]:
    """As at the start of a sentence and in capitals too; "IM" is something else than "im"."""
    capital = next(place for place, sign in enumerate(word) if sign.isalpha())
    forms = {word, word[:capital] + word[capital:].capitalize()} | ({word.upper()} if len(word) > 3 else set())
    return forms | {form.replace("'", "’") for form in forms}


def _cuts_of(word: str) -> Cuts:
    """Around each hyphen between words, unless the word is to stay whole."""
    hyphens = [match.start() for match in HYPHEN.finditer(word, 1, len(word) - 1)]
    if not hyphens or not word[0].isalnum() or not word[-1].isalnum() or ADDRESS.search(word) or _stays_whole(word):
        return ()
    return tuple(cut for hyphen in hyphens for cut in (hyphen, hyphen + 1))


def _stays_whole(word: str) -> bool:
    parts = HYPHEN.split(word.lower())
    if word[0].isdigit() or "-".join(parts) in _whole():
        return True
    if word[0].isupper() and parts[-1] in lexicon("honorifics"):
        return True
    return len(parts) == 2 and (parts[0] in lexicon("prefixes") or parts[1] in lexicon("suffixes"))


@cache
def _whole() -> frozenset[str]:
    listed = {*lexicon("hyphenated"), *table("kinship"), *table("roles")}
    return frozenset(word for word in listed if "-" in word)
