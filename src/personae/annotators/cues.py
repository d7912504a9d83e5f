"""What stands beside a quotation and tells who speaks: a tag, a beat, words to the listener."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Literal

from personae.annotators.mentions import POSSESSIVE, Candidate
from personae.annotators.words import ADVERB, PAST_VERB, SPEECH, STRONG_SPEECH, THOUGHT, WORD, Words
from personae.book import Quote, Span, Tokens
from personae.lexicons import listing
from personae.lexicons import words as lexicon

STOPS = frozenset({".", "!", "?", "…", "..."})
LEADS_IN = frozenset({":", ",", "--", "—", "–", ":--", "-"})
CLAUSE = 14
"""Tokens within which a subject's verb follows ("Brandt, who had not slept for two days, told them")."""
SPOKEN_TO = frozenset({"to", "at", "toward", "towards"})


@dataclass(slots=True)
class Cue:
    """A tag or beat: which candidate it makes the speaker, who it says is spoken to, and its words' tokens."""

    kind: Literal["tag", "beat"]
    mention: int
    listeners: tuple[int, ...] = ()
    span: Span = (0, 0)
    after: bool = True


@dataclass(slots=True)
class Line:
    """A quotation with what surrounds it. Tokens `[first, last)`; indexes into the candidates."""

    quote: int
    first: int
    last: int
    block: int
    tag: Cue | None = None
    beat: Cue | None = None
    vocatives: list[int] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    told: tuple[int, ...] = ()
    """Whom a lead-in without a speaker says is spoken to ("And then, to Mum: …")."""

    @property
    def cues(self) -> list[Cue]:
        """Its tag, then its beat, as far as it has them."""
        return [cue for cue in (self.tag, self.beat) if cue]


def find_cues(
    quotes: tuple[Quote, ...], spans: list[Span], tokens: Tokens, words: Words, mentions: list[Candidate]
) -> list[Line]:
    """One Line a quotation, in order, with the tag or beat that belongs to it. `spans` are the quotes' tokens."""
    finder = _Finder(tokens, words, mentions)
    lines: list[Line] = []
    for index, quote in enumerate(quotes):
        first, last = spans[index]
        block = int(tokens.block[first]) if first < last else -1
        line = Line(quote.id, first, last, block)
        if first < last:
            finder.fill(
                line,
                spans[index - 1] if index else (0, 0),
                spans[index + 1] if index + 1 < len(spans) else None,
            )
        lines.append(line)
    return lines


def cue_mentions(lines: list[Line]) -> set[int]:
    """Indexes of the candidates that tags and beats make the speaker."""
    return {cue.mention for line in lines for cue in line.cues}


class _Finder:
    def __init__(self, tokens: Tokens, words: Words, mentions: list[Candidate]) -> None:
        self.words = words
        self.flags = words.flag_list
        self.mentions = mentions
        self.firsts = [m.first for m in mentions]
        self.block = tokens.block.data
        self.size = len(tokens)

    def fill(self, line: Line, previous: Span, following: Span | None) -> None:
        before = self._floor(line, previous)
        if before == line.first:
            before = self._lead_in_paragraph(line, previous)
        after = self._ceiling(line, following)
        self._read_words(line)
        tag_after = self._tag_after(line, after)
        tag_before = self._tag_before(line, before)
        line.tag = tag_after or tag_before
        if line.tag is None and line.first > before and self.words.text[line.first - 1] in LEADS_IN:
            line.told = self._listeners(self._sentence_start(before, line.first - 1), line.first, -1)
        if line.tag is None:
            line.beat = self._beat_before(line, before) or self._beat_after(line, after)
        elif self.mentions[line.tag.mention].form == "pronoun" and line.tag.after:
            line.beat = self._beat_before(line, before)

    def _floor(self, line: Line, previous: Span) -> int:
        """First narration token before the quotation, in its block, after the quotation before."""
        start = bisect_left(self.block, line.block, 0, line.first)
        return max(start, previous[1]) if previous[1] <= line.first else start

    def _lead_in_paragraph(self, line: Line, previous: Span) -> int:
        """A paragraph that ends in a colon or a comma ("and said:") leads in the one that opens with the speech."""
        last = line.first - 1
        if last < 0 or (self.words.text[last] not in LEADS_IN and not self.flags[last] & SPEECH):
            return line.first
        return max(bisect_left(self.block, self.block[last], 0, line.first), previous[1])

    def _ceiling(self, line: Line, following: Span | None) -> int:
        end = bisect_right(self.block, line.block, line.last - 1)
        return min(end, following[0]) if following else end

    def _read_words(self, line: Line) -> None:
        for index in range(bisect_left(self.firsts, line.first), bisect_left(self.firsts, line.last)):
            mention = self.mentions[index]
            if mention.form == "pronoun":
                continue
            (line.vocatives if mention.vocative else line.named).append(index)

    def _at(self, token: int) -> int:
        """Index of the outermost candidate that starts at `token` ("the" before a name may stand between), or -1."""
        index = bisect_left(self.firsts, token)
        if index < len(self.firsts) and self.firsts[index] == token:
            return index
        if token + 1 < self.size and self.words.lower[token] in (
            "the",
            "poor",
            "young",
            "old",
            "little",
            "dear",
            "good",
        ):
            return self._at(token + 1)
        return -1

    def _persons(self, first: int, last: int) -> list[int]:
        """Outermost person candidates that lie in the tokens `[first, last)`."""
        found: list[int] = []
        end = first
        for index in range(bisect_left(self.firsts, first), bisect_left(self.firsts, last)):
            mention = self.mentions[index]
            if mention.first >= end and mention.last <= last and mention.kind in ("person", "group"):
                found.append(index)
                end = mention.last
        return found

    def _clause_end(self, start: int, end: int) -> int:
        for index in range(start, end):
            if self.words.text[index] in STOPS or self.words.text[index] == ";":
                return index
        return end

    def _tag_after(self, line: Line, ceiling: int) -> Cue | None:
        """ "said Mara", "she said", "Mara, smiling, said"; any verb will do after a comma inside the marks."""
        start = line.last
        if start < ceiling and self.words.text[start] in (",", "—", "--", "–", "-"):
            start += 1
        if start >= ceiling:
            return None
        end = self._clause_end(start, ceiling)
        verb = start
        while verb < end and self.flags[verb] & ADVERB:
            verb += 1
        if verb < end and (self.flags[verb] & (SPEECH | THOUGHT) or self._particle(verb) or self._voice(verb)):
            subject = self._subject_after_verb(verb + self._particle(verb), end)
            if subject >= 0:
                return self._tag(subject, verb, start, end)
        subject = self._at(start)
        if subject < 0 or not self._may_speak(subject):
            return None
        verb = self._verb_of(subject, end)
        if verb < 0:
            return None
        if (self.flags[verb] & (SPEECH | THOUGHT) and not self._is_beat_verb(line, verb)) or self._runs_on(line):
            return self._tag(subject, verb, start, end)
        return None

    def _particle(self, verb: int) -> bool:
        """Is this a verb that reports speech with the particle after it: "put in", "spoke up"?"""
        particle = self.words.lower[verb + 1] if verb + 1 < self.size else ""
        return self.words.lower[verb] in listing("speech_particles").get(particle, ())

    def _voice(self, verb: int) -> bool:
        """ "came Tobin's voice": whoever owns the voice speaks."""
        owner = self._at(verb + 1)
        if self.words.lower[verb] not in ("came", "comes") or owner < 0:
            return False
        last = self.mentions[owner].last
        after = self.words.lower[last : last + 2]
        if self.mentions[owner].form == "pronoun":
            return after[:1] != [] and after[0] in lexicon("voices")
        return len(after) == 2 and after[0] == "'s" and after[1] in lexicon("voices")

    def _may_speak(self, index: int) -> bool:
        mention = self.mentions[index]
        if mention.kind not in ("person", "group"):
            return False
        return mention.form != "pronoun" or mention.subject or self._owns_voice(mention)

    def _owns_voice(self, mention: Candidate) -> bool:
        following = self.words.lower[mention.last] if mention.last < self.size else ""
        return mention.word in ("his", "her", "their", "my") and following in lexicon("voices")

    def _is_beat_verb(self, line: Line, verb: int) -> bool:
        """ "He smiled at her." after a full stop is a beat; "he said" never is."""
        return not self.flags[verb] & STRONG_SPEECH and not self._runs_on(line) and self._closed_by_stop(line)

    def _closed_by_stop(self, line: Line) -> bool:
        return line.last - 2 >= line.first and self.words.text[line.last - 2] in (".", "…", "...")

    def _runs_on(self, line: Line) -> bool:
        """A comma inside the closing mark, or a small letter after it: the sentence goes on."""
        if line.last - 2 >= line.first and self.words.text[line.last - 2] == ",":
            return True
        following = self.words.text[line.last] if line.last < self.size else ""
        return following[:1].islower() and following.lower() in (
            "he",
            "she",
            "they",
            "xe",
            "ze",
            "ey",
            "it",
            "we",
            "the",
            "a",
            "an",
            "his",
            "her",
            "my",
            "their",
            "one",
            "another",
        )

    def _subject_after_verb(self, verb: int, end: int) -> int:
        index = verb + 1
        while index < end and (
            self.flags[index] & ADVERB or self.words.lower[index] in ("then", "again", "at", "last", ",")
        ):
            index += 1
        if index >= end:
            return -1
        found = self._at(index)
        return found if found >= 0 and self._may_speak(found) else -1

    def _verb_of(self, subject: int, end: int) -> int:
        """The verb that follows a subject: the first speech verb of its clause, else the first verb."""
        first = -1
        for index in range(self.mentions[subject].last, min(end, self.mentions[subject].last + CLAUSE)):
            flags = self.flags[index]
            if flags & (SPEECH | THOUGHT):
                return index
            if flags & PAST_VERB and first < 0:
                first = index
            elif not flags & WORD and self.words.text[index] != ",":
                break
        return first

    def _tag(self, subject: int, verb: int, start: int, end: int) -> Cue:
        mention = self.mentions[subject]
        return Cue(
            "tag",
            subject,
            self._listeners(max(verb + 1, start), end, subject),
            (min(mention.first, verb), max(mention.last, verb + 1)),
        )

    def _listeners(self, start: int, end: int, subject: int) -> tuple[int, ...]:
        """People after "to", or straight after "told", "asked", …"""
        found = []
        for index in self._persons(start, end):
            if index == subject:
                continue
            before = self.words.lower[self.mentions[index].first - 1]
            if before in SPOKEN_TO or before in lexicon("told_verbs"):
                found.append(index)
        return tuple(found)

    def _tag_before(self, line: Line, floor: int) -> Cue | None:
        """ "Mara said, …", "She turned to him and asked: …"."""
        end = line.first
        if end - 1 < floor or (self.words.text[end - 1] not in LEADS_IN and not self.flags[end - 1] & SPEECH):
            return None
        start = self._sentence_start(floor, end - 1)
        verbs = [i for i in range(start, end) if self.flags[i] & SPEECH]
        if not verbs:
            return self._lead_in(start, end)
        verb = verbs[-1]
        subject = self._subject_before(start, verb)
        if subject < 0:
            subject = self._subject_after_verb(verb, end)
        if subject < 0:
            return self._lead_in(start, end)
        mention = self.mentions[subject]
        return Cue(
            "tag",
            subject,
            self._listeners(start, end, subject),
            (min(mention.first, verb), max(mention.last, verb + 1)),
            after=False,
        )

    def _lead_in(self, start: int, end: int) -> Cue | None:
        subject = self._first_subject(start, end)
        if subject < 0 or self.words.text[end - 1] not in (",", ":"):
            return None
        mention = self.mentions[subject]
        return Cue("beat", subject, self._listeners(start, end, subject), (mention.first, mention.last), after=False)

    def _subject_before(self, start: int, verb: int) -> int:
        """The nearest subject before the verb; failing that, the first person of the sentence."""
        people = [i for i in self._persons(start, verb) if self._may_speak(i)]
        subjects = [i for i in people if self.mentions[i].subject]
        if subjects:
            return subjects[-1]
        return people[0] if people else -1

    def _first_subject(self, start: int, end: int) -> int:
        people = self._persons(start, end)
        for index in people:
            if self.mentions[index].subject:
                return index
        if people and self._owns_opening(people[0], start):
            return people[0]
        return people[0] if people and self._may_open(people[0]) else -1

    def _owns_opening(self, index: int, start: int) -> bool:
        """ "His eyes narrowed.": what is theirs acts, so they act."""
        mention = self.mentions[index]
        return mention.first == start and mention.word in POSSESSIVE and mention.form == "pronoun"

    def _may_open(self, index: int) -> bool:
        """A name or noun that no verb follows may still be who acts, but not after "to" or "at"."""
        mention = self.mentions[index]
        return mention.form != "pronoun" and self.words.lower[mention.first - 1] not in lexicon("prepositions")

    def _sentence_start(self, floor: int, end: int) -> int:
        start = end
        while start > floor and self.words.text[start - 1] not in STOPS:
            start -= 1
        return start

    def _beat_before(self, line: Line, floor: int) -> Cue | None:
        end = line.first
        if end <= floor:
            return None
        start = self._sentence_start(floor, max(floor, end - 1))
        subject = self._first_subject(start, end)
        if subject < 0 and start > floor:
            start = self._sentence_start(floor, start - 1)
            subject = self._first_subject(start, end)
        return self._beat(subject, start, end, after=False)

    def _beat_after(self, line: Line, ceiling: int) -> Cue | None:
        start = line.last
        if start >= ceiling:
            return None
        return self._beat(self._first_subject(start, end := self._clause_end(start, ceiling)), start, end, after=True)

    def _beat(self, subject: int, start: int, end: int, *, after: bool) -> Cue | None:
        if subject < 0:
            return None
        mention = self.mentions[subject]
        return Cue("beat", subject, self._listeners(start, end, subject), (mention.first, mention.last), after=after)
