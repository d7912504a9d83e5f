"""Make the weights that Personae ships: the only writer of src/personae/weights.

    python -m train.export --run out/train

The nets that train.people and train.speakers left in the run's folder are taken along. The encoder and its heads become
one ONNX graph; attention is fused and the encoder's matrices are made int8, one scale a column. Before that the float
graph must give what the net gives (1e-4). `--float DIR` leaves the float graph there too, with a manifest, so that
`python -m evaluate … --weights DIR` can compare the two. `speakers.heads.onnx` is where the net of lines begins.

`encoder.onnx` takes, for b windows of p pieces and n words:
    ids, segments, mask   int64 [b, p]
    pool                  float32 [b, n, p]   1 / (pieces of the word) where the piece is the word's
    sentence              int64 [b, n]        -1 beyond the last word
and gives
    words                 float32 [b, n, 384]
    opening               float32 [b, n, 19 * 129]   a word as the first of a mention, for no mention and each class
    closing               float32 [b, n, 129]        a word as the last: a span's scores are their products
    arc                   float32 [b, n, n]   score of a head, a word itself standing for the root
    upos, xpos, script, sense, relation   uint8 or int16 [b, n]
    event                 float32 [b, n]      chance
"""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer as fusing
from torch import Tensor, nn

from train.encoder import begin
from train.nets import HIDDEN, PARITY, Links, Reader, base_folder, write_graph
from train.samples import Labels

WEIGHTS = Path("src/personae/weights")
INPUTS = ("ids", "segments", "mask", "pool", "sentence")
OUTPUTS = (
    "words", "opening", "closing", "arc", "upos", "xpos", "script", "sense", "relation", "event",
)  # fmt: skip


class Graph(nn.Module):
    """What the ONNX file computes, from the trained net."""

    def __init__(self, net: Reader) -> None:
        super().__init__()
        self.net = net

    def forward(
        self, ids: Tensor, segments: Tensor, mask: Tensor, pool: Tensor, sentence: Tensor
    ) -> tuple[Tensor, ...]:  # fmt: skip
        pieces = self.net.encoder(input_ids=ids, token_type_ids=segments, attention_mask=mask).last_hidden_state
        words = pool @ pieces
        opening, closing = self.net.spans.sides(words)
        same = sentence[:, :, None] == sentence[:, None, :]
        arc = self.net.trees.arcs(words).masked_fill(~same, -1e4)
        relation = self.net.trees.relations(words, arc.argmax(-1)).argmax(-1)
        tags = (self.net.tags[k](words).argmax(-1).to(torch.int16) for k in ("upos", "xpos", "script", "sense"))
        return words, opening, closing, arc, *tags, relation.to(torch.int16), self.net.events(words)[..., 0].sigmoid()


def example() -> tuple[Tensor, ...]:
    """Two windows of different length."""
    chance = torch.Generator().manual_seed(0)
    ids = torch.randint(1000, 20000, (2, 24), generator=chance)
    segments = torch.randint(0, 8, (2, 24), generator=chance)
    mask = torch.ones(2, 24, dtype=torch.long)
    mask[1, 18:] = 0
    pool = torch.zeros(2, 16, 24)
    sentence = torch.full((2, 16), -1)
    for row, words in ((0, 16), (1, 12)):
        for word in range(words):
            pool[row, word, word + 1] = 1.0
        sentence[row, :words] = torch.arange(words) // 6
    return ids, segments, mask, pool, sentence


def float_graph(net: Reader, path: Path) -> None:
    """The net as ONNX, attention fused; raises where it differs from the net by more than PARITY."""
    graph = Graph(net).eval()
    axes = {n: {0: "b", 1: "p"} for n in INPUTS[:3]} | {"pool": {0: "b", 1: "n", 2: "p"}, "sentence": {0: "b", 1: "n"}}
    axes |= {n: {0: "b", 1: "n"} for n in OUTPUTS}
    axes["arc"] = {0: "b", 1: "n", 2: "n"}
    raw = path.with_suffix(".raw.onnx")
    net.encoder.set_attn_implementation("eager")
    torch.onnx.export(
        graph, example(), raw, input_names=list(INPUTS), output_names=list(OUTPUTS), dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )  # fmt: skip
    fused = fusing.optimize_model(str(raw), model_type="bert", num_heads=12, hidden_size=HIDDEN, opt_level=1)
    fused.save_model_to_file(str(path))
    raw.unlink()
    print("fused:", fused.get_fused_operator_statistics())
    check(graph, path)


def check(graph: Graph, path: Path) -> None:
    given = example()
    with torch.no_grad():
        wanted = graph(*given)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    got = session.run(None, {n: v.numpy() for n, v in zip(INPUTS, given, strict=True)})
    real = given[4].numpy() >= 0
    for name, one, other in zip(OUTPUTS, wanted, got, strict=True):
        if name in ("words", "event", "opening", "closing"):
            apart = float(np.abs(one.numpy()[real] - other[real]).max())
            print(f"{name}: {apart:.1e} apart")
            if apart > PARITY:
                raise SystemExit(f"{name}: the graph differs from the net by {apart}, more than {PARITY}")


def smaller(source: Path, target: Path) -> None:
    """The encoder's matrices as int8, a scale a column, and its word embeddings, a scale a row; the heads stay."""
    model = onnx.load(str(source))
    heads = [n.name for n in model.graph.node if n.op_type in ("MatMul", "Gemm") and "encoder" not in n.name]
    quantize_dynamic(
        str(source), str(target), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8,
        nodes_to_exclude=heads, op_types_to_quantize=["MatMul", "Gemm", "Attention"],
        extra_options={"DefaultTensorType": 1},
    )  # fmt: skip
    quantized = onnx.load(str(target))
    quantize_rows(quantized.graph)
    onnx.checker.check_model(quantized)
    onnx.save(quantized, str(target))


def quantize_rows(graph: onnx.GraphProto) -> None:
    """Put plain operators in the place of the fused embeddings, the table of words as int8 rows with their scales."""
    (fused,) = (n for n in graph.node if n.op_type == "EmbedLayerNormalization")
    ids, segments, words, places, kinds, gain, shift, mask = fused.input
    stored = {t.name: t for t in graph.initializer}
    table = numpy_helper.to_array(stored[words])
    scale = np.abs(table).max(1, keepdims=True) / 127
    rows = np.round(table / scale).astype(np.int8)
    graph.initializer.remove(stored[words])
    added = {
        "words.rows": rows, "words.scales": scale.astype(np.float32), "axis.1": np.array([1], np.int64),
        "number.0": np.array(0, np.int64), "number.1": np.array(1, np.int64),
    }  # fmt: skip
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in added.items())
    make = helper.make_node
    nodes = [
        make("Gather", ["words.rows", ids], ["word.rows"]), make("Gather", ["words.scales", ids], ["word.scales"]),
        make("Cast", ["word.rows"], ["word.floats"], to=onnx.TensorProto.FLOAT),
        make("Mul", ["word.floats", "word.scales"], ["word.vectors"]),
        make("Shape", [ids], ["ids.shape"]), make("Gather", ["ids.shape", "number.1"], ["ids.length"]),
        make("Range", ["number.0", "ids.length", "number.1"], ["ids.places"]),
        make("Gather", [places, "ids.places"], ["place.vectors"]), make("Gather", [kinds, segments], ["kind.vectors"]),
        make("Add", ["word.vectors", "kind.vectors"], ["embedded.1"]),
        make("Add", ["embedded.1", "place.vectors"], ["embedded.2"]),
        make("LayerNormalization", ["embedded.2", gain, shift], [fused.output[0]], epsilon=1e-12),
        make("ReduceSum", [mask, "axis.1"], [fused.output[1]], keepdims=0),
    ]  # fmt: skip
    at = list(graph.node).index(fused)
    graph.node.remove(fused)
    for number, node in enumerate(nodes):
        graph.node.insert(at + number, node)


class Heads(nn.Module):
    """The heads by which the encoder learnt who speaks: mentions and lines `[m, 3 * HIDDEN]` to what is compared."""

    def __init__(self, links: Links) -> None:
        super().__init__()
        self.earlier, self.line = links.earlier, links.line

    def forward(self, mentions: Tensor, lines: Tensor) -> tuple[Tensor, Tensor]:
        return self.earlier(mentions), torch.cat([head(lines) for head in self.line], -1)


def heads_graph(net: Reader, path: Path, small: bool) -> None:
    """`Heads` as ONNX; int8 where they are to be `small`."""
    whole = path.with_suffix(".float.onnx")
    example = torch.randn(5, 3 * HIDDEN), torch.randn(3, 3 * HIDDEN)
    axes = {"mentions": {0: "m"}, "lines": {0: "l"}}
    write_graph(Heads(net.links).eval(), example, whole, list(axes), ["pointed", "said"], axes)
    if small:
        quantize_dynamic(
            str(whole), str(path), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": 1},
        )  # fmt: skip
        whole.unlink()
    else:
        whole.rename(path)


def manifest(folder: Path, command: str) -> None:
    """Lists every file in `folder` with its checksum; whole or not at all."""
    names = sorted(p.name for p in folder.iterdir() if p.suffix in (".onnx", ".json") and p.name != "MANIFEST.json")
    files = {
        name: {"sha256": sha256((folder / name).read_bytes()).hexdigest(), "bytes": (folder / name).stat().st_size}
        for name in names
    }
    listed = {
        "files": files, "licence": "Apache-2.0; see docs/models.md for the data", "command": command,
        "data": ["LitBank", "PDNC", "GUM", "UD English EWT", "SemCor", "gold/scenes", "gold/practice"],
    }  # fmt: skip
    waiting = folder / "MANIFEST.part"
    waiting.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    waiting.rename(folder / "MANIFEST.json")


def load_net(run: Path) -> tuple[Reader, Labels]:
    labels = Labels(**json.loads((run / "labels.json").read_text(encoding="utf-8")))
    net = Reader(labels)
    begin(net, run)
    return net.eval(), labels


def export(run: Path, out: Path, floats: Path | None) -> None:
    net, labels = load_net(run)
    out.mkdir(parents=True, exist_ok=True)
    whole = (floats or out) / ("encoder.onnx" if floats else "encoder.float.onnx")
    whole.parent.mkdir(parents=True, exist_ok=True)
    float_graph(net, whole)
    smaller(whole, out / "encoder.onnx")
    if not floats:
        whole.unlink()
    for folder in (out, *([floats] if floats else [])):
        shutil.copyfile(base_folder() / "tokenizer.json", folder / "tokenizer.json")
        (folder / "labels.json").write_text(json.dumps(asdict(labels), separators=(",", ":")), encoding="utf-8")
        heads_graph(net, folder / "speakers.heads.onnx", small=folder == out)
        for part in (*run.glob("people.*.onnx"), *run.glob("speakers.onnx")):
            shutil.copyfile(part, folder / part.name)
        manifest(folder, "python -m train.encoder; train.people; train.speakers; train.export (docs/models.md)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("out/train"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--float", type=Path, dest="floats", metavar="DIR", help="leave the float graph there")
    options = parser.parse_args()
    export(options.run, options.out, options.floats)


if __name__ == "__main__":
    main()
