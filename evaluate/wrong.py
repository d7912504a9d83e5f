"""Wrong cases in their context, to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evaluate import pronouns, speakers
from evaluate.speakers import Line
from personae.book import Span

Item = TypeVar("Item")

AROUND = 320
"""Characters shown before and after."""

SIDES = ("missed", "added")


class Compared(Protocol):
    """Spans of a document that gold alone or the prediction alone has, each with its category if it has one."""

    document: str
    text: str
    missed: Sequence[tuple[int, int] | tuple[int, int, str]]
    added: Sequence[tuple[int, int] | tuple[int, int, str]]


def show_speakers(
    console: Console, measured: Sequence[speakers.Measured], count: int, only: str | None
) -> None:
    """Where the wrong lines come from, then `count` of them, evenly spread over the wrong lines."""
    console.print(_reasons(measured))
    texts = {document.document: document.text for document in measured}
    wrong = [
        line for document in measured for line in document.lines if not line.right and _wanted(line, only)
    ]
    for line in spread(wrong, count):
        console.rule(_heading(line), align="left")
        console.print(in_context(texts[line.document], line.spans), highlight=False, soft_wrap=True)


def show_spans(console: Console, measured: Sequence[Compared], count: int, only: str | None) -> None:
    """`count` missed and `count` added spans, evenly spread; `only` is one of these, a category or a document."""
    for side in SIDES if only not in SIDES else (only,):
        found = [
            (m, (start, end), "".join(category))
            for m in measured
            for start, end, *category in getattr(m, side)
            if only in (None, side, *category, m.document)
        ]
        for document, span, category in spread(found, count):
            facts = (side, f"{document.document} {span[0]}", category)
            console.rule(" · ".join(filter(None, facts)), align="left")
            console.print(in_context(document.text, (span,)), highlight=False, soft_wrap=True)


def show_pronouns(
    console: Console, measured: Sequence[pronouns.Measured], count: int, only: str | None
) -> None:
    """`count` wrong pronouns, evenly spread; `only` is a class or a document."""
    wrong = [
        (m, p) for m in measured for p in m.pronouns if not p.right and only in (None, p.type, m.document)
    ]
    for document, pronoun in spread(wrong, count):
        facts = (
            f"gold [green]{escape(pronoun.gold)}[/green] · predicted [red]{escape(pronoun.predicted)}[/red]"
        )
        console.rule(f"{document.document} {pronoun.span[0]} · {pronoun.type} · {facts}", align="left")
        console.print(in_context(document.text, (pronoun.span,)), highlight=False, soft_wrap=True)


def spread(items: Sequence[Item], count: int) -> list[Item]:
    """`count` items at even distances."""
    if len(items) <= count:
        return list(items)
    return [items[n * len(items) // count] for n in range(count)]


def in_context(text: str, spans: Sequence[Span], around: int = AROUND) -> str:
    """The spans, marked, with the text around and between them (rich markup)."""
    pieces = [escape(text[max(0, spans[0][0] - around) : spans[0][0]])]
    for (start, end), following in zip(
        spans, [*(s for s, _ in spans[1:]), spans[-1][1] + around], strict=True
    ):
        pieces.append(f"[reverse]⟦{escape(text[start:end])}⟧[/reverse]")
        pieces.append(escape(text[end:following]))
    return "".join(pieces)


def _wanted(line: Line, only: str | None) -> bool:
    return only is None or only in (line.type, line.why, line.document)


def _heading(line: Line) -> str:
    said = line.speaker or ("undecided" if line.found else "quote not found")
    rest = ", ".join(f"{name} {chance:.2f}" for name, chance in line.alternatives[:4])
    facts = [
        f"{line.document} {line.spans[0][0]}",
        f"gold [green]{escape(line.gold)}[/green]",
        f"predicted [red]{escape(said)}[/red] {line.confidence:.2f}",
        line.why or "",
        line.type or "",
        f"then {escape(rest)}" if rest else "",
        "gold is a candidate" if line.candidate else "gold is no candidate",
    ]
    return " · ".join(fact for fact in facts if fact)


def _reasons(measured: Sequence[speakers.Measured]) -> Table:
    table = Table("type", "why", "lines", "right", "wrong", title="where the wrong lines come from")
    for kind, why, lines, right in speakers.reasons(measured):
        table.add_row(kind, why, str(lines), f"{100 * right / lines:.1f} %", str(lines - right))
    return table
