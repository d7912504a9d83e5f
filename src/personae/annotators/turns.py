"""Turns: what one person says in one go, the lines of it, and what is read off once it is known who speaks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from personae.annotators.cues import Cue, Line
from personae.annotators.mentions import Candidate
from personae.book import Quote, Span, Why

UNDECIDED = 0.3
"""A line whose likeliest speaker is less probable than this has none."""


@dataclass(slots=True)
class Turn:
    """What one person says in one go: lines of a paragraph (or of a speech over several)."""

    lines: list[Line]
    active: list[int] = field(default_factory=list)
    gap: str = "next"
    probabilities: dict[int, float] = field(default_factory=dict)
    addressees: tuple[int, ...] = ()
    why: Why | None = None
    named: Cue | None = None
    """The last of its tags, kept while lines are added."""
    by_turns: tuple[int, ...] = ()
    """Addressees as the turns alone have them: better for telling whom "he" in the line doesn't mean."""

    @property
    def cue(self) -> Cue | None:
        """The best cue of its lines: a tag before a beat."""
        tags = [line.tag for line in self.lines if line.tag]
        beats = [line.beat for line in self.lines if line.beat]
        return tags[0] if tags else beats[0] if beats else None

    @property
    def speaker(self) -> int | None:
        if not self.probabilities:
            return None
        best = max(self.probabilities, key=lambda p: (self.probabilities[p], -p))
        return best if self.probabilities[best] >= UNDECIDED else None


def group_turns(lines: list[Line], quotes: tuple[Quote, ...], mentions: list[Candidate]) -> list[Turn]:
    """Lines into turns: a paragraph is one turn unless two tags in it name different people."""
    turns: list[Turn] = []
    for line in lines:
        if line.first >= line.last:
            continue
        if turns and _same_turn(turns[-1], line, quotes, mentions):
            turns[-1].lines.append(line)
            turns[-1].named = line.tag or turns[-1].named
        else:
            turns.append(Turn([line], named=line.tag))
    return turns


def _same_turn(turn: Turn, line: Line, quotes: tuple[Quote, ...], mentions: list[Candidate]) -> bool:
    last, named = turn.lines[-1], turn.named
    if line.tag and named and _differ(mentions[line.tag.mention], mentions[named.mention]):
        return False
    if quotes[line.quote].utterance == quotes[last.quote].utterance:
        return True
    if line.block != last.block or quotes[line.quote].kind != quotes[last.quote].kind:
        return False
    before = line.beat if line.tag is None and line.beat and not line.beat.after else None
    return not (before and named and _differ(mentions[before.mention], mentions[named.mention]))


def _differ(one: Candidate, other: Candidate) -> bool:
    """Two cue mentions that can't mean the same person."""
    if one.form == other.form == "name":
        return one.person != other.person
    genders = {one.gender, other.gender} - {None}
    return (len(genders) == 2 and "I" not in genders) or genders == {"I", "he/him"} or genders == {"I", "she/her"}


def told(turn: Turn) -> list[int]:
    """Candidates whom the turn's tags, beats and lead-ins say it is spoken to."""
    cues = [cue for line in turn.lines for cue in line.cues]
    return [i for cue in cues for i in cue.listeners] + [i for line in turn.lines for i in line.told]


def called_by(turn: Turn, mentions: list[Candidate]) -> list[int]:
    """People the turn is plainly spoken to: called by name, or "said to" in its tag."""
    found = [mentions[i].person for line in turn.lines for i in line.vocatives]
    found += [mentions[i].person for i in told(turn)]
    return [p for p in dict.fromkeys(found) if p >= 0]


SURE = 0.7
"""Probability from which a beat's pronoun is taken to mean the speaker."""


def settled(turns: list[Turn], mentions: list[Candidate]) -> dict[int, int]:
    """Pronouns of tags and beats to the speakers that the conversation gave them."""
    found: dict[int, int] = {}
    for turn in turns:
        speaker = turn.speaker
        for line in turn.lines:
            cue = line.tag or line.beat
            if speaker is None or cue is None:
                continue
            mention = mentions[cue.mention]
            own = mention.form == "pronoun" and mention.gender not in ("I", "we", "you")
            if own and (line.tag or turn.probabilities[speaker] > SURE):
                found[cue.mention] = speaker
    return found


def _told_apart(turns: list[Turn], quotes: tuple[Quote, ...]) -> list[Quote]:
    """Two turns are two utterances, whatever their quotations looked like before the tags were read."""
    turn_of = {line.quote: number for number, turn in enumerate(turns) for line in turn.lines}
    numbers: dict[tuple[int, int], int] = {}
    found = [numbers.setdefault((q.utterance, turn_of.get(q.id, -1)), len(numbers)) for q in quotes]
    return [q if q.utterance == n else replace(q, utterance=n) for q, n in zip(quotes, found, strict=True)]


def spoken(turns: list[Turn], quotes: tuple[Quote, ...], spans: list[Span]) -> tuple[Quote, ...]:
    """The quotes with speaker, addressees, confidence, why and alternatives filled in.

    `spans` are the candidates' characters, for the cue.
    """
    filled = list(_told_apart(turns, quotes))
    for turn in turns:
        ranked = sorted(turn.probabilities.items(), key=lambda pair: (-pair[1], pair[0]))
        speaker = turn.speaker
        others = tuple((p, round(v, 4)) for p, v in ranked if p != speaker and v >= 0.02)[:3]
        confidence = round(turn.probabilities[speaker], 4) if speaker is not None else 0.0
        cue = turn.cue
        for line in turn.lines:
            own = line.tag or line.beat or cue
            filled[line.quote] = replace(
                filled[line.quote],
                speaker=speaker,
                addressees=turn.addressees if speaker is not None else (),
                confidence=confidence,
                why=turn.why,
                cue=spans[own.mention] if own else None,
                alternatives=others,
            )
    return tuple(filled)
