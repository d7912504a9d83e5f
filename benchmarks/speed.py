"""Speed, memory, start-up and the page, as a Markdown table.

    python -m benchmarks.speed                     # everything; a few minutes
    python -m benchmarks.speed --words 1000 10000  # only texts of these lengths
    python -m benchmarks.speed --same-names        # the scenes repeated as they are: the cast stays as it is
    python -m benchmarks.speed --skip page         # leave parts out: pipeline, start, page

The texts are grown from our own annotated scenes, one after the other as chapters; each time round, everybody in
a scene gets other names, so that the cast grows as it does in a long novel. Each length runs in a process of its
own, whose peak memory is the system's count. What the whole read is held against is the encoder alone, without its
heads, on the same windows of wordpieces, in the same run: a machine that is busy or slow changes both.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

from benchmarks import bare
from gold import scenes
from personae.book import Book

ROOT = Path(__file__).resolve().parents[1]
SCENES = ROOT / "gold" / "scenes"
LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
PARTS = ("pipeline", "start", "page")
STARTS = 7
NOVEL = 100_000
"""Words of the novel whose page is opened."""

MADE = 256
"""Windows whose arrays are made before the encoder alone is timed on them."""

ONSETS = ("B", "Br", "C", "D", "Dr", "F", "G", "H", "K", "L", "M", "N", "P", "R", "S", "St", "T", "Th", "V", "W")
MIDDLES = ("a", "e", "i", "o", "u", "ar", "el", "in", "or", "an", "ol", "ei")
ENDS = ("n", "ra", "lin", "mond", "ssa", "dric", "la", "th", "na", "vin", "tt", "rel", "ca", "lo")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, nargs="+", default=LENGTHS, metavar="N", help="lengths of the texts")
    parser.add_argument("--same-names", action="store_true", help="repeat the scenes as they are")
    parser.add_argument("--skip", nargs="+", default=(), choices=PARTS, help="parts to leave out")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one)))
        return
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start, Python {sys.version.split()[0]}\n")
    parts = {"pipeline": lambda: pipeline(options.words, same=options.same_names), "start": start_up, "page": page}
    for name in PARTS:
        if name not in options.skip:
            for line in parts[name]():
                print(line, flush=True)
            print()


def pipeline(lengths: Sequence[int], *, same: bool) -> Iterator[str]:
    """Time and memory of reading and annotating, by length."""
    yield (
        "| words | tokens | read and annotate, s | bare encoder, s | whole ÷ bare | who speaks ÷ encoder | tokens/s "
        "| time per token, first = 1 | peak MB |"
    )
    yield "|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    first = None
    with tempfile.TemporaryDirectory() as folder:
        for words in lengths:
            story = Path(folder) / f"{words}.txt"
            story.write_text(grown(words, same=same), encoding="utf-8")
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.speed", "--one", story], cwd=ROOT, capture_output=True, check=True
            )
            m = json.loads(done.stdout)
            each = m["whole"] / m["tokens"]
            first = first or each
            yield (
                f"| {words:,} | {m['tokens']:,} | {m['whole']:.1f} | {m['bare']:.1f} "
                f"| {m['whole'] / m['bare']:.2f} | {100 * m['lines'] / m['reading']:.0f} % "
                f"| {1 / each:,.0f} | {each / first:.2f} | {m['memory']:.0f} |"
            )


def measure(story: Path) -> dict[str, float]:
    """One text, in this process: seconds for the whole, for its steps and for the encoder alone, peak memory in MB."""
    import personae

    personae.read(ROOT / "examples" / "night_window.txt")  # opens word lists and weights
    reached: dict[str, float] = {}

    def progress(step: str, done: int, total: int) -> None:
        reached.setdefault(step, time.perf_counter())

    began = time.perf_counter()
    book = personae.read(story, progress=progress)
    whole = time.perf_counter() - began
    memory = peak_memory()
    return {
        "whole": whole, "reading": reached["conversations"] - reached["reading"],
        "lines": reached["people"] - reached["conversations"], "tokens": len(book.tokens), "memory": memory,
        "bare": bare_encoder(book),
    }  # fmt: skip


def bare_encoder(book: Book) -> float:
    """Seconds that the encoder without heads takes for the windows that `annotate` has read, side by side as it did."""
    from personae.annotators.encoder import read_windows, side_by_side
    from personae.annotators.layout import quote_of_token
    from personae.annotators.words import look_up
    from personae.models import open_graph, open_models

    models = open_models()
    session = open_graph(bare.cut((models.folder / "encoder.onnx").read_bytes(), "words"), alone=True)
    spans = [book.tokens.span(q.start, q.end) for q in book.quotes]
    quoted = quote_of_token(book.quotes, spans, len(book.tokens)) >= 0
    windows = read_windows(book.tokens, look_up(book.text, book.tokens), quoted, models)
    seconds = 0.0
    while some := list(islice(windows, MADE)):
        start = time.perf_counter()
        for _ in side_by_side(lambda window: session.run(["words"], window[1])[0].shape, some):
            pass
        seconds += time.perf_counter() - start
    return seconds


def peak_memory() -> float:
    """MB; the system counts kilobytes on Linux and bytes on macOS."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def start_up() -> Iterator[str]:
    """`personae read` of a story of some 700 words, from the shell to the files written."""
    story = ROOT / "examples" / "night_window.html"
    with tempfile.TemporaryDirectory() as folder:
        outputs = [word for ending in ("html", "json", "tei") for word in ("-o", f"{folder}/out.{ending}")]
        command = [sys.executable, "-m", "personae", "read", str(story), *outputs]
        times = sorted(_timed(command) for _ in range(STARTS))
    words = len(story.with_suffix(".txt").read_text(encoding="utf-8").split())
    yield f"| `personae read` of a story of {words} words | best | median |"
    yield "|---|---:|---:|"
    yield f"| cold start to page, JSON and TEI written, s | {times[0]:.2f} | {times[STARTS // 2]:.2f} |"


def _timed(command: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def page() -> Iterator[str]:
    """The page of a novel: its size, how long it takes to make, to open, and to answer a click."""
    import personae
    from personae.annotators import annotate

    with tempfile.TemporaryDirectory() as folder:
        story, out = Path(folder) / "novel.txt", Path(folder) / "novel.html"
        story.write_text(grown(NOVEL), encoding="utf-8")
        book = annotate(personae.read_text(story))
        start = time.perf_counter()
        personae.write(book, out)
        made = time.perf_counter() - start
        opened, answered = _opened(out)
        size = out.stat().st_size / 1e6
    yield f"| page of a novel of {NOVEL:,} words | size, MB | made, s | open in Chromium, s | answers a click, s |"
    yield "|---|---:|---:|---:|---:|"
    yield f"| {len(book.cast):,} people, {len(book.quotes):,} lines | {size:.1f} | {made:.2f} | {opened} | {answered} |"


def _opened(path: Path) -> tuple[str, str]:
    """Seconds until the page is there and its script has run, and until the next frame after a click on a tab."""
    installed = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not installed:
        return "no Chromium", "–"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=installed, args=["--no-sandbox", "--disable-gpu"])
        view = browser.new_page()
        start = time.perf_counter()
        view.goto(path.as_uri())
        view.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        opened = time.perf_counter() - start
        start = time.perf_counter()
        view.locator("[role=tab], nav button, nav a").nth(1).click()
        view.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        answered = time.perf_counter() - start
        browser.close()
    return f"{opened:.2f}", f"{answered:.2f}"


def grown(words: int, *, same: bool = False) -> str:
    """A text of about `words` words: all scenes as chapters, again and again, with other names or the same."""
    chapters: list[str] = []
    size = 0
    names = _names()
    for number in count(1):
        for scene in scenes.documents(SCENES):
            book = scenes.load(SCENES, scene)
            body = book.text if same or number == 1 else _renamed(book.text, book, names)
            chapters.append(f"Chapter {len(chapters) + 1}\n\n{body}")
            size += len(body.split())
            if size >= words:
                return _cut("\n\n".join(chapters), words)
    raise AssertionError


def _cut(text: str, words: int) -> str:
    """Whole paragraphs up to about `words` words."""
    kept, size = [], 0
    for paragraph in text.split("\n\n"):
        kept.append(paragraph)
        size += len(paragraph.split())
        if size >= words:
            break
    return "\n\n".join(kept) + "\n"


def _names() -> Iterator[str]:
    for number in count():
        yield "".join(
            kind[number // step % len(kind)]
            for kind, step in ((ONSETS, 1), (MIDDLES, len(ONSETS)), (ENDS, len(ONSETS) * len(MIDDLES)))
        ) + ("" if number < 3360 else "o" * (number // 3360))


def _renamed(text: str, book: Book, names: Iterator[str]) -> str:
    """The scene with another word for each capitalised word of its people's names."""
    words = {
        word
        for entity in book.entities
        for name in (entity.name, *entity.aliases)
        for word in re.findall(r"\b[A-Z][a-zà-ÿ]{2,}\b", name)
    } - KEPT
    if not words:
        return text
    other = {word: next(names) for word in sorted(words)}
    return re.sub(rf"\b(?:{'|'.join(sorted(words))})\b", lambda match: other[match[0]], text)


KEPT = {"Captain", "Doctor", "Miss", "Mister", "Mrs", "Aunt", "Uncle", "Mum", "Dad", "Mother", "Father", "The", "Sir"}

if __name__ == "__main__":
    main()
