"""Who is named, who speaks each line and to whom: what rules and word lists make of the story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from personae.annotators.aliases import find_aliases, spoken_only
from personae.annotators.clustering import cluster
from personae.annotators.conversations import Conversation, decide
from personae.annotators.cues import cue_mentions, find_cues
from personae.annotators.genders import vote
from personae.annotators.identities import find_identities
from personae.annotators.kinfolk import find_relatives
from personae.annotators.layout import in_prose, scene_breaks, with_paragraphs
from personae.annotators.memory import Speech
from personae.annotators.mentions import Candidate, character_spans, find_mentions
from personae.annotators.names import find_names, gather
from personae.annotators.narrator import find_narrator, find_reader
from personae.annotators.people import People, Person
from personae.annotators.quotes import Quotations
from personae.annotators.reading import Reading
from personae.annotators.spans import Span as MentionSpan
from personae.annotators.turns import Turn, group_turns, settled, spoken
from personae.annotators.voices import listen_to_voices
from personae.book import Quote, Span, Tokens
from personae.cast import Cast
from personae.text import Text


@dataclass(frozen=True)
class Talk:
    """The people so far, the mentions that the rules found and resolved, and the lines with their speakers.

    `speech` is what is known of each quotation, by its number.
    """

    people: People
    mentions: list[Candidate]
    lines: tuple[Quote, ...]
    speech: dict[int, Speech]


class Revise(Protocol):
    """Changes the chances of conversations that the rules have decided."""

    def __call__(
        self, conversations: list[Conversation], mentions: list[Candidate], people: People, narrator: Person | None
    ) -> None: ...  # fmt: skip


def unrevised(
    conversations: list[Conversation], mentions: list[Candidate], people: People, narrator: Person | None
) -> None:  # fmt: skip
    """Leaves what the rules have decided as it is."""


@dataclass
class Heard:
    """What is known once every conversation is decided, before whom the mentions mean is read off.

    `lines` have no speakers yet; `spans` are their tokens.
    """

    people: People
    mentions: list[Candidate]
    reading: Reading
    conversations: list[Conversation]
    turns: list[Turn]
    musings: list[Turn]
    breaks: list[int]
    absent: set[int]
    lines: tuple[Quote, ...]
    spans: list[Span]
    tokens: Tokens
    revise: Revise = unrevised
    decided: dict[object, tuple[Conversation, Conversation]] = field(default_factory=dict)
    """Conversations that were decided again, by which they were and what is pinned in them; copies share it."""


def follow_talk(text: Text, found: Quotations, cast: Cast | None, revise: Revise = unrevised) -> Talk:
    """Names into people, tags and beats and turns into speakers."""
    return read_off(hear(text, found, cast, revise))


def hear(
    text: Text, found: Quotations, cast: Cast | None, revise: Revise = unrevised, marked: Sequence[MentionSpan] = ()
) -> Heard:
    """`follow_talk` up to where who speaks is decided; `marked` are the encoder's mentions."""
    words, lines, spans, quote_of, tokens = found.words, found.lines, found.spans, found.quote_of, found.tokens
    prose, breaks = in_prose(text, tokens), scene_breaks(text, tokens)
    spoken_spans = [span for quote, span in zip(lines, spans, strict=True) if quote.kind == "speech"]
    tokens = with_paragraphs(tokens, words, spoken_spans)
    names = find_names(tokens, words, prose)
    seen = gather(names, words, quote_of >= 0, marked)
    people = cluster(seen, cast, text.metadata.tags.get("characters", ()))
    mentions = find_mentions(tokens, words, names, people, quote_of, prose)
    vote(mentions, people, tokens, words)
    people.settle()
    narrated = int((quote_of < 0).sum())
    narrator = find_narrator(mentions, people, words, narrated)
    reader = None if narrator else find_reader(mentions, people, narrated)
    cues = find_cues(lines, spans, tokens, words, mentions)
    turns = group_turns([c for c in cues if lines[c.quote].kind == "speech"], lines, mentions)
    musings = group_turns([c for c in cues if lines[c.quote].kind == "thought"], lines, mentions)
    reading = Reading(mentions, people, tokens, words, narrator, reader, cue_mentions(cues))
    reading.listen([*turns, *musings], breaks)
    absent = spoken_only(mentions, people)
    conversations = decide(turns, people, mentions, reading.choices, reading.teller, breaks, absent)
    aliases = find_relatives(mentions, people, tokens)
    aliases |= find_identities(turns, mentions, people, tokens, words, absent)
    aliases |= find_aliases(absent, turns, mentions, people, reading.teller)
    if aliases:
        reading.rename(aliases)
        reading.listen([*turns, *musings], breaks)
        absent -= aliases.keys() | set(aliases.values())
        conversations = decide(turns, people, mentions, reading.choices, reading.teller, breaks, absent)
    heard = Heard(
        people, mentions, reading, conversations, turns, musings, breaks, absent, lines, spans, tokens, revise
    )  # fmt: skip
    finish(heard)
    return heard


def finish(heard: Heard) -> None:
    """Decide the conversations anew with how each person talks, revise them, and decide who thinks what."""
    mentions, people, reading = heard.mentions, heard.people, heard.reading
    listen_to_voices(heard.conversations, reading.words, mentions, reading.teller)
    heard.revise(heard.conversations, mentions, people, reading.teller)
    for turn in heard.musings:
        decide([turn], people, mentions, reading.choices, reading.teller, [])
        turn.addressees = turn.by_turns = ()


def read_off(heard: Heard) -> Talk:
    """Whom every mention means, given who speaks each line; `heard` is used up."""
    mentions, spoken_turns = heard.mentions, [*heard.turns, *heard.musings]
    lines = spoken(spoken_turns, heard.lines, character_spans(mentions, heard.tokens))
    pairs = zip(lines, heard.spans, strict=True)
    by_turns = {line.quote: turn.by_turns for turn in spoken_turns for line in turn.lines}
    speech = {q.id: Speech(s[1], q.speaker, by_turns.get(q.id, ()), q.addressees) for q, s in pairs}
    heard.reading.run(settled(heard.turns, mentions), speech, heard.breaks)
    return Talk(heard.people, mentions, lines, speech)
