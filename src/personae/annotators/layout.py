"""Where a token stands: in which quotation, in prose or not, and where scenes end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from personae.book import Quote, Span, Tokens
from personae.errors import ReadError
from personae.text import Text

LONGEST = 10_000_000
"""Characters of a paragraph past which a text is taken for something else; ten long novels."""


def check_paragraphs(text: Text) -> None:
    """Raise ReadError if one paragraph is too long to be a story's: memory would go with it."""
    longest = max((b.end - b.start for b in text.blocks), default=0)
    if longest > LONGEST:
        raise ReadError(
            f"{text.metadata.source or 'the text'}: one paragraph has {longest:,} characters, more than any story's; "
            "put blank lines between its paragraphs"
        )


def quote_of_token(quotes: Sequence[Quote], spans: Sequence[Span], size: int) -> NDArray[np.int32]:
    """Number of the quotation each token stands in, int32 `[size]`; -1 in narration, titles and such included."""
    column = np.full(size, -1, np.int32)
    for quote, (first, last) in zip(quotes, spans, strict=True):
        if quote.kind != "other":
            column[first:last] = quote.id
    return column


def in_prose(text: Text, tokens: Tokens) -> NDArray[np.bool_]:
    """Is the token in a paragraph or verse (a heading names nobody)? bool `[n_tokens]`."""
    kinds = np.array([b.kind in ("paragraph", "verse") for b in text.blocks], np.bool_)
    return kinds[tokens.block] if len(tokens) else np.zeros(0, np.bool_)


def scene_breaks(text: Text, tokens: Tokens) -> list[int]:
    """Tokens at which a heading or break ends a scene, ascending."""
    starts = [b.start for b in text.blocks if b.kind in ("heading", "break")]
    places: list[int] = tokens.start.searchsorted(np.array(starts, np.int32)).tolist()
    return places
