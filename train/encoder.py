"""Train the encoder and its heads on everything at once.

    python -m train.encoder --data DIR --minutes 65 --out out/train

`DIR` holds the corpora by name (litbank, pdnc, gum, ewt, semcor); our scenes are in gold/scenes and gold/practice. The
learning rate falls to nothing over `--minutes` of training, on two cores or an accelerator alike. With
`--processes 2` two cores read lots of their own and go on from the mean of their gradients. A checkpoint is written
every few minutes and taken up again by the same command; how far a run got stands in the checkpoint and on the last
line.
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

import numpy as np
import torch
import torch.distributed
import torch.multiprocessing
from tokenizers import Tokenizer

from gold import gum, litbank, pdnc, scenes, semcor, ud
from train import samples
from train.losses import losses
from train.lots import Batch, Part, Stream
from train.nets import Reader, base_folder
from train.samples import Labels, Sample
from train.sharers import Sharers

SCENES, PRACTICE = Path("gold/scenes"), Path("gold/practice")
WARM_UP = 0.04
ENCODER_RATE, HEAD_RATE = 1.2e-4, 1e-3
WEIGHTS = {
    "spans": 1.0, "events": 1.0, "upos": 0.5, "xpos": 0.3, "script": 0.3, "arcs": 0.7, "relations": 0.4, "senses": 0.8,
    "links": 0.8, "lines": 0.5, "turns": 0.7,
}  # fmt: skip
PEOPLE = {"litbank": 0.24, "scenes": 0.36, "gum": 0.06, "pdnc": 0.34}
GRAMMAR = {"ewt": 0.46, "semcor": 0.36, "gum": 0.18}
"""Each step reads a lot for people and another, from a corpus with this chance."""
GRAMMAR_TOO = 0.5
"""Chance, unless one is given, that the other lot is for grammar; else it is for people as well."""


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
