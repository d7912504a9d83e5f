"""A Book's tokens in the way BookNLP writes them."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right

import numpy as np
from numpy.typing import NDArray

from personae.book import Book, Span

_WHITE = re.compile(r"\s|[\x1c-\x1f]")


class Words:
    """The words by token id: they never hold white space, so that a line of a file is a row.

    `paragraphs` has the paragraph of each token, counted from 0 without those that have no token.
    """

    def __init__(self, book: Book) -> None:
        self._text = book.text
        self.starts, self.ends = _compact(book.tokens.start), _compact(book.tokens.end)
        self.sentences = _compact(book.tokens.sentence)
        self.paragraphs = _compact(np.unique(book.tokens.block, return_inverse=True)[1])

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, index: int) -> str:
        return visible(self._text[self.starts[index] : self.ends[index]])

    def phrase(self, span: Span) -> tuple[int, int, str] | None:
        """First token, last token and words of a span of characters; None if no token lies there."""
        first, after = bisect_right(self.ends, span[0]), bisect_left(self.starts, span[1])
        if first >= after:
            return None
        return first, after - 1, " ".join(self[index] for index in range(first, after))


def _compact(column: NDArray[np.integer]) -> array[int]:
    """A column as 32-bit numbers that plain Python reads and searches fast."""
    return array("i", column.astype(np.intc).tobytes())


def visible(word: str) -> str:
    """The word with BookNLP's own stand-ins for white space, one for one."""
    return _WHITE.sub(lambda found: {"\t": "T", "\n": "N", "\r": "N"}.get(found[0], "S"), word)
