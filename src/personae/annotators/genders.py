"""Which pronouns go with whom, from the story itself: no name list knows better."""

from __future__ import annotations

from personae.annotators.mentions import Candidate
from personae.annotators.people import HE, SHE, THEY, People
from personae.annotators.words import PAST_VERB, SPEECH, Words
from personae.book import Tokens

OWN = 1.0
"""Weight of "Mara shook her head": a subject with a possessive in its own clause, nobody between."""
NEAR = 0.5
"""Weight of "Mara frowned. She …": the only person named in two sentences."""
REACH = 9


def vote(mentions: list[Candidate], people: People, tokens: Tokens, words: Words) -> None:
    """Add to every person's `votes` what the pronouns around their name say. Narration only."""
    narration = [m for m in mentions if m.quote < 0 and m.kind == "person"]
    sentence = tokens.sentence
    for place, mention in enumerate(narration):
        if mention.form != "name":
            continue
        person = people.everyone[mention.person]
        following = narration[place + 1 : place + 4]
        own = _own_pronoun(mention, following, words)
        if own is not None and sentence[own.first] == sentence[mention.first]:
            person.votes[own.gender or ""] += OWN
        for other in following:
            if sentence[other.first] > sentence[mention.first] + 1 or other.form != "pronoun":
                break
            if other.gender in (HE, SHE) and _alone(place, narration, sentence):
                person.votes[other.gender] += NEAR
                break


def _own_pronoun(mention: Candidate, following: list[Candidate], words: Words) -> Candidate | None:
    if not mention.subject or words.lower[mention.first - 1] in ("and", "or") or words.lower[mention.last] in ("and", "or"):
        return None
    for other in following:
        if other.form != "pronoun" or other.first - mention.last > REACH:
            return None
        if other.gender not in ("I", "you", "we"):
            own = other.word in ("his", "her", "their", "its", "xyr", "zir", "hir", "eir")
            verbs = sum(1 for i in range(mention.last, other.first) if words.flag_list[i] & (PAST_VERB | SPEECH))
            weak = other.gender in (THEY, "it/its") and (verbs != 1 or other.first - mention.last > 4)
            return other if own and not weak else None
    return None


def _alone(place: int, narration: list[Candidate], sentence: object) -> bool:
    """Nobody else was named in this sentence or the one before."""
    mention = narration[place]
    here = sentence[mention.first]  # type: ignore[index]
    for other in reversed(narration[max(place - 4, 0) : place]):
        if sentence[other.first] < here - 1:  # type: ignore[index]
            return True
        if other.form != "pronoun" and other.person != mention.person:
            return False
    return True


