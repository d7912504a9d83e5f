"""Train the net of lines: who of the people present speaks a turn, and to whom.

    python -m train.speakers --data DIR --out out/train

Reads conversations as `personae.annotators.speakers` makes them, of PDNC (cast given and nothing given), our scenes
and LitBank (train splits). Prepared documents are kept in `--out`/lines, so that the same command takes a stopped
run up again. Every epoch is measured on the dev splits by the share of lines right; the best epoch's net is kept.
"""

from __future__ import annotations

import argparse
import pickle
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from evaluate.assignment import best_pairs
from evaluate.speakers import _matches, _utterances
from gold import litbank, pdnc, scenes
from personae.annotators.conversations import Conversation
from personae.annotators.encoder import encode
from personae.annotators.layout import quote_of_token
from personae.annotators.mentions import Candidate
from personae.annotators.people import People, Person
from personae.annotators.quotes import find_quotes, given_quotes
from personae.annotators.speakers import (
    DISTANCES,
    FLOATS,
    NODE_SIZES,
    PAIR_SIZES,
    PERSON_SIZES,
    Stretch,
    find_stretches,
    gaps,
)
from personae.annotators.talk import follow_talk
from personae.annotators.tokens import tokenize
from personae.annotators.words import Words, look_up
from personae.api import read_text
from personae.book import Book, Span, Tokens
from personae.models import FOLDER, Models, open_models
from personae.text import Text
from train.export import load_net
from train.nets import Links, with_one

WIDTH, HEADS, LAYERS = 96, 4, 2
REACH = 24
"""Nodes apart beyond which attention knows no difference."""
DROP = 0.15
BATCH = 4
WEIGHTS = {"pdnc": 1.0, "scenes": 2.0, "practice": 2.0, "litbank": 1.0}
SCENES, PRACTICE = Path("gold/scenes"), Path("gold/practice")


@dataclass
class Example:
    """A stretch with the gold lines of its turns: rows of (turn, speaker's column or -1, type) and, beside them, which
    columns are addressees, `[lines, p]`."""

    corpus: str
    stretch: Stretch
    lines: NDArray[np.int64]
    addressees: NDArray[np.bool_]
    mentions: NDArray[np.float16]
    """What the encoder's heads make of the nodes, `[n, 256]`."""
    words: NDArray[np.float16]
    """And of the turns, `[t, 512]`."""
    rules: NDArray[np.bool_]


def text_of(corpus: str, folder: Path, document: str, book: Book) -> Text:
    if corpus != "pdnc":
        return Text(book.text, book.blocks, book.metadata)
    return read_text(pdnc.story(folder, document))


class LineHeads(nn.Module):
    """The heads by which the encoder learnt to tell who speaks, of `train.nets.Links`."""

    def __init__(self, links: Links) -> None:
        super().__init__()
        self.earlier, self.line = links.earlier, links.line

    def forward(self, mentions: Tensor, lines: Tensor) -> tuple[Tensor, Tensor]:
        return self.earlier(mentions), torch.cat([head(lines) for head in self.line], -1)


def three(words: NDArray[np.float32], first: NDArray[np.int32], last: NDArray[np.int32]) -> Tensor:
    """First word, last word and mean of every span, `[m, 3 * 384]`."""
    sums = np.concatenate([np.zeros((1, words.shape[1]), np.float32), words.cumsum(0, dtype=np.float64)])
    mean = (sums[last] - sums[first]) / np.maximum(last - first, 1)[:, None]
    return torch.from_numpy(np.concatenate([words[first], words[last - 1], mean], 1).astype(np.float32))


MOST = 60_000
"""Tokens of a novel that are read: enough of it, in a tenth of the time."""


def examples(
    corpus: str, loader: Any, folder: Path, document: str, given: bool, models: Models, heads: LineHeads
) -> list[Example]:  # fmt: skip
    """Everything the net reads of a document, with the right answers."""
    book = loader.load(folder, document)
    text = text_of(corpus, folder, document, book)
    tokens = book.tokens if len(book.tokens) else tokenize(text)
    words = look_up(book.text, tokens)
    lines = find_quotes(text, tokens, words)
    spans = [tokens.span(q.start, q.end) for q in lines]
    cast = loader.cast(folder, document) if given else None
    kept: list[Any] = []
    talk = follow_talk(
        text, tokens, words, lines, spans, quote_of_token(lines, spans, len(tokens)), cast,
        lambda *decided: kept.append((*decided, [m.person for m in decided[1]])),
    )  # fmt: skip
    conversations, mentions, people, narrator, persons = kept[0]
    book_of_lines = Book(text=book.text, quotes=talk.lines)
    utterances = [parts for parts in _utterances(book) if parts[0].speaker is not None]
    found = list(zip(utterances, _matches(utterances, book_of_lines), strict=True))
    types = pdnc.quote_types(folder, document) if corpus == "pdnc" else {}
    whom = gold_to_person(book, found, mentions, persons, people, tokens, len(people.everyone), given)
    answers = {
        quote.id: (
            whom.get(parts[0].speaker, -1), tuple(whom.get(a, -1) for a in parts[0].addressees),
            ("explicit", "anaphoric", "implicit", None).index(types.get(parts[0].utterance)),
        )
        for parts, quote in found if quote is not None
    }  # fmt: skip
    end = min(MOST, len(tokens))
    if _last.get("document") != document:
        _last.update(document=document, read=read(tokens, words, spans, lines, end, models, heads))
    heads_of, met, said = _last["read"]
    row_of = {head: number for number, head in enumerate(heads_of)}
    made = []
    for stretch in find_stretches(conversations, mentions, people, tokens, words, narrator):
        if stretch.place[:, 1].max() > end:
            break
        rows = np.array([row_of.get(h, -1) for h in stretch.heads.tolist()])
        of_nodes = np.where(rows[:, None] >= 0, met[np.maximum(rows, 0)], 0).astype(np.float16)
        example = with_answers(corpus, stretch, conversations[stretch.conversation], answers, of_nodes, said[stretch.quotes])
        if len(example.lines):
            made.append(example)
    return made


_last: dict[str, Any] = {}


def read(
    tokens: Tokens, words: Words, spans: list[Span], lines: Any, end: int, models: Models, heads: LineHeads
) -> tuple[list[int], NDArray[np.float16], NDArray[np.float16]]:  # fmt: skip
    """The heads of the mentions in the first `end` tokens, and what the encoder makes of them and of the lines."""
    quoted = quote_of_token(lines, spans, len(tokens)) >= 0
    short = Tokens(*(column[:end] for column in (tokens.start, tokens.end, tokens.sentence, tokens.block)))
    cut = Words(words.text[:end], words.lower[:end], words.types, words.type_ids[:end], words.flags[:end])
    reading = encode(short, cut, quoted[:end], models, keep_words=True)
    first, last = (np.array([getattr(s, k) for s in reading.spans], np.int32) for k in ("first", "last"))
    begin, stop = (np.array([s[k] for s in spans], np.int32) for k in (0, 1))
    inside = (stop <= end) & (begin < stop)
    said = np.zeros((len(spans), 512), np.float16)
    vectors = reading.words.astype(np.float32)
    with torch.no_grad():
        met, own = heads(three(vectors, first, last), three(vectors, begin[inside], stop[inside]))
    said[inside] = own.numpy()
    return [s.head for s in reading.spans], met.numpy().astype(np.float16), said


def gold_to_person(
    book: Book, found: Any, mentions: Sequence[Candidate], persons: Sequence[int], people: People, tokens: Tokens,
    size: int, given: bool,
) -> dict[int, int]:  # fmt: skip
    """Gold entity to person: by the cast's rows, or by most agreement on names and lines."""
    if given:
        return {p.cast: p.id for p in people.everyone if p.cast is not None}
    agreement = np.zeros((size, len(book.entities)))
    ends = {(m.end, m.form): m.entities[0] for m in book.mentions if len(m.entities) == 1}
    names = {n: e.id for e in book.entities for n in (e.name, *e.aliases)}
    for mention, person in zip(mentions, persons, strict=True):
        if person < 0 or mention.form == "pronoun":
            continue
        end = int(tokens.end[mention.last - 1])
        called = book.text[int(tokens.start[mention.first]) : end]
        gold = ends.get((end, mention.form), -1) if book.mentions else names.get(called, -1)
        if gold >= 0:
            agreement[person, gold] += 1
    for parts, quote in found:
        if quote is not None and quote.speaker is not None:
            agreement[quote.speaker, parts[0].speaker] += 0.5
    return {gold: person for person, gold in best_pairs(agreement)}


def with_answers(
    corpus: str, stretch: Stretch, conversation: Conversation, answers: dict[int, tuple[int, tuple[int, ...], int]],
    mentions: NDArray[np.float16], words: NDArray[np.float16],
) -> Example:  # fmt: skip
    column = {p: i for i, p in enumerate(conversation.present)}
    rows, told, rules = [], [], []
    for number in range(stretch.first, stretch.last):
        turn = conversation.turns[number]
        seen = set()
        for line in turn.lines:
            answer = answers.get(line.quote)
            if answer is None or answer in seen:
                continue
            seen.add(answer)
            speaker, addressees, kind = answer
            rows.append((number - stretch.first + stretch.skipped, column.get(speaker, -1), kind))
            listening = np.zeros(len(column), bool)
            listening[[column[a] for a in addressees if a in column]] = True
            told.append(listening)
            rules.append((turn.speaker == speaker and speaker >= 0, bool(set(turn.addressees) & set(addressees)), bool(addressees)))
    return Example(
        corpus, stretch, np.array(rows, np.int64).reshape(-1, 3), np.array(told).reshape(-1, len(column)),
        mentions, words, np.array(rules).reshape(-1, 3),
    )  # fmt: skip


def documents_of(data: Path, split: str) -> list[tuple[str, Any, Path, str, bool]]:
    """(corpus, loader, folder, document, cast given)."""
    found = []
    for corpus, loader, folder in (
        ("scenes", scenes, SCENES), ("pdnc", pdnc, data / "pdnc"), ("litbank", litbank, data / "litbank"),
    ):  # fmt: skip
        for document in loader.documents(folder, split):
            found.append((corpus, loader, folder, document, False))
            if corpus == "pdnc":
                found.append((corpus, loader, folder, document, True))
    if split == "train":
        found += [("practice", scenes, PRACTICE, d, False) for d in scenes.documents(PRACTICE)]
    return found


def prepared(options: argparse.Namespace, split: str) -> list[Example]:
    kept = options.out / options.kept
    kept.mkdir(parents=True, exist_ok=True)
    found: list[Example] = []
    models = open_models(options.weights)
    net, _ = load_net(options.run)
    heads = LineHeads(net.links)
    for corpus, loader, folder, document, given in documents_of(options.data, split):
        if corpus == "pdnc" and document not in pdnc.documents(options.data / "pdnc", split)[: options.novels]:
            continue
        path = kept / f"{corpus}.{split}.{document}.{'given' if given else 'none'}.pickle"
        if not path.exists():
            made = examples(corpus, loader, folder, document, given, models, heads)
            for example in made:
                example.corpus = f"{corpus} {'given' if given else 'none'}"
            path.with_suffix(".part").write_bytes(pickle.dumps(made))
            path.with_suffix(".part").rename(path)
        found += pickle.loads(path.read_bytes())
    return found


# --- the net


class Block(nn.Module):
    """A transformer layer whose attention knows how far apart nodes are and how likely they mean the same person."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.near = nn.Embedding(2 * REACH + 3, HEADS)
        self.same = nn.Parameter(torch.linspace(0.0, 2.0, HEADS))
        self.one, self.two = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)
        self.drop = nn.Dropout(DROP)

    def forward(self, x: Tensor, apart: Tensor, shared: Tensor) -> Tensor:
        n = x.shape[0]
        q, k, v = self.qkv(self.one(x)).view(n, 3, HEADS, WIDTH // HEADS).permute(1, 2, 0, 3)
        bias = self.near(apart).permute(2, 0, 1) + self.same[:, None, None] * shared
        mixed = ((q @ k.transpose(1, 2) / (WIDTH // HEADS) ** 0.5 + bias).softmax(-1) @ v).transpose(0, 1)
        x = x + self.drop(self.out(mixed.reshape(n, WIDTH)))
        return x + self.drop(self.down(torch.nn.functional.gelu(self.up(self.two(x)), approximate="tanh")))


class Pointer(nn.Module):
    """Turns `[t, w]` to persons `[t, p]`, by way of all nodes that may mean them, and directly."""

    def __init__(self) -> None:
        super().__init__()
        self.says = nn.Parameter(0.02 * torch.randn(257, 257))
        self.beside = nn.Embedding(2 * len(DISTANCES) + 2, 1)
        self.turn, self.node = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.asks, self.person = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.near = nn.Embedding(2 * REACH + 3, 1)
        self.tables = nn.ModuleList(nn.Embedding(size, 1) for size in PAIR_SIZES)
        self.pair = nn.Sequential(nn.Linear(FLOATS + 2 + 8 * len(PAIR_SIZES), 48), nn.GELU(approximate="tanh"), nn.Linear(48, 1))
        self.embedded = nn.ModuleList(nn.Embedding(size, 8) for size in PAIR_SIZES)
        self.nobody = nn.Linear(WIDTH, 1)

    def forward(
        self, turns: Tensor, nodes: Tensor, persons: Tensor, who: Tensor, apart: Tensor, own: Tensor, pairs: Tensor,
        floats: Tensor, words: Tensor, mentions: Tensor, gap: Tensor,
    ) -> Tensor:  # fmt: skip
        """Scores of nobody present, first, and of each person: `[t, 1 + p]`."""
        scores = self.turn(turns) @ self.node(nodes).T / WIDTH**0.5 + self.near(apart)[..., 0]
        read = with_one(words) @ self.says @ with_one(mentions).T + self.beside(gap)[..., 0]
        scores = scores + torch.where((mentions == 0).all(-1), 0.0, read)
        scores = scores.masked_fill(own, -1e4)
        shares = scores.softmax(-1) @ who
        pointed = torch.log(shares + 1e-3)
        direct = self.asks(turns) @ self.person(persons).T / WIDTH**0.5
        columns = [table(pairs[..., i]) for i, table in enumerate(self.embedded)]
        mixed = self.pair(torch.cat([floats, pointed[..., None], direct[..., None], *columns], -1))[..., 0]
        tables = torch.stack([table(pairs[..., i])[..., 0] for i, table in enumerate(self.tables)]).sum(0)
        return torch.cat([self.nobody(turns), mixed + tables + pointed + direct], -1)


class LineNet(nn.Module):
    """A stretch, as `personae.annotators.speakers.Stretch` has it, to scores of speakers and addressees `[t, 1 + p]`."""

    def __init__(self) -> None:
        super().__init__()
        self.columns = nn.ModuleList(nn.Embedding(size, WIDTH) for size in NODE_SIZES)
        self.features = nn.ModuleList(nn.Embedding(size, WIDTH) for size in PERSON_SIZES)
        self.mention = nn.Sequential(nn.Dropout(0.4), nn.Linear(256, WIDTH))
        self.line = nn.Sequential(nn.Dropout(0.4), nn.Linear(512, WIDTH))
        self.norm = nn.LayerNorm(WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.last = nn.LayerNorm(WIDTH)
        self.speaker, self.listener = Pointer(), Pointer()
        self.trust = nn.Parameter(torch.tensor([1.0, 0.0]))

    def forward(
        self, columns: Tensor, who: Tensor, turns: Tensor, persons: Tensor, pairs: Tensor, floats: Tensor,
        mentions: Tensor, words: Tensor, gap: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
        x = self.mention(mentions).index_add(0, turns, self.line(words))
        for number, table in enumerate(self.columns):
            x = x + table(columns[:, number])
        y = torch.zeros_like(x[:1]).expand(persons.shape[0], -1)
        for number, table in enumerate(self.features):
            y = y + table(persons[:, number])
        start = self.norm(torch.cat([x, y]))
        n, p = x.shape[0], persons.shape[0]
        place = torch.arange(n)
        between = (place[:, None] - place[None, :]).clamp(-REACH, REACH) + REACH
        apart = torch.full((n + p, n + p), 2 * REACH + 1)
        apart[:n, :n] = between
        apart[n:, n:] = 2 * REACH + 2
        read = mentions, words, gap
        first = self.read(start, apart, who, turns, persons, pairs, floats, *read)
        chances = first[0].softmax(-1)[:, 1:]
        again = who.index_copy(0, turns, chances)
        shifted = torch.cat([torch.zeros_like(chances[:1]), chances, torch.zeros_like(chances[:1])])
        floats = torch.cat([floats[..., :1], chances.clamp(min=1e-3).log()[..., None] / 3, shifted[:-2, :, None], shifted[2:, :, None]], -1)
        second = self.read(start, apart, again, turns, persons, pairs, floats, *read)
        return first[0], second[0], second[1]

    def read(
        self, x: Tensor, apart: Tensor, who: Tensor, turns: Tensor, persons: Tensor, pairs: Tensor, floats: Tensor,
        mentions: Tensor, words: Tensor, gap: Tensor,
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        n = who.shape[0]
        identity = torch.cat([who, torch.eye(persons.shape[0])])
        shared = identity @ identity.T
        for block in self.blocks:
            x = block(x, apart, shared)
        x = self.last(x)
        own = torch.zeros(turns.shape[0], n, dtype=torch.bool).scatter(1, turns[:, None], True)
        given = x[turns], x[:n], x[n:], who, apart[turns, :n], own, pairs
        said = self.speaker(*given, floats, words[:, :256], mentions, gap)
        return said + 3 * self.trust[0] * torch.cat([torch.zeros(len(turns), 1), floats[..., 1]], -1), self.listener(*given, floats, words[:, 256:], mentions, gap)


def loss_of(scores: Tensor, right: Tensor) -> Tensor:
    """Minus the log of the chance of all right columns together, the first where none is."""
    wanted = torch.cat([~right.any(1, keepdim=True), right], 1)
    return scores.logsumexp(1) - scores.masked_fill(~wanted, -1e4).logsumexp(1)


def tensors(example: Example) -> tuple[Tensor, ...]:
    s = example.stretch
    return (
        torch.from_numpy(s.columns), torch.from_numpy(s.who), torch.from_numpy(s.turns), torch.from_numpy(s.persons),
        torch.from_numpy(s.pairs), torch.from_numpy(s.floats),
        torch.from_numpy(example.mentions.astype(np.float32)), torch.from_numpy(example.words.astype(np.float32)),
        torch.from_numpy(gaps(s)),
    )  # fmt: skip


def losses(net: LineNet, example: Example) -> Tensor:
    first, second, told = net(*tensors(example))
    rows = torch.from_numpy(example.lines)
    right = torch.nn.functional.one_hot(rows[:, 1].clamp(min=0), first.shape[1] - 1).bool() & (rows[:, 1:2] >= 0)
    loss = 0.5 * loss_of(first[rows[:, 0]], right) + loss_of(second[rows[:, 0]], right)
    listening = torch.from_numpy(example.addressees)
    some = listening.any(1)
    if some.any():
        loss = loss + 0.5 * loss_of(told[rows[:, 0]][some], listening[some]).sum() / len(rows)
    return loss.mean()


def measured(net: LineNet, documents: Sequence[Example]) -> dict[str, str]:
    counts: dict[str, list[Any]] = defaultdict(list)
    net.eval()
    with torch.no_grad():
        for example in documents:
            _, second, told = net(*tensors(example))
            rows = example.lines
            chances = second.softmax(-1).numpy()[rows[:, 0]]
            best = chances[:, 1:].argmax(1)
            hit = best == rows[:, 1]
            listener = told.numpy()[rows[:, 0]][:, 1:]
            listener[np.arange(len(rows)), best] = -np.inf
            heard = example.addressees[np.arange(len(rows)), listener.argmax(1)]
            for i in range(len(rows)):
                counts[example.corpus].append((hit[i], chances[i, 1:].max(), heard[i] if example.rules[i, 2] else np.nan, rows[i, 2]))
    net.train()
    shown = {}
    for corpus, values in counts.items():
        a = np.array(values, float)
        kinds = " ".join(f"{100 * a[a[:, 3] == k, 0].mean():.1f}" for k in range(3) if (a[:, 3] == k).any())
        shown[corpus] = f"{100 * a[:, 0].mean():.2f} ({kinds}) to {100 * np.nanmean(a[:, 2]):.1f} sure {100 * a[:, 1].mean():.1f}"
    return shown


def train(options: argparse.Namespace) -> None:
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)
    documents, dev = prepared(options, "train"), prepared(options, "dev")
    net = LineNet()
    if not options.blank:
        learnt, _ = load_net(options.run)
        for number, pointer in enumerate((net.speaker, net.listener)):
            pointer.says.data.copy_(learnt.links.says[number].data)
            pointer.beside.load_state_dict(learnt.links.beside[number].state_dict())
    if options.only:
        documents = [d for d in documents if d.corpus.split()[0] in options.only]
    print(f"{len(documents)} stretches, {sum(p.numel() for p in net.parameters()):,} parameters", flush=True)
    optimizer = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=0.05)
    steps, step, began = options.epochs * len(documents) / BATCH, 0.0, time.monotonic()
    for epoch in range(options.epochs):
        chance.shuffle(documents)
        found = []
        for number, example in enumerate(documents, 1):
            loss = losses(net, example)
            weight = len(example.lines) / 30 * WEIGHTS[example.corpus.split()[0]]
            (loss * weight / BATCH).backward()
            found.append(float(loss.detach()))
            if number % BATCH == 0:
                step += 1
                for group in optimizer.param_groups:
                    group["lr"] = options.rate * min(step / 50, 1.0) * max(1 - step / steps, 0.0)
                torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad()
            if number % 500 == 0:
                print(f"  {number} {time.monotonic() - began:.0f} s loss {np.mean(found[-500:]):.3f}", flush=True)
        print(f"epoch {epoch} {time.monotonic() - began:.0f} s  train {np.mean(found):.3f}", flush=True)
        for corpus, figures in measured(net, dev).items():
            print(f"   {corpus}: {figures}", flush=True)
    torch.save(net.state_dict(), options.out / "lines.pt")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("out/train"))
    parser.add_argument("--weights", type=Path, default=FOLDER, help="the encoder's (default: the released)")
    parser.add_argument("--run", type=Path, default=Path("out/train"), help="the encoder's run, for its heads")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", default="lines")
    parser.add_argument("--novels", type=int, default=100)
    parser.add_argument("--blank", action="store_true")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--threads", type=int, default=1)
    train(parser.parse_args())
