"""Train the net of people: which earlier mention a mention takes up.

    python -m train.people --data DIR --weights DIR --out out/train

Reads the frozen vectors of the released encoder at the gold mentions of LitBank, GUM and our scenes, and at all
mentions of PDNC's novels, of which some are known (train splits), with the features of `personae.annotators.links`,
which hold what the rules make of the text. Prepared documents are kept in `--out`/prepared, so that the same command
takes a stopped run up again. Every epoch is measured on the dev splits by the share of mentions whose likeliest
antecedent is right; the best epoch's net is exported.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gold import gum, litbank, pdnc, scenes
from personae import lexicons
from personae.annotators.encoder import Reading, span_vectors
from personae.annotators.grammar import find_grammar
from personae.annotators.links import NODE_SIZES, PAIR_SIZES, antecedents, make_nodes, pairs
from personae.annotators.quotes import Quotations
from personae.annotators.spans import Span, head_of
from personae.annotators.talk import follow_talk
from personae.annotators.words import Words
from personae.book import Book, Form
from personae.models import FOLDER, Models, open_models
from personae.text import Text
from train.nets import loss_of, write_graph
from train.novels import known_mentions, read_beginning

SCENES, PRACTICE = Path("gold/scenes"), Path("gold/practice")
WIDTH = 256
HEADS = 4
LAYERS = 2
REACH = 32
"""Nodes apart beyond which attention knows no difference."""
CHUNK, MARGIN = 192, 32
"""Nodes read at once, and those at either end that are read only for the sake of the others."""
PAIR_WIDTH = 48
INPUT = 4 * 384


class Block(nn.Module):
    """A transformer layer that knows how far apart two nodes are (a bias for each distance and head)."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.near = nn.Embedding(2 * REACH + 1, HEADS)
        self.one, self.two = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)
        self.drop = nn.Dropout(0.3)

    def forward(self, x: Tensor) -> Tensor:
        n = x.shape[0]
        q, k, v = self.qkv(self.one(x)).view(n, 3, HEADS, WIDTH // HEADS).permute(1, 2, 0, 3)
        place = torch.arange(n, device=x.device)
        apart = (place[:, None] - place[None, :]).clamp(-REACH, REACH) + REACH
        scores = q @ k.transpose(1, 2) / (WIDTH // HEADS) ** 0.5 + self.near(apart).permute(2, 0, 1)
        mixed = (scores.softmax(-1) @ v).transpose(0, 1).reshape(n, WIDTH)
        x = x + self.drop(self.out(mixed))
        return x + self.drop(self.down(torch.nn.functional.gelu(self.up(self.two(x)), approximate="tanh")))


class NodeNet(nn.Module):
    """Phrases `[n, WIDTH]` and columns `[n, 7]` of a stretch of nodes to `[n, 2 * WIDTH + 1]`.

    That is a node as a later mention, as an earlier one, and the score of meaning somebody new.
    """

    def __init__(self) -> None:
        super().__init__()
        self.columns = nn.ModuleList(nn.Embedding(size, WIDTH) for size in NODE_SIZES)
        self.norm = nn.LayerNorm(WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.last = nn.LayerNorm(WIDTH)
        self.later, self.earlier = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.new = nn.Sequential(nn.Linear(WIDTH, 64), nn.GELU(approximate="tanh"), nn.Linear(64, 1))

    def forward(self, phrases: Tensor, columns: Tensor) -> Tensor:
        x = phrases
        for number, table in enumerate(self.columns):
            x = x + table(columns[:, number])
        x = self.norm(x)
        for block in self.blocks:
            x = block(x)
        x = self.last(x)
        return torch.cat([self.later(x), self.earlier(x), self.new(x)], 1)


class PairNet(nn.Module):
    """Later and earlier vectors `[m, w]`, `[m, k, w]` and features `[m, k, f]` to scores `[m, k]`."""

    def __init__(self) -> None:
        super().__init__()
        offsets = np.concatenate([[0], np.cumsum(PAIR_SIZES)[:-1]])
        self.offsets: Tensor
        self.register_buffer("offsets", torch.tensor(offsets))
        self.table = nn.Embedding(int(sum(PAIR_SIZES)), PAIR_WIDTH)
        self.direct = nn.Embedding(int(sum(PAIR_SIZES)), 1)
        nn.init.normal_(self.table.weight, std=0.1)
        nn.init.zeros_(self.direct.weight)
        self.match = nn.Linear(1, PAIR_WIDTH)
        self.score = nn.Sequential(nn.GELU(approximate="tanh"), nn.Linear(PAIR_WIDTH, 1))

    def forward(self, later: Tensor, earlier: Tensor, features: Tensor) -> Tensor:
        places = features + self.offsets
        close = (earlier @ later[:, :, None])[..., 0] / WIDTH**0.5
        hidden = self.table(places).sum(2) + self.match(close[..., None])
        return self.score(hidden)[..., 0] + self.direct(places).sum(2)[..., 0] + close


class PeopleNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.phrases = nn.Sequential(nn.Dropout(0.5), nn.Linear(INPUT, WIDTH))
        self.nodes, self.pairs = NodeNet(), PairNet()

    def forward(self, document: dict[str, Tensor]) -> Tensor:
        """Log-odds of every antecedent and, first, of none: `[n, 1 + k]`."""
        phrases, columns = self.phrases(document["vectors"]), document["columns"]
        read = torch.cat([self.nodes(phrases[a:b], columns[a:b])[c:d] for a, b, c, d in chunks(len(phrases))])
        others = document["others"]
        earlier = read[:, WIDTH : 2 * WIDTH][others.clamp(min=0)]
        scores = self.pairs(read[:, :WIDTH], earlier, document["features"]).masked_fill(others < 0, -1e4)
        return torch.cat([read[:, -1:], scores], 1)


def chunks(size: int) -> Iterator[tuple[int, int, int, int]]:
    """Stretches `[a, b)` of nodes, and which part `[c, d)` of each is kept."""
    step = CHUNK - 2 * MARGIN
    for start in range(0, max(size, 1), step):
        a, b = max(0, start - MARGIN), min(size, start + step + MARGIN)
        yield a, b, start - a, min(start + step, size) - a


def gold_spans(book: Book, corpus: str, heads: list[int], tokens: Any) -> tuple[list[Span], list[str]]:
    """The gold mentions as spans, and whom each means."""
    rows = []
    for m in book.mentions:
        people = m.kind in ("person", "group")
        if (corpus != "litbank" and not people) or not m.entities:
            continue
        first, last = tokens.span(m.start, m.end)
        if first < last:
            rows.append((first, -last, m.type or "PER", m.form, "+".join(map(str, sorted(m.entities)))))
    rows = sorted(set(rows))
    spans = [Span(f, -e, head_of(f, -e, heads), t, form, 1.0) for f, e, t, form, _ in rows]
    return spans, [row[-1] for row in rows]


def prepare(corpus: str, loader: Any, folder: Path, document: str, models: Models) -> dict[str, Any]:
    """Everything the net reads of a document, which antecedents are right, and for which mentions that's known."""
    book = loader.load(folder, document)
    text = Text(book.text, book.blocks, book.metadata)
    found = Quotations.of(text, book.tokens)
    tokens, quote_of = found.tokens, found.quote_of
    size = MOST if corpus == "pdnc" else len(tokens)
    reading, words = read_beginning(found, size, models, keep_words=True)
    grammar = find_grammar(reading, words, models.labels, models.known)
    talk = follow_talk(text, found, None)
    if corpus == "pdnc":
        again = Quotations.of(text, book.tokens)
        given = follow_talk(text, again, pdnc.cast(folder, document))
        known = known_mentions(book, given, tokens, pdnc.referring(folder, document))
        marked, means = some_known(reading, known, words)
    else:
        marked, means = gold_spans(book, corpus, reading.head.tolist(), tokens)
    nodes = make_nodes(marked, talk.mentions, talk.people, talk.speech, tokens, found.words, quote_of, grammar)
    others = antecedents(nodes)
    who = np.array(means)
    if len(who):
        others = np.where(who[np.maximum(others, 0)] == "", -1, others)
    right = (who[:, None] == who[np.maximum(others, 0)]) & (others >= 0) if len(who) else np.zeros_like(others, bool)
    asked = right.any(1) & (who != "") if corpus == "pdnc" else np.ones(len(nodes), bool)
    assert reading.words is not None  # kept, as asked for
    vectors = span_vectors(reading.words.astype(np.float32), marked).astype(np.float16)
    features = pairs(nodes, np.arange(len(nodes), dtype=np.int32), others).astype(np.uint8)
    return {
        "vectors": vectors, "columns": nodes.columns, "others": others.astype(np.int64), "features": features,
        "right": right, "asked": asked, "corpus": corpus,
    }  # fmt: skip


MOST = 30_000
"""Tokens of a novel that are read."""
PART = 400
"""Mentions of a novel that are learnt from at once; a mention's antecedents are within its part."""


def some_known(reading: Reading, known: dict[tuple[int, int], str], words: Words) -> tuple[list[Span], list[str]]:
    """The encoder's mentions and the known ones as spans, and whom each means, "" where nobody knows."""
    heads = reading.head.tolist()
    spans = {(s.first, s.last): s for s in reading.spans}
    by_head = {s.head: (s.first, s.last) for s in reading.spans}
    means: dict[tuple[int, int], str] = {}
    for (first, last), meant in known.items():
        if last > len(heads):
            continue
        head = head_of(first, last, heads)
        place = (first, last) if (first, last) in spans else by_head.get(head, (first, last))
        if place not in spans:
            form: Form = "name" if words.text[head][:1].isupper() else "noun"
            if words.lower[head] in lexicons.table("pronouns"):
                form = "pronoun"
            spans[place] = Span(first, last, head, "PER", form, 1.0)
        means[place] = meant
    order = sorted(spans, key=lambda place: (place[0], -place[1]))
    return [spans[place] for place in order], [means.get(place, "") for place in order]


def parts_of(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A novel's mentions, PART at a time; any other document whole."""
    size = len(document["vectors"])
    if str(document["corpus"]) != "pdnc":
        yield document
        return
    for start in range(0, size, PART):
        rows = slice(start, min(start + PART, size))
        part = {k: v[rows] if v.ndim else v for k, v in document.items()}
        part["others"] = np.where(part["others"] < start, -1, part["others"] - start)
        part["right"] = part["right"] & (part["others"] >= 0)
        part["asked"] = part["asked"] & part["right"].any(1)
        if part["asked"].any():
            yield part


def documents_of(corpus: str, loader: Any, folder: Path, split: str) -> list[str]:
    """A split's documents; the practice scenes are there to learn from alone."""
    if corpus != "practice":
        return list(loader.documents(folder, split))
    return list(loader.documents(folder)) if split == "train" else []


def prepared(options: argparse.Namespace, split: str) -> list[dict[str, Any]]:
    """The split's documents, each prepared once and kept."""
    models = open_models(options.weights)
    folders = {
        "litbank": options.data / "litbank", "gum": options.data / "gum", "scenes": SCENES, "practice": PRACTICE,
        "pdnc": options.data / "pdnc",
    }  # fmt: skip
    loaders: dict[str, Any] = {"litbank": litbank, "gum": gum, "scenes": scenes, "practice": scenes, "pdnc": pdnc}
    kept = options.out / "prepared"
    kept.mkdir(parents=True, exist_ok=True)
    found: list[dict[str, Any]] = []
    for corpus, folder in folders.items():
        for document in documents_of(corpus, loaders[corpus], folder, split):
            path = kept / f"{corpus}.{split}.{document}.npz"
            if not path.exists():
                made = prepare(corpus, loaders[corpus], folder, document, models)
                np.savez(path.with_suffix(".part.npz"), **made)
                path.with_suffix(".part.npz").rename(path)
            with np.load(path) as stored:
                found += parts_of({name: stored[name] for name in stored.files})
    return [d for d in found if len(d["vectors"]) > 1]


def tensors(document: dict[str, Any]) -> dict[str, Tensor]:
    return {
        "vectors": torch.from_numpy(document["vectors"].astype(np.float32)),
        "columns": torch.from_numpy(document["columns"]),
        "others": torch.from_numpy(document["others"]),
        "features": torch.from_numpy(document["features"].astype(np.int64)),
        "right": torch.from_numpy(document["right"]),
        "asked": torch.from_numpy(document["asked"]),
    }


def lost(scores: Tensor, document: dict[str, Any], given: dict[str, Tensor]) -> Tensor:
    """The loss of each mention of which the right antecedents are known.

    Where not all mentions are known, nobody can say that one has none: then "none" is left out of what may be.
    """
    scores, asked = scores[given["asked"]], given["asked"]
    if str(document["corpus"]) == "pdnc":
        scores = torch.cat([torch.full_like(scores[:, :1], -1e4), scores[:, 1:]], 1)
    return loss_of(scores, given["right"][asked])


def measured(net: PeopleNet, documents: list[dict[str, Any]]) -> dict[str, float]:
    """Share of mentions with a right antecedent as the likeliest, by corpus; of pronouns alone; and the mean loss."""
    net.eval()
    counts: dict[str, list[float]] = defaultdict(list)
    with torch.no_grad():
        for document in documents:
            given = tensors(document)
            scores = net(given)
            wanted = torch.cat([~given["right"].any(1, keepdim=True), given["right"]], 1)
            asked = given["asked"]
            hit = wanted.gather(1, scores.argmax(1, keepdim=True))[:, 0].float()[asked]
            third = ((given["columns"][:, 2] >= 3) & (given["columns"][:, 2] <= 4))[asked]
            corpus = str(document["corpus"])
            counts[corpus] += hit.tolist()
            counts[f"{corpus} he/she"] += hit[third].tolist()
            counts["loss"].append(float(lost(scores, document, given).mean()))
    net.train()
    return {name: float(np.mean(values)) for name, values in counts.items()}


def train(options: argparse.Namespace) -> None:
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)
    documents, dev = prepared(options, "train"), prepared(options, "dev")
    print(f"{len(documents)} documents to learn from, {len(dev)} to measure on", flush=True)
    net = PeopleNet()
    tables = [net.pairs.table.weight, net.pairs.direct.weight]
    own = {id(p) for p in tables}
    groups = [
        {"params": [p for p in net.parameters() if id(p) not in own], "base": 5e-4, "weight_decay": 0.05},
        {"params": tables, "base": 5e-3, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=5e-4)
    best, steps, began = 0.0, options.epochs * len(documents), time.monotonic()
    step = 0
    for epoch in range(options.epochs):
        chance.shuffle(documents)
        losses = []
        for document in documents:
            progress = step / steps
            for group in optimizer.param_groups:
                group["lr"] = group["base"] * min(progress / 0.05, 1.05 * (1 - progress))
            given = tensors(document)
            loss = lost(net(given), document, given).mean()
            (loss * WEIGHTS[str(document["corpus"])]).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(float(loss.detach()))
            step += 1
        figures = measured(net, dev)
        shown = "  ".join(f"{k} {v:.3f}" for k, v in figures.items())
        print(f"epoch {epoch} {time.monotonic() - began:.0f} s  train {np.mean(losses):.3f}  dev {shown}", flush=True)
        score = figures["litbank"] + figures["gum"] + 2 * figures["scenes"]
        if score > best:
            best = score
            torch.save(net.state_dict(), options.out / "people.pt")


WEIGHTS = {"litbank": 1.0, "gum": 0.6, "scenes": 1.0, "practice": 1.0, "pdnc": 0.7}


def export(folder: Path) -> None:
    """`people.phrases.onnx`, `people.nodes.onnx` and `people.pairs.onnx`, each checked against the net."""
    net = PeopleNet()
    net.load_state_dict(torch.load(folder / "people.pt", weights_only=True))
    net.eval()
    nodes = torch.randn(40, WIDTH), torch.zeros(40, len(NODE_SIZES), dtype=torch.long)
    given = torch.randn(9, WIDTH), torch.randn(9, 64, WIDTH), torch.zeros(9, 64, len(PAIR_SIZES), dtype=torch.long)
    many = {0: "m", 1: "k"}
    for name, part, example, axes in (
        ("people.phrases", net.phrases, (torch.randn(7, INPUT),), {"spans": {0: "n"}}),
        ("people.nodes", net.nodes, nodes, {"phrases": {0: "n"}, "columns": {0: "n"}}),
        ("people.pairs", net.pairs, given, {"later": {0: "m"}, "earlier": many, "features": many}),
    ):
        write_graph(part, example, folder / f"{name}.onnx", list(axes), ["out"], axes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=FOLDER, help="the encoder's (default: the released)")
    parser.add_argument("--out", type=Path, default=Path("out/train"))
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    train(options)
    export(options.out)


if __name__ == "__main__":
    main()
