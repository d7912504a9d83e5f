"""Makes anchors of places, and finds the places again in a story that may have been edited since."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from personae.corrections import Anchor, Correction, Corrections, Who
from personae.text import Text

AROUND = 40
LONGEST = 100
"""Characters kept of a line; of what stands before and after it, `AROUND`."""

ENOUGH = 0.4
"""Share of the neighbourhood that has to be as it was, where the words aren't the only ones of their kind."""

TELLING = 15
"""Characters from which words that stand in the story once are found by themselves."""

MANY = 5000
"""Places that are looked at for words that stand everywhere ("he")."""

Span = tuple[int, int]


def anchor(text: str, start: int, end: int) -> Anchor:
    """The anchor of the characters `[start, end)`."""
    words = text[start:end]
    length = end - start if len(words) > LONGEST else 0
    return Anchor(
        words[:LONGEST], text[max(start - AROUND, 0) : start], text[end : end + AROUND], start, length
    )


@dataclass(frozen=True, slots=True)
class Fitted:
    """A correction with the places that it is about in this text, by anchor."""

    number: int
    correction: Correction
    places: dict[Anchor, Span]


@dataclass(frozen=True, slots=True)
class Unfit:
    """A correction that no longer fits: its number (from 1), what it said, and why."""

    number: int
    text: str
    reason: str


@dataclass
class Fit:
    """Corrections as far as they fit a text; those that don't are kept and told, never dropped."""

    fitted: list[Fitted] = field(default_factory=list)
    unfit: list[Unfit] = field(default_factory=list)


def fit(corrections: Corrections, text: Text) -> Fit:
    """Find the places of every correction in this text."""
    finder = _Finder(text.content, [a for c in corrections for a in anchors_of(c)])
    found = Fit()
    for number, correction in enumerate(corrections, 1):
        own = list(anchors_of(correction))
        lost = [a for a in own if finder.span(a) is None]
        if lost:
            found.unfit.append(Unfit(number, describe(correction), finder.reason(lost[0])))
        else:
            places = {a: span for a in own if (span := finder.span(a)) is not None}
            found.fitted.append(Fitted(number, correction, places))
    return found


def anchors_of(correction: Correction) -> Iterator[Anchor]:
    """Every place that a correction names."""
    yield from correction.lines
    yield from correction.mentions
    yield from (who.mention for who in _people(correction) if who.mention)


def _people(correction: Correction) -> Iterable[Who]:
    return (*correction.people, *((correction.was,) if correction.was else ()))


SAYS = {
    "speaker": "{words} is said by {who}", "addressees": "{words} is said to {who}", "speech": "{words} is speech",
    "thought": "{words} is a thought", "not_speech": "{words} is not speech", "mention": "{words} means {who}",
    "merge": "{who} are one person", "split": "{value} is somebody else than {was}",
    "rename": "{who} is called {value}", "pronouns": "{who} goes by {value}",
    "alias": "{who} is also called {value}", "not_person": "{who} is no person",
}  # fmt: skip


def describe(correction: Correction) -> str:
    """A correction in a few words, for a list."""
    places = [*correction.lines, *correction.mentions]
    words = " ".join(places[0].words.split()) if places else ""
    words = words if len(words) <= 60 else words[:57].rstrip() + " …"
    who = ", ".join(who.name for who in correction.people) or "nobody"
    was = correction.was.name if correction.was else "before"
    return SAYS[correction.op].format(words=words, who=who, value=correction.value, was=was)


class _Finder:
    """Anchors in one text. What is found for sure tells how far the others have moved."""

    def __init__(self, text: str, anchors: list[Anchor]) -> None:
        self.text = text
        self.found: dict[Anchor, Span | None] = {}
        self.moved: list[tuple[int, int]] = []
        doubtful = []
        for anchor in dict.fromkeys(anchors):
            place = self._unmoved(anchor)
            if place is None:
                doubtful.append(anchor)
            else:
                self._keep(anchor, place)
        self.moved.sort()
        for sure in (True, False):
            for anchor in [a for a in doubtful if a not in self.found]:
                self._search(anchor, sure)
            self.moved.sort()

    def span(self, anchor: Anchor) -> Span | None:
        return self.found.get(anchor)

    def reason(self, anchor: Anchor) -> str:
        if not anchor.words.strip() or re.search(_loose(anchor.words), self.text) is None:
            return "these words are no longer in the story"
        if not (anchor.before or anchor.after):
            return "these words stand in several places; say what is before or after them"
        return "the story around these words has changed, and they stand in several places"

    def _keep(self, anchor: Anchor, start: int) -> None:
        """Note where it is; where it ends is for the length to tell, or the words."""
        end = start + (anchor.length or len(anchor.words))
        self.found[anchor] = start, min(end, len(self.text))
        self.moved.append((anchor.at, start - anchor.at))

    def _unmoved(self, anchor: Anchor) -> int | None:
        """Its old place, if everything there is as it was; else the one place where words and neighbours are."""
        at, end = anchor.at, anchor.at + (anchor.length or len(anchor.words))
        text = self.text
        same = text.startswith(anchor.words, at) and text.startswith(anchor.after, end)
        if same and anchor.words and text[max(at - len(anchor.before), 0) : at] == anchor.before:
            return at
        if anchor.length or not anchor.words:
            return None
        whole = anchor.before + anchor.words + anchor.after
        first = text.find(whole)
        if first < 0 or text.find(whole, first + 1) >= 0 or not (anchor.before or anchor.after):
            return None
        return first + len(anchor.before)

    def _search(self, anchor: Anchor, sure: bool) -> None:
        """The likeliest place; with `sure` only one without rivals."""
        places = self._places(anchor)
        if len(places) > 1 and not (anchor.before or anchor.after or anchor.at):
            return
        rated = sorted(((self._likeness(anchor, *place), place) for place in places), reverse=True)
        rated = [(share, place) for share, place in rated if share >= ENOUGH]
        if not rated and len(places) == 1 and len(anchor.words) >= TELLING:
            rated = [(1.0, places[0])]
        best = [place for share, place in rated if share >= rated[0][0] - 0.05]
        if not best or (sure and len(best) > 1):
            return
        expected = anchor.at + self._shift(anchor.at)
        start, end = min(best, key=lambda place: abs(place[0] - expected))
        self.found[anchor] = start, end
        self.moved.append((anchor.at, start - anchor.at))

    def _places(self, anchor: Anchor) -> list[Span]:
        """Where the words stand, white space apart."""
        if not anchor.words.strip():
            return []
        found = re.finditer(_loose(anchor.words), self.text)
        return [m.span() for m, _ in zip(found, range(MANY), strict=False)]

    def _likeness(self, anchor: Anchor, start: int, end: int) -> float:
        """How much of what stood before and after still does; a line that goes on is judged by what is before it."""
        before, after = _plain(anchor.before), _plain(anchor.after)
        same = _common(before[::-1], _plain(self.text[max(start - 2 * AROUND, 0) : start])[::-1])
        whole = len(before)
        if not anchor.length:
            same += _common(after, _plain(self.text[end : end + 2 * AROUND]))
            whole += len(after)
        return same / whole if whole else 0.5

    def _shift(self, at: int) -> int:
        """How far the nearest anchor that is certain has moved."""
        if not self.moved:
            return 0
        here = bisect_left(self.moved, (at, 0))
        near = self.moved[max(here - 1, 0) : here + 1]
        return min(near, key=lambda pair: abs(pair[0] - at))[1]


def _loose(words: str) -> str:
    """A pattern for the same words, however the lines are broken; whole words where they begin and end with one."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    head = r"(?<!\w)" if words.strip()[:1].isalnum() else ""
    tail = r"(?!\w)" if words.strip()[-1:].isalnum() and len(words) < LONGEST else ""
    return head + pattern + tail


def _plain(text: str) -> str:
    return " ".join(text.split())


def _common(one: str, other: str) -> int:
    """How many characters they begin with alike."""
    size = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        size += 1
    return size
