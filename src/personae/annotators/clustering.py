"""Names clustered into people: titles, given and family names, short forms, a given cast."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from personae import lexicons
from personae.annotators.names import LINKING, Evidence, Surface, kind_of, surface_of
from personae.annotators.people import GENDERS, HE, SHE, People, Person
from personae.annotators.short_forms import opening, pet_form_of, short_for
from personae.cast import Cast, Member


def cluster(found: dict[Surface, Evidence], cast: Cast | None, seeds: Iterable[str] = ()) -> People:
    """Who bears which name. Full names come first, then titled, then single ones, the most frequent first.

    `cast` is given and binding; `seeds` are names to expect (an archive's character tags), kept only if they occur.
    """
    people = People()
    parts = [part for surface in found for part in surface.core] if cast else []
    written = {spelling: part for part in parts for spelling in (part.casefold(), part)}
    for row, member in enumerate(cast or ()):
        _add_member(people, row, member, written)
        people.cast_given = True
    _share_bare_names(people, cast or ())
    expected = {s for s in map(_parse, seeds) if s and len(s.core) > 1}
    order = sorted({*found, *expected}, key=lambda s: (_rank(s), -(found[s].count if s in found else 0), s.text))
    index, families = _Index(people, found), _families(found)
    for surface in order:
        evidence = found.get(surface, Evidence())
        if surface in people.bearers:
            _enrich(people.everyone[people.bearers[surface]], surface, evidence)
            continue
        kind = "person" if surface in expected else kind_of(surface, evidence)
        if _is_family(surface, families):
            kind, person = "group", index.groups.get(surface.core[0])
        else:
            person = index.match(surface) if kind == "person" or index.knows(surface) else None
        if person is None:
            person = people.add(kind, surface.text)
        people.bearers[surface] = person.id
        _enrich(person, surface, evidence)
        index.note(person)
    for person in people.everyone:
        if person.cast is None and person.kind == "person":
            person.name = _best_name(person)
    return people


def _families(found: Mapping[Surface, Evidence]) -> Counter[str]:
    """How often each name stands after a given name or a title."""
    counts: Counter[str] = Counter()
    for surface, evidence in found.items():
        if len(surface.core) > 1 or (surface.title and surface.core):
            counts[surface.core[-1]] += evidence.count
    return counts


def _is_family(surface: Surface, families: Counter[str]) -> bool:
    """Several of a family: "the Ordes", "the Miss Ordes", where somebody is a Miss Orde."""
    if len(surface.core) != 1 or not surface.core[0].endswith("s"):
        return False
    return families[surface.core[0][:-1]] > families[surface.core[0]]


def _parse(name: str) -> Surface | None:
    return surface_of(name.replace("’", "'").split())


def _add_member(people: People, row: int, member: Member, written: Mapping[str, str]) -> None:
    """`written` has the words of the story's names, by themselves and in lower case: "Mcbryde" is its "McBryde"."""
    person = people.add("person", member.name)
    person.cast, person.fixed = row, member.pronouns
    for name in filter(str.strip, (member.name, *member.aliases)):
        bare = _without_article(name)
        if name[0].islower() or bare != name:
            people.nouns.setdefault(bare.lower(), person.id)
        people.nouns.setdefault(name.lower(), person.id)
        surface = _parse(" ".join(written.get(word) or written.get(word.casefold(), word) for word in bare.split()))
        if surface is None or _describes(surface):
            continue
        people.bearers.setdefault(surface, person.id)
        _enrich(person, surface, Evidence())


def _describes(surface: Surface) -> bool:
    """Is it no name but a description, though a list may write it in capitals ("Young Man In A Hat")?"""
    common = lexicons.words("function_words") | lexicons.words("generic_people")
    given = lexicons.table("given_names")
    if len(surface.core) > 1 and surface.core[0] in given:
        return False  # Jonathan Small
    return any(part.lower() in common and part not in given and part not in LINKING for part in surface.core)


def _share_bare_names(people: People, cast: Cast) -> None:
    """A row that is a family name alone, beside rows of that family with more to them, tells nobody apart.

    Such lists come of counting names: "Bounderby" beside "Josiah Bounderby". The name is left to whom it may mean.
    """
    families = Counter(family for person in people.everyone for family in person.family)
    for row, member in enumerate(cast):
        surface = _parse(member.name)
        if surface is None or surface.title or len(surface.core) > 1 or member.aliases or member.pronouns:
            continue
        if families[surface.core[0]] and people.bearers.get(surface) == row:
            del people.bearers[surface]
            people.everyone[row].given.clear()


def _without_article(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if first.lower() in ("a", "an", "the") and rest else name


def _rank(surface: Surface) -> int:
    """Full names, then a title with a name, then single names, then a lone title."""
    if len(surface.core) > 1:
        return 0
    if not surface.core:
        return 3
    return 1 if surface.title else 2


def _enrich(person: Person, surface: Surface, evidence: Evidence) -> None:
    person.names[surface.text] += evidence.count
    gender = lexicons.table("titles").get(surface.title)
    if surface.title:
        person.titles.add(surface.title)
    if gender in GENDERS:
        person.votes[GENDERS[gender]] += 6 + EACH * evidence.count
    if not surface.core:
        return
    kin = _kin_gender(surface.text.lower())
    if kin in GENDERS:
        person.votes[GENDERS[kin]] += 6
    if len(surface.core) > 1 or not surface.title or _titles_given(surface):
        person.given.add(surface.core[0])
        known = lexicons.table("given_names").get(surface.core[0])
        if known in GENDERS and gender not in GENDERS:
            person.votes[GENDERS[known]] += 1.5 + EACH * evidence.count
    if len(surface.core) > 1 or surface.title:
        person.family.add(surface.core[-1])


EACH = 0.5
"""Votes of each mention by a name or title whose gender is known: pronouns near it are often somebody else's."""
KIN_GENDERS = {
    "mother": "she",
    "father": "he",
    "grandmother": "she",
    "grandfather": "he",
    "aunt": "she",
    "uncle": "he",
    "sister": "she",
    "brother": "he",
}


def _kin_gender(word: str) -> str | None:
    """ "he" or "she" for a kinship word used as a name, in any of the lexicon's languages."""
    return lexicons.table("kinship").get(word) or KIN_GENDERS.get(lexicons.table("kin_names").get(word, ""))


def _titles_given(surface: Surface) -> bool:
    return surface.title in lexicons.words("first_name_titles") and surface.core[0] in lexicons.table("given_names")


TOLD_OFTEN = 10
TOLD_ALIKE = 0.4
"""Times, and share of the other's times, from which two ways to call a man in the narration are two men's."""


class _Index:
    """Looks people up by the words of their names while clustering."""

    def __init__(self, people: People, found: Mapping[Surface, Evidence]) -> None:
        self.people = people
        self.found = found
        self.by_part: dict[str, set[int]] = defaultdict(set)
        self.by_opening: dict[str, set[int]] = defaultdict(set)
        self.groups: dict[str, Person] = {}
        self.told: Counter[str] = Counter()
        for surface, evidence in found.items():
            for part in set(surface.core):
                self.told[part] += evidence.told
        for person in people.everyone:
            self.note(person)

    def note(self, person: Person) -> None:
        if person.kind == "group":
            self.groups |= dict.fromkeys((*person.given, *person.family), person)
        if person.kind != "person":
            return
        for part in (*person.given, *person.family):
            self.by_part[part].add(person.id)
            self.by_opening[opening(part)].add(person.id)
        for part in person.given:
            for long in lexicons.listing("nicknames").get(part, ()):
                self.by_part[f"~{long}"].add(person.id)

    def knows(self, surface: Surface) -> bool:
        return any(part in self.by_part for part in surface.core)

    def match(self, surface: Surface) -> Person | None:
        """The one person this name can mean, the likeliest if the story leaves several; None for a new one."""
        if not surface.core:
            return self._title_alone(surface)
        found = [p for p in self._bearers(surface) if _compatible(p, surface)]
        if len(surface.core) > 1:
            return self._full(surface, found)
        if surface.title:
            return self._titled(surface, found)
        return self._single(surface, found)

    def _title_alone(self, surface: Surface) -> Person | None:
        """ "Captain" is the only captain with a name; "Miss" may be anybody."""
        if surface.title.lower() in lexicons.table("address_terms"):
            return None
        return _only([p for p in self.people.everyone if p.kind == "person" and p.named and surface.title in p.titles])

    def _bearers(self, surface: Surface) -> list[Person]:
        ids: set[int] = set()
        for part in {surface.core[0], surface.core[-1]}:
            ids |= self.by_part.get(part, set())
        if len(surface.core) == 1 and not surface.title:
            ids |= self._nicknamed(surface.core[0])
        if len(surface.core) > 1:
            ids |= self._nicknamed(surface.core[0])
        return [self.people.everyone[i] for i in sorted(ids)]

    def _nicknamed(self, name: str) -> set[int]:
        """People whose given name this one is short for, or long for."""
        ids = set(self.by_part.get(f"~{name}", set()))
        for long in lexicons.listing("nicknames").get(name, ()):
            ids |= self.by_part.get(long, set())
        return ids

    def _full(self, surface: Surface, found: list[Person]) -> Person | None:
        """Same given (or its short form) and same family name; or a bare given name seen in the cast."""
        first, last = surface.core[0], surface.core[-1]
        for person in found:
            if last in person.family and (first in person.given or self._related(first, person.given)):
                return person
        whole = [p for p in found if p.cast is not None and p.given == {first} and not p.family - {first}]
        return whole[0] if len(whole) == 1 else None

    def _related(self, name: str, others: set[str]) -> bool:
        table = lexicons.listing("nicknames")
        return any(o in table.get(name, ()) or name in table.get(o, ()) for o in others)

    def _titled(self, surface: Surface, found: list[Person]) -> Person | None:
        part = surface.core[0]
        if _titles_given(surface):
            given = [p for p in found if part in p.given]
            if given:
                return _likeliest(given)
        family = [p for p in found if part in p.family and not self._told_by_given_name(p, surface)]
        exact = [p for p in family if surface.title in p.titles]
        if exact:
            return _likeliest(exact)
        if surface.title in ("Miss", "Ms", "Ms.", "Mrs", "Mrs."):
            rivals = {"Miss": {"Mrs", "Mrs."}, "Mrs": {"Miss"}, "Mrs.": {"Miss"}}.get(surface.title, set())
            family = [p for p in family if not (p.titles & rivals)]
        if len(family) == 1:
            return family[0]
        if family:
            return self._head_of_family(surface, family)
        return _only([p for p in found if part in p.given and not p.family])

    def _told_by_given_name(self, person: Person, surface: Surface) -> bool:
        """Does the narration call a man by his given name all along, and somebody else "Mr. Emerson"?"""
        if person.cast is not None or GENDERS.get(lexicons.table("titles").get(surface.title, "")) != HE:
            return False
        nicknames = lexicons.listing("nicknames")
        short = {name for given in person.given for name in (given, *nicknames.get(given, ()))} - person.family
        given = max((self._told(Surface("", (name,))) for name in short), default=0)
        titled = self._told(surface)
        return min(given, titled) >= TOLD_OFTEN and min(given, titled) >= TOLD_ALIKE * max(given, titled)

    def _told(self, surface: Surface) -> int:
        return self.found[surface].told if surface in self.found else 0

    def _head_of_family(self, surface: Surface, family: list[Person]) -> Person | None:
        """ "Mr. Bertram" among several Bertrams: the man most spoken of; nobody yet for a woman's title."""
        gender = GENDERS.get(lexicons.table("titles").get(surface.title, ""))
        fitting = [p for p in family if p.pronouns == gender]
        return _likeliest(fitting) if fitting and (gender == HE or len(fitting) == 1) else None

    def _single(self, surface: Surface, found: list[Person]) -> Person | None:
        part = surface.core[0]
        given = [p for p in found if part in p.given]
        if given:
            return _likeliest(given)
        short = [p for p in found if self._related(part, p.given)]
        family = [p for p in found if part in p.family]
        if family and part not in lexicons.table("given_names"):
            return _likeliest(family)
        return _only(short) or _leading(family) or (None if found else self._shortened(part))

    def _shortened(self, part: str) -> Person | None:
        """The one person whose name this is the beginning of, or the other way round: "Dez" is Dezarae.

        Only where the story itself uses one of the two, and its people the other in speech.
        """
        near = [self.people.everyone[i] for i in sorted(self.by_opening.get(opening(part), ()))]
        return _only([p for p in near if any(self._one_name(part, other, p) for other in p.given | p.family)])

    def _one_name(self, one: str, other: str, person: Person) -> bool:
        known = lexicons.table("given_names")
        genders = {known[name] for name in (one, other) if known.get(name) in GENDERS}
        if len(genders) > 1 or (one in known and other not in person.given):
            return False
        told, told_other = self.told[one], self.told[other]
        if short_for(one, other) or short_for(other, one):
            return HARDLY * min(told, told_other) <= max(told, told_other)
        return pet_form_of(one, other) and told_other > 0 and HARDLY * told <= told_other


HARDLY = 3
"""Times as often as its short form, or the other way round, that a story itself calls somebody by a name."""


def _only(found: list[Person]) -> Person | None:
    return found[0] if len(found) == 1 else None


LEADING = 5
"""Times as often as any other of the family that somebody is named whom "Rodney" means, a given name too."""


def _leading(found: list[Person]) -> Person | None:
    """The one who is named so much more often than any other of them."""
    ranked = sorted(found, key=lambda p: (-p.names.total(), p.id))
    clear = ranked and all(ranked[0].names.total() >= LEADING * p.names.total() for p in ranked[1:])
    return ranked[0] if clear else None


def _likeliest(found: list[Person]) -> Person:
    return max(found, key=lambda p: (p.names.total(), -p.id))


def _compatible(person: Person, surface: Surface) -> bool:
    """No title or pronoun known of the person speaks against the surface's title or given name."""
    gender = GENDERS.get(lexicons.table("titles").get(surface.title, ""))
    if gender is None and len(surface.core) > 1:
        gender = GENDERS.get(lexicons.table("given_names").get(surface.core[0], ""))
    known = person.pronouns
    return gender is None or known is None or known == gender or known not in (HE, SHE)


def _best_name(person: Person) -> str:
    """The fullest of the names in real use: a full name if there is one, else the most frequent; a title at last."""
    if not person.names:
        return person.name
    names = {n: count for n, count in person.names.items() if n not in person.titles} or person.names
    most = max(names.values())
    usual = [n for n, count in names.items() if count >= 0.3 * most]
    return max(usual, key=lambda n: (person.names[n], len(n)))
