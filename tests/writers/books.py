"""Small Books to write: one by hand, and any number made up by hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
from hypothesis import strategies as st

from personae.book import (
    ENTITY_KINDS,
    FORMS,
    QUOTE_KINDS,
    WHYS,
    Book,
    Claim,
    Entity,
    Grammar,
    Mention,
    Quote,
    Relation,
    Scene,
    Span,
    Supersense,
    Tokens,
    check,
)
from personae.text import BLOCK_KINDS, Block, Metadata
from tests.parsed import parsed

STORY = (
    "A note from me, the author.\n\n"
    "One\n\n"
    "“You’re late,” Mira said, and Tomas & his dog laughed. “Very late.”\n\n"
    "They waited. Not again, she thought.\n\n"
    "O little boat 🛶,\nO long way home.\n\n"
    "* * *\n\n"
    "Two\n\n"
    "The sign at the Old Harbour said “Keep out”."
)


def span(words: str, nth: int = 0) -> tuple[int, int]:
    """Where `words` stand in STORY."""
    start = -1
    for _ in range(nth + 1):
        start = STORY.index(words, start + 1)
    return start, start + len(words)


def tokenized(text: str, blocks: tuple[Block, ...]) -> Tokens:
    """One token a run of letters or a mark, one sentence a block, none in notes."""
    spans: list[tuple[int, int, int]] = []
    for index, block in enumerate(blocks):
        if block.kind in ("note", "metadata"):
            continue
        start = block.start
        for at in range(block.start, block.end + 1):
            if at == block.end or not text[at].isalnum():
                if start < at:
                    spans.append((start, at, index))
                if at < block.end and not text[at].isspace():
                    spans.append((at, at + 1, index))
                start = at + 1
    if not spans:
        return Tokens.empty()
    start, end, block = (np.array(column, np.int32) for column in zip(*spans, strict=True))
    return Tokens(start, end, block, block)


def _blocks() -> tuple[Block, ...]:
    kinds = ("note", "heading", "paragraph", "paragraph", "verse", "break", "heading", "paragraph")
    chapters = (0, 1, 1, 1, 1, 1, 2, 2)
    blocks, start = [], 0
    for part, kind, chapter in zip(STORY.split("\n\n"), kinds, chapters, strict=True):
        blocks.append(Block(start, start + len(part), kind, chapter))
        start += len(part) + 2
    return tuple(blocks)


def _mention(words: str, form: str, *entities: int, nth: int = 0, kind: str = "person") -> Mention:
    where = span(words, nth)
    return Mention(*where, where, form, entities, 0.9, kind)


def harbour() -> Book:
    """Two people, a dog, a place; speech in two parts, a thought, verse, a sign, one undecided line."""
    said, more = span("“You’re late,”"), span("“Very late.”")
    thought, sign = span("Not again"), span("“Keep out”")
    return check(
        Book(
            STORY,
            _blocks(),
            Metadata("The <Harbour>", "A. Writer", "harbour.html", "en", "Two wait & one is late.",
                     ("Be kind.",), ("Ports",), {"fandom": ("Original",), "characters": ("Mira", "Tomas")}),
            (thought,),
            tokenized(STORY, _blocks()),
            (
                Entity(0, "person", "Mira", ("Mira",), "she/her", False, None, 2, 3),
                Entity(1, "person", "Tomas", ("Tomas", "Tom"), None, True, 4, 2, 0),
                Entity(2, "place", "Old Harbour", (), None, False, None, 1, 0),
                Entity(3, "person", "his dog", (), None, False, None, 1, 0),
            ),
            (
                _mention("Mira", "name", 0),
                _mention("Tomas", "name", 1),
                _mention("his dog", "noun", 3),
                _mention("his", "pronoun", 1),
                _mention("They", "pronoun", 0, 1),
                _mention("she", "pronoun", 0),
                _mention("the Old Harbour", "name", 2, kind="place"),
            ),
            (
                Quote(0, *said, "speech", 0, 0, (1,), 0.97, "tag", span("Mira"), ((1, 0.02), (3, 0.01))),
                Quote(1, *more, "speech", 0, 0, (), 0.9, "turn"),
                Quote(2, *thought, "thought", 1, 0, (), 0.8, "tag", span("she")),
                Quote(3, *sign, "written", 2),
            ),
            (Scene(31, 100, 2, "night", (0, 1)),),
            (Relation(0, 1, "speaks to", 12.0, (said, more)),),
            (Claim(0, (1,), "assert", (1,), "Tomas is late", True, (said,), (), 0.8),),
            made_by={"personae": "0.1.0", "weights": {}},
        )
    )  # fmt: skip


FERRY = """
Ines  Ines  PROPN NNP 2 nsubj (0)
rose  rise  VERB  VBD 0 root !
and   and   CCONJ CC  4 cc
left  leave VERB  VBD 2 conj !
her   her   PRON  PRP$ 6 nmod:poss (0) (1
brother brother NOUN NN 4 obj 1)
.     .     PUNCT .   2 punct
---
They  they  PRON  PRP 4 nsubj (0+1)
were  be    AUX   VBD 4 cop
n't   not   PART  RB  4 advmod
bakers baker NOUN NNS 0 root
.     .     PUNCT .   4 punct
"""


def ferry() -> Book:
    """Two people and a grammar: events, a possession, something denied, two supersenses."""
    people = Entity(0, "person", "Ines", ("Ines",), "she/her", True), Entity(1, "person", "Tobin", (), "he/him")
    return parsed(FERRY, *people, senses=(("Ines", "noun.person"), ("rose", "verb.motion")))


_UPOS = ("VERB", "NOUN", "ADJ", "PRON", "AUX", "ADV", "PUNCT", "<b>")
_RELATIONS = (
    "nsubj", "nsubj:pass", "obj", "obl:agent", "nmod:poss", "amod", "cop", "conj", "case", "advmod", "aux",
    "aux:pass", "mark", "compound:prt", "det", "root", "",
)  # fmt: skip
_ODD = "“”\"'<>&\n \t]🛶👩\u200d👧é\x00\x0b\x85\u2028\ufffe"
CHARACTERS = st.characters(exclude_categories=("Cs",)) | st.sampled_from(_ODD)
WORDS = st.text(CHARACTERS, max_size=12)
_SHARE = st.floats(0, 1)


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Any Book that keeps the rules, its spans anywhere, crossing each other or not."""
    text = draw(st.text(CHARACTERS, max_size=80))
    blocks = _cut(draw, text)
    entities = _numbered(draw(st.lists(_entity(), max_size=4)))
    parts = _about(draw, text, range(len(entities)))
    made_by = draw(st.dictionaries(WORDS, WORDS | st.integers() | st.none(), max_size=2))
    emphasis = tuple(draw(st.lists(_spans(text), max_size=3)))
    tokens = tokenized(text, blocks)
    metadata = draw(_metadata())
    grammar, senses = draw(_grammar(len(tokens))), _sorted(draw(st.lists(_senses(_spans(text)), max_size=3)))
    return check(
        Book(text, blocks, metadata, emphasis, tokens, entities, *parts, grammar, senses, MappingProxyType(made_by))
    )


def _grammar(size: int) -> st.SearchStrategy[Grammar]:
    """None at all, or any: heads anywhere, also in a circle, and labels that nobody knows or that count."""
    tags = st.tuples(*[st.sampled_from(_UPOS)] * size)
    lemmas = st.tuples(*[WORDS | st.sampled_from(("go", "not", "can"))] * size)
    heads = st.lists(st.integers(-1, size - 1), min_size=size, max_size=size).map(lambda h: np.array(h, np.int32))
    relations = st.tuples(*[st.sampled_from(_RELATIONS)] * size)
    events = st.lists(st.booleans(), min_size=size, max_size=size).map(lambda e: np.array(e, np.bool_))
    return st.just(Grammar.empty()) | st.builds(Grammar, tags, tags, lemmas, heads, relations, events)


def _senses(spans: st.SearchStrategy[Span]) -> st.SearchStrategy[Supersense]:
    return st.builds(_at(Supersense), spans, st.sampled_from(("noun.person", "verb.motion")) | WORDS)


def _about(draw: st.DrawFn, text: str, known: range) -> tuple[tuple, ...]:
    """Mentions, quotes, scenes, relations and claims about the known entities."""
    ids = st.sampled_from(known) if known else st.nothing()
    some = st.lists(ids, max_size=3).map(tuple) if known else st.just(())
    spans, evidence = _spans(text), st.lists(_spans(text), min_size=1, max_size=2).map(tuple)
    rest = (some, WORDS, some, WORDS, st.booleans(), evidence, some, _SHARE)
    most = 2 if known else 0
    scenes = st.builds(_at(Scene), spans, st.none() | ids, st.none() | WORDS, some)
    return (
        _sorted(draw(st.lists(_mentions(spans, some), max_size=6))),
        _numbered(_sorted(draw(st.lists(_quotes(spans, ids, some), max_size=6)))),
        _sorted(draw(st.lists(scenes, max_size=2))),
        tuple(draw(st.lists(st.builds(Relation, ids, ids, WORDS, _SHARE, evidence), max_size=most))),
        tuple(draw(st.lists(st.builds(Claim, ids, *rest), max_size=most))),
    )


def _spans(text: str) -> st.SearchStrategy[tuple[int, int]]:
    place = st.integers(0, len(text))
    return st.tuples(place, place).map(lambda pair: (min(pair), max(pair)))


def _entity() -> st.SearchStrategy[Entity]:
    count = st.integers(0, 9)
    return st.builds(
        Entity, st.just(0), st.sampled_from(ENTITY_KINDS), WORDS, st.lists(WORDS, max_size=2).map(tuple),
        st.none() | st.sampled_from(["he/him", "she/her", "fae/faer"]), st.booleans(), st.none() | count,
        count, count,
    )  # fmt: skip


def _metadata() -> st.SearchStrategy[Metadata]:
    maybe, several = st.none() | WORDS, st.lists(WORDS, max_size=2).map(tuple)
    tags = st.dictionaries(WORDS, several, max_size=2).map(MappingProxyType)
    return st.builds(Metadata, maybe, maybe, maybe, maybe, maybe, several, several, tags)


def _cut(draw: st.DrawFn, text: str) -> tuple[Block, ...]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    kinds, chapter, blocks = st.sampled_from(BLOCK_KINDS), 0, []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        chapter += draw(st.integers(0, 1))
        blocks.append(Block(start, end, draw(kinds), chapter))
    return tuple(blocks)


def _mentions(spans: st.SearchStrategy[Span], some: st.SearchStrategy) -> st.SearchStrategy[Mention]:
    kinds = st.sampled_from(ENTITY_KINDS)
    return st.builds(_at(Mention), spans, spans, st.sampled_from(FORMS), some, _SHARE, kinds)


def _quotes(
    spans: st.SearchStrategy[Span], ids: st.SearchStrategy[int], some: st.SearchStrategy
) -> st.SearchStrategy[Quote]:
    others = st.just(()) if ids.is_empty else st.lists(st.tuples(ids, _SHARE), max_size=2).map(tuple)
    return st.builds(
        _at(partial(Quote, 0)), spans, st.sampled_from(QUOTE_KINDS), st.integers(0, 3), st.none() | ids, some,
        _SHARE, st.none() | st.sampled_from(WHYS), st.none() | spans, others,
    )  # fmt: skip


def _at(make: Callable[..., Any]) -> Callable[..., Any]:
    """`make`, taking its start and end as one span."""
    return lambda span, *rest: make(*span, *rest)


def _sorted(items: list) -> tuple:
    return tuple(sorted(items, key=lambda item: item.start))


def _numbered(items: Iterable) -> tuple:
    return tuple(replace(item, id=index) for index, item in enumerate(items))
