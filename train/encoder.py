"""Train the encoder and its heads on everything at once.

    python -m train.encoder --data DIR --minutes 65 --out out/train

`DIR` holds the corpora by name (litbank, pdnc, gum, ewt, semcor); our scenes are in gold/scenes and gold/practice. The
learning rate falls to nothing over `--minutes` of training, on two cores or an accelerator alike. `--processes 2` has
two cores read lots of their own and go on from the mean of their gradients: half as fast again as two threads of one
process. A checkpoint is written every few minutes and taken up again by the same command; how far a run got stands in
the checkpoint and on the last line.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed
import torch.multiprocessing
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from gold import gum, litbank, pdnc, scenes, semcor, ud
from personae.annotators.pieces import WINDOW
from train import samples
from train.nets import Links, Reader, Turns, base_folder, loss_of
from train.samples import GoldLine, Labels, Sample

SCENES, PRACTICE = Path("gold/scenes"), Path("gold/practice")
WARM_UP = 0.04
ENCODER_RATE, HEAD_RATE = 1.2e-4, 1e-3
PEOPLE_WEIGHT = 0.4
"""Weight of the mentions of a corpus with rules of its own, beside LitBank's."""
WEIGHTS = {
    "spans": 1.0, "events": 1.0, "upos": 0.5, "xpos": 0.3, "script": 0.3, "arcs": 0.7, "relations": 0.4, "senses": 0.8,
    "links": 0.8, "lines": 0.5, "turns": 0.7,
}  # fmt: skip
PEOPLE = {"litbank": 0.28, "scenes": 0.40, "gum": 0.06, "pdnc": 0.26}
GRAMMAR = {"ewt": 0.46, "semcor": 0.36, "gum": 0.18}
"""Each step reads a lot for people and another, from a corpus with this chance."""
GRAMMAR_TOO = 0.5
"""Chance, unless one is given, that the other lot is for grammar; else it is for people as well."""
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


def load_samples(data: Path, split: str, labels: Labels, tokenizer: Tokenizer) -> dict[str, list[Sample]]:
    """Every corpus's documents of a split ("train" or "dev"); SemCor's dev is its held-out fiction."""
    lit, gums, ewt, sem = data / "litbank", data / "gum", data / "ewt", data / "semcor"
    held = "heldout" if split == "dev" else "train"
    practice = scenes.documents(PRACTICE) if split == "train" else []
    return {
        "pdnc": [samples.from_pdnc(data / "pdnc", d, tokenizer) for d in pdnc.documents(data / "pdnc", split)],
        "litbank": [samples.from_litbank(lit, d, tokenizer) for d in litbank.documents(lit, split)],
        "scenes": [samples.from_scenes(SCENES, d, tokenizer) for d in scenes.documents(SCENES, split)]
        + [samples.from_scenes(PRACTICE, d, tokenizer) for d in practice],
        "gum": [samples.from_gum(gums, d, tokenizer, labels) for d in gum.documents(gums, split)],
        "ewt": [samples.from_ewt(ewt, d, tokenizer, labels) for d in ud.documents(ewt, split)],
        "semcor": [samples.from_semcor(sem, d, tokenizer, labels) for d in whole(sem, held)],
    }


def whole(folder: Path, split: str) -> list[str]:
    """SemCor's documents that have more than verbs: the others teach little for their length."""
    return [d for d in semcor.documents(folder, split) if not semcor.verbs_only(semcor.load(folder, d))]


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


# --- losses


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
    if sample.mentions is None:
        return add_lines(links, words, part, vectors, starts, means, found)
    same = torch.from_numpy(means[:, None] == means[None, :]).to(words.device).tril(-1)
    scores = links.antecedents(vectors, starts)
    before = torch.ones_like(same).tril(-1)
    everything = torch.cat([scores.new_zeros(len(inside), 1), scores.masked_fill(~before, -1e4)], 1)
    found.setdefault("links", []).append(loss_of(everything, same).mean())
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


# --- the run


@dataclass
class State:
    """How far a run has got."""

    step: int = 0
    seconds: float = 0.0
    pieces: int = 0


def train(options: argparse.Namespace, sharers: Sharers) -> None:
    torch.set_flush_denormal(True)
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed + sharers.rank)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = open_tokenizer()
    labels = samples.collect_labels(options.data / "ewt", options.data / "gum", options.data / "semcor")
    documents = load_samples(options.data, "train", labels, tokenizer)
    net = Reader(labels).to(device)
    optimizer = make_optimizer(net)
    state = State()
    checkpoint = options.out / "encoder.pt"
    if sharers.rank == 0:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "labels.json").write_text(json.dumps(asdict(labels), indent=0), encoding="utf-8")
    if options.start and not checkpoint.exists():
        begin(net, options.start)
    if checkpoint.exists():
        kept = torch.load(checkpoint, map_location=device, weights_only=True)
        net.load_state_dict(kept["net"])
        optimizer.load_state_dict(kept["optimizer"])
        state = State(**kept["state"])
    sharers.begin_alike(net)
    chance = random.Random(options.seed + state.step + 7919 * sharers.rank)
    streams = {name: Stream(own, chance) for name, own in documents.items()}
    lots = pairs_of_lots(streams, chance, options.grammar)
    total = 60 * options.minutes
    sums: dict[str, list[float]] = {}
    saved = began = time.monotonic()
    before = state.seconds
    net.train()
    for layer in net.encoder.encoder.layer[: options.frozen]:
        layer.requires_grad_(False)
    while state.seconds < total:
        rate(optimizer, state.seconds / total, options.rate)
        pieces = 0
        for lot in next(lots):
            batch = Batch.of(lot, device)
            pieces += int(batch.mask.sum())
            found = losses(net, batch)
            if found:  # a lot of a novel may have no line whose speaker is named nearby
                torch.stack([WEIGHTS[k] * v for k, v in found.items()]).sum().backward()
            for kind, value in found.items():
                sums.setdefault(kind, []).append(float(value.detach()))
        sharers.mean_gradients(net)
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        state.step += 1
        state.pieces += sharers.sum(pieces)
        state.seconds = sharers.agreed(before + time.monotonic() - began)
        if sharers.rank == 0 and state.step % 50 == 0:
            report(state, sums, {n: s.rounds for n, s in streams.items()})
            sums = {}
        if sharers.rank == 0 and time.monotonic() - saved > 300:
            save(checkpoint, net, optimizer, state)
            saved = time.monotonic()
    if sharers.rank == 0:
        save(checkpoint, net, optimizer, state)
        print(f"done: {state.step} steps, {state.pieces:,} wordpieces, {state.seconds / 60:.1f} minutes", flush=True)


@dataclass(frozen=True)
class Sharers:
    """The processes that train one net side by side, each on lots of its own."""

    rank: int = 0
    number: int = 1

    def begin_alike(self, net: torch.nn.Module) -> None:
        """What begins by chance is as the first process has it."""
        if self.number > 1:
            for value in net.state_dict().values():
                torch.distributed.broadcast(value, 0)

    def mean_gradients(self, net: torch.nn.Module) -> None:
        """Every process goes on from the mean of all; a head that no lot had labels for counts as unmoved."""
        if self.number > 1:
            trained = [p for p in net.parameters() if p.requires_grad]
            own = [p.grad if p.grad is not None else torch.zeros_like(p) for p in trained]
            flat = torch.cat([g.flatten() for g in own])
            torch.distributed.all_reduce(flat)
            parts = (flat / self.number).split([p.numel() for p in trained])
            for p, part in zip(trained, parts, strict=True):
                p.grad = part.view_as(p)

    def sum(self, number: int) -> int:
        value = torch.tensor(number)
        if self.number > 1:
            torch.distributed.all_reduce(value)
        return int(value)

    def agreed(self, seconds: float) -> float:
        """The first process's clock, so that all stop after the same step."""
        value = torch.tensor(seconds, dtype=torch.float64)
        if self.number > 1:
            torch.distributed.broadcast(value, 0)
        return float(value)


def share(rank: int, options: argparse.Namespace, meeting: str) -> None:
    """One of the processes that train together; they meet at a file."""
    options.threads = options.threads or 1
    torch.distributed.init_process_group("gloo", f"file://{meeting}", rank=rank, world_size=options.processes)
    train(options, Sharers(rank, options.processes))
    torch.distributed.destroy_process_group()


def begin(net: Reader, run: Path) -> None:
    """Take over what another run has learnt; heads that it didn't have begin anew."""
    learnt = torch.load(run / "encoder.pt", map_location="cpu", weights_only=True)["net"]
    missing, surplus = net.load_state_dict(learnt, strict=False)
    if surplus or any(not name.startswith("turns.") for name in missing):
        raise SystemExit(f"{run}: this run's net is another: {sorted({*missing, *surplus})[:3]} …")


def open_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def make_optimizer(net: Reader) -> torch.optim.AdamW:
    encoder = list(net.encoder.parameters())
    net.encoder.embeddings.word_embeddings.weight.requires_grad = False
    own = {id(p) for p in encoder}
    heads = [p for p in net.parameters() if id(p) not in own]
    groups = [
        {"params": [p for p in encoder if p.requires_grad], "lr": ENCODER_RATE, "base": ENCODER_RATE},
        {"params": heads, "lr": HEAD_RATE, "base": HEAD_RATE},
    ]
    return torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))


def pairs_of_lots(
    streams: dict[str, Stream], chance: random.Random, grammar: float = GRAMMAR_TOO
) -> Iterator[list[list[Part]]]:
    """A lot for people and one for grammar or for people again, without end."""
    while True:
        other = GRAMMAR if chance.random() < grammar else PEOPLE
        sides = (chance.choices(list(side), list(side.values()))[0] for side in (PEOPLE, other))
        yield [streams[name].lot() for name in sides]


def rate(optimizer: torch.optim.Optimizer, progress: float, peak: float) -> None:
    factor = peak * min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP))
    for group in optimizer.param_groups:
        group["lr"] = group["base"] * max(factor, 0.0)


def save(path: Path, net: Reader, optimizer: torch.optim.Optimizer, state: State) -> None:
    """Whole or not at all."""
    waiting = path.with_suffix(".part")
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "state": asdict(state)}, waiting)
    waiting.rename(path)


def report(state: State, sums: dict[str, list[float]], rounds: dict[str, int]) -> None:
    means = "  ".join(f"{kind} {np.mean(values):.3f}" for kind, values in sums.items())
    speed = state.pieces / state.seconds
    print(f"{state.step:5d} {state.seconds / 60:5.1f} min {speed:5.0f}/s  {means}  {rounds}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=65)
    parser.add_argument("--out", type=Path, default=Path("out/train"))
    parser.add_argument("--frozen", type=int, default=0, help="the lowest layers, kept as they are (default: none)")
    parser.add_argument("--start", type=Path, metavar="RUN", help="begin with what this run has learnt")
    parser.add_argument("--rate", type=float, default=1.0, help="times the usual learning rates (default: 1)")
    parser.add_argument(
        "--grammar", type=float, default=GRAMMAR_TOO, metavar="P",
        help="chance that a step's second lot is for grammar (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--threads", type=int, help="of each process (default: all processors, 1 of several processes)")
    parser.add_argument("--processes", type=int, default=1, help="side by side, on processors (default: 1)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.processes > 1:
        with tempfile.TemporaryDirectory() as folder:
            torch.multiprocessing.spawn(share, (options, f"{folder}/meeting"), nprocs=options.processes)
    else:
        train(options, Sharers())


if __name__ == "__main__":
    main()
