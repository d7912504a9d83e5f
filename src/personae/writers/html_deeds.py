"""What a card says of a person: what they are, do and have, and what others do to them.

The most telling comes first: what the story tells as having happened, before what is only denied or possible;
what is said of few, before what is said of everybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from personae.book import Book, Entity
from personae.lexicons import listing
from personae.profiles import ROLES, Profile, Role, Trait, profiles
from personae.writers.html_faces import escape
from personae.writers.html_phrases import Phrases, sentence, verb_phrase

SHOWN = 6
"""How much is shown of each kind, for each person who has a card."""

_KIND: dict[Role, str] = {"agent": "verb", "patient": "verb", "mod": "adjective", "poss": "noun"}


@dataclass(frozen=True, slots=True)
class Deed:
    """Words for one trait, or for several that are the same; where the story first says it, and how."""

    words: str
    token: int
    sentence: str
    count: int = 1

    @property
    def anchor(self) -> str:
        return f"w{self.token}"


Rows = Mapping[str, Sequence[Deed]]
"""A label ("is", "does", "has", "others") to what stands after it; what is empty isn't there."""

_Key = tuple[str, str, bool, str | None]


def deeds(book: Book, people: Iterable[Entity]) -> dict[int, Rows]:
    """The rows of each of these people; of nobody if the Book has no grammar."""
    rows = telling(book)
    return {person.id: rows(person) for person in people} if len(book.grammar) else {}


def telling(book: Book) -> Callable[[Entity], Rows]:
    """What tells the rows of any of the people; the whole story is gone through once."""
    return _Telling(book, profiles(book)).rows if len(book.grammar) else lambda person: {}


def rows_as_html(rows: Rows) -> str:
    """Each label with links to the places in the story."""
    return "".join(
        f'<p class="row deeds"><span>{label}</span>{", ".join(map(_link, row))}</p>' for label, row in rows.items()
    )


def _link(deed: Deed) -> str:
    count = f" <small>{deed.count:,}</small>" if deed.count > 1 else ""
    return f'<a href="#{deed.anchor}" title="{escape(deed.sentence)}">{escape(deed.words)}</a>{count}'


def _object(person: Entity) -> str:
    """ "Her" of "she/her"; "them" where nothing is known."""
    _, _, rest = (person.pronouns or "").partition("/")
    return rest.split("/")[0] or "them"


class _Telling:
    """Chooses what to show of a person, and puts it into words."""

    def __init__(self, book: Book, known: Sequence[Profile]) -> None:
        self._book, self._known, self._phrases = book, known, Phrases(book)
        self._dull = {kind: frozenset(words) for kind, words in listing("everyday_words").items()}
        self._events = bool(book.grammar.event.any())
        self._counts: dict[Role, Counter[str]] = {
            role: Counter(trait.word for profile in known for trait in getattr(profile, role)) for role in ROLES
        }
        self._totals = {role: counts.total() for role, counts in self._counts.items()}

    def rows(self, person: Entity) -> Rows:
        """The four rows. What they do to themselves isn't done by others."""
        profile, plural = self._known[person.id], person.kind == "group"
        own = {trait.token for trait in profile.agent}
        them = _object(person)
        done = [trait for trait in profile.patient if trait.token not in own]
        labels = ("are", "do", "have") if plural else ("is", "does", "has")
        found = {
            labels[0]: self._row("mod", profile.mod, self._being),
            labels[1]: self._row("agent", profile.agent, lambda trait, count: self._doing(trait, count, plural)),
            labels[2]: self._row("poss", profile.poss, self._having),
            "others": self._row("patient", done, lambda trait, _: self._done(trait, them)),
        }
        return {label: row for label, row in found.items() if row}

    def _row(self, role: Role, traits: Iterable[Trait], words: Callable[[Trait, int], str]) -> list[Deed]:
        groups: dict[_Key, list[Trait]] = {}
        for trait in traits:
            if self._fits(role, trait):
                groups.setdefault(self._key(role, trait), []).append(trait)
        ranked = sorted(groups.values(), key=lambda group: self._rank(role, group))[:SHOWN]
        return [self._deed(role, group, words) for group in ranked]

    def _fits(self, role: Role, trait: Trait) -> bool:
        """What is asked or supposed is left out; "is" and "has" are for what is told as so."""
        if role in ("agent", "patient"):
            return trait.modal not in ("if", "?")
        return trait.modal is None and not (trait.negated and role == "poss")

    def _key(self, role: Role, trait: Trait) -> _Key:
        particle = self._phrases.particle(trait.token) if _KIND[role] == "verb" else ""
        return trait.word.casefold(), particle, trait.negated, trait.modal

    def _rank(self, role: Role, group: Sequence[Trait]) -> tuple[bool, bool, float, int]:
        word = group[0].word
        rare = log(self._totals[role] / self._counts[role][word]) + 0.01
        dull = word.casefold() in self._dull[_KIND[role]]
        return not any(self._certain(role, trait) for trait in group), dull, -log(1 + len(group)) * rare, group[0].token

    def _certain(self, role: Role, trait: Trait) -> bool:
        """Whether it is told as so: a verb as an event, if anybody looked for events."""
        told = trait.modal is None and not trait.negated
        return told and (_KIND[role] != "verb" or not self._events or bool(self._book.grammar.event[trait.token]))

    def _deed(self, role: Role, group: Sequence[Trait], words: Callable[[Trait, int], str]) -> Deed:
        first = next((trait for trait in group if self._certain(role, trait)), group[0])
        return Deed(words(first, len(group)), first.token, sentence(self._book, first), len(group))

    def _doing(self, trait: Trait, count: int, plural: bool) -> str:
        """What is done once is told with its object; what is done again and again, by the verb alone."""
        rest = self._phrases.tail(trait.token) if count == 1 else ""
        return f"{verb_phrase(trait, plural=plural)} {rest or self._phrases.particle(trait.token)}".rstrip()

    def _done(self, trait: Trait, them: str) -> str:
        return f"{verb_phrase(trait, plural=True)} {them} {self._phrases.particle(trait.token)}".rstrip()

    def _being(self, trait: Trait, count: int) -> str:
        noun = self._book.grammar.upos[trait.token] == "NOUN"
        words = self._phrases.noun(trait.token, article=count == 1) if noun else self._phrases.word(trait.token)
        if not trait.negated:
            return words
        return f"{'no' if noun and ' ' not in words else 'not'} {words}"

    def _having(self, trait: Trait, count: int) -> str:
        return self._phrases.noun(trait.token, article=False) if count == 1 else self._phrases.word(trait.token)
