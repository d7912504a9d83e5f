"""The encoder's one pass over the story: a vector for every word, and what the heads say of it.

Wordpieces never leave this step.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from personae.annotators.pieces import Pieces, cut, windows
from personae.annotators.spans import Span as MentionSpan
from personae.annotators.spans import choose, head_of, likely, sentences, span_of
from personae.annotators.words import Words
from personae.book import Span, Tokens
from personae.models import Models, processors

MOST = 8
"""Windows read at once at most: each takes some 40 MB."""

VECTOR = 384
POINTED, SAID = 256, 512
HEAD = slice(2 * VECTOR, 3 * VECTOR)
"""Where a span's vector has its head: the net of lines does without."""

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Floats = NDArray[np.float32]
Arrays = dict[str, NDArray[Any]]
Item = TypeVar("Item")


@dataclass
class Reading:
    """What the encoder made of a story of `n` tokens and its `m` mentions.

    `upos`, `xpos`, `script`, `sense`, `relation` are int16 `[n]`, numbers of labels; `event` is float32 `[n]`, a
    chance; `head` is int32 `[n]`, the token a token hangs on, -1 for a root. `vectors` is float16 `[m, 256]`, the words
    of each mention as the net of people reads them; `pointed` float16 `[m, 256]` and `said` float16 `[lines, 512]` are
    mentions and lines as the net of lines does; `words` is float16 `[n, 384]` where they were asked for.
    """

    upos: NDArray[np.int16]
    xpos: NDArray[np.int16]
    script: NDArray[np.int16]
    sense: NDArray[np.int16]
    relation: NDArray[np.int16]
    event: Floats
    head: NDArray[np.int32]
    spans: list[MentionSpan]
    vectors: NDArray[np.float16]
    pointed: NDArray[np.float16]
    said: NDArray[np.float16]
    words: NDArray[np.float16] | None = None

    def forget(self) -> None:
        """Let the vectors go, the larger half: only who speaks and who is meant is read off them."""
        self.vectors = self.pointed = np.zeros((0, POINTED), np.float16)
        self.said = np.zeros((0, SAID), np.float16)


TAGS = ("upos", "xpos", "script", "sense", "relation")


def encode(
    tokens: Tokens,
    words: Words,
    quoted: NDArray[np.bool_],
    models: Models,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    lines: Sequence[Span] = (),
    keep_words: bool = False,
) -> Reading:
    """Read the whole story once. `quoted` is bool `[n_tokens]`; `progress` is called as (tokens done, tokens).

    `lines` are the tokens of the quotations, in order.
    With `keep_words` every word's vector is kept, and the mentions' are not made: for training.
    """
    kept = _Kept(len(tokens), lines, None if keep_words else models)
    names = [o.name for o in models.encoder.get_outputs()]

    def read(window: tuple[Span, Arrays]) -> int:
        (first, last), given = window
        found = zip(names, models.encoder.run(None, given), strict=True)
        kept.add((first, last), {name: value[0] for name, value in found}, tokens.sentence)
        return last - first

    done = 0
    for size in side_by_side(read, read_windows(tokens, words, quoted, models)):
        done += size
        progress(done, len(tokens))
    return kept.reading()


def side_by_side(read: Callable[[tuple[Span, Arrays]], Item], windows: Iterable[tuple[Span, Arrays]]) -> Iterator[Item]:
    """What `read` makes of each window, in order; as many at once as there are processors, and one for each."""
    workers = min(processors(), MOST)
    with ThreadPoolExecutor(workers) as pool, threadpool_limits(1, "blas"):
        ahead: deque[Future[Item]] = deque()
        try:
            for window in windows:
                ahead.append(pool.submit(read, window))
                if len(ahead) > 2 * workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)  # whoever stops waits for the windows that are being read, no longer


def read_windows(
    tokens: Tokens, words: Words, quoted: NDArray[np.bool_], models: Models
) -> Iterator[tuple[Span, Arrays]]:  # fmt: skip
    """The story's windows, with what the graph takes for each."""
    pieces = cut(words.types, words.type_ids, quoted, models.tokenizer)
    for window in windows(pieces.first, tokens.sentence):
        yield window, inputs(window, pieces, tokens.sentence)


def inputs(window: Span, pieces: Pieces, sentence: NDArray[np.int32]) -> Arrays:
    """The arrays that the graph takes, of one window; `train/export.py` has their shapes."""
    first, last = window
    start, end = int(pieces.first[first]), int(pieces.first[last])
    ids, segments = np.zeros((2, 1, end - start + 2), np.int64)
    ids[0, 0], ids[0, 1:-1], ids[0, -1] = START, pieces.ids[start:end], STOP
    segments[0, 1:-1] = pieces.segments[start:end]
    lengths = np.diff(pieces.first[first : last + 1])
    of_piece = np.repeat(np.arange(last - first), lengths)
    pool = np.zeros((1, last - first, end - start + 2), np.float32)
    pool[0, of_piece, np.arange(1, end - start + 1)] = 1.0 / lengths[of_piece]
    sentences = sentence[None, first:last].astype(np.int64)
    return {"ids": ids, "segments": segments, "mask": np.ones_like(ids), "pool": pool, "sentence": sentences}


START, STOP = 101, 102
"""BERT's [CLS] and [SEP]."""


class _Kept:
    """Columns that are filled window by window, in any order.

    Without models no mention's vector is made, and words are kept.
    """

    def __init__(self, size: int, lines: Sequence[Span], models: Models | None) -> None:
        self.phrases: InferenceSession | None = models.phrases if models else None
        self.pointing: InferenceSession | None = models.heads if models else None
        self.lines, self.starts = lines, [first for first, _ in lines]
        self.said = np.zeros((len(lines), SAID), np.float16)
        self.words = np.zeros((0 if models else size, VECTOR), np.float16)
        self.tags = {name: np.zeros(size, np.int16) for name in TAGS}
        self.event = np.zeros(size, np.float32)
        self.head = np.full(size, -1, np.int32)
        self.spans: dict[int, tuple[list[MentionSpan], NDArray[np.float16], NDArray[np.float16]]] = {}

    def add(self, span: Span, found: dict[str, NDArray[Any]], sentence: NDArray[np.int32]) -> None:
        first, last = span
        for name, column in self.tags.items():
            column[first:last] = found[name]
        self.event[first:last] = found["event"]
        own = heads(found["arc"], sentence[first:last])
        self.head[first:last] = np.where(own < 0, -1, own + first)
        words = found["words"]
        if self.phrases is None:
            self.words[first:last] = words
        marked = likely(found["opening"], found["closing"], sentence[first:last])
        self._add_spans(first, marked, own.tolist(), words)

    def _add_spans(
        self, offset: int, marked: tuple[NDArray[Any], ...], heads: list[int], words: Floats
    ) -> None:  # fmt: skip
        first, last, chance, kind = marked
        spans = [
            span_of(a, b + 1, head_of(a, b + 1, heads), int(kind[i]), float(chance[i]))
            for a, b, i in ((int(first[i]), int(last[i]), i) for i in choose(first, last + 1, chance))
        ]
        vectors = pointed = np.zeros((0, POINTED), np.float16)
        if self.phrases is not None:
            of_spans = span_vectors(words, spans)
            pointed = self._point(offset, of_spans, words)
            if spans:
                vectors = self.phrases.run(None, {"spans": of_spans})[0].astype(np.float16)
        moved = [replace(s, first=s.first + offset, last=s.last + offset, head=s.head + offset) for s in spans]
        self.spans[offset] = moved, vectors, pointed

    def _point(self, offset: int, of_spans: Floats, words: Floats) -> NDArray[np.float16]:
        """What tells who speaks, of the window's mentions and, as far as they're in it, the lines that begin in it."""
        assert self.pointing is not None
        end = offset + len(words)
        here = range(bisect_left(self.starts, offset), bisect_left(self.starts, end))
        own = [n for n in here if self.lines[n][0] < self.lines[n][1]]
        if not own and not len(of_spans):
            return np.zeros((0, POINTED), np.float16)
        first = np.array([self.lines[n][0] - offset for n in own], np.int64)
        last = np.array([min(self.lines[n][1], end) - offset for n in own], np.int64)
        given = {"mentions": np.delete(of_spans, HEAD, 1), "lines": ends_and_mean(words, first, last)}
        pointed, said = self.pointing.run(None, given)
        self.said[own] = said
        vectors: NDArray[np.float16] = pointed.astype(np.float16)
        return vectors

    def reading(self) -> Reading:
        rows = [self.spans[first] for first in sorted(self.spans)]
        return Reading(
            **self.tags, event=self.event, head=self.head, spans=[span for own, _, _ in rows for span in own],
            vectors=_joined([v for own, v, _ in rows if own]), pointed=_joined([p for own, _, p in rows if own]),
            said=self.said, words=None if self.phrases else self.words,
        )  # fmt: skip


def _joined(parts: Sequence[NDArray[np.float16]]) -> NDArray[np.float16]:
    return np.concatenate(parts) if parts else np.zeros((0, POINTED), np.float16)


def ends_and_mean(words: Floats, first: NDArray[np.int64], last: NDArray[np.int64]) -> Floats:
    """First word, last word and mean of the spans `[first, last)` of words `[n, 384]`: `[m, 3 * 384]`."""
    sums = np.concatenate([np.zeros((1, words.shape[1]), np.float32), words.cumsum(0, dtype=np.float32)])
    mean = (sums[last] - sums[first]) / (last - first)[:, None]
    return np.concatenate([words[first], words[last - 1], mean], 1).astype(np.float32)


def span_vectors(words: Floats, spans: Sequence[MentionSpan]) -> Floats:
    """First word, last word, head and mean of each span's words, `[m, 4 * 384]`; `words` is `[n, 384]`."""
    first, last, head = (np.array([getattr(s, k) for s in spans], np.int64) for k in ("first", "last", "head"))
    sums = np.concatenate([np.zeros((1, words.shape[1]), np.float32), words.cumsum(0, dtype=np.float32)])
    mean = (sums[last] - sums[first]) / (last - first)[:, None]
    return np.concatenate([words[first], words[last - 1], words[head], mean], 1).astype(np.float32)


def heads(arcs: Floats, sentence: NDArray[np.int32]) -> NDArray[np.int64]:
    """The best head of each word, -1 for a root, so that every sentence is one tree.

    `arcs` is `[n, n]` (word, head), the diagonal standing for a root. Greedy; a sentence where that gives no tree is
    solved by Chu, Liu (1965) and Edmonds (1967).
    """
    best: NDArray[np.int64] = arcs.argmax(1)
    for start, end in sentences(sentence):
        own = best[start:end] - start
        if not _is_tree(own.tolist()):
            best[start:end] = _solve(arcs[start:end, start:end].astype(np.float64)) + start
    best[best == np.arange(len(arcs))] = -1
    return best


def _is_tree(own: list[int]) -> bool:
    """One root (its own head), and every word comes to it."""
    if sum(head == word for word, head in enumerate(own)) != 1:
        return False
    safe = [head == word for word, head in enumerate(own)]
    for word in range(len(own)):
        path = []
        while not safe[word]:
            if word in path:
                return False
            path.append(word)
            word = own[word]
        for seen in path:
            safe[seen] = True
    return True


def _solve(arcs: NDArray[np.float64]) -> NDArray[np.int64]:
    """The best tree with one root: every likely root is tried, the rest is the best arborescence from it."""
    n = len(arcs)
    roots = np.argsort(-np.diag(arcs))[:3]
    found: list[tuple[float, list[int]]] = []
    for root in roots.tolist():
        scores = arcs.copy()
        np.fill_diagonal(scores, -np.inf)
        scores[root] = -np.inf
        parents = arborescence(scores, root)
        parents[root] = root
        total = float(arcs[np.arange(n), parents].sum())
        found.append((total, parents))
    return np.array(max(found)[1], np.int64)


def arborescence(scores: NDArray[np.float64], root: int) -> list[int]:
    """Best parent of each word (the root's own entry means nothing); `scores` is `[n, n]` (word, parent)."""
    n = len(scores)
    parents = [int(p) for p in scores.argmax(1)]
    parents[root] = root
    cycle = _cycle(parents, root)
    if not cycle:
        return parents
    inside = np.zeros(n, bool)
    inside[cycle] = True
    outside = [w for w in range(n) if not inside[w]]
    place = {w: i for i, w in enumerate(outside)}
    m = len(outside)
    smaller = np.full((m + 1, m + 1), -np.inf)
    smaller[:m, :m] = scores[np.ix_(outside, outside)]
    kept = scores[cycle, [parents[w] for w in cycle]]
    entering = scores[np.ix_(cycle, outside)] - kept[:, None]
    leaving = scores[np.ix_(outside, cycle)]
    smaller[m, :m] = entering.max(0)
    smaller[:m, m] = leaving.max(1)
    solved = arborescence(smaller, place[root])
    for word in outside:
        up = solved[place[word]]
        parents[word] = cycle[int(leaving[place[word]].argmax())] if up == m else outside[up]
    source = solved[m]
    broken = cycle[int(entering[:, source].argmax())]
    parents[broken] = outside[source]
    parents[root] = root
    return parents


def _cycle(parents: list[int], root: int) -> list[int]:
    state = [0] * len(parents)
    state[root] = 2
    for start in range(len(parents)):
        path, word = [], start
        while state[word] == 0:
            state[word] = 1
            path.append(word)
            word = parents[word]
        if state[word] == 1:
            return path[path.index(word) :]
        for seen in path:
            state[seen] = 2
    return []
