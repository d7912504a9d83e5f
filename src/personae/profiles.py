"""What a story says of each person: what they do, what is done to them, what they are, what they have.

A function of a Book that somebody has parsed; without grammar nothing is known. The four roles are those of
BookNLP's .book, in Universal Dependencies:

- agent: a verb whose subject they are, in the passive the one by whom it is done;
- patient: a verb whose object they are, or the subject of its passive;
- mod: an adjective or noun said of them with "to be", or an adjective beside a common noun that means them;
- poss: a noun that they possess.

Who is joined by "and" shares a role ("Ines and Tobin ran"), and so do words that are ("she rose and left", "was
tall and tired", "her hat and coat") unless they have a subject or an article of their own.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from personae.book import Book, Mention, Span

Role = Literal["agent", "patient", "mod", "poss"]
ROLES: tuple[Role, ...] = ("agent", "patient", "mod", "poss")

_NOT = frozenset(("not", "n't", "n’t", "never", "no", "neither", "nor"))
_NOBODY = frozenset(("nothing", "nobody", "none", "no-one"))
_IF = frozenset(("if", "unless", "whether", "lest"))
_ENDS = frozenset(".!?…“”‘’\"«»")
_SUBJECTS = ("nsubj", "nsubj:pass", "csubj", "csubj:pass", "expl")
_DEEP = 20
"""How far up a chain of "and" is followed; a tree that goes round in a circle ends there."""


@dataclass(frozen=True, slots=True)
class Trait:
    """A word that says something of somebody: its lemma, its token, and as evidence the sentence it stands in.

    `negated`: the story says that it is not so. `modal`: what keeps it from being told as so: the lemma of a modal
    verb ("can", "would"), "if", or "?" in a question; None where it is simply told.
    """

    word: str
    token: int
    evidence: Span
    negated: bool = False
    modal: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """All that is said of one entity, each role in the order of the story."""

    entity: int
    agent: tuple[Trait, ...] = ()
    patient: tuple[Trait, ...] = ()
    mod: tuple[Trait, ...] = ()
    poss: tuple[Trait, ...] = ()


def profiles(book: Book) -> tuple[Profile, ...]:
    """A Profile for every entity: `profiles(book)[entity.id]`."""
    if not len(book.grammar):
        return tuple(Profile(entity.id) for entity in book.entities)
    tree = _Tree(book)
    found: list[dict[Role, set[int]]] = [{role: set() for role in ROLES} for _ in book.entities]
    for mention, head in _heads(book, tree):
        for role, token in _roles(tree, mention, head):
            for entity in mention.entities:
                found[entity][role].add(token)
    traits = _Traits(book, tree)
    return tuple(
        Profile(id, **{role: tuple(traits.of(role, t) for t in sorted(tokens)) for role, tokens in roles.items()})
        for id, roles in enumerate(found)
    )


class _Tree:
    """The grammar's columns, and the tokens that hang on a token."""

    def __init__(self, book: Book) -> None:
        grammar = book.grammar
        self.upos, self.xpos, self.lemma, self.relation = grammar.upos, grammar.xpos, grammar.lemma, grammar.relation
        self.head: list[int] = grammar.head.tolist()
        order = np.argsort(grammar.head, kind="stable")
        first = np.searchsorted(grammar.head[order], np.arange(len(grammar) + 1, dtype=np.int32))
        self._order, self._first = (array("i", column.astype(np.intc).tobytes()) for column in (order, first))

    def children(self, token: int, *relations: str) -> list[int]:
        """In order; with `relations` only those that hang on it so."""
        hanging = self._order[self._first[token] : self._first[token + 1]]
        return [child for child in hanging if not relations or self.relation[child] in relations]

    def joined(self, token: int) -> Iterator[int]:
        """The token and all that "and" joins to it, not to something before it."""
        waiting, seen = [token], {token}
        while waiting:
            yield (token := waiting.pop())
            fresh = [child for child in self.children(token, "conj") if child not in seen]
            seen.update(fresh)
            waiting += fresh

    def governor(self, token: int) -> int:
        """The token whose relation is this one's too: a name after "and", or beside another."""
        for _ in range(_DEEP):
            if self.relation[token] not in ("conj", "appos") or self.head[token] < 0:
                break
            token = self.head[token]
        return token


def _heads(book: Book, tree: _Tree) -> Iterator[tuple[Mention, int]]:
    """Each resolved mention with the token in it that hangs on something outside."""
    mentions = [mention for mention in book.mentions if mention.entities]
    spans = np.array([(m.start, m.end) for m in mentions], np.int32).reshape(-1, 2)
    firsts = book.tokens.end.searchsorted(spans[:, 0], side="right").tolist()
    afters = book.tokens.start.searchsorted(spans[:, 1], side="left").tolist()
    for mention, first, after in zip(mentions, firsts, afters, strict=True):
        outward = [t for t in range(first, after) if not first <= tree.head[t] < after]
        if outward:
            start, end = mention.head
            wanted = [t for t in outward if start < book.tokens.end[t] and book.tokens.start[t] < end]
            yield mention, (wanted or outward)[0]


def _roles(tree: _Tree, mention: Mention, head: int) -> Iterator[tuple[Role, int]]:
    if mention.form == "noun" and tree.upos[head] == "NOUN":
        yield from (("mod", token) for token in _adjectives(tree, head))
    token = tree.governor(head)
    relation, on = tree.relation[token], tree.head[token]
    if on < 0:
        return
    if relation in ("nsubj", "nsubj:pass"):
        yield from _said_of(tree, on, passive=relation == "nsubj:pass")
    elif relation in ("obj", "obl:agent") and tree.upos[on] == "VERB":
        yield "patient" if relation == "obj" else "agent", on
    elif relation == "nmod:poss":
        yield from (("poss", noun) for noun in _possessed(tree, on))


def _adjectives(tree: _Tree, noun: int) -> Iterator[int]:
    for child in tree.children(noun, "amod"):
        yield from (token for token in tree.joined(child) if tree.upos[token] == "ADJ")


def _possessed(tree: _Tree, noun: int) -> Iterator[int]:
    for token in tree.joined(noun):
        own = token != noun and tree.children(token, "det", "nmod:poss")
        if tree.upos[token] in ("NOUN", "PROPN") and not own:
            yield token


def _said_of(tree: _Tree, first: int, *, passive: bool) -> Iterator[tuple[Role, int]]:
    """The words of which somebody is the subject: `first`, and what is joined to it without one of its own."""
    passive = passive or bool(tree.children(first, "aux:pass"))
    copular = passive or bool(tree.children(first, "cop"))
    waiting, seen = [first], {first}
    while waiting:
        token = waiting.pop()
        if role := _role(tree, token, first, passive=passive, copular=copular):
            yield role, token
        for child in tree.children(token, "conj"):
            if child not in seen and not tree.children(child, *_SUBJECTS):
                seen.add(child)
                waiting.append(child)


def _role(tree: _Tree, token: int, first: int, *, passive: bool, copular: bool) -> Role | None:
    """What the subject of `first` is to `token`, a word joined to it; the flags are those of `first`."""
    if tree.upos[token] == "VERB":
        if token == first:
            return "patient" if passive else "agent"
        bare = tree.xpos[token] == "VBN" and not tree.children(token, "aux")
        return "patient" if tree.children(token, "aux:pass") or (passive and bare) else "agent"
    if tree.upos[token] not in ("ADJ", "NOUN") or tree.children(token, "case"):
        return None
    return "mod" if tree.children(token, "cop") or (copular and token != first) else None


class _Traits:
    """Makes Traits: the sentence of a token, and whether the story says that it is so."""

    def __init__(self, book: Book, tree: _Tree) -> None:
        self._book, self._tree = book, tree
        marks = (t for t, upos in enumerate(book.grammar.upos) if upos == "PUNCT")
        words = ((t, book.text[book.tokens.start[t] : book.tokens.end[t]]) for t in marks)
        self._ends = [(t, "?" in word) for t, word in words if not _ENDS.isdisjoint(word)]

    def of(self, role: Role, token: int) -> Trait:
        lemma, evidence = self._tree.lemma[token], self._sentence(token)
        told = role == "poss" or self._tree.relation[token] == "amod"
        if told and not self._tree.children(token, "cop"):
            return Trait(lemma, token, evidence)
        return Trait(lemma, token, evidence, self._negated(token), self._modal(token))

    def _sentence(self, token: int) -> Span:
        tokens = self._book.tokens
        number = tokens.sentence[token]
        first = int(tokens.sentence.searchsorted(number))
        after = int(tokens.sentence.searchsorted(number, side="right"))
        return int(tokens.start[first]), int(tokens.end[after - 1])

    def _negated(self, token: int, depth: int = _DEEP) -> bool:
        tree = self._tree
        for child in tree.children(token):
            lemma, relation = tree.lemma[child].lower(), tree.relation[child]
            if lemma in _NOT and relation in ("advmod", "det", "cc", "cc:preconj"):
                return True
            if relation in ("obj", "nsubj", "nsubj:pass") and (lemma in _NOBODY or self._has_no(child)):
                return True
            if relation == "advmod" and self._has_no(child):
                return True
        return depth > 0 and self._shares(token) and self._negated(tree.head[token], depth - 1)

    def _has_no(self, token: int) -> bool:
        """ "No guard", "no longer"."""
        return any(self._tree.lemma[c].lower() == "no" for c in self._tree.children(token, "det", "advmod"))

    def _modal(self, token: int, depth: int = _DEEP) -> str | None:
        tree = self._tree
        if any(tree.lemma[child].lower() in _IF for child in tree.children(token, "mark")):
            return "if"
        modals = [tree.lemma[child].lower() for child in tree.children(token, "aux") if tree.xpos[child] == "MD"]
        if modals:
            return modals[0]
        if depth > 0 and self._shares(token):
            return self._modal(tree.head[token], depth - 1)
        return "?" if self._asks(token) else None

    def _shares(self, token: int) -> bool:
        """Whether a word after "and" or "or" goes with what stands before the first: "didn't run or hide"."""
        tree = self._tree
        if tree.relation[token] != "conj" or tree.head[token] < 0 or tree.children(token, "aux", *_SUBJECTS):
            return False
        joined_by = {tree.lemma[child].lower() for child in tree.children(token, "cc")}
        return tree.xpos[token] == "VB" or not joined_by.isdisjoint(("or", "nor"))

    def _asks(self, token: int) -> bool:
        """Whether the next mark that ends something is a question mark."""
        place = bisect_right(self._ends, (token, True))
        return place < len(self._ends) and self._ends[place][1]
