"""Words looked for in the story."""

from __future__ import annotations

import re

from personae.serve.view import Json, View

MOST = 200
AROUND = 60
LONGEST = 200


def find(view: View, wanted: str, until: int | None = None) -> list[Json]:
    """Places with the words before and after; case and the kind of apostrophe don't matter."""
    words = wanted.strip()[:LONGEST]
    if not words:
        return []
    pattern = re.compile(r"\s+".join(map(_loosely, words.split())), re.IGNORECASE)
    text, found = view.book.text, []
    for match in pattern.finditer(text, 0, len(text) if until is None else until):
        start, end = match.span()
        found.append(
            {
                "block": view.block_at(start), "start": start, "end": end, "match": match[0],
                "before": text[max(start - AROUND, 0) : start], "after": text[end : end + AROUND],
            }
        )  # fmt: skip
        if len(found) == MOST:
            break
    return found


def _loosely(word: str) -> str:
    return re.sub("['’‘]", "['’‘]", re.sub(r'["“”]', '["“”]', re.escape(word)))
