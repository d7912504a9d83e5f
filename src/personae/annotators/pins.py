"""What corrections say of one story, in the numbers of its people, lines and mentions: facts that nothing overrules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from personae.annotators.mentions import character_spans
from personae.annotators.people import People
from personae.annotators.talk import Heard
from personae.book import Quote, QuoteKind, Span
from personae.corrections import Correction, Who
from personae.corrections.anchors import Fitted

NOBODY = -1

KINDS: dict[str, QuoteKind] = {"speech": "speech", "thought": "thought", "not_speech": "other"}


@dataclass(frozen=True)
class Pins:
    """Corrections of one story. A person of -1 is nobody.

    `speakers`, `addressees`: by the number of the line. `held`: candidates to people. `meant`: characters to people.
    `everywhere`: words in lower case, and who had them (None: whoever), to people. `merged`: whom to take for whom.
    """

    speakers: dict[int, int] = field(default_factory=dict)
    addressees: dict[int, tuple[int, ...]] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)
    meant: dict[Span, int] = field(default_factory=dict)
    everywhere: dict[tuple[str, int | None], int] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    pronouns: dict[int, str] = field(default_factory=dict)
    no_people: set[int] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)
    aliases: dict[int, list[str]] = field(default_factory=dict)

    def person(self, number: int) -> int:
        """Who somebody is taken for."""
        seen = set()
        while number in self.merged and number not in seen:
            seen.add(number)
            number = self.merged[number]
        return NOBODY if number in self.no_people else number

    @property
    def structural(self) -> bool:
        """Whether more changes than who says what."""
        return any((self.merged, self.pronouns, self.no_people, self.everywhere, self.held))

    @property
    def reaching(self) -> tuple[object, ...]:
        """What changes the whole story's reading, not one conversation's; equal if that is the same."""
        structure = (self.merged, self.pronouns, dict.fromkeys(sorted(self.no_people)), self.everywhere, self.held)
        return tuple(tuple(part.items()) for part in structure)


def with_kinds(lines: tuple[Quote, ...], fitted: Sequence[Fitted]) -> tuple[Quote, ...]:
    """The lines with what corrections say they are: speech, thought, or nobody's. New ones come in where they begin."""
    wanted: dict[Span, QuoteKind] = {}
    for one in fitted:
        correction = one.correction
        for anchor in correction.lines:
            if correction.op in KINDS:
                wanted[one.places[anchor]] = KINDS[correction.op]
            elif correction.op in ("speaker", "split") and (correction.people or correction.op == "split"):
                wanted.setdefault(one.places[anchor], "speech")
    if not wanted:
        return lines
    explicit = {one.places[a] for one in fitted if one.correction.op in KINDS for a in one.correction.lines}
    return _changed(lines, wanted, explicit)


def _changed(lines: tuple[Quote, ...], wanted: dict[Span, QuoteKind], explicit: set[Span]) -> tuple[Quote, ...]:
    starts = {quote.start: number for number, quote in enumerate(lines)}
    found, fresh = list(lines), list[Quote]()
    for span, kind in wanted.items():
        place = starts.get(span[0])
        if place is None and span in explicit:
            fresh.append(Quote(0, *span, kind, 0))
        elif place is None:
            continue
        elif span in explicit:
            found[place] = replace(found[place], kind=kind, why="pinned", confidence=1.0)
        elif found[place].kind not in ("speech", "thought"):
            found[place] = replace(found[place], kind=kind)
    if not fresh and all(one is other for one, other in zip(found, lines, strict=True)):
        return lines
    apart = 1 + max((quote.utterance for quote in lines), default=-1)
    fresh = [replace(quote, utterance=apart + number) for number, quote in enumerate(fresh)]
    fresh = [quote for quote in fresh if not any(q.start < quote.end and quote.start < q.end for q in lines)]
    ordered = sorted([*found, *fresh], key=lambda quote: (quote.start, -quote.end))
    return tuple(replace(quote, id=number) for number, quote in enumerate(ordered))


@dataclass(frozen=True)
class Index:
    """Where the candidates of a story stand, how often each person is meant, and who is called what."""

    spans: list[Span]
    candidate: dict[Span, int]
    times: Counter[int]
    called: dict[str, list[int]]

    @classmethod
    def of(cls, heard: Heard) -> Index:
        spans = character_spans(heard.mentions, heard.tokens)
        times = Counter(m.person for m in heard.mentions if m.person >= 0)
        called: dict[str, list[int]] = {}
        for person in heard.people.everyone:
            if times[person.id] or person.cast is not None or person.narrator:
                called.setdefault(person.name.casefold(), []).append(person.id)
        return cls(spans, {span: number for number, span in enumerate(spans)}, times, called)


def find_pins(fitted: Sequence[Fitted], heard: Heard, content: str, index: Index | None = None) -> Pins:
    """The corrections in the numbers of `heard`; whoever they bring in is added to its people."""
    finder = _Finder(heard, content, index or Index.of(heard))
    for one in fitted:
        finder.take(one)
    return finder.pins


class _Finder:
    """Goes through corrections in order, since each names people as they were called when it was made."""

    def __init__(self, heard: Heard, content: str, index: Index) -> None:
        self.heard, self.content = heard, content
        self.people: People = heard.people
        self.pins = Pins()
        self.lines = {quote.start: quote.id for quote in heard.lines}
        self.spans, self.candidate, self.times = index.spans, index.candidate, index.times
        self.called = defaultdict(list, {name: list(bearers) for name, bearers in index.called.items()})

    def take(self, one: Fitted) -> None:
        """One correction."""
        correction = one.correction
        people = [self._person(who, one) for who in correction.people]
        getattr(self, f"_{correction.op}", self._nothing)(one, correction, people)

    def _nothing(self, one: Fitted, correction: Correction, people: list[int]) -> None:
        """What a line is has been seen to before (`with_kinds`)."""

    # --- lines

    def _speaker(self, one: Fitted, correction: Correction, people: list[int]) -> None:
        person = people[0] if people else NOBODY
        for line in self._lines(one, correction):
            self.pins.speakers[line] = person
            if correction.everywhere:
                for other in self._tagged_alike(line, correction, one):
                    self.pins.speakers.setdefault(other, person)

    def _addressees(self, one: Fitted, correction: Correction, people: list[int]) -> None:
        for line in self._lines(one, correction):
            self.pins.addressees[line] = tuple(dict.fromkeys(people))

    def _lines(self, one: Fitted, correction: Correction) -> list[int]:
        places = (one.places[anchor][0] for anchor in correction.lines)
        return [self.lines[start] for start in places if start in self.lines]

    def _tagged_alike(self, line: int, correction: Correction, one: Fitted) -> Iterable[int]:
        """Lines whose tag has the same words; where those are a pronoun, only such as were taken to be the same's."""
        turns = self.heard.turns
        tags = {own.quote: (turn, own.tag) for turn in turns for own in turn.lines if own.tag}
        if line not in tags or (own := tags[line][1]) is None:
            return
        words, was = self._tag(own.mention), self._person(correction.was, one) if correction.was else None
        pronoun = self.heard.mentions[own.mention].form == "pronoun"
        for other, (turn, tag) in tags.items():
            alike = tag is not None and other != line and self._tag(tag.mention) == words
            if alike and (not pronoun or (was is not None and turn.speaker == was)):
                yield other

    def _tag(self, mention: int) -> str:
        start, end = self.spans[mention]
        return self.content[start:end].casefold()

    # --- mentions

    def _mention(self, one: Fitted, correction: Correction, people: list[int]) -> None:
        person = people[0] if people else NOBODY
        was = self._person(correction.was, one) if correction.was else None
        for anchor in correction.mentions:
            self._mean(one.places[anchor], person)
            if correction.everywhere:
                self._everywhere(anchor.words.casefold(), was, person)

    def _mean(self, span: Span, person: int) -> None:
        self.pins.meant[span] = person
        number = self.candidate.get(span)
        if number is not None:
            self.pins.held[number] = person

    def _everywhere(self, words: str, was: int | None, person: int) -> None:
        self.pins.everywhere[words, was] = person
        for number, mention in enumerate(self.heard.mentions):
            if mention.form != "pronoun" and (was is None or mention.person == was):
                start, end = self.spans[number]
                if self.content[start:end].casefold() == words:
                    self.pins.held.setdefault(number, person)

    # --- people

    def _merge(self, one: Fitted, correction: Correction, people: list[int]) -> None:
        into = self.pins.person(people[0]) if people else NOBODY
        for other in people[1:]:
            if into >= 0 and self.pins.person(other) != into:
                self.pins.merged[self.pins.person(other)] = into
        for anchor in correction.mentions:
            self._mean(one.places[anchor], into)

    def _split(self, one: Fitted, correction: Correction, people: list[int]) -> None:
        new = self._new(correction.value or "somebody else")
        for line in self._lines(one, correction):
            self.pins.speakers[line] = new
        for anchor in correction.mentions:
            self._mean(one.places[anchor], new)

    def _rename(self, one: Fitted, correction: Correction, people: list[int]) -> None:
        if people and correction.value:
            self.pins.names[people[0]] = correction.value
            self.called[correction.value.casefold()].insert(0, people[0])

    def _pronouns(self, one: Fitted, correction: Correction, people: list[int]) -> None:
        if people and correction.value:
            self.pins.pronouns[people[0]] = correction.value

    def _alias(self, one: Fitted, correction: Correction, people: list[int]) -> None:
        if people and correction.value:
            self.pins.aliases.setdefault(people[0], []).append(correction.value)
            self._everywhere(correction.value.casefold(), None, people[0])

    def _not_person(self, one: Fitted, correction: Correction, people: list[int]) -> None:
        self.pins.no_people.update(people)
        for anchor in correction.mentions:
            self._mean(one.places[anchor], NOBODY)

    # --- who is meant

    def _person(self, who: Who, one: Fitted) -> int:
        span = one.places[who.mention] if who.mention else None
        if span is not None and self.pins.meant.get(span, NOBODY) >= 0:
            return self.pins.meant[span]
        known = self.called.get(who.name.casefold(), [])
        if span is not None:
            mention = self.heard.mentions[self.candidate[span]] if span in self.candidate else None
            if mention is not None and mention.person in known:
                return mention.person
            new = self._new(who.name)
            self._mean(span, new)
            return new
        if known:
            return known[0] if len(known) == 1 or known[0] in self.pins.names else self._likeliest(known)
        return self._aliased(who.name) if not who.new else self._new(who.name)

    def _likeliest(self, known: list[int]) -> int:
        return max(known, key=lambda number: (self.times[number], -number))

    def _aliased(self, name: str) -> int:
        """Whoever is also called so, else somebody new."""
        folded = name.casefold()
        found = [p.id for p in self.people.everyone if any(folded == n.casefold() for n in p.names)]
        found = [number for number in found if self.times[number]]
        return self._likeliest(found) if found else self._new(name)

    def _new(self, name: str) -> int:
        person = self.people.add("person", name)
        person.names[name] = 1
        if name[:1].isupper():
            person.given.add(name)
        person.settle()
        self.called[name.casefold()].append(person.id)
        return person.id

