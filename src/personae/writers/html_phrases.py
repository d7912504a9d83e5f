"""A trait in a few words of the story: "opens the door", "cannot swim", "follow her", "a tired baker"."""

from __future__ import annotations

from personae.book import Book
from personae.profiles import Trait
from personae.writers.html_faces import shorten

TAIL = 5
"""How many words may follow a verb."""

SENTENCE = 160
"""Characters of the sentence that says so."""

_IRREGULAR = {"be": "is", "have": "has", "do": "does", "go": "goes"}
_FOLLOWING = frozenset((
    "obj", "iobj", "obl", "xcomp", "compound", "compound:prt", "advmod", "det", "amod", "nmod", "nmod:poss", "case",
    "nummod", "fixed", "flat", "obl:unmarked", "nmod:unmarked", "obl:agent",
))  # fmt: skip
_THEIRS = frozenset((
    "his", "her", "their", "its", "himself", "herself", "themselves", "themself", "itself",
))  # fmt: skip
_IDLE = frozenset((
    "then", "now", "too", "also", "again", "just", "so", "however", "even", "still", "only", "not", "n't", "n’t",
    "never", "no", "nothing", "nobody", "none",
))  # fmt: skip
_POINTING = frozenset(("no", "this", "that", "these", "those", "what", "which", "such"))


def third_person(verb: str) -> str:
    """The present of a verb after "she": "goes", "tries", "opens"."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in ("", *"aeiou"):
        return verb[:-1] + "ies"
    return verb + "s"


def verb_phrase(trait: Trait, *, plural: bool) -> str:
    """The verb as a plot is told: in the present, and "can", "would" or "not" where the story says so."""
    verb = trait.word.casefold()
    if trait.modal:
        return f"{trait.modal} {'not ' if trait.negated else ''}{verb}".replace("can not", "cannot")
    if trait.negated:
        return f"{'don’t' if plural else 'doesn’t'} {verb}"
    return verb if plural else third_person(verb)


def sentence(book: Book, trait: Trait) -> str:
    """The sentence that says so on one line, cut around the word where it is long."""
    (start, end), at = trait.evidence, int(book.tokens.start[trait.token])
    if end - start <= SENTENCE:
        return shorten(book.text[start:end], SENTENCE)
    before = book.text[max(start, at - SENTENCE // 3) : at]
    if at - start > SENTENCE // 3:
        before = "… " + before.partition(" ")[2]
    return shorten(before + book.text[at:end], SENTENCE)


class Phrases:
    """Finds the words around a word that belong to it."""

    def __init__(self, book: Book) -> None:
        self._book, self._grammar = book, book.grammar

    def particle(self, verb: int) -> str:
        """The "up" of "gave it up", or nothing."""
        grammar = self._grammar
        near = range(verb + 1, min(verb + 1 + TAIL, len(grammar)))
        found = (t for t in near if grammar.relation[t] == "compound:prt" and grammar.head[t] == verb)
        return next((self.word(token) for token in found), "")

    def tail(self, verb: int) -> str:
        """What follows a verb and belongs to it, if a reader understands it without the sentence: "the door".

        The longest run of words of which each hangs on the verb or on another of them.
        """
        after = verb + 1
        while after < len(self._grammar) and after - verb <= TAIL and self._follows(verb, after):
            after += 1
        while after > verb + 1 and not self._closed(verb, after):
            after -= 1
        tokens = self._book.tokens
        return shorten(self._book.text[tokens.start[verb + 1] : tokens.end[after - 1]], 60) if after > verb + 1 else ""

    def _follows(self, verb: int, token: int) -> bool:
        grammar, sentences = self._grammar, self._book.tokens.sentence
        relation, upos, word = grammar.relation[token], grammar.upos[token], self.word(token)
        if sentences[token] != sentences[verb] or upos == "PUNCT" or word in _IDLE:
            return False
        if (upos == "PRON" and word not in _THEIRS) or (word == "her" and relation != "nmod:poss"):
            return False
        return relation in _FOLLOWING or (relation == "mark" and upos == "PART")

    def _closed(self, verb: int, after: int) -> bool:
        """Whether the run up to `after` is whole."""
        return all(verb <= self._grammar.head[t] < after for t in range(verb + 1, after))

    def noun(self, noun: int, *, article: bool) -> str:
        """A noun with the adjectives before it, and if wanted its article."""
        kinds = ("amod", "compound", "nummod", *(("det",) if article else ()))
        grammar, first = self._grammar, noun
        while first and grammar.head[first - 1] == noun and grammar.relation[first - 1] in kinds:
            if self.word(first - 1) in _POINTING:
                break
            first -= 1
        return " ".join(self.word(token) for token in range(first, noun + 1))

    def word(self, token: int) -> str:
        """A word as it stands, small unless it is a name."""
        tokens = self._book.tokens
        word = " ".join(self._book.text[tokens.start[token] : tokens.end[token]].split())
        return word if self._grammar.upos[token] == "PROPN" else word.lower()
