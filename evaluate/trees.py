"""Tags, lemmas and dependency trees on raw text: Personae finds words and sentences itself, on every corpus.

As in CoNLL 2018 (Zeman et al.; `conll18_ud_eval.py`): a word is the same as a gold word if it's the same
characters, and a figure is the F1 of words whose column agrees, over all gold words and all predicted words. A head
agrees if it's the same as the gold head, or both are roots; LAS ignores what follows a relation's colon; a lemma that
gold leaves open is right. "Shared words" is the share of right ones among the words that both have, which is what
tagging and parsing cost apart from tokenising. That script pairs the words of one spelled form ("don't") by their own
letters, here it's by their place in the form; in English the two agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evaluate.case import Case
from evaluate.spans import scores
from personae.book import Book, Grammar, Span, Tokens

CORPORA = ("ewt", "gum")
PROTOCOLS = ("none",)
OWN_TOKENS = False
"""Whether Personae is given a corpus's tokens where it has some."""

COLUMNS = ("UPOS", "XPOS", "lemma", "UAS", "LAS")
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Words that both have: the gold index and the predicted index of each."""


def measure(case: Case) -> Counter[str]:
    """How many words and sentences are in gold, predicted and both, and how many words agree in each column."""
    gold, predicted = case.gold, case.predicted
    pairs = pairs_of(gold.tokens, predicted.tokens)
    sentences, others = _sentences(gold.tokens), _sentences(predicted.tokens)
    counts = Counter(
        {
            "gold words": len(gold.tokens),
            "predicted words": len(predicted.tokens),
            "shared words": len(pairs[0]),
            "gold sentences": len(sentences),
            "predicted sentences": len(others),
            "shared sentences": len(sentences & others),
        }
    )
    if len(predicted.grammar):
        counts.update({name: int(right.sum()) for name, right in right_words(gold, predicted, pairs).items()})
    return counts


def figures(measured: Sequence[Counter[str]]) -> dict[str, float]:
    """F1 over the words of all documents, and the share among the words that both have."""
    total: Counter[str] = sum(measured, Counter())
    words = total["gold words"], total["predicted words"]
    sentences = total["gold sentences"], total["predicted sentences"]
    found = {
        "words F1": scores("", total["shared words"], *words)[" F1"],
        "sentences F1": scores("", total["shared sentences"], *sentences)[" F1"],
    }
    found |= {f"{name} F1": scores("", total[name], *words)[" F1"] for name in COLUMNS}
    found |= {f"{name}, shared words": 100 * total[name] / max(total["shared words"], 1) for name in COLUMNS}
    return {**found, "gold words": total["gold words"]}


def right_words(gold: Book, predicted: Book, pairs: Pairs) -> dict[str, NDArray[np.bool_]]:
    """For each shared word whether its column agrees; `[n_shared]` each."""
    ours, theirs = gold.grammar, predicted.grammar
    head = _heads(ours, theirs, pairs, len(predicted.tokens))
    relation = _agree(bare_relations(ours), bare_relations(theirs), pairs)
    lemma = _agree(ours.lemma, theirs.lemma, pairs) | (_chosen(ours.lemma, pairs[0]) == "_")
    return {
        "UPOS": _agree(ours.upos, theirs.upos, pairs),
        "XPOS": _agree(ours.xpos, theirs.xpos, pairs),
        "lemma": lemma,
        "UAS": head,
        "LAS": head & relation,
    }


def _heads(gold: Grammar, predicted: Grammar, pairs: Pairs, n_predicted: int) -> NDArray[np.bool_]:
    """Whether the heads are the same word, or both are none."""
    same = np.full(n_predicted + 1, -2, np.int64)  # predicted word to gold word, -2 for one that gold hasn't
    same[pairs[1]] = pairs[0]
    same[-1] = -1  # where a root's head, -1, lands
    return np.asarray(gold.head[pairs[0]] == same[predicted.head[pairs[1]]])


def bare_relations(grammar: Grammar) -> list[str]:
    """Without what follows a colon."""
    return [relation.partition(":")[0] for relation in grammar.relation]


def _agree(gold: Sequence[str], predicted: Sequence[str], pairs: Pairs) -> NDArray[np.bool_]:
    return np.asarray(_chosen(gold, pairs[0]) == _chosen(predicted, pairs[1]))


def _chosen(column: Sequence[str], places: NDArray[np.int64]) -> NDArray[np.object_]:
    return np.array(column, object)[places]


def pairs_of(gold: Tokens, predicted: Tokens) -> Pairs:
    """The words at the same characters; a Book's tokens never overlap, so each has one partner at most."""
    place = {span: number for number, span in enumerate(_spans(gold))}
    found = [(place[span], number) for number, span in enumerate(_spans(predicted)) if span in place]
    ours, theirs = np.array(found, np.int64).reshape(-1, 2).T
    return ours, theirs


def _spans(tokens: Tokens) -> list[Span]:
    return list(zip(tokens.start.tolist(), tokens.end.tolist(), strict=True))


def _sentences(tokens: Tokens) -> set[Span]:
    """From the first word's start to the last word's end."""
    if not len(tokens):
        return set()
    last = np.append(np.flatnonzero(np.diff(tokens.sentence)), len(tokens) - 1)
    first = np.append(0, last[:-1] + 1)
    return set(zip(tokens.start[first].tolist(), tokens.end[last].tolist(), strict=True))
