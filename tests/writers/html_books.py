"""Books for the page: one short scene of our own, marked up by hand, and as many words of it as wanted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from personae.book import Book, Entity, Mention, Quote, check
from personae.text import Block, Metadata

# [0:Ines] is a mention of entity 0, [:it] an unresolved one. {0>1 97 tag:…} is a line that 0 says to 1, 97 %
# sure, and why; {t 0 90 beat:…} a thought, {w …} something written, {o :…} words nobody says; {? 30 -:…} is
# undecided. _…_ is in italics. A block opens with "# " (heading), "! " (note), "> " (verse) or is "* * *".
SCENE = """\
# One

# Low Water

! Thanks to everybody who wrote after the last chapter! This one is short & wet.

The ferry had stopped a stone's throw from the landing, and the river went on without it.

{0>1 97 tag:“[0:You] said it would float,”} said [0:Ines Carrow]. [0:She] had [0:her] boots in [0:her] hand
and mud to the knee.

{1>0 95 beat:“[1:I] said it _had_ floated.”} [1:Tobin] leaned on the rail as if [1:he] owned it. {1>0 92
beat:“Once. In the spring, with the river up and nobody's mother aboard.”}

{0>1 64 turn:“[1:You] told [0:me] there were lanterns. [1:You] told [0:me] there was soup.”}

{1>0 58 turn:“There is a lantern.”}

Behind [0 1:them] [2:the ferrymaster] laughed, not kindly. [2:Quill Abernathy] had carried three governors
and a bear across this water, and [2:they] had liked the bear.

{2>0+1 99 tag:“The lantern is mine,”} [2:Quill] said. {2>0+1 96 tag:“So is the soup. [0 1:You two] may have
the mud.”}

{t 0 88 tag:_[1:He] knew_,} thought [0:Ines]. {t 0 81 tag:_[1:He] knew when [1:he] bought the tickets._}

A board was nailed to the wheelhouse. {w :NO REFUNDS AFTER THE SECOND BELL}, it read, in letters that
somebody had painted with love.

{? 31 -:“Which bell was that?”}

{? 24 -:“The second.”}

{2>1 47 turn:“It rang while [1:you] were sleeping, [1:boy]. It rings for everyone.”}

[1:Tobin] put [1:his] hat back on. [1:He] called this {o :“thinking”}; [1:his] sister had other words for
[:it].

> The river is a patient thing,
> it neither asks nor waits;
> it lends a boat, it keeps a ring,
> it never opens gates.

{1>2 93 tag:“[1:My] mother used to sing that,”} [1:he] told [2:Quill]. {1>2 90 tag:“She drowned.”}

{0>1 98 tag:“She did not drown,”} said [0:Ines]. {0>1 95 tag:“She runs a bakery in Marle, and [1:you] owe
her for the flour.”}

* * *

# Two

By dark the river had come up a hand's breadth, then two. [2:Quill] lit the lantern and set three bowls
beside it.

{2>0 91 beat:“Soup,”} [2:they] said. {2>0 89 beat:“And then a lantern, and then the river. [0:You] were
promised all three.”}

[0:Ines] looked at the bowl, and at [1:her brother], who was studying the stars with great attention.
[0:She] began, in spite of [0:herself], to laugh.

{0>2 85 beat:“What do [0 1:we] owe [2:you]?”}

{2>0 86 turn:“The truth about the bakery,”} said [2:the ferrymaster]. {2>0 88 tag:“Does she make the little
ones, with the river salt?”}

{1>2 77 turn:“On Sundays,”} [1:Tobin] said. {1>2 96 tag:“[1:I] can ask. It is only bread, and [1:I] am, [0
1:we] are, a family of bakers.”}

The hull shivered, and lifted, and was a boat again.
"""

PEOPLE = (
    ("Ines Carrow", ("Ines Carrow", "Ines", "Miss Carrow"), "she/her"),
    ("Tobin", ("Tobin", "boy"), "he/him"),
    ("Quill Abernathy", ("Quill Abernathy", "Quill", "the ferrymaster"), "they/them"),
)

_MARK = re.compile(r"\{(?P<quote>[^:{}]*):|\[(?P<mention>[\d ]*):|[\]}_]")
_KINDS = {"t": "thought", "w": "written", "o": "other"}


class _Scene:
    """Reads the marks out of a scene's text, a block at a time."""

    def __init__(self) -> None:
        self.text = ""
        self.chapter = 0
        self.blocks: list[Block] = []
        self.mentions: list[Mention] = []
        self.quotes: list[Quote] = []
        self.emphasis: list[tuple[int, int]] = []

    def block(self, source: str) -> None:
        kind, body = _kind(source)
        if kind == "heading" and not (self.blocks and self.blocks[-1].kind == "heading"):
            self.chapter += 1
        start, opened, at = len(self.text), [], 0
        for mark in _MARK.finditer(body):
            self.text += body[at : mark.start()]
            at = mark.end()
            self._mark(mark, opened)
        self.text += body[at:]
        self.blocks.append(Block(start, len(self.text), kind, self.chapter))
        self.text += "\n\n"

    def _mark(self, mark: re.Match[str], opened: list[tuple[int, str]]) -> None:
        sign, here = mark[0], len(self.text)
        if sign == "]":
            start, ids = opened.pop()
            entities = tuple(map(int, ids.split()))
            form = "name" if self.text[start].isupper() else "pronoun"
            self.mentions.append(
                Mention(start, here, (start, here), form, entities, 0.95 if entities else 0.0)
            )
        elif sign == "}":
            self.quotes.append(_quote(*opened.pop(), here))
        elif sign == "_":
            italic = [item for item in opened if item[1] == "_"]
            if italic:
                opened.remove(italic[0])
                self.emphasis.append((italic[0][0], here))
            else:
                opened.append((here, "_"))
        else:
            opened.append((here, mark["mention"] if mark["quote"] is None else mark["quote"]))

    def book(self, people: tuple[Entity, ...]) -> Book:
        quotes = sorted(self.quotes, key=lambda quote: quote.start)
        return Book(
            self.text,
            tuple(self.blocks),
            Metadata("Low Water", "A. Penhallow", language="en", summary="Three people, one boat, no river."),
            tuple(sorted(self.emphasis)),
            entities=people,
            mentions=tuple(sorted(self.mentions, key=lambda mention: mention.start)),
            quotes=tuple(replace(quote, id=i, utterance=i) for i, quote in enumerate(quotes)),
            made_by={"personae": "0.1.0"},
        )


def _kind(source: str) -> tuple[str, str]:
    if source == "* * *":
        return "break", source
    kind = {"# ": "heading", "! ": "note", "> ": "verse"}.get(source[:2], "paragraph")
    if kind == "verse":
        return kind, source.replace("\n> ", "\n")[2:]
    return kind, source.replace("\n", " ")[0 if kind == "paragraph" else 2 :]


def _quote(start: int, code: str, end: int) -> Quote:
    kind = _KINDS.get(code[:1], "speech")
    who, percent, why = (*code.removeprefix(code[:1] if code[:1] in _KINDS else "").split(), "-", "0", "-")[
        :3
    ]
    speaker, _, listeners = who.partition(">")
    return Quote(
        0, start, end, kind, 0,  # type: ignore[arg-type]
        int(speaker) if speaker.isdigit() else None,
        tuple(int(each) for each in listeners.split("+") if each),
        int(percent) / 100 if percent.isdigit() else 0.0,
        None if why == "-" else why,  # type: ignore[arg-type]
        None,
        ((1, 0.31), (0, 0.22)) if speaker == "?" else (),
    )  # fmt: skip


def counted(book: Book) -> Book:
    """The same Book with mentions and quotes of each entity counted."""
    spoken = Counter(quote.speaker for quote in book.quotes)
    meant = Counter(entity for mention in book.mentions for entity in mention.entities)
    entities = (replace(e, mentions=meant[e.id], quotes=spoken[e.id]) for e in book.entities)
    return replace(book, entities=tuple(entities))


def scene() -> Book:
    """The scene once: three people, thoughts, a board, verse, a note, a break, undecided lines."""
    reading = _Scene()
    for block in SCENE.strip().split("\n\n"):
        reading.block(block)
    people = tuple(Entity(i, "person", *row) for i, row in enumerate(PEOPLE))
    return check(counted(reading.book(people)))


GIVEN = (
    "Ada", "Bram", "Cleo", "Dorn", "Edda", "Finn", "Gwen", "Hale", "Isla", "Jory",
    "Kit", "Lark", "Mara", "Nils", "Odo", "Pell", "Quin", "Rhea", "Sorrel", "Tam",
)  # fmt: skip
FAMILY = ("Ashdown", "Birch", "Carrow", "Dunmore", "Eastwick", "Fenn")


def crowd(count: int) -> tuple[Entity, ...]:
    """So many people, each with a name of their own."""
    names = [f"{GIVEN[i % 20]} {FAMILY[i // 20 % 6]}" + " II" * (i >= 120) for i in range(count)]
    sets = ("she/her", "he/him", "they/them", None)
    return tuple(
        Entity(i, "person", name, (name, name.split()[0]), sets[i % 4]) for i, name in enumerate(names)
    )


def novel(words: int = 100_000, people: int = 60, extra_mentions: int = 60) -> Book:
    """The scene again and again among many people, some of them far oftener than others.

    `extra_mentions` words of each scene are made mentions too, as a full novel has more of them.
    """
    one = scene()
    times = max(1, round(words / len(one.text.split())))
    text, blocks, mentions, quotes, emphasis = one.text * times, [], [], [], []
    denser = (*one.mentions, *_more_mentions(one, extra_mentions))
    for turn in range(times):
        at, chapter, cast = turn * len(one.text), turn // 6 + 1, _trio(turn, people)
        blocks += [replace(b, start=b.start + at, end=b.end + at, chapter=chapter) for b in one.blocks]
        emphasis += [(start + at, end + at) for start, end in one.emphasis]
        mentions += [_moved(m, at, cast) for m in denser]
        quotes += [_moved_quote(q, at, cast, turn) for q in one.quotes]
    quotes = [replace(quote, id=i, utterance=i) for i, quote in enumerate(quotes)]
    mentions.sort(key=lambda mention: mention.start)
    book = replace(
        one, text=text, blocks=tuple(blocks), mentions=tuple(mentions), quotes=tuple(quotes),
        emphasis=tuple(emphasis), entities=crowd(people),
        metadata=Metadata("The Long Crossing", "A. Penhallow", language="en"),
    )  # fmt: skip
    return check(counted(book))


def _trio(turn: int, people: int) -> tuple[int, int, int]:
    """Three people; the first ones meet most often."""
    few = min(people, 14)
    pool = people if turn % 5 == 0 else few
    first = turn * turn % pool
    second = (first + 1 + turn % (pool - 2)) % pool
    third = next(p for p in range(pool) if (p not in (first, second) and (p + turn) % 2 == 0) or p > 3)
    return first, second, third if third not in (first, second) else (second + 1) % pool


def _more_mentions(book: Book, count: int) -> list[Mention]:
    taken = [(mention.start, mention.end) for mention in book.mentions]
    found = []
    for word in re.finditer(r"\b(?:the|and|it|a|was|had|there)\b", book.text):
        start, end = word.span()
        if len(found) < count and all(end <= s or start >= e for s, e in taken):
            found.append(
                Mention(start, end, (start, end), "pronoun", (len(found) % 3,), 0.6 + len(found) % 4 / 10)
            )
    return found


def _moved(mention: Mention, at: int, cast: tuple[int, ...]) -> Mention:
    start, end = mention.start + at, mention.end + at
    return replace(
        mention, start=start, end=end, head=(start, end), entities=tuple(cast[e] for e in mention.entities)
    )


def _moved_quote(quote: Quote, at: int, cast: tuple[int, ...], turn: int) -> Quote:
    return replace(
        quote,
        start=quote.start + at,
        end=quote.end + at,
        speaker=None if quote.speaker is None else cast[quote.speaker],
        addressees=tuple(cast[to] for to in quote.addressees),
        alternatives=tuple((cast[who], chance) for who, chance in quote.alternatives),
        confidence=max(0.0, quote.confidence - turn % 7 / 50),
    )
