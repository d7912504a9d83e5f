"""How varied the scenes are, measured. Prints markdown tables.

    python -m gold.variety [--scenes gold/scenes]

A line is one speech: its parts before and after a tag count once. What tells who speaks it, the first that holds:

- tag: a mention of the speaker with at most one word between it and a speech verb, in the sentence that follows a
  part not ended by a full stop, or in the sentence that leads up to one with a comma or a colon;
- beat: another mention of the speaker in the narration of the same paragraph;
- vocative: a name or noun phrase set off by punctuation, for an addressee in the line, or for the speaker in the
  line before it;
- none.

For words in chorus anyone's mention counts as the speaker's. Narration is in the first or second person if it has ten
mentions "I, me, my" or "you, your"; in the present tense if it has more of PRESENT than of PAST. Both leave out what
stands in quotation marks or underscores.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from gold import scenes
from personae import lexicons
from personae.book import Book, Mention, Quote, Span

PAST = re.compile(r"\b(was|were|had|said|did|could|would)\b")
PRESENT = re.compile(r"\b(is|are|has|says|does|can|will)\b")
UNSPOKEN = re.compile(r"_[^_]+_|“[^”“]*”|\"[^\"]*\"|«[^»]*»|„[^“]*“|‘[^’]*’")
SENTENCE_END = re.compile(r"[.!?…](?=\s)")
FIRST, SECOND = {"i", "me", "my"}, {"you", "your"}
MANY = 10
MARKS = "“‘\"'«„—"
CUES = ("tag: name", "tag: pronoun", "tag: noun phrase", "beat", "vocative", "none")
TAGS = {"name": CUES[0], "pronoun": CUES[1], "noun": CUES[2]}
FEATURES = {
    "two_men_he": "two men who are both “he”",
    "two_women_she": "two women who are both “she”",
    "singular_they": "one person who is “they”, beside a plural “they”",
    "neopronouns": "a person who is “xe” or “ze”",
    "first_person": "told by an “I”",
    "second_person": "told to a “you”",
    "present_tense": "told in the present tense",
    "british_single": "single quotation marks, with apostrophes",
    "dash_dialogue": "speech after a dash, without closing mark",
    "guillemets_low_quotes": "« » or „ “",
    "straight_quotes": "straight quotation marks",
    "long_speech": "one speech over several paragraphs",
    "unspoken_quotes": "letters, signs and titles in quotation marks that nobody speaks",
    "thoughts": "unspoken thoughts, telepathy",
    "five_speakers": "five or more speakers",
    "unnamed_minor": "minor speakers without a name",
    "chorus": "words spoken by several at once",
    "vocative_only": "a form of address is the only clue to the speaker",
    "listener_beat": "the paragraph tells of the listener before the line",
    "tag_needs_scene": "the tag's pronoun fits two people in the scene",
    "said_to": "“he said to X”",
    "interrupted": "speech broken off or cut in on",
    "name_title_alias": "a speaker with name, title and alias",
    "secret_identity": "a secret or false identity",
    "honorifics": "honorifics and ranks",
    "nicknames": "nicknames",
    "kinship_names": "kinship words as names",
    "nonhuman": "animals, robots, ghosts as characters",
    "dialect": "dialect",
    "phone_one_end": "a telephone call with one end heard",
    "lie_on_orders": "a lie told on orders",
    "secret_kept": "a secret kept",
    "lie_exposed": "a lie exposed",
    "scene_break": "a scene break",
    "authors_note": "an author's note on top",
    "lost_line": "two turns in a row by one person, each in its own paragraph",
}
CLOSING, OPENING = "”’\"'»“ ", "“‘\"'«„— "


@dataclass(frozen=True)
class Line:
    """One speech and the parts it's in."""

    parts: tuple[Quote, ...]
    speaker: int | None
    addressees: frozenset[int]


@dataclass(frozen=True)
class Scene:
    """A scene and its lines in order."""

    book: Book
    lines: tuple[Line, ...]
    spoken: tuple[Span, ...]
    narrated: tuple[Mention, ...] = field(repr=False)

    @classmethod
    def of(cls, book: Book) -> Scene:
        parts: dict[int, list[Quote]] = {}
        for quote in book.quotes:
            parts.setdefault(quote.utterance, []).append(quote)
        lines = tuple(
            Line(tuple(p), p[0].speaker, frozenset(a for q in p for a in q.addressees)) for p in parts.values()
        )
        spoken = tuple((q.start, q.end) for q in book.quotes)
        return cls(book, lines, spoken, tuple(m for m in book.mentions if not _within(m, spoken)))


def cue(scene: Scene, number: int) -> str:
    """What tells who speaks the line; one of CUES."""
    line = scene.lines[number]
    tags = [tag for part in line.parts if (tag := _tag(scene, line, part))]
    if tags:
        return min(tags, key=CUES.index)
    if any(_beat(scene, line, part) for part in line.parts):
        return "beat"
    return "vocative" if _vocative(scene, number) else "none"


def _within(mention: Mention, spans: Iterable[Span]) -> bool:
    return any(start <= mention.start < end for start, end in spans)


def _is_speaker(line: Line, mention: Mention) -> bool:
    return line.speaker is None or line.speaker in mention.entities


def _paragraph(scene: Scene, part: Quote) -> Span:
    return next((b.start, b.end) for b in scene.book.blocks if b.start <= part.start < b.end)


def _tag(scene: Scene, line: Line, part: Quote) -> str | None:
    spans = [*_after(scene, part), *_before(scene, part)]
    forms = [
        TAGS[m.form]
        for m in scene.narrated
        if _is_speaker(line, m) and any(a <= m.start and m.end <= b and _by_verb(scene, m, a, b) for a, b in spans)
    ]
    return min(forms, key=CUES.index) if forms else None


def _after(scene: Scene, part: Quote) -> Iterator[Span]:
    """The sentence after a part, up to the next part."""
    if scene.book.text[part.start : part.end].rstrip(CLOSING).endswith("."):
        return
    limit = min([_paragraph(scene, part)[1], *(start for start, _ in scene.spoken if start >= part.end)])
    end = SENTENCE_END.search(scene.book.text, part.end, limit)
    yield part.end, end.start() if end else limit


def _before(scene: Scene, part: Quote) -> Iterator[Span]:
    """The sentence that leads up to a part."""
    limit = max([_paragraph(scene, part)[0], *(end for _, end in scene.spoken if end <= part.start)])
    lead = scene.book.text[limit : part.start].rstrip()
    if lead.endswith((",", ":")):
        ends = [end.end() for end in SENTENCE_END.finditer(lead)]
        yield limit + (ends[-1] if ends else 0), limit + len(lead)


def _by_verb(scene: Scene, mention: Mention, start: int, end: int) -> bool:
    """Whether one of the two words next to the mention, on either side, is a speech verb."""
    text, verbs = scene.book.text, lexicons.words("speech_verbs")
    left = re.findall(r"\w+", text[start : mention.start])[-2:]
    right = re.findall(r"\w+", text[mention.end : end])[:2]
    return any(word.lower() in verbs for word in (*left, *right))


def _beat(scene: Scene, line: Line, part: Quote) -> bool:
    start, end = _paragraph(scene, part)
    return any(_is_speaker(line, m) and start <= m.start < end for m in scene.narrated)


def _vocative(scene: Scene, number: int) -> bool:
    line = scene.lines[number]
    if _called(scene, line, line.addressees):
        return True
    if number == 0 or line.speaker is None:
        return False
    return _called(scene, scene.lines[number - 1], frozenset((line.speaker,)))


def _called(scene: Scene, line: Line, people: frozenset[int]) -> bool:
    """Whether the line calls one of the people by a name or noun phrase."""
    return any(
        m.form != "pronoun" and people.intersection(m.entities) and _set_off(scene.book.text, m, part)
        for part in line.parts
        for m in scene.book.mentions
        if part.start <= m.start < part.end
    )


def _set_off(text: str, mention: Mention, part: Quote) -> bool:
    before = text[part.start : mention.start].rstrip()
    after = text[mention.end : part.end].lstrip()
    return (not before or before[-1] in OPENING + ",.!?…") and (not after or after[0] in CLOSING + ",.!?…—")


def style(scene: Scene) -> str:
    """The mark that most speeches open with."""
    return Counter(scene.book.text[start] for start, _ in scene.spoken).most_common(1)[0][0]


def person(scene: Scene) -> str:
    words = Counter(scene.book.text[m.start : m.end].lower() for m in scene.narrated)
    for name, pronouns in (("first", FIRST), ("second", SECOND)):
        if sum(words[p] for p in pronouns) >= MANY:
            return name
    return "third"


def tense(scene: Scene) -> str:
    narration, at = "", 0
    for start, end in scene.spoken:
        narration += scene.book.text[at:start] + " "
        at = end
    narration = UNSPOKEN.sub(" ", narration + scene.book.text[at:])
    return "present" if len(PRESENT.findall(narration)) > len(PAST.findall(narration)) else "past"


def speakers(scene: Scene) -> int:
    """How many people speak a line of their own."""
    return len({line.speaker for line in scene.lines} - {None})


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A markdown table."""
    lines = [head, ["---", *("---" if name == "which" else "---:" for name in head[1:])], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def sizes(groups: dict[str, list[Scene]]) -> str:
    """Scenes, words, speech spans, mentions and speakers, per split."""
    rows: list[list[object]] = [
        ["scenes", *(len(g) for g in groups.values())],
        ["words", *(_sum(len(s.book.text.split()) for s in g) for g in groups.values())],
        ["speech spans", *(_sum(len(s.spoken) for s in g) for g in groups.values())],
        ["lines", *(_sum(len(s.lines) for s in g) for g in groups.values())],
        ["mentions", *(_sum(len(s.book.mentions) for s in g) for g in groups.values())],
        ["people declared", *(_sum(len(s.book.entities) for s in g) for g in groups.values())],
        ["speakers a scene: fewest / median / most", *(_spread([speakers(s) for s in g]) for g in groups.values())],
    ]
    return table(["", *groups], rows)


def cues(groups: dict[str, list[Scene]]) -> str:
    """Share of lines by what tells the speaker."""
    counts = [Counter(cue(s, n) for s in g for n in range(len(s.lines))) for g in groups.values()]
    rows = [[name, *(_share(c[name], c.total()) for c in counts)] for name in CUES]
    untagged = ["**untagged in all**", *(_share(sum(c[name] for name in CUES[3:]), c.total()) for c in counts)]
    return table(["share of lines", *groups], [*rows, untagged])


def counted(head: str, groups: dict[str, list[str]], order: Sequence[str] = ()) -> str:
    """How often each value occurs, per split."""
    counts = [Counter(values) for values in groups.values()]
    total = sum(counts, Counter())
    names = order or [name for name, _ in total.most_common()]
    return table([head, *groups], [[name, *(c[name] for c in counts)] for name in names])


def features(coverage: dict[str, list[str]]) -> str:
    """Each feature with the scenes that have it."""
    rows = []
    for key, meaning in FEATURES.items():
        having = sorted(scene for scene, keys in coverage.items() if key in keys)
        rows.append([f"{meaning} (`{key}`)", len(having), ", ".join(having)])
    return table(["feature", "scenes", "which"], rows)


def tables(folder: Path) -> list[tuple[str, str]]:
    """Every table with its heading."""
    splits = {name: [_load(folder, d) for d in scenes.documents(folder, name)] for name in ("train", "dev")}
    groups = {**splits, "all": [scene for split in splits.values() for scene in split]}
    coverage = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))
    return [
        ("Size", sizes(groups)),
        ("What tells who speaks", cues(groups)),
        ("Quotation marks", counted("scenes", {k: [style(s) for s in g] for k, g in groups.items()}, MARKS)),
        ("Pronouns of the people declared", counted("people", {k: _pronouns(g) for k, g in groups.items()})),
        ("Narration", counted("scenes", {k: [_narration(s) for s in g] for k, g in groups.items()})),
        ("What stands in which scene", features(coverage)),
    ]


def _pronouns(group: Iterable[Scene]) -> list[str]:
    return [entity.pronouns or "unknown" for scene in group for entity in scene.book.entities]


def _narration(scene: Scene) -> str:
    return f"{person(scene)} person, {tense(scene)}"


def _load(folder: Path, document: str) -> Scene:
    return Scene.of(scenes.load(folder, document))


def _sum(counts: Iterable[int]) -> str:
    return f"{sum(counts):,}"


def _spread(counts: Sequence[int]) -> str:
    return f"{min(counts)} / {median(counts):g} / {max(counts)}"


def _share(count: int, total: int) -> str:
    return f"{100 * count / max(total, 1):.1f} %"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=Path, default=Path("gold/scenes"))
    options = parser.parse_args()
    print("\n\n".join(f"### {heading}\n\n{content}" for heading, content in tables(options.scenes)))


if __name__ == "__main__":
    main()
