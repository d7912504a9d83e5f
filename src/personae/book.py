"""The nouns of an annotated story. Values only: nothing here reads, writes or decides.

Characters are code points of `Book.text`, half-open. Ids are plain ints: `entities[i].id == i`,
`quotes[i].id == i`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from personae.errors import BookError
from personae.text import BLOCK_KINDS, Block, Metadata

if TYPE_CHECKING:
    import pandas

Span = tuple[int, int]
EntityKind = Literal["person", "group", "place", "organization", "vehicle"]
Form = Literal["name", "noun", "pronoun"]
QuoteKind = Literal["speech", "thought", "written", "other"]
Why = Literal["tag", "beat", "vocative", "turn", "model", "pinned"]

ENTITY_KINDS = ("person", "group", "place", "organization", "vehicle")
FORMS = ("name", "noun", "pronoun")
QUOTE_KINDS = ("speech", "thought", "written", "other")
WHYS = ("tag", "beat", "vocative", "turn", "model", "pinned")


@dataclass(frozen=True, eq=False)
class Tokens:
    """The words and marks of the story, as columns: the one place that holds both coordinates.

    Each column is int32 `[n_tokens]`: `start` and `end` in characters, `sentence` and `block` as indexes.
    A note or metadata block has no tokens.
    """

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    sentence: NDArray[np.int32]
    block: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.start)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tokens):
            return NotImplemented
        return all(
            np.array_equal(getattr(self, c), getattr(other, c)) for c in ("start", "end", "sentence", "block")
        )

    __hash__ = None  # type: ignore[assignment]

    def span(self, start: int, end: int) -> Span:
        """Half-open token range that overlaps the characters `[start, end)`."""
        # an int32 needle: a Python int would have numpy recast the whole column
        first = int(self.end.searchsorted(np.int32(start), side="right"))
        return first, max(first, int(self.start.searchsorted(np.int32(end), side="left")))

    @classmethod
    def empty(cls) -> Tokens:
        column = np.zeros(0, np.int32)
        return cls(column, column, column, column)


@dataclass(frozen=True, eq=False)
class Grammar:
    """What each token does in its sentence, as columns of `n_tokens` rows; all are empty where nobody has parsed.

    `upos` and `relation` are Universal Dependencies', `xpos` the Penn Treebank's; `head` is int32, the index of
    the token that a token hangs on, -1 for a root; `event` is bool: does the word say that something happens
    (realis, as LitBank has it)?
    """

    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    lemma: tuple[str, ...]
    head: NDArray[np.int32]
    relation: tuple[str, ...]
    event: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.upos)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Grammar):
            return NotImplemented
        columns = ("upos", "xpos", "lemma", "relation")
        same = all(getattr(self, c) == getattr(other, c) for c in columns)
        return same and np.array_equal(self.head, other.head) and np.array_equal(self.event, other.event)

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def empty(cls) -> Grammar:
        return cls((), (), (), np.zeros(0, np.int32), (), np.zeros(0, np.bool_))


@dataclass(frozen=True, slots=True)
class Supersense:
    """Words and what kind of thing they say: one of WordNet's lexicographer files, as "noun.person", "verb.motion"."""

    start: int
    end: int
    category: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that mean somebody or something.

    `entities` is one id, several for a group, none if unresolved. `type` is narrower than `kind`, as ACE has it
    (PER, FAC, GPE, LOC, VEH, ORG), None where nobody said.
    """

    start: int
    end: int
    head: Span
    form: Form
    entities: tuple[int, ...] = ()
    confidence: float = 0.0
    kind: EntityKind = "person"
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, group, place, … `mentions` and `quotes` count them; `cast` is the row in a given cast."""

    id: int
    kind: EntityKind
    name: str
    aliases: tuple[str, ...] = ()
    pronouns: str | None = None
    narrator: bool = False
    cast: int | None = None
    mentions: int = 0
    quotes: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """Words between quotation marks, the marks included (or a dash and the words after it).

    Parts of one speech share `utterance`. `speaker` is None where undecided; `cue` is the span that names
    the speaker in a tag or beat; `alternatives` are the next candidates with their probabilities.
    """

    id: int
    start: int
    end: int
    kind: QuoteKind
    utterance: int
    speaker: int | None = None
    addressees: tuple[int, ...] = ()
    confidence: float = 0.0
    why: Why | None = None
    cue: Span | None = None
    alternatives: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """A stretch at one place and time, and who is there."""

    start: int
    end: int
    place: int | None = None
    time: str | None = None
    present: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """How two people stand to each other; without evidence it can't be built."""

    source: int
    target: int
    kind: str
    weight: float
    evidence: tuple[Span, ...]

    def __post_init__(self) -> None:
        if not self.evidence:
            where = f"relation {self.source} {self.kind} {self.target}"
            raise BookError(f"{where}: no evidence; give at least one span")


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says is so; without evidence it can't be built."""

    by: int
    to: tuple[int, ...]
    act: str
    about: tuple[int, ...]
    what: str
    polarity: bool
    evidence: tuple[Span, ...]
    against: tuple[int, ...] = ()
    confidence: float = 0.0

    def __post_init__(self) -> None:
        if not self.evidence:
            raise BookError(f"claim by {self.by}: no evidence; give at least one span")


@dataclass(frozen=True)
class Book:
    """A story and everything found in it. Equal content is equal value."""

    text: str
    blocks: tuple[Block, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    emphasis: tuple[Span, ...] = ()
    tokens: Tokens = field(default_factory=Tokens.empty)
    entities: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    quotes: tuple[Quote, ...] = ()
    scenes: tuple[Scene, ...] = ()
    relations: tuple[Relation, ...] = ()
    claims: tuple[Claim, ...] = ()
    grammar: Grammar = field(default_factory=Grammar.empty)
    supersenses: tuple[Supersense, ...] = ()
    made_by: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def cast(self) -> tuple[Entity, ...]:
        """The people and groups, the most present first."""
        people = [e for e in self.entities if e.kind in ("person", "group")]
        return tuple(sorted(people, key=lambda e: (-e.quotes - e.mentions, e.id)))

    def person(self, name: str) -> Entity:
        """The person called so (name or alias, case ignored). Raises KeyError if nobody or several are."""
        wanted = name.casefold()
        exact = [e for e in self.cast if e.name.casefold() == wanted]
        found = exact or [e for e in self.cast if wanted in (a.casefold() for a in e.aliases)]
        if len(found) != 1:
            raise KeyError(f"{name}: {'nobody' if not found else 'more than one person'} is called so here")
        return found[0]

    def said_by(self, name: str) -> tuple[Quote, ...]:
        """The lines this person speaks, in order."""
        speaker = self.person(name).id
        return tuple(q for q in self.quotes if q.speaker == speaker)

    def frame(self, table: str) -> pandas.DataFrame | list[dict[str, Any]]:
        """One of the tables that docs/formats.md describes ("tokens", "mentions", …), in pandas if that is there.

        Without pandas it is a list with a dict for each row.
        """
        from personae.writers.tables import rows

        records = list(rows(self, table))
        try:
            import pandas
        except ImportError:
            return records
        return pandas.DataFrame.from_records(records)

    def _repr_html_(self) -> str:
        from personae.writers.summary import summary

        return summary(self)


def check(book: Book) -> Book:
    """Return `book` if it keeps the format's rules on bounds, order and ids; raise BookError if not."""
    size = len(book.text)
    _check_spans("blocks", book.blocks, size, overlap=False)
    _check_tokens(book, size)
    _check_spans("mentions", book.mentions, size)
    _check_spans("quotes", book.quotes, size)
    _check_spans("scenes", book.scenes, size)
    _check_spans("supersenses", book.supersenses, size)
    _check_grammar(book.grammar, len(book.tokens))
    _check_pairs("emphasis", book.emphasis, size)
    _check_ids("entities", [entity.id for entity in book.entities])
    _check_ids("quotes", [quote.id for quote in book.quotes])
    _check_kinds(book)
    _check_references(book)
    return book


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise BookError(message)


def _check_spans(name: str, items: tuple[Any, ...], size: int, *, overlap: bool = True) -> None:
    previous_start = previous_end = 0
    for index, item in enumerate(items):
        where = f"{name}[{index}]"
        _require(0 <= item.start <= item.end <= size, f"{where}: span outside the text of {size} characters")
        _require(item.start >= (previous_start if overlap else previous_end), f"{where}: out of order")
        previous_start, previous_end = item.start, item.end


def _check_ids(name: str, ids: list[int]) -> None:
    for index, id in enumerate(ids):
        _require(id == index, f"{name}[{index}]: its id is {id}; ids count from 0 in order")


def _check_pairs(name: str, pairs: tuple[Span, ...], size: int) -> None:
    for index, (start, end) in enumerate(pairs):
        _require(0 <= start <= end <= size, f"{name}[{index}]: span outside the text of {size} characters")


def _check_tokens(book: Book, size: int) -> None:
    t = book.tokens
    lengths = {len(t.start), len(t.end), len(t.sentence), len(t.block)}
    _require(len(lengths) == 1, "tokens: the four columns differ in length")
    if not len(t):
        return
    _require(bool((t.start < t.end).all() and (t.start[1:] >= t.end[:-1]).all()), "tokens: out of order")
    _require(int(t.start[0]) >= 0 and int(t.end[-1]) <= size, "tokens: span outside the text")
    _require(bool((np.diff(t.sentence) >= 0).all()), "tokens: sentences out of order")
    _require(int(t.block.min()) >= 0 and int(t.block.max()) < len(book.blocks), "tokens: unknown block")


def _check_grammar(grammar: Grammar, n_tokens: int) -> None:
    lengths = {len(getattr(grammar, c)) for c in ("upos", "xpos", "lemma", "head", "relation", "event")}
    _require(lengths in ({0}, {n_tokens}), f"grammar: each column needs a row for each of the {n_tokens} tokens")
    if len(grammar):
        inside = bool(((grammar.head >= -1) & (grammar.head < n_tokens)).all())
        _require(inside, "grammar: a head that is no token")


def _check_kinds(book: Book) -> None:
    for name, items, attribute, allowed in (
        ("blocks", book.blocks, "kind", BLOCK_KINDS),
        ("entities", book.entities, "kind", ENTITY_KINDS),
        ("mentions", book.mentions, "kind", ENTITY_KINDS),
        ("mentions", book.mentions, "form", FORMS),
        ("quotes", book.quotes, "kind", QUOTE_KINDS),
        ("quotes", book.quotes, "why", (*WHYS, None)),
    ):
        for index, item in enumerate(items):
            value = getattr(item, attribute)
            known = ", ".join(map(str, allowed))
            _require(value in allowed, f"{name}[{index}].{attribute}: {value!r} is none of {known}")


def _check_references(book: Book) -> None:
    known = range(len(book.entities))
    size = len(book.text)
    for index, mention in enumerate(book.mentions):
        _require(all(e in known for e in mention.entities), f"mentions[{index}]: unknown entity")
        _check_pairs(f"mentions[{index}].head", (mention.head,), size)
    for index, quote in enumerate(book.quotes):
        named = (*quote.addressees, *(e for e, _ in quote.alternatives))
        named += () if quote.speaker is None else (quote.speaker,)
        _require(all(e in known for e in named), f"quotes[{index}]: unknown entity")
        if quote.cue:
            _check_pairs(f"quotes[{index}].cue", (quote.cue,), size)
    for index, relation in enumerate(book.relations):
        _require(relation.source in known and relation.target in known, f"relations[{index}]: unknown entity")
        _check_pairs(f"relations[{index}].evidence", relation.evidence, size)
    for index, scene in enumerate(book.scenes):
        _require(all(e in known for e in scene.present), f"scenes[{index}]: unknown entity")
    for index, claim in enumerate(book.claims):
        _require(all(e in known for e in (claim.by, *claim.to)), f"claims[{index}]: unknown entity")
        _check_pairs(f"claims[{index}].evidence", claim.evidence, size)
