"""The example stories, and small stories and Texts to try things on."""

from __future__ import annotations

from pathlib import Path

from personae.text import Block, Text

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted(
    path for path in (ROOT / "examples").iterdir() if path.suffix != ".md" or "README" not in path.name
)

SHORT = (
    "“You’re late,” Mara said.\n\n"
    "Tobin hung up his coat. “The bridge was up.”\n\n"
    "“It’s always up,” she told him.\n"
)


def text_of(content: str) -> Text:
    """`content` as a Text with a paragraph for each stretch between blank lines."""
    blocks, at = [], 0
    for part in content.split("\n\n"):
        start = at + len(part) - len(part.lstrip())
        end = start + len(part.strip())
        if end > start:
            blocks.append(Block(start, end, "paragraph"))
        at += len(part) + 2
    return Text(content, tuple(blocks))
