"""Names as they stand in the story: which capitals are names, and of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personae import lexicons
from personae.annotators.short_forms import short_ones
from personae.annotators.spans import Span
from personae.annotators.words import (
    ADVERB,
    CAPITAL,
    FUNCTION,
    GIVEN,
    GROUP,
    KIN,
    NOT_NAME,
    PAST_VERB,
    PLACE_WORD,
    PRONOUN,
    ROLE,
    SPEECH,
    STRONG_SPEECH,
    TITLE,
    WORD,
    Words,
    joined,
)
from personae.book import EntityKind, Tokens

PARTICLES = frozenset(
    {
        "de",
        "van",
        "von",
        "der",
        "den",
        "di",
        "da",
        "du",
        "la",
        "le",
        "del",
        "ibn",
        "bin",
        "al",
        "d'",
        "ter",
        "y",
        "af",
    }
)
LINKING = PARTICLES | {"of"}
LOCATIVE = frozenset({"in", "at", "near", "into", "through", "towards", "across", "around"})
WEAK_VERBS = frozenset(
    {"was", "were", "is", "are", "had", "has", "would", "could", "might", "'s", "'d", "may", "must", "can"}
)
TALKED_OF = frozenset({"he", "she", "who", "whose", "his", "they"})
"""Words after a name's comma that show it was talked of, not called: "Mathis Orde, he called himself"."""
OPEN_MARKS = frozenset("\"“‘'«‹„—–-_*([")
AFTER_VOCATIVE = frozenset({",", "!", "?", ".", "…", "...", "—", "--", ";", "”", '"', "’", "'", "»", "?!"})


@dataclass(frozen=True, slots=True)
class Surface:
    """A name as spelled: its title if it has one, and the words without title and honorific."""

    title: str
    core: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join((self.title, *self.core) if self.title else self.core)


@dataclass(slots=True)
class NameSpan:
    """Tokens `[first, last)` that are a name; `article` if a "the" stands before the title."""

    first: int
    last: int
    surface: Surface


@dataclass(slots=True)
class Evidence:
    """What the story says of a surface: how often it stands where a person, or a place, would.

    `told` is how often it stands in the narration; `read` is how much oftener the encoder takes it for a person there
    than for anything else.
    """

    count: int = 0
    person: float = 0.0
    told: int = 0
    read: float = 0.0


def find_names(tokens: Tokens, words: Words, prose: NDArray[np.bool_]) -> list[NameSpan]:
    """Every name in the prose, in order. `prose` is bool `[n_tokens]`: in a paragraph, not a heading.

    What hyphens join is read as one word, so that "Mary-Jane" is one name and no sign of a Jane.
    """
    units, whole, borders = joined(tokens, words)
    spans = _find_names(units, whole, prose[borders[:-1]])
    for span in spans:
        span.first, span.last = int(borders[span.first]), int(borders[span.last])
    return spans


def _find_names(tokens: Tokens, words: Words, prose: NDArray[np.bool_]) -> list[NameSpan]:
    opens = _opens(tokens, words)
    namey, sure = _name_types(words, opens, prose)
    short = _short_types(words, namey, sure)
    flags = words.flag_list
    is_name = namey[words.type_ids] & prose
    spans: list[NameSpan] = []
    position = 0
    for index in np.flatnonzero(is_name).tolist():
        if index < position:
            continue
        kind = words.type_ids[index]
        called = short[kind] and words.text[min(index + 1, len(words.text) - 1)] in AFTER_VOCATIVE
        if opens[index] and not sure[kind] and not called and not _name_here(words, index):
            continue
        first, last = _extend(words, tokens, is_name, index, position)
        position = last
        surface = surface_of(words.text[first:last])
        if surface and not _is_title_only_noise(flags, first, last):
            spans.append(NameSpan(first, last, surface))
    return spans


def _opens(tokens: Tokens, words: Words) -> NDArray[np.bool_]:
    """Where a capital says nothing: first word of a sentence, or after an opening mark."""
    size = len(tokens)
    opens = np.zeros(size, np.bool_)
    if not size:
        return opens
    starts = np.flatnonzero(np.diff(tokens.sentence, prepend=-1))
    opens[starts] = True
    marks = np.array([w in OPEN_MARKS or w in (":", "--", "...", "…") for w in words.types], np.bool_)[words.type_ids]
    opens[1:] |= marks[:-1]
    return opens


def _name_types(
    words: Words, opens: NDArray[np.bool_], prose: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Two bool `[n_types]`: may be a name; is one even where a sentence opens."""
    size = len(words.types)
    lower_ids: dict[str, int] = {}
    low_of_type = np.fromiter((lower_ids.setdefault(t.lower(), len(lower_ids)) for t in words.types), np.int64, size)
    flags = np.zeros(size, np.uint32)
    flags[words.type_ids] = words.flags
    capital = (flags & CAPITAL) > 0
    middle = np.bincount(words.type_ids[prose & ~opens], minlength=size) * capital
    initial = np.bincount(words.type_ids[prose & opens], minlength=size) * capital
    all_counts = np.bincount(words.type_ids, minlength=size)
    lower_counts = np.bincount(low_of_type, weights=all_counts * ~capital, minlength=len(lower_ids))[low_of_type]
    shouted = np.array([t.isupper() and len(t) > 1 for t in words.types], np.bool_)
    known = (flags & (GIVEN | TITLE)) > 0
    barred = (flags & (NOT_NAME | PRONOUN)) > 0
    common = (flags & (FUNCTION | ADVERB)) > 0
    word = (flags & WORD) > 0
    usual = (middle >= 1) & ((middle * 3 >= lower_counts) | (known & (middle >= 2)))
    fresh = (middle == 0) & (initial >= 1) & (lower_counts == 0) & ~common
    titled = (flags & TITLE) > 0
    given = (flags & GIVEN) > 0
    namey = capital & word & ~barred & ~shouted & (usual | fresh | titled) & ~(common & ~usual)
    namey |= capital & given & barred & (middle >= 3)
    sure = namey & (middle >= 1) & (lower_counts <= middle) & ~common
    sure |= namey & given & (lower_counts == 0)
    namey |= _shouted_names(words, shouted, sure)
    return namey, sure


def _short_types(words: Words, namey: NDArray[np.bool_], sure: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Bool `[n_types]`: no sure name, but maybe short for one: "Dez?" where a sentence opens."""
    names = [words.types[i] for i in np.flatnonzero(sure).tolist()]
    others = np.flatnonzero(namey & ~sure).tolist()
    found = short_ones([words.types[i] for i in others], names)
    short = np.zeros(len(namey), np.bool_)
    short[[i for i in others if words.types[i] in found]] = True
    return short


def _shouted_names(words: Words, shouted: NDArray[np.bool_], sure: NDArray[np.bool_]) -> NDArray[np.bool_]:
    known = {words.types[i].upper() for i in np.flatnonzero(sure).tolist()}
    return np.array([s and t in known for t, s in zip(words.types, shouted.tolist(), strict=True)], np.bool_)


def _name_here(words: Words, index: int) -> bool:
    """Does this sentence opener behave as a name: a verb or 's after it, a name after a title, a vocative's comma?"""
    flags = words.flag_list
    following = index + 1
    if following >= len(words.text):
        return False
    if flags[index] & TITLE:
        return bool(flags[following] & CAPITAL)
    if flags[following] & (PAST_VERB | SPEECH) and words.lower[following] != "let":
        return not flags[index] & (GROUP | ROLE)
    if words.lower[following] in ("'s", "and") or flags[following] & CAPITAL:
        return bool(flags[index] & GIVEN) or words.lower[following] != "and"
    return bool(flags[index] & (GIVEN | KIN))


def _extend(words: Words, tokens: Tokens, is_name: NDArray[np.bool_], index: int, position: int) -> tuple[int, int]:
    """Widen a name token to the whole name: title before, particles and further names after."""
    flags = words.flag_list
    last = index + 1
    size = len(words.text)
    sentence = tokens.sentence
    while last < size and sentence[last] == sentence[index]:
        if is_name[last] and not _splits(words, last):
            last += 1
            continue
        after = _past_particles(words, last)
        if after > last and after < size and is_name[after]:
            last = after + 1
        elif (
            words.lower[last] == "of"
            and flags[index] & TITLE
            and last == index + 1
            and last + 1 < size
            and flags[last + 1] & CAPITAL
        ):
            last += 2
        else:
            break
    first = index
    while (
        first > position
        and flags[first - 1] & TITLE
        and flags[first - 1] & CAPITAL
        and sentence[first - 1] == sentence[index]
    ):
        first -= 1
    return first, last


def _past_particles(words: Words, index: int) -> int:
    """The token after a name's particles ("van der"), `index` itself where there are none."""
    while index < len(words.text) and words.text[index] in PARTICLES:
        index += 1
    return index


def _splits(words: Words, index: int) -> bool:
    """A title in the middle begins another name: "Emma Mr. Knightley"."""
    return bool(words.flag_list[index] & TITLE) and words.text[index].endswith(".")


def _is_title_only_noise(flags: list[int], first: int, last: int) -> bool:
    return last - first == 1 and bool(flags[first] & PLACE_WORD) and not flags[first] & TITLE


def surface_of(parts: list[str]) -> Surface | None:
    """Split the words of a name into title and core; honorifics fall away ("Iruka-sensei" is Iruka)."""
    titles = lexicons.table("titles")
    kept = [_without_honorific(p) for p in parts]
    if len(kept) == 1 and kept[0].endswith("."):
        return None
    index = 0
    while index < len(kept) - 1 and kept[index] in titles:
        index += 1
    if kept and kept[0] in titles and len(kept) == 1:
        return Surface(kept[0], ())
    title = kept[index - 1] if index else ""
    core = _family_in_one(kept[index:], bool(title))
    return Surface(title, core) if core else None


def _family_in_one(parts: list[str], titled: bool) -> tuple[str, ...]:
    """A name's words; what particles lead is one word ("van der Luyden", "of Monmouth"), however it is cased."""
    core = [p.title() if p.isupper() and len(p) > 2 else p for p in parts]
    core = [p.lower() if p.lower() in LINKING and (place or titled) else p for place, p in enumerate(core)]
    leading = next((place for place, p in enumerate(core) if p.lower() not in LINKING), 0)
    if leading and core[0].islower():
        core[: leading + 1] = [" ".join(core[: leading + 1])]
    return tuple(core)


def _without_honorific(part: str) -> str:
    stem, hyphen, ending = part.rpartition("-")
    return stem if hyphen and ending.lower() in lexicons.words("honorifics") else part


def gather(
    spans: list[NameSpan], words: Words, quoted: NDArray[np.bool_], marked: Sequence[Span] = ()
) -> dict[Surface, Evidence]:
    """Evidence for every surface, from all the places where it stands; `marked` are the encoder's mentions there."""
    found: dict[Surface, Evidence] = defaultdict(Evidence)
    read = {one.head: one.chance if one.type == "PER" else -one.chance for one in marked if one.form == "name"}
    for span in spans:
        evidence = found[span.surface]
        evidence.count += 1
        evidence.told += not quoted[span.first]
        vocative = bool(quoted[span.first]) and is_vocative(words, span.first, span.last)
        evidence.person += _person_score(span, words) + 1.5 * vocative
        evidence.read += next((read[token] for token in reversed(range(span.first, span.last)) if token in read), 0.0)
    return found


def is_vocative(words: Words, first: int, last: int) -> bool:
    """Is this name or noun, inside speech, set off by marks on both sides ("Come in, Mara.")?"""
    before = words.text[first - 1] if first else ""
    after = words.text[last] if last < len(words.text) else ""
    opens = before in OPEN_MARKS or before in (".", "!", "?", "…", "...", ";")
    if after == "," and words.lower[min(last + 1, len(words.lower) - 1)] in TALKED_OF:
        return False
    if before == "," and after in AFTER_VOCATIVE:
        return not _in_list(words, first, last)
    if opens and after in (",", "!", "?", "…", "...", "—", "--", "?!"):
        return True
    return opens and after == "." and last + 1 < len(words.text) and words.flag_list[last + 1] & WORD == 0


def _in_list(words: Words, first: int, last: int) -> bool:
    """ "Ann, Ben, and Cy": names that follow names are a list, nobody is called."""
    after = words.lower[last + 1] if words.text[last] == "," and last + 1 < len(words.text) else ""
    return bool(words.flag_list[first - 2] & CAPITAL and first >= 2 and after in ("and", "or")) or after == "and"


def _person_score(span: NameSpan, words: Words) -> float:
    flags = words.flag_list
    before = words.lower[span.first - 1] if span.first else ""
    after = span.last if span.last < len(words.text) else span.last - 1
    score = 0.0
    if span.surface.title:
        score += 3
    if span.surface.core and any(f & PLACE_WORD for f in flags[span.last - len(span.surface.core) : span.last]):
        score -= 4
    if span.surface.core and flags[span.last - len(span.surface.core)] & GIVEN:
        score += 2
    said = span.first - 1 - (before == "the")
    if flags[after] & STRONG_SPEECH or (said >= 0 and flags[said] & STRONG_SPEECH):
        score += 2
    elif flags[after] & PAST_VERB:
        score += 0.31 if words.lower[after] in WEAK_VERBS else 1
    if words.lower[after] == "'s":
        score += 0.3
    elif words.lower[after] == "," and words.lower[min(after + 1, len(words.lower) - 1)] in TALKED_OF:
        score += 1.5
    if before in LOCATIVE or (before == "the" and not span.surface.title):
        score -= 1.5
    return score


def kind_of(surface: Surface, evidence: Evidence) -> EntityKind:
    """Person or place, by the weight of the evidence; without any it is no person."""
    if surface.title and not surface.core:
        return "person"
    if len(surface.text) == 1:
        return "place"
    weight = evidence.person + READ * evidence.read
    return "person" if weight >= min(1.0, 0.3 * evidence.count) and weight > 0 else "place"


READ = 1.0
"""What the encoder's reading of a name counts beside the rules'."""
