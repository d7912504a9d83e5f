"""Pairs of quotation marks in a paragraph, in every convention, mixed: “ ” " ‘ ’ ' « » ‹ › „ “ 「 」 『 』.

Only where the marks stand is decided here; whether the words are speech is `quotes`' business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from personae import lexicons

MARK = re.compile(r"[\"“”„‟«»‹›‘’'「」『』`]")
CLOSED_BY = {
    "“": "”", "„": "“”", "‟": "”", "”": "”", "«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "『": "』", '"': '"”',
}  # fmt: skip
SINGLE = "‘'`"
STRONG = frozenset(".,!?…—–-;:)*_")
OPENS_AFTER = frozenset(' \t\n\u00a0\u2009\u202f(—–-[*_“"«/…')


@dataclass(frozen=True, slots=True)
class Pair:
    """A quotation from its opening mark to its closing one (half-open, in characters).

    `closed` is False where the paragraph ended first: the quotation is repaired to end there.
    """

    start: int
    end: int
    closed: bool
    mark: str


def is_spaced(content: str) -> bool:
    """Is this a corpus' tokenised text, every mark between spaces ("“ Bah ! ”")?"""
    marks = DOUBLE.findall(content)
    alone = SPACED.findall(content)
    return len(alone) >= 2 and len(alone) >= 0.8 * max(len(marks), 1)


DOUBLE = re.compile(r'["“”]')
SPACED = re.compile(r"""(?<![^\s])["“”'‘’](?![^\s])""")


def pair_spaced(content: str, start: int, end: int) -> list[Pair]:
    """The quotations of a tokenised text: a mark between spaces opens if none is open, else it closes.

    A single mark counts only where the paragraph has hardly any double ones: else it is a possessive.
    """
    signs = [m[0] for m in SPACED.finditer(content, start, end)]
    ignored = "'" if signs.count("'") <= 2 * (len(signs) - signs.count("'")) else ""
    pairs: list[Pair] = []
    opened, mark = -1, ""
    for match in SPACED.finditer(content, start, end):
        sign = match[0]
        if sign == ignored:
            continue
        if opened < 0:
            opened, mark = (match.start(), sign) if sign not in "”’" else (-1, "")
        elif sign == {"“": "”", "‘": "’"}.get(mark, mark):
            pairs.append(Pair(opened, match.end(), True, mark))
            opened = -1
        elif sign == mark == "“":
            pairs.append(_repaired(content, opened, match.start(), mark))
            opened = match.start()
    return pairs


def pair_marks(content: str, start: int, end: int, *, single: bool = True) -> list[Pair]:
    """The outermost quotations of one paragraph `content[start:end]`, in order.

    With `single` False, single quotes never open: apostrophes are all they are in this story.
    """
    pairs: list[Pair] = []
    opened = -1
    mark = ""
    position = start
    while match := MARK.search(content, position, end):
        at, position = match.start(), match.end()
        sign = content[at]
        if opened >= 0 and _closes(content, at, end, sign, mark):
            pairs.append(Pair(opened, position, True, mark))
            opened = -1
        elif sign in SINGLE and single and opened < 0:
            close = _single_close(content, at, start, end) if _opens_single(content, at, start, end) else -1
            if close >= 0:
                pairs.append(Pair(at, close, close <= end and content[close - 1] in "’'", sign))
                position = close
        elif _opens(content, at, start, end, sign):
            if opened >= 0 and sign == mark:
                pairs.append(_repaired(content, opened, at, mark))
                opened = -1
            if opened < 0:
                opened, mark = at, sign
    if opened >= 0:
        pairs.append(_repaired(content, opened, end, mark))
    return pairs


def _repaired(content: str, start: int, end: int, mark: str) -> Pair:
    return Pair(start, start + max(len(content[start:end].rstrip()), 1), False, mark)


def _opens(content: str, at: int, start: int, end: int, sign: str) -> bool:
    after = content[at + 1 : at + 2] if at + 1 < end else ""
    if not after:
        return False
    if sign in "“„‟「『«‹":
        return True
    at_word = at == start or content[at - 1] in OPENS_AFTER
    if after.isspace() and sign not in "»›":
        return False
    return sign in '"”»›' and at_word and (sign == '"' or at == start or after.isalnum())


def _closes(content: str, at: int, end: int, sign: str, mark: str) -> bool:
    if sign not in CLOSED_BY[mark]:
        return False
    before, after = content[at - 1], content[at + 1 : at + 2]
    if sign == '"' and before.isspace() and at + 1 < end:
        return not (after.isalnum() or after in "‘'“")
    return not (sign == "“" and mark == "“")


def _opens_single(content: str, at: int, start: int, end: int) -> bool:
    after = content[at + 1 : min(at + 12, end)]
    if not after or after[0].isspace():
        return False
    if at > start and content[at - 1] not in OPENS_AFTER:
        return False
    word = re.match(r"[^\W\d_]*", after)
    return (
        content[at] == "‘"
        or not (word and word[0].lower() in lexicons.words("elisions"))
        or _quoted_at_start(content, at, start)
    )


def _quoted_at_start(content: str, at: int, start: int) -> bool:
    """An elision is far rarer at the start of a paragraph than a speech that begins with "and"."""
    return at == start and content[at + 1].isupper()


CLOSE_SINGLE = re.compile(r"(?<=\S)['’](?![^\W_])")
OPEN_SINGLE = re.compile(r"(?:(?<=[\s(—–])|^)[‘'`](?=[^\s])")


def _single_close(content: str, at: int, start: int, end: int) -> int:
    """End of the quotation opened by the single mark at `at`; -1 if that was no quotation.

    A mark after punctuation closes at once. One after a letter may be a plural possessive (the boys’ coats)
    or a dropped letter (goin’): it closes only if no better one follows before the next opening mark.
    """
    weak = -1
    limit = end
    for match in CLOSE_SINGLE.finditer(content, at + 2, end):
        place = match.start()
        opener = OPEN_SINGLE.search(content, at + 1, place)
        if opener and weak >= 0 and opener.start() >= weak and not _is_elision(content, opener.start(), end):
            break
        if content[place - 1] in STRONG or place + 1 >= end or content[place + 1] in ".,;:!?—–":
            return match.end()
        if content[place - 1] in '”"’':
            return match.end()
        if weak < 0 or not _possessive(content, place):
            weak = match.end() if weak < 0 else weak
    if weak >= 0:
        return weak
    whole = content[at] == "‘" and (at == start or content[at - 2 : at].strip() in {",", ":"})
    return at + len(content[at:limit].rstrip()) if whole else -1


def _is_elision(content: str, at: int, end: int) -> bool:
    word = re.match(r"[^\W\d_]*", content[at + 1 : min(at + 12, end)])
    return bool(word and word[0].lower() in lexicons.words("elisions"))


def _possessive(content: str, place: int) -> bool:
    return content[place - 1] in "sS" and content[place + 1 : place + 2] == " "
