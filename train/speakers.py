"""Train the net of lines: who of the people present speaks a turn, and to whom.

    python -m train.speakers --data DIR --weights DIR --out out/train

Reads conversations as `personae.annotators.speakers` makes them, with what the rules make of them and the frozen
vectors of the encoder in `--weights`: PDNC (cast given and nothing given), LitBank, our scenes and the practice scenes
(train splits). Prepared documents are kept in `--out`/lines, so that the same command takes a stopped run up again.
Every epoch is measured on the dev splits; the best epoch's net is exported. `--without` leaves corpora out; `--silver`
adds lines of LitBank's full novels whose tags name who speaks, with the tags hidden.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from personae.annotators.speakers import (
    DISTANCES,
    FLOATS,
    NODE_SIZES,
    PAIR_SIZES,
    PERSON_SIZES,
    PRONOUN,
    REACH,
    inputs,
)
from personae.models import FOLDER, open_models
from train.export import load_net
from train.lines import TYPES, Example, Prepared, silver_sources, sources
from train.nets import LINK_WIDTH, loss_of, with_one, write_graph

WIDTH, HEADS, LAYERS = 96, 4, 2
PAIR = 8
DROP = 0.15
BATCH = 4
"""Stretches between two steps."""
WEIGHTS = {"pdnc": 1.0, "scenes": 2.0, "practice": 2.0, "litbank": 1.0, "silver": 0.5}
LINES = 30
"""Lines of a stretch that counts once."""
GATE = 0.3
"""At first, what the net makes of a turn counts so much beside what the rules do."""
ADDRESSEE, GIVEN = 4, 3.0
"""The pair feature that is the rules' addressee, and what it counts at first."""
LOG = 3.0
"""The logs of chances in `floats` are divided by this."""


def plain(size: int, width: int) -> nn.Embedding:
    """A table of biases, all nought at first."""
    table = nn.Embedding(size, width)
    nn.init.zeros_(table.weight)
    return table


class Block(nn.Module):
    """A transformer layer whose attention knows how far apart nodes are and how likely they mean the same person."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.near = plain(2 * REACH + 3, HEADS)
        self.same = nn.Parameter(torch.linspace(0.0, 2.0, HEADS))
        self.one, self.two = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)
        self.drop = nn.Dropout(DROP)

    def forward(self, x: Tensor, apart: Tensor, shared: Tensor) -> Tensor:
        """Nodes `[n, WIDTH]`; buckets of distances and chances of being the same, `[n, n]` each."""
        n = x.shape[0]
        q, k, v = self.qkv(self.one(x)).view(n, 3, HEADS, WIDTH // HEADS).permute(1, 2, 0, 3)
        bias = self.near(apart).permute(2, 0, 1) + self.same[:, None, None] * shared
        mixed = (q @ k.transpose(1, 2) / (WIDTH // HEADS) ** 0.5 + bias).softmax(-1) @ v
        x = x + self.drop(self.out(mixed.transpose(0, 1).reshape(n, WIDTH)))
        return x + self.drop(self.down(nn.functional.gelu(self.up(self.two(x)), approximate="tanh")))


class Pointer(nn.Module):
    """From turns to people: by way of nodes that may mean them (a copy mechanism; See et al. 2017), and directly."""

    def __init__(self) -> None:
        super().__init__()
        self.says = nn.Parameter(0.02 * torch.randn(LINK_WIDTH + 1, LINK_WIDTH + 1))
        self.beside = nn.Embedding(2 * len(DISTANCES) + 2, 1)
        self.turn, self.node = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.asks, self.person = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.near = plain(2 * REACH + 3, 1)
        self.tables = nn.ModuleList(plain(size, 1) for size in PAIR_SIZES)
        self.columns = nn.ModuleList(nn.Embedding(size, PAIR) for size in PAIR_SIZES)
        width = FLOATS + 2 + PAIR * len(PAIR_SIZES)
        self.pair = nn.Sequential(nn.Linear(width, 48), nn.GELU(approximate="tanh"), nn.Linear(48, 1))
        self.nobody = nn.Linear(WIDTH, 1)
        self.gate = nn.Parameter(torch.tensor(GATE))

    def forward(
        self, turns: Tensor, nodes: Tensor, persons: Tensor, who: Tensor, apart: Tensor, own: Tensor, pairs: Tensor,
        floats: Tensor, lines: Tensor, mentions: Tensor, gap: Tensor,
    ) -> Tensor:  # fmt: skip
        """Scores of nobody present, first, and of each person: `[t, 1 + p]`."""
        learnt = with_one(lines) @ self.says @ with_one(mentions).T + self.beside(gap)[..., 0]
        scores = self.turn(turns) @ self.node(nodes).T / WIDTH**0.5 + self.near(apart)[..., 0]
        scores = scores + torch.where((mentions == 0).all(-1), 0.0, learnt)
        shares = scores.masked_fill(own, -1e4).softmax(-1) @ who
        pointed = torch.log(shares + 1e-3)
        direct = self.asks(turns) @ self.person(persons).T / WIDTH**0.5
        columns = [table(pairs[..., i]) for i, table in enumerate(self.columns)]
        mixed = self.pair(torch.cat([floats, pointed[..., None], direct[..., None], *columns], -1))[..., 0]
        tables = torch.stack([table(pairs[..., i])[..., 0] for i, table in enumerate(self.tables)]).sum(0)
        return torch.cat([self.nobody(turns), tables + self.gate * (mixed + pointed + direct)], -1)


class Reference(nn.Module):
    """From nodes to people, by way of the other nodes that may mean them, and directly: whom a pronoun means."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.other = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.asks, self.person = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.near = plain(2 * REACH + 3, 1)
        self.nobody = nn.Linear(WIDTH, 1)
        self.gate, self.trust = nn.Parameter(torch.tensor(GATE)), nn.Parameter(torch.ones(1))

    def forward(self, nodes: Tensor, persons: Tensor, who: Tensor, apart: Tensor) -> Tensor:
        """Scores of nobody present, first, and of each person: `[n, 1 + p]`."""
        scores = self.one(nodes) @ self.other(nodes).T / WIDTH**0.5 + self.near(apart)[..., 0]
        scores = scores.masked_fill(apart == REACH, -1e4)
        pointed = torch.log(scores.softmax(-1) @ who + 1e-3)
        direct = self.asks(nodes) @ self.person(persons).T / WIDTH**0.5
        read = self.gate * (pointed + direct) + self.trust * torch.log(who + 0.02)
        return torch.cat([self.nobody(nodes), read], -1)


class LineNet(nn.Module):
    """A stretch, as `personae.annotators.speakers.inputs` gives it, to scores of speakers and addressees, and of whom
    the mentions mean.

    All is decided twice: the second time, what the first made of the other turns and of pronouns is known.
    """

    def __init__(self) -> None:
        super().__init__()
        self.columns = nn.ModuleList(nn.Embedding(size, WIDTH) for size in NODE_SIZES)
        self.features = nn.ModuleList(nn.Embedding(size, WIDTH) for size in PERSON_SIZES)
        self.mention = nn.Sequential(nn.Dropout(0.4), nn.Linear(LINK_WIDTH, WIDTH))
        self.line = nn.Sequential(nn.Dropout(0.4), nn.Linear(2 * LINK_WIDTH, WIDTH))
        self.norm = nn.LayerNorm(WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.last = nn.LayerNorm(WIDTH)
        self.speaker, self.listener, self.reference = Pointer(), Pointer(), Reference()
        self.trust = nn.Parameter(torch.ones(1))
        """How far the rules' chance counts as it is."""

    def forward(
        self, columns: Tensor, who: Tensor, at: Tensor, persons: Tensor, pairs: Tensor, floats: Tensor,
        mentions: Tensor, lines: Tensor, gap: Tensor, apart: Tensor,
    ) -> tuple[Tensor, ...]:  # fmt: skip
        """Speakers, addressees `[t, 1 + p]`, references `[n, 1 + p]`, nobody first; then speakers and references at
        first sight."""
        x = self.mention(mentions) + at.T @ self.line(lines)
        for number, table in enumerate(self.columns):
            x = x + table(columns[:, number])
        y = torch.stack([table(persons[:, number]) for number, table in enumerate(self.features)]).sum(0)
        start = self.norm(torch.cat([x, y]))
        fixed = at, pairs, mentions, lines, gap, apart
        first, _, meant = self.read(start, who, floats, *fixed)
        chances = first.softmax(-1)[:, 1:]
        nobody = torch.zeros_like(chances[:1])
        padded = torch.cat([nobody, chances, nobody])
        around = torch.stack([chances.clamp(min=1e-3).log() / LOG, padded[:-2], padded[2:]], -1)
        third = ((columns[:, 1] == PRONOUN) & (columns[:, 2] >= 1) & (columns[:, 2] <= 3)).to(who.dtype)[:, None]
        again = who + third * (meant.softmax(-1)[:, 1:] - who)
        again = again + at.T @ (chances - at @ again)
        speakers, listeners, means = self.read(start, again, torch.cat([floats[..., :1], around], -1), *fixed)
        return speakers, listeners, means, first, meant

    def read(
        self, x: Tensor, who: Tensor, floats: Tensor, at: Tensor, pairs: Tensor, mentions: Tensor, lines: Tensor,
        gap: Tensor, apart: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
        """Speakers, addressees and references, `who` being known of the nodes."""
        n = who.shape[0]
        number = torch.ones_like(x[n:, 0]).cumsum(0)
        identity = torch.cat([who, (number[:, None] == number).to(who.dtype)])
        shared = identity @ identity.T
        for block in self.blocks:
            x = block(x, apart, shared)
        x = self.last(x)
        near = (at @ apart[:n, :n].to(at.dtype)).long()
        given = at @ x[:n], x[:n], x[n:], who, near, at > 0, pairs, floats
        said = self.speaker(*given, lines[:, :LINK_WIDTH], mentions, gap)
        rules = torch.cat([torch.zeros_like(said[:, :1]), LOG * floats[..., 1]], -1)
        listeners = self.listener(*given, lines[:, LINK_WIDTH:], mentions, gap)
        return said + self.trust * rules, listeners, self.reference(x[:n], x[n:], who, apart[:n, :n])


def begin(run: Path) -> LineNet:
    """A net that points as the encoder's own heads have learnt to."""
    net = LineNet()
    learnt, _ = load_net(run)
    for number, pointer in enumerate((net.speaker, net.listener)):
        pointer.says.data.copy_(learnt.links.says[number].data)
        pointer.beside.load_state_dict(learnt.links.beside[number].state_dict())
    net.listener.tables[ADDRESSEE].weight.data[1] = GIVEN
    return net


def tensors(example: Example) -> tuple[Tensor, ...]:
    return tuple(map(torch.from_numpy, inputs(example.stretch, example.mentions, example.words).values()))


def loss(net: LineNet, example: Example) -> Tensor:
    """Mean over the stretch's lines."""
    speakers, listeners, means, first, meant = net(*tensors(example))
    turn, speaker = torch.from_numpy(example.lines[:, 0]), torch.from_numpy(example.lines[:, 1])
    right = torch.nn.functional.one_hot(speaker.clamp(min=0), speakers.shape[1] - 1).bool() & (speaker >= 0)[:, None]
    found = (loss_of(speakers[turn], right) + 0.5 * loss_of(first[turn], right)).mean()
    addressees = torch.from_numpy(example.addressees)
    some = addressees.any(1)
    if some.any():
        found = found + 0.5 * loss_of(listeners[turn][some], addressees[some]).sum() / len(turn)
    if len(example.references):
        node, person = torch.from_numpy(example.references).T
        right = torch.nn.functional.one_hot(person.clamp(min=0), means.shape[1] - 1).bool() & (person >= 0)[:, None]
        found = found + (loss_of(means[node], right) + 0.5 * loss_of(meant[node], right)).mean()
    return found


def measured(net: LineNet, documents: Sequence[Example]) -> dict[str, dict[str, float]]:
    """By corpus: per cent of lines right (all, and by type), of addressees, the rules' two, and the mean chance."""
    counts: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    net.eval()
    with torch.no_grad():
        for example in documents:
            speakers, listeners, means, *_ = net(*tensors(example))
            rows = example.lines
            chances = speakers.softmax(-1).numpy()[rows[:, 0], 1:]
            best = chances.argmax(1)
            others = listeners.numpy()[rows[:, 0], 1:]
            others[np.arange(len(rows)), best] = -np.inf
            heard = example.addressees[np.arange(len(rows)), others.argmax(1)]
            own = counts[example.corpus]
            own["lines"] += (best == rows[:, 1]).tolist()
            for kind in range(3):
                own[str(TYPES[kind])] += (best == rows[:, 1])[rows[:, 2] == kind].tolist()
            own["sure"] += chances.max(1).tolist()
            own["to"] += heard[example.rules[:, 2]].tolist()
            node, person = example.references.T
            own["he/she"] += (means.numpy()[node, 1:].argmax(1) == person).tolist()
            who = example.stretch.who[node]
            own["rules he/she"] += ((who.argmax(1) == person) & (who.max(1) > 0)).tolist()
            own["rules"] += example.rules[:, 0].tolist()
            own["rules to"] += example.rules[example.rules[:, 2], 1].tolist()
    net.train()
    return {c: {k: 100 * float(np.mean(v)) for k, v in own.items() if v} for c, own in counts.items()}


def score(figures: dict[str, dict[str, float]]) -> float:
    """What an epoch is chosen by."""
    novels = [own["lines"] + 0.3 * own["to"] for corpus, own in figures.items() if corpus.startswith("pdnc")]
    ours = [v for corpus, v in figures.items() if corpus.startswith("scenes")]
    scenes = [own["lines"] + 0.3 * own["to"] + 0.7 * own["he/she"] for own in ours]
    return float(np.mean(novels or [0.0]) + np.mean(scenes or [0.0]))


def train(options: argparse.Namespace) -> None:
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)
    prepare = Prepared(options.out / "lines", open_models(options.weights))
    used = [s for s in sources(options.data, "train") if s.corpus not in options.without]
    used += silver_sources(options.data) if options.silver else []
    documents = [example for source in used for example in prepare(source, "train")]
    dev = [example for source in sources(options.data, "dev") for example in prepare(source, "dev")]
    net = begin(options.out)
    size = sum(p.numel() for p in net.parameters())
    print(f"{len(documents)} stretches to learn from, {len(dev)} to measure on; {size:,} parameters", flush=True)
    optimizer = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=0.05)
    steps, step, best, began = options.epochs * len(documents) / BATCH, 0, 0.0, time.monotonic()
    for epoch in range(options.epochs):
        chance.shuffle(documents)
        losses = []
        for number, example in enumerate(documents, 1):
            found = loss(net, example)
            weight = len(example.lines) / LINES * WEIGHTS[example.corpus.split()[0]]
            (found * weight / BATCH).backward()
            losses.append(float(found.detach()))
            if number % BATCH == 0:
                step += 1
                for group in optimizer.param_groups:
                    group["lr"] = options.rate * min(step / 50, 1.0) * max(1 - step / steps, 0.0)
                torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad()
        figures = measured(net, dev)
        print(f"epoch {epoch} {time.monotonic() - began:.0f} s  train {np.mean(losses):.3f}", flush=True)
        for corpus, own in figures.items():
            print(f"    {corpus}: " + "  ".join(f"{k} {v:.1f}" for k, v in own.items()), flush=True)
        if score(figures) > best:
            best = score(figures)
            torch.save(net.state_dict(), options.out / "speakers.pt")


class Released(nn.Module):
    """What is exported: speakers and addressees. References only teach: the pipeline's own are better."""

    def __init__(self, net: LineNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, *given: Tensor) -> tuple[Tensor, ...]:
        return self.net(*given)[:2]


def export(folder: Path, example: Example) -> None:
    """`speakers.onnx`, checked against the net on a stretch."""
    net = LineNet()
    net.load_state_dict(torch.load(folder / "speakers.pt", weights_only=True))
    letters = {
        "columns": "n", "who": "np", "at": "tn", "persons": "p", "pairs": "tp", "floats": "tp", "mentions": "n",
        "lines": "t", "gap": "tn", "apart": "mm",
    }  # fmt: skip
    axes = {name: dict(enumerate(each)) for name, each in letters.items()}
    outputs = ["speakers", "listeners"]
    write_graph(Released(net).eval(), tensors(example), folder / "speakers.onnx", list(axes), outputs, axes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=FOLDER, help="the encoder's (default: the released)")
    parser.add_argument("--out", type=Path, default=Path("out/train"), help="the encoder's run, and this one's")
    parser.add_argument("--without", nargs="*", default=[], help="corpora to leave out of training")
    parser.add_argument("--silver", action="store_true", help="learn from hidden tags of full novels too")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    train(options)
    source = next(iter(sources(options.data, "dev")))
    export(options.out, Prepared(options.out / "lines", open_models(options.weights))(source, "dev")[0])


if __name__ == "__main__":
    main()
