"""Names that nobody but the characters use, given to whoever answers to them.

"Morning, Jean," says the man on the step, and Mum answers: the story never says that Jean is Mum. A name that
stands in speech only, where people are called by it, belongs to the person spoken to.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from personae import lexicons
from personae.annotators.mentions import Candidate
from personae.annotators.people import People, Person
from personae.annotators.turns import Turn, told

SHARE = 0.6
"""Share of the turns calling a name that must point to one person."""
NARRATOR_SHARE = 0.4
ALONE, ALONE_SHARE = 3.0, 0.25
"""A narrator who answers to one name so many times as often as to any other needs no more than this share."""
OFTEN = 0.015
"""Times the narrator is called by name, in proportion to their turns."""
TOLD = 0.15
LEAST = 0.5
"""Expected number of such turns."""


def spoken_only(mentions: list[Candidate], people: People) -> set[int]:
    """People whose name stands in speech and never in the narration: called so, or only talked of."""
    told = {m.person for m in mentions if m.person >= 0 and m.quote < 0}
    named = {m.person for m in mentions if m.form == "name" and m.person >= 0}
    return {p for p in named - told if not people.everyone[p].narrator and people.everyone[p].kind == "person"}


def _open(person: Person) -> bool:
    return person.cast is None and not person.narrator and person.kind == "person"


def find_aliases(
    names: set[int], turns: list[Turn], mentions: list[Candidate], people: People, narrator: Person | None
) -> dict[int, int]:
    """For each of `names`, whom it means, where the conversations leave no doubt.

    A narrator without a name is an alias too: of the name most often called out to them.
    """
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    spoken = _mostly_spoken(mentions, people) if narrator and not narrator.names else set()
    for index, turn in enumerate(turns):
        called = {mentions[i].person for line in turn.lines for i in line.vocatives}
        called = {p for p in called if p in names or (narrator and p in spoken)}
        for name in called:
            votes[name].update(_listeners(turns, index, mentions))
    found: dict[int, int] = {}
    if narrator and not narrator.names:
        own = _name_of(narrator, votes, sum(t.speaker == narrator.id for t in turns))
        if own is None and people.cast_given:
            own = _row_of(narrator, votes, mentions, people)
        if own is not None:
            found[narrator.id] = own
    for name in sorted(votes):
        if name not in names or not _open(people.everyone[name]) or name in found.values():
            continue
        ranked = votes[name].most_common(1)
        total = votes[name].total()
        if ranked and ranked[0][1] >= LEAST and ranked[0][1] >= SHARE * total:
            target = ranked[0][0]
            target = found.get(target, target)
            if (target not in names or target in found.values()) and _agree(
                people.everyone[name], people.everyone[target]
            ):
                found[name] = target
    return found


def _mostly_spoken(mentions: list[Candidate], people: People) -> set[int]:
    """People whose name hardly ever stands in the narration: a narrator's own may slip in now and then."""
    told: Counter[int] = Counter()
    quoted: Counter[int] = Counter()
    for mention in mentions:
        if mention.form == "name" and mention.person >= 0:
            (quoted if mention.quote >= 0 else told)[mention.person] += 1
    return {p for p, n in quoted.items() if told[p] <= TOLD * n and people.everyone[p].kind == "person"}


def _name_of(narrator: Person, votes: dict[int, Counter[int]], turns: int) -> int | None:
    """The name that the narrator, who has `turns` turns, answers to most often, if answers are mostly theirs."""
    if not votes:
        return None
    ranked = sorted(votes, key=lambda n: (-votes[n][narrator.id], n))
    own, others = votes[ranked[0]][narrator.id], sum(votes[n][narrator.id] for n in ranked[1:2])
    share = NARRATOR_SHARE if own < ALONE * others else ALONE_SHARE
    enough = max(LEAST, OFTEN * turns)
    return ranked[0] if own >= enough and own >= share * votes[ranked[0]].total() else None


def _row_of(narrator: Person, votes: dict[int, Counter[int]], mentions: list[Candidate], people: People) -> int | None:
    """Whose row of a given cast the narrator's is: of those whom the narration never names, the one they answer to
    most, else the first, for a cast begins with whom the story is about."""
    told = {m.person for m in mentions if m.person >= 0 and m.quote < 0 and m.form != "pronoun"}
    rows = [p.id for p in people.everyone if p.cast is not None and p.named and p.id not in told]
    ranked = sorted((p for p in rows if votes[p][narrator.id] > 0), key=lambda p: (-votes[p][narrator.id], p))
    if ranked:
        return ranked[0]
    return rows[0] if rows else None


def _listeners(turns: list[Turn], index: int, mentions: list[Candidate]) -> dict[int, float]:
    """Who the turn at `index` is spoken to, by who speaks just before and after it."""
    speaker = turns[index].speaker
    said_to = {mentions[i].person for i in told(turns[index]) if mentions[i].person >= 0}
    if len(said_to) == 1:
        return dict.fromkeys(said_to, 1.0)
    shares: dict[int, float] = defaultdict(float)
    for place, weight in ((index + 1, 0.6), (index - 1, 0.4)):
        if 0 <= place < len(turns) and abs(turns[place].lines[0].block - turns[index].lines[0].block) <= 3:
            for person, chance in turns[place].probabilities.items():
                if person != speaker and chance > 0.1:
                    shares[person] += weight * chance
    total = sum(shares.values())
    return {p: s / total for p, s in shares.items()} if total > 0.15 else {}


def _agree(name: Person, target: Person) -> bool:
    """Nothing speaks against one person bearing both: pronouns, titles, two known given names."""
    if (not _open(target) and not target.narrator) or target.kind != "person":
        return False
    one, other = name.pronouns, target.pronouns
    if one is not None and other is not None and one != other:
        return False
    if name.name.lower() in lexicons.table("kin_names") and other is None:
        return False
    known = lexicons.table("given_names")
    given = {g for g in name.given if g in known}
    theirs = {g for g in target.given if g in known}
    return not (given and theirs) or bool(given & theirs)
