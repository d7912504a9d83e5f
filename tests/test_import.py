"""`import personae` is quick, and opens nothing but modules."""

from __future__ import annotations

import subprocess
import sys

from personae import lexicons

QUICK = 0.3
"""Seconds, the best of several runs; the interpreter's own start isn't counted."""

TIMED = """
import time
start = time.perf_counter()
import personae
print(time.perf_counter() - start)
"""

WATCHED = """
import sys

import_files = (".py", ".pyc", ".so", ".pyd", ".pth", ".zip")
opened = []

def watch(event, arguments):
    if event == "open":
        path = arguments[0]
        if isinstance(path, (str, bytes)):
            name = path.decode() if isinstance(path, bytes) else path
            if not name.endswith(import_files) and ".pyc." not in name:
                opened.append(name)
    elif event.startswith(("socket.", "subprocess.", "urllib.", "os.system", "os.exec", "os.posix_spawn")):
        opened.append(event)

sys.addaudithook(watch)
import personae
print(*opened, sep="\\n", end="")
"""

HEAVY = ("pandas", "lxml", "docx", "typer", "rich", "charset_normalizer", "torch", "onnxruntime", "tokenizers")


def test_is_quick() -> None:
    assert min(float(_python(TIMED)) for _ in range(7)) < QUICK


def test_opens_no_file_and_no_socket() -> None:
    assert _python(WATCHED).splitlines() == []


def test_loads_nothing_heavy() -> None:
    loaded = _python(f"import personae, sys; print(*[n for n in {HEAVY} if n in sys.modules])")
    assert loaded.split() == []


def test_reading_text_needs_no_pandas() -> None:
    code = f"""
import io, sys, personae
from personae import cli
book = personae.read(io.BytesIO(b'"Hello," Ann said.'))
print(*[n for n in {HEAVY} if n in sys.modules])
"""
    assert set(_python(code).split()) <= {"typer", "lxml", "onnxruntime", "tokenizers"}


def test_word_lists_are_read_when_they_are_needed() -> None:
    code = "import personae, personae.lexicons as lists; print(lists.words.cache_info().currsize)"
    assert _python(code).strip() == "0"
    assert lexicons.words("stopwords")


def _python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    ).stdout
