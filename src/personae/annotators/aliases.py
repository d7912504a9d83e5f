"""Names that nobody but the characters use, given to whoever answers to them.

"Morning, Jean," says the man on the step, and Mum answers: the story never says that Jean is Mum. A name that
stands in speech only, where people are called by it, belongs to the person spoken to.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from personae import lexicons
from personae.annotators.conversations import Turn
from personae.annotators.mentions import Candidate
from personae.annotators.people import HE, SHE, People, Person

SHARE = 0.6
"""Share of the turns calling a name that must point to one person."""
LEAST = 0.5
"""Expected number of such turns."""


def spoken_only(mentions: list[Candidate], people: People) -> set[int]:
    """People whose name is called out in speech and never stands in the narration."""
    told: Counter[int] = Counter()
    called: Counter[int] = Counter()
    for mention in mentions:
        if mention.form == "name" and mention.person >= 0:
            told[mention.person] += mention.quote < 0
            called[mention.person] += mention.vocative
    return {p for p, n in called.items() if n and not told[p] and _open(people.everyone[p])}


def _open(person: Person) -> bool:
    return person.cast is None and not person.narrator and person.kind == "person"


def find_aliases(names: set[int], turns: list[Turn], mentions: list[Candidate], people: People) -> dict[int, int]:
    """For each of `names`, whom it means, where the conversations leave no doubt."""
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for index, turn in enumerate(turns):
        called = {mentions[i].person for line in turn.lines for i in line.vocatives} & names
        for name in called:
            votes[name].update(_listeners(turns, index))
    found: dict[int, int] = {}
    for name in sorted(votes):
        ranked = votes[name].most_common(1)
        total = votes[name].total()
        if ranked and ranked[0][1] >= LEAST and ranked[0][1] >= SHARE * total:
            target = ranked[0][0]
            if target not in names and _agree(people.everyone[name], people.everyone[target]):
                found[name] = target
    return found


def _listeners(turns: list[Turn], index: int) -> Counter[int]:
    """Who the turn at `index` is spoken to, by who speaks just before and after it."""
    speaker = turns[index].speaker
    shares: Counter[int] = Counter()
    for place, weight in ((index + 1, 0.6), (index - 1, 0.4)):
        if 0 <= place < len(turns) and abs(turns[place].lines[0].block - turns[index].lines[0].block) <= 3:
            for person, chance in turns[place].probabilities.items():
                if person != speaker and chance > 0.1:
                    shares[person] += weight * chance
    return shares


def _agree(name: Person, target: Person) -> bool:
    """Nothing speaks against one person bearing both: pronouns, titles, two known given names."""
    if not _open(target) and not target.narrator or target.kind != "person":
        return False
    one, other = name.pronouns, target.pronouns
    if one != other and one in (HE, SHE) and other in (HE, SHE):
        return False
    known = lexicons.table("given_names")
    given = {g for g in name.given if g in known}
    theirs = {g for g in target.given if g in known}
    return not (given and theirs) or bool(given & theirs)
