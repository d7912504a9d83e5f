"""The header and licence around a Project Gutenberg text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_START = re.compile(
    r"^(?:\*{1,3} ?START OF (?:THE |THIS )?PROJECT GUTENBERG[^\n]*(?:\n[^\n]+\*\*\*[ \t]*$)?"
    r"|\*END ?\*? ?THE SMALL PRINT[^\n]*)",
    re.MULTILINE | re.IGNORECASE,
)
_END = re.compile(
    r"^(?:\*{1,3} ?END OF (?:THE |THIS )?PROJECT GUTENBERG"
    r"|(?:The )?End of (?:the |this )?Project Gutenberg)",
    re.MULTILINE | re.IGNORECASE,
)
_FIELD = re.compile(r"^(Title|Author|Language):[ \t]*(\S[^\n]*(?:\n[ \t]+\S[^\n]*)*)", re.MULTILINE)
_OPENING = re.compile(
    r"\W*(?:The )?Project Gutenberg(?:'s|’s)? (?:e-?book|e-?text)s? of (?P<title>.{1,200}?)"
    r"(?:,? by (?P<author>[^\n]{2,80}))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_CREDIT = re.compile(
    r"\W{0,2}(?:(?:produced|prepared|transcribed|scanned|digitized|proofread) (?:by|from)\b"
    r"|(?:this )?e-?(?:text|book) (?:was )?(?:prepared|produced|scanned|transcribed)\b"
    r"|(?:html|epub) version by\b|transcriber['’]?s['’]? notes?\b|\[?transcriber)",
    re.IGNORECASE,
)
_ILLUSTRATION = re.compile(r"\[(?:Illustration|Frontispiece)\b[^\]]{0,600}\]", re.IGNORECASE)
HEADER = 60_000
"""Characters; the header of the oldest texts is the longest."""


def envelope(content: str) -> tuple[int, int]:
    """Where the story lies between header and licence: the whole of `content` if there are none."""
    if "GUTENBERG" not in content[:HEADER].upper() and "Project Gutenberg" not in content[-HEADER:]:
        return 0, len(content)
    starts = list(_START.finditer(content, 0, HEADER))
    start = starts[-1].end() if starts else 0
    ends = list(_END.finditer(content, start))
    end = _outermost(content, [match.start() for match in ends]) if ends else len(content)
    return (start, end) if content[start:end].strip() else (0, len(content))


def _outermost(content: str, ends: list[int]) -> int:
    """The first of the end marks that nothing but the licence follows: they stand together."""
    last = ends[-1]
    near = [end for end in ends if not content[end:last].strip() or content.count("\n", end, last) < 8]
    return near[0]


def header_fields(header: str) -> Iterator[tuple[str, str]]:
    """The "Label: value" pairs of the header; a value may run on over indented lines."""
    for match in _FIELD.finditer(header):
        yield match[1].lower(), " ".join(match[2].split())


def opening(text: str) -> tuple[str, str | None] | None:
    """Title and author of "The Project Gutenberg EBook of …, by …", where that is all the header."""
    match = _OPENING.fullmatch(text) if len(text) < 400 else None
    return (" ".join(match["title"].split()), match["author"]) if match else None


def is_credit(text: str) -> bool:
    """Whether a paragraph tells who made the electronic text."""
    return _CREDIT.match(text) is not None


def is_picture(text: str) -> bool:
    """Whether a paragraph stands where a picture was: "[Illustration: The lamp]"."""
    return text.startswith("[") and _ILLUSTRATION.fullmatch(text) is not None
