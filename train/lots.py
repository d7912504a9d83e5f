"""Windows of documents, a lot of them at a time: what the encoder is trained on."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from personae.annotators.pieces import WINDOW
from train.nets import Reader
from train.samples import Sample

LOT = 640
"""Wordpieces from which a lot is full."""

Part = tuple[Sample, int, int]
"""A window of a document, tokens `[first, last)`."""


@dataclass
class Batch:
    """Windows side by side: pieces `[b, p]`, words `[b, n]`."""

    parts: list[Part]
    ids: Tensor
    segments: Tensor
    mask: Tensor
    word_of: Tensor
    sentence: Tensor
    n_words: int

    @classmethod
    def of(cls, parts: list[Part], device: torch.device) -> Batch:
        n_words = max(last - first for _, first, last in parts)
        n_pieces = max(int(s.pieces.first[last] - s.pieces.first[first]) for s, first, last in parts) + 2
        shape = len(parts), n_pieces
        ids, segments = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
        mask, word_of = torch.zeros(shape, dtype=torch.long), torch.full(shape, n_words)
        sentence = torch.full((len(parts), n_words), -1)
        for row, (sample, first, last) in enumerate(parts):
            start, end = int(sample.pieces.first[first]), int(sample.pieces.first[last])
            n = end - start
            ids[row, 0], ids[row, n + 1] = 101, 102
            ids[row, 1 : n + 1] = torch.from_numpy(sample.pieces.ids[start:end])
            segments[row, 1 : n + 1] = torch.from_numpy(sample.pieces.segments[start:end])
            mask[row, : n + 2] = 1
            lengths = np.diff(sample.pieces.first[first : last + 1])
            word_of[row, 1 : n + 1] = torch.from_numpy(np.repeat(np.arange(last - first), lengths))
            sentence[row, : last - first] = torch.from_numpy(sample.sentence[first:last].astype(np.int64))
        ids, segments, mask, word_of, sentence = (t.to(device) for t in (ids, segments, mask, word_of, sentence))
        return cls(parts, ids, segments, mask, word_of, sentence, n_words)

    def words(self, net: Reader) -> Tensor:
        return net.words(self.ids, self.segments, self.mask, self.word_of, self.n_words)


class Stream:
    """Lots of windows of a corpus without end, shuffled anew every time round; windows of like length go together."""

    def __init__(self, documents: list[Sample], chance: random.Random) -> None:
        self.documents, self.chance = documents, chance
        self.waiting: list[list[Part]] = []
        self.rounds = -1

    def lot(self) -> list[Part]:
        if not self.waiting:
            self.rounds += 1
            self.waiting = self._lots()
        return self.waiting.pop()

    def _lots(self) -> list[list[Part]]:
        parts = [(s, a, b) for s in self.documents for a, b in s.windows(WINDOW, self.chance.randrange(120))]
        parts = [(s, a, b) for s, a, b in parts if s.anchors is None or any(a <= q.first < b for q in s.lines)]
        parts.sort(key=lambda part: size_of(part) * (0.85 + 0.3 * self.chance.random()))
        lots: list[list[Part]] = [[]]
        for part in parts:
            if sum(map(size_of, lots[-1])) >= LOT:
                lots.append([])
            lots[-1].append(part)
        self.chance.shuffle(lots)
        return lots


def size_of(part: Part) -> int:
    """Wordpieces of a window."""
    sample, first, last = part
    return int(sample.pieces.first[last] - sample.pieces.first[first])
