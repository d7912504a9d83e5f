"""Short forms that no list has: what people in a story make of its names ("Dez" of Dezarae, "Damo" of Damien)."""

from __future__ import annotations

from collections.abc import Iterable

from personae import lexicons

LEAST = 3
"""Letters that a short form has in common with the name, at least."""


def short_for(short: str, name: str) -> bool:
    """May one be a short form of the other, its beginning: "Dez" of "Dezarae"?"""
    rest = name.lower().removeprefix(short.lower())
    own = not rest or rest in lexicons.words("name_endings")
    return not _has_none(short) and not _has_none(name) and len(rest) < len(name) and not own


def pet_form_of(short: str, name: str) -> bool:
    """May one be the beginning of the other with a pet ending? A given name by itself is none: Mary of Martin."""
    if short in lexicons.table("given_names") or len(short) >= len(name):
        return False
    stems = (short.removesuffix(ending) for ending in lexicons.words("pet_endings") if short.endswith(ending))
    return any(short_for(stem, name) for stem in stems)


def _has_none(part: str) -> bool:
    """A title or a family's name for somebody ("Count", "Papa") is no short form of a name, nor has one."""
    return len(part) < LEAST or part in lexicons.table("titles") or part.lower() in lexicons.table("kin_names")


def opening(name: str) -> str:
    """What a name and its short forms have in common at least."""
    return name[:LEAST].lower()


def short_ones(words: Iterable[str], names: Iterable[str]) -> set[str]:
    """The words that may be short for one of the names."""
    by_opening: dict[str, list[str]] = {}
    for name in names:
        by_opening.setdefault(opening(name), []).append(name)
    near = ((word, name) for word in words for name in by_opening.get(opening(word), ()))
    return {word for word, name in near if short_for(word, name) or pet_form_of(word, name)}
