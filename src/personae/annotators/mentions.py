"""Everything in the story that can mean a person: names, noun phrases, pronouns; nobody is resolved yet."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personae import lexicons
from personae.annotators.names import NameSpan, is_vocative
from personae.annotators.people import GENDERS, THEY, People
from personae.annotators.words import (
    ADVERB,
    CAPITAL,
    DETERMINER,
    FUNCTION,
    GROUP,
    JOINED,
    KIN,
    PAST_VERB,
    PRONOUN,
    ROLE,
    SPEECH,
    STRONG_SPEECH,
    WORD,
    Words,
    pronoun_sets,
)
from personae.book import EntityKind, Form, Span, Tokens

GENERIC = frozenset({"no", "any", "every", "each", "what", "which"})
POSSESSIVE = frozenset({"my", "your", "his", "her", "its", "our", "their", "xyr", "zir", "hir", "eir"})
INDEFINITE = frozenset(
    {"a", "an", "another", "some", "one", "two", "three", "four", "five", "six", "several", "many", "both"}
)
REFLEXIVE = ("self", "selves")
NOMINATIVE = frozenset({"i", "he", "she", "they", "we", "you", "xe", "ze", "ey", "it", "fae", "thou", "ye"})


@dataclass(slots=True)
class Candidate:
    """One mention while the story is being read. Tokens `[first, last)`, `head` a token.

    `person` is who it means (-1 while unknown; a group's members are `several`); `gender` is the pronoun set the
    words themselves imply, None if none. `quote` is the quotation it stands in, -1 in narration.
    """

    first: int
    last: int
    head: int
    form: Form
    kind: EntityKind = "person"
    person: int = -1
    several: tuple[int, ...] = ()
    gender: str | None = None
    plural: bool = False
    word: str = ""
    determiner: str = ""
    possessor: int = -1
    quote: int = -1
    subject: bool = False
    vocative: bool = False
    confidence: float = 0.0
    type: str | None = None


def find_mentions(
    tokens: Tokens,
    words: Words,
    names: list[NameSpan],
    people: People,
    quote_of: NDArray[np.int32],
    prose: NDArray[np.bool_],
) -> list[Candidate]:
    """All candidates in order of their first token, an outer one before the inner ones.

    `quote_of` is int32 `[n_tokens]`: the quotation a token stands in, or -1.
    """
    found = [_of_name(span, words, people) for span in names]
    taken = {i for c in found for i in range(c.first, c.last) if c.form == "name"}
    by_end = {c.last: c for c in found}
    found += _nouns(tokens, words, taken, by_end, prose)
    taken |= {i for c in found for i in range(c.first, c.last)}
    found += _tagged(words, taken, quote_of)
    covered = {c.first for c in found if c.form == "noun" and c.last - c.first == 1}
    found += _pronouns(words, prose, covered)
    found.sort(key=lambda c: (c.first, -c.last))
    _place(found, words, quote_of.data)
    _find_possessors(found)
    return found


def _of_name(span: NameSpan, words: Words, people: People) -> Candidate:
    person = people.everyone[people.bearers[span.surface]]
    if not span.surface.core:
        article = span.first > 0 and words.lower[span.first - 1] in ("the", "a", "an", *POSSESSIVE)
        first = span.first - article
        title = span.surface.title.lower().rstrip(".")
        gender = GENDERS.get(lexicons.table("titles").get(span.surface.title, ""))
        return Candidate(
            first, span.last, span.last - 1, "noun", gender=gender, word=title,
            determiner=words.lower[first] if article else "",
        )  # fmt: skip
    gender = GENDERS.get(lexicons.table("titles").get(span.surface.title, ""))
    return Candidate(span.first, span.last, span.last - 1, "name", person.kind, person.id, gender=gender)


def _nouns(
    tokens: Tokens, words: Words, taken: set[int], by_end: dict[int, Candidate], prose: NDArray[np.bool_]
) -> list[Candidate]:
    flags = words.flag_list
    found: list[Candidate] = []
    ends = dict(by_end)
    for head in sorted({*words.where(KIN | ROLE | GROUP), *_agents(words)}):
        if head in taken or not prose[head] or _inside_compound(words, head, taken):
            continue
        first, determiner = _noun_phrase_start(words, head, ends, tokens)
        if determiner in GENERIC:
            continue
        if not determiner and not _stands_bare(words, head):
            continue
        noun = words.compound(head)
        candidate = Candidate(first, head + 1, head, "noun", determiner=determiner, word=noun.lower())
        candidate.plural = bool(flags[head] & GROUP) or determiner in (
            "two",
            "three",
            "four",
            "both",
            "several",
            "many",
        )
        candidate.gender = None if candidate.plural else gender_of_noun(noun)
        candidate.kind = "group" if candidate.plural else "person"
        ends[head + 1] = candidate
        found.append(candidate)
    return found


AGENT = re.compile(r"[a-z]{2,}(?:er|or|ist|ian|ess|man|woman|eer)$")


def _agents(words: Words) -> list[int]:
    """Doers the lexicon doesn't list: "the carter took off his hat", known by ending and verb."""
    flags = words.flag_list
    lowered = [t if t.islower() else "" for t in words.types]
    doers = np.array([bool(AGENT.match(t)) and t not in lexicons.words("not_people") for t in lowered], np.bool_)
    barred = FUNCTION | ADVERB | PAST_VERB | SPEECH | KIN | ROLE | GROUP
    return [
        i
        for i in np.flatnonzero(doers[words.type_ids]).tolist()
        if 0 < i < len(flags) - 1
        and flags[i - 1] & DETERMINER
        and not flags[i] & barred
        and (flags[i + 1] & (PAST_VERB | SPEECH) or words.lower[i + 1] == "'s")
    ]


def _tagged(words: Words, taken: set[int], quote_of: NDArray[np.int32]) -> list[Candidate]:
    """Whoever speaks is a person, whatever the noun: "cried the croupier", "the croupier cried"."""
    found: list[Candidate] = []
    for verb in words.where(STRONG_SPEECH):
        if quote_of[verb] >= 0:
            continue
        if verb and quote_of[verb - 1] >= 0:
            span = _plain_phrase(words, verb + 1)
        else:
            span = next(
                (
                    s
                    for i in range(verb - 2, max(verb - 6, 0), -1)
                    if quote_of[i - 1] >= 0 and (s := _plain_phrase(words, i)) and s[1] == verb
                ),
                None,
            )
        if span and quote_of[span[0]] < 0 and not taken.intersection(range(*span)):
            first, last = span
            determiner = words.lower[first]
            found.append(Candidate(first, last, last - 1, "noun", determiner=determiner, word=words.lower[last - 1]))
    return found


def _plain_phrase(words: Words, first: int) -> Span | None:
    """A determiner and up to four plain words after it."""
    flags = words.flag_list
    if first >= len(words.text) or not flags[first] & DETERMINER or words.lower[first] in GENERIC:
        return None
    last = first + 1
    while (
        last < min(first + 5, len(words.text))
        and flags[last] & WORD
        and not flags[last] & (FUNCTION | PRONOUN | STRONG_SPEECH | ADVERB)
    ):
        last += 1
    return (first, last) if last > first + 1 else None


def gender_of_noun(word: str) -> str | None:
    """The pronoun set a kinship or role noun implies, None if it implies none."""
    for table in ("kinship", "roles"):
        gender = lexicons.table(table).get(word) or lexicons.table(table).get(word.lower())
        if gender:
            return GENDERS.get(gender)
    return None


def _inside_compound(words: Words, head: int, taken: set[int]) -> bool:
    """Not the head if another person noun or a name follows: "police officer", "Captain Venn"."""
    following = head + 1
    if following >= len(words.text):
        return False
    return following in taken or bool(
        words.flag_list[following] & (KIN | ROLE | GROUP) and words.flag_list[following] & ~PAST_VERB
    )


def _noun_phrase_start(words: Words, head: int, ends: dict[int, Candidate], tokens: Tokens) -> tuple[int, str]:
    """First token and determiner of the phrase that ends in `head`; "'s" stands for a possessor's name."""
    flags = words.flag_list
    sentence = tokens.sentence[head]
    while flags[head] & JOINED:
        head -= 1
    for index in range(head - 1, max(head - 6, -1), -1):
        if tokens.sentence[index] != sentence:
            break
        word = words.lower[index]
        if flags[index] & DETERMINER:
            return index, word
        if word in ("'s", "'") and index in ends:
            return ends[index].first, "'s"
        if flags[index] & (PRONOUN | SPEECH) or not (flags[index] & WORD or _between_adjectives(words, index)):
            break
        if flags[index] & FUNCTION and word not in (
            "old",
            "young",
            "other",
            "same",
            "first",
            "second",
            "last",
            "little",
            "new",
            "dear",
            "poor",
            "good",
            "big",
            "small",
            "own",
            "next",
            "third",
        ):
            break
    return head, ""


def _between_adjectives(words: Words, index: int) -> bool:
    """The comma of "a tall, thin man", not that of "the cat, Grandad"."""
    beside = words.flag_list[index - 1] | words.flag_list[index + 1]
    return words.text[index] == "," and not beside & (KIN | ROLE | GROUP | CAPITAL | PAST_VERB)


def _stands_bare(words: Words, head: int) -> bool:
    """Without a determiner a noun counts if it is a kinship word used as a name, or called out, or plural."""
    flags = words.flag_list[head]
    if flags & CAPITAL and flags & KIN:
        return True
    return is_vocative(words, head, head + 1) and not flags & GROUP


def _pronouns(words: Words, prose: NDArray[np.bool_], covered: set[int]) -> list[Candidate]:
    sets = pronoun_sets()
    found: list[Candidate] = []
    for index in words.where(PRONOUN):
        if not prose[index] or index in covered:
            continue
        kind = sets[words.lower[index]]
        if words.lower[index] == "i" and words.text[index] == "i":
            continue
        candidate = Candidate(index, index + 1, index, "pronoun", gender=kind, word=words.lower[index])
        candidate.plural = kind in (THEY, "we")
        found.append(candidate)
    return found


def _place(found: list[Candidate], words: Words, quote_of: memoryview) -> None:
    for candidate in found:
        candidate.quote = quote_of[candidate.head]
        candidate.subject = is_subject(candidate, words)
        candidate.vocative = (
            candidate.quote >= 0 and candidate.form != "pronoun" and is_vocative(words, candidate.first, candidate.last)
        )


def is_subject(candidate: Candidate, words: Words) -> bool:
    """A verb follows (an adverb or "and Ben" may stand between) and no preposition precedes."""
    flags = words.flag_list
    before = words.lower[candidate.first - 1] if candidate.first else ""
    if candidate.form == "pronoun":
        return candidate.word in NOMINATIVE
    if before in lexicons.words("prepositions"):
        return False
    size = len(words.text)
    for index in range(candidate.last, min(candidate.last + 3, size)):
        if flags[index] & (PAST_VERB | SPEECH):
            return words.lower[index] != "'s" or index == candidate.last
        if not flags[index] & WORD or not (
            words.lower[index].endswith("ly")
            or words.lower[index]
            in ("then", "just", "only", "never", "still", "also", "always", "both", "himself", "herself")
        ):
            break
    return False


def _find_possessors(found: list[Candidate]) -> None:
    """For "her brother" and "Mara's brother": the inner mention is the possessor."""
    for index, candidate in enumerate(found):
        if candidate.form != "noun" or (candidate.determiner not in POSSESSIVE and candidate.determiner != "'s"):
            continue
        for inner in range(index + 1, min(index + 4, len(found))):
            if found[inner].first == candidate.first and found[inner].last < candidate.last:
                candidate.possessor = inner
                break


def character_spans(mentions: list[Candidate], tokens: Tokens) -> list[Span]:
    """Each candidate's characters."""
    starts, ends = tokens.start.data, tokens.end.data
    return [(starts[m.first], ends[m.last - 1]) for m in mentions]
