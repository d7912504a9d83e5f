"""Who speaks to whom: people on a circle, an arc for each direction, and the same as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin, sqrt

from personae.book import Book
from personae.writers.html_faces import Face, escape, plural

DRAWN = 15
"""How many people are drawn: those with the most lines said and heard."""

ARCS = 4
"""How many arcs are drawn for each person there, the heaviest first."""

ROWS = 200
"""How many pairs the table lists."""

WIDTH = 460
CENTRE = WIDTH / 2
RADIUS = 122
MARGIN = 42

Pair = tuple[int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Node:
    """A person in the picture."""

    x: float
    y: float
    size: float


def talk(book: Book, faces: Sequence[Face]) -> str:
    """The picture and the table."""
    pairs = spoken_to(book)
    if not pairs:
        return '<p class="empty">No line has both a known speaker and a known listener.</p>'
    return _picture(pairs, faces) + _table(pairs, faces)


def spoken_to(book: Book) -> Counter[Pair]:
    """(speaker, listener) to how many lines."""
    return Counter(
        (quote.speaker, to)
        for quote in book.quotes
        if quote.speaker is not None and quote.kind in ("speech", "written")
        for to in quote.addressees
        if to != quote.speaker
    )


def circle(pairs: Mapping[Pair, int]) -> list[int]:
    """The people to draw, in an order that puts those who speak much with each other side by side."""
    traffic: Counter[int] = Counter()
    for (speaker, to), count in pairs.items():
        traffic[speaker] += count
        traffic[to] += count
    left = sorted(traffic, key=lambda person: (-traffic[person], person))[:DRAWN]
    order = [left.pop(0)]
    while left:
        last = order[-1]
        nearest = max(left, key=lambda person: pairs.get((person, last), 0) + pairs.get((last, person), 0))
        left.remove(nearest)
        order.append(nearest)
    return order


def _picture(pairs: Mapping[Pair, int], faces: Sequence[Face]) -> str:
    people = circle(pairs)
    shown = dict(_ranked({pair: count for pair, count in pairs.items() if set(pair) <= set(people)}))
    nodes = _nodes(people, shown)
    top = max(shown.values(), default=1)
    drawn = list(shown.items())[: ARCS * len(people)]
    arcs = "".join(_arc(pair, count / top, count, nodes, faces) for pair, count in reversed(drawn))
    discs = "".join(_disc(person, nodes[person], faces[person]) for person in people)
    lowest, highest = (edge(node.y for node in nodes.values()) for edge in (max, min))
    return (
        f'<svg class="talk" viewBox="0 {highest - MARGIN:.0f} {WIDTH} {lowest - highest + 2 * MARGIN:.0f}"'
        f' role="group" aria-label="Who speaks to whom"><g aria-hidden="true">{arcs}</g><g>{discs}</g></svg>'
        '<p class="caption">An arc has the colour of the one who speaks and points to the one who listens; '
        "the thicker, the more lines. Point at a name to see only its arcs.</p>"
    )


def _ranked(pairs: Mapping[Pair, int]) -> list[tuple[Pair, int]]:
    return sorted(pairs.items(), key=lambda item: (-item[1], item[0]))


def _nodes(people: Sequence[int], pairs: Mapping[Pair, int]) -> dict[int, Node]:
    """Where each person stands: the first at the top, two side by side; the more lines, the bigger."""
    said = Counter(
        {person: sum(n for (speaker, _), n in pairs.items() if speaker == person) for person in people}
    )
    most = max(1, *said.values())
    turn = pi if len(people) == 2 else pi / 2
    angles = {person: 2 * pi * i / len(people) - turn for i, person in enumerate(people)}
    return {
        p: Node(CENTRE + RADIUS * cos(a), RADIUS * sin(a), 7 + 9 * sqrt(said[p] / most))
        for p, a in angles.items()
    }


def _arc(pair: Pair, share: float, count: int, nodes: Mapping[int, Node], faces: Sequence[Face]) -> str:
    """A curve that bends to one side, so that the two directions between two people lie apart."""
    speaker, to = (nodes[person] for person in pair)
    width = 0.8 + 5 * share
    bend = 0.16 if len(nodes) > 2 else 0.3
    middle = (
        (speaker.x + to.x) / 2 - bend * (to.y - speaker.y),
        (speaker.y + to.y) / 2 + bend * (to.x - speaker.x),
    )
    start = _toward((speaker.x, speaker.y), middle, speaker.size + 1)
    end = _toward((to.x, to.y), middle, to.size + 5 + width)
    path = f"M{_at(start)}Q{_at(middle)} {_at(end)}"
    title = f"{faces[pair[0]].name} to {faces[pair[1]].name}: {plural(count, 'line')}"
    return (
        f'<g class="arc {faces[pair[0]].style}" data-arc="{pair[0]} {pair[1]}"><title>{escape(title)}</title>'
        f'<path d="{path}" stroke-width="{width:.1f}"/>'
        f'<path class="head" d="{_arrow(middle, end, 2.5 + width)}"/></g>'
    )


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _toward(start: Point, end: Point, distance: float) -> Point:
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    share = distance / length
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _arrow(before: Point, tip: Point, size: float) -> str:
    """A triangle at the end of a curve that comes from `before`."""
    angle = atan2(tip[1] - before[1], tip[0] - before[0])
    corners = ((1.0, angle), (0.8, angle + pi / 2), (0.8, angle - pi / 2))
    points = ((tip[0] + size * r * cos(a), tip[1] + size * r * sin(a)) for r, a in corners)
    return f"M{'L'.join(map(_at, points))}Z"


def _disc(person: int, node: Node, face: Face) -> str:
    x, y, anchor = _label(node)
    name = escape(face.name)
    return (
        f'<a href="#p{person}" class="node {face.style}" data-node="{person}" aria-label="{name}">'
        f'<circle cx="{node.x:.1f}" cy="{node.y:.1f}" r="{node.size:.1f}"/>'
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(face.short)}</text></a>'
    )


def _label(node: Node) -> tuple[float, float, str]:
    """Where a name stands: above or below at the top and the bottom, else beside."""
    if abs(node.x - CENTRE) < RADIUS / 8:
        return node.x, node.y + (node.size + 16 if node.y > 0 else -node.size - 7), "middle"
    side = 1 if node.x > CENTRE else -1
    return node.x + side * (node.size + 6), node.y + 4.5, "start" if side > 0 else "end"


def _table(pairs: Mapping[Pair, int], faces: Sequence[Face]) -> str:
    ranked = _ranked(pairs)
    rows = "".join(
        f"<tr><td>{escape(faces[a].name)}</td><td>{escape(faces[b].name)}</td><td>{count:,}</td></tr>\n"
        for (a, b), count in ranked[:ROWS]
    )
    left = len(ranked) - ROWS
    note = f'<p class="caption">{plural(left, "pair")} more with fewer lines.</p>' if left > 0 else ""
    head = '<tr><th scope="col">Speaks</th><th scope="col">to</th><th scope="col">lines</th></tr>'
    return (
        '<details class="more"><summary>The same as a table</summary>'
        f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>{note}</details>"
    )
