"""What the encoder's heads lose on a batch."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from train.lots import Batch, Part
from train.nets import Links, Reader, Turns, loss_of
from train.samples import GoldLine

PEOPLE_WEIGHT = 0.4
"""Weight of the mentions of a corpus with rules of its own, beside LitBank's."""


def losses(net: Reader, batch: Batch) -> dict[str, Tensor]:
    """The mean loss of every head that the batch has labels for."""
    words = batch.words(net)
    found: dict[str, list[Tensor]] = {}
    sample = batch.parts[0][0]
    if sample.mentions is not None:
        found["spans"] = [span_loss(net, batch, words)]
        for row, part in enumerate(batch.parts):
            add_links(net.links, words[row], part, found)
    elif sample.anchors is not None:
        for row, part in enumerate(batch.parts):
            add_links(net.links, words[row], part, found)
    for row, part in enumerate(batch.parts):
        add_turns(net.turns, words[row], part, found)
    if sample.events is not None:
        target = column(batch, lambda s: s.events, 0.0)
        loss = F.binary_cross_entropy_with_logits(net.events(words)[..., 0], target, reduction="none")
        found["events"] = [loss[batch.sentence >= 0].mean()]
    if sample.tags is not None:
        for kind in ("upos", "xpos", "script"):
            found[kind] = [tag_loss(net, batch, words, kind, lambda s, k=kind: s.tags[k])]
        tree_losses(net, batch, words, found)
    if sample.senses is not None:
        found["senses"] = [tag_loss(net, batch, words, "sense", lambda s: s.senses)]
    return {kind: torch.stack(values).mean() for kind, values in found.items() if values}


def column(batch: Batch, of: Any, filler: Any) -> Tensor:
    """A label for every word, `[b, n]`."""
    values = torch.full(batch.sentence.shape, filler)
    for row, (sample, first, last) in enumerate(batch.parts):
        values[row, : last - first] = torch.from_numpy(of(sample)[first:last])
    return values.to(batch.ids.device)


def tag_loss(net: Reader, batch: Batch, words: Tensor, kind: str, of: Any) -> Tensor:
    logits = net.tags[kind](words)
    return F.cross_entropy(logits.flatten(0, 1), column(batch, of, -100).flatten(), ignore_index=-100)


def spans_allowed(sentence: Tensor) -> Tensor:
    """Which (first, last) may be a mention, `[b, n, n]`: in one sentence, in order."""
    n = sentence.shape[1]
    same = (sentence[:, :, None] == sentence[:, None, :]) & (sentence >= 0)[:, :, None]
    return same & torch.ones(n, n, dtype=torch.bool, device=sentence.device).triu()


def span_loss(net: Reader, batch: Batch, words: Tensor) -> Tensor:
    """Cross-entropy over a sentence's spans, a word's worth each; where only people are marked, the rest is a class."""
    scores = F.log_softmax(net.spans(words), -1)
    target = torch.zeros(scores.shape[:3], dtype=torch.long)
    for row, (sample, first, last) in enumerate(batch.parts):
        for m in sample.mentions or ():
            if first <= m.first and m.last <= last:
                target[row, m.first - first, m.last - first - 1] = m.label
    target = target.to(scores.device)
    chosen = scores.gather(-1, target[..., None])[..., 0]
    weight = 1.0
    if batch.parts[0][0].people_only:
        weight = PEOPLE_WEIGHT
        nobody = torch.cat([scores[..., :1], scores[..., 4:]], -1).logsumexp(-1)
        chosen = torch.where(target == 0, nobody, chosen)
    allowed = spans_allowed(batch.sentence)
    return -weight * chosen[allowed].sum() / (batch.sentence >= 0).sum()


def tree_losses(net: Reader, batch: Batch, words: Tensor, found: dict[str, list[Tensor]]) -> None:
    """Arcs among the words of a sentence, and relations for the true heads; a root is its own head."""
    n = words.shape[1]
    heads = torch.full(batch.sentence.shape, -100)
    for row, (sample, first, last) in enumerate(batch.parts):
        own = torch.from_numpy(sample.heads[first:last])  # type: ignore[index]
        here = torch.arange(last - first)
        local = torch.where(own < 0, here, own - first)
        heads[row, : last - first] = torch.where((local < 0) | (local >= last - first), -100, local)
    heads = heads.to(words.device)
    same = batch.sentence[:, :, None] == batch.sentence[:, None, :]
    arcs = net.trees.arcs(words).masked_fill(~same, -1e4)
    found["arcs"] = [F.cross_entropy(arcs.flatten(0, 1), heads.flatten(), ignore_index=-100)]
    relations = column(batch, lambda s: s.tags["relation"], -100)
    relations = torch.where(heads < 0, -100, relations)
    scores = net.trees.relations(words, heads.clamp(min=0, max=n - 1))
    found["relations"] = [F.cross_entropy(scores.flatten(0, 1), relations.flatten(), ignore_index=-100)]


def add_links(links: Links, words: Tensor, part: Part, found: dict[str, list[Tensor]]) -> None:
    """Marginal likelihood of all right antecedents (Lee et al. 2017), and of all mentions of a line's speaker."""
    sample, first, last = part
    marked = sample.mentions if sample.mentions is not None else sample.anchors or ()
    inside = [m for m in marked if first <= m.first and m.last <= last]
    if len(inside) < 2:
        return
    inside.sort(key=lambda m: (m.first, -m.last))
    starts = torch.tensor([m.first - first for m in inside], device=words.device)
    ends = torch.tensor([m.last - first - 1 for m in inside], device=words.device)
    vectors = span_vectors(words, starts, ends)
    means = np.array([m.means for m in inside])
    same = torch.from_numpy(means[:, None] == means[None, :]).to(words.device).tril(-1)
    scores = links.antecedents(vectors, starts)
    before = torch.ones_like(same).tril(-1)
    everything = torch.cat([scores.new_zeros(len(inside), 1), scores.masked_fill(~before, -1e4)], 1)
    loss = loss_of(everything, same)
    if sample.mentions is None:  # who has no antecedent that is known may have one that isn't
        loss = loss[same.any(1)]
    if len(loss):
        found.setdefault("links", []).append(loss.mean())
    add_lines(links, words, part, vectors, starts, means, found)


def add_lines(
    links: Links, words: Tensor, part: Part, mentions: Tensor, places: Tensor, means: Any,
    found: dict[str, list[Tensor]],
) -> None:  # fmt: skip
    sample, first, last = part
    lines = [q for q in sample.lines if first <= q.first and q.last <= last]
    if not lines:
        return
    starts = torch.tensor([q.first - first for q in lines], device=words.device)
    ends = torch.tensor([q.last - first - 1 for q in lines], device=words.device)
    vectors = span_vectors(words, starts, ends)
    gap = places[None, :] - starts[:, None]
    own = (places[None, :] >= starts[:, None]) & (places[None, :] <= ends[:, None])
    for which, people in ((0, [(q.speaker,) for q in lines]), (1, [q.addressees for q in lines])):
        right = torch.tensor(np.array([np.isin(means, p) for p in people]), device=words.device)
        right = right & ~own if which == 0 else right
        known = right.any(1)
        if known.any():
            scores = links.speakers(which, vectors, mentions, gap)
            scores = scores.masked_fill(own, -1e4) if which == 0 else scores
            loss = scores.logsumexp(1) - scores.masked_fill(~right, -1e4).logsumexp(1)
            found.setdefault("lines", []).append(loss[known].mean())


def add_turns(turns: Turns, words: Tensor, part: Part, found: dict[str, list[Tensor]]) -> None:
    """Marginal likelihood of all earlier lines of the same speaker; of a line's parts the longest stands for it."""
    sample, first, last = part
    longest: dict[int, GoldLine] = {}
    for line in sample.lines:
        if first <= line.first and line.last <= last:
            kept = longest.get(line.utterance)
            if kept is None or line.last - line.first > kept.last - kept.first:
                longest[line.utterance] = line
    lines = sorted(longest.values(), key=lambda line: line.first)
    if len(lines) <= FEW:
        return
    starts = torch.tensor([line.first - first for line in lines], device=words.device)
    ends = torch.tensor([line.last - first - 1 for line in lines], device=words.device)
    scores = turns(span_vectors(words, starts, ends))
    speaker = np.array([line.speaker for line in lines])
    same = torch.from_numpy(speaker[:, None] == speaker[None, :]).to(words.device) & (scores[:, 1:] > -1e3)
    found.setdefault("turns", []).append(loss_of(scores, same)[FEW:].mean())


FEW = 2
"""Lines at the beginning of a window that have too little before them to learn from."""


def span_vectors(words: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """First word, last word and mean of every span, `[m, 3h]`."""
    sums = F.pad(words.cumsum(0), (0, 0, 1, 0))
    mean = (sums[last + 1] - sums[first]) / (last + 1 - first)[:, None]
    return torch.cat([words[first], words[last], mean], -1)
