"""The documentation names every command, option and format, and its Python runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from evaluate.__main__ import OPTIONS
from personae.cli import app
from personae.readers import READERS
from personae.writers import WRITERS
from tests.stories import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMAND = (ROOT / "docs" / "command.md").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "benchmarks").glob("*.md")]


def commands() -> dict[str, Any]:
    group: Any = get_command(app)
    return dict(group.commands)


@pytest.mark.parametrize("name", commands())
def test_every_command_is_documented(name: str) -> None:
    section = COMMAND.split(f"\n## personae {name}\n")[1].split("\n## ")[0]
    for parameter in commands()[name].params:
        for word in [*parameter.opts, *parameter.secondary_opts]:
            assert f"`{word}" in section or f"`{parameter.metavar}`" in section, word


def test_every_option_of_the_whole_is_documented() -> None:
    for parameter in get_command(app).params:
        for word in parameter.opts:
            assert word in COMMAND, word


@pytest.mark.parametrize("ending", READERS)
def test_every_format_that_is_read_is_documented(ending: str) -> None:
    assert f"`{ending}`" in COMMAND


def test_the_readme_has_each_format() -> None:
    modules = {".txt", ".md", ".html", ".epub", ".docx"}
    assert all(f"`{ending}`" in README for ending in modules)
    assert all(f"`{writer.endings[0]}`" in README for writer in WRITERS.values())


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_that_is_written_is_documented(name: str) -> None:
    assert all(f"`{ending}`" in COMMAND for ending in WRITERS[name].endings)
    assert f"{name}:" in COMMAND


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_of_evaluate_is_documented(option: str) -> None:
    assert f"`{option}" in (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")


def test_every_make_target_is_documented() -> None:
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert targets
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in set(targets[1].split()) - {"help", "browser"}:
        assert f"make {target}" in contributing, target


def test_the_readme_opens_with_the_two_commands() -> None:
    assert re.findall(r"```\n(.*?)```", README, re.DOTALL)[0].split()[:2] == ["make", "demo"]
    assert README.index("make demo") < README.index("make test") < README.index("docs/page.png")


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"}, encoding="utf-8",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "“There’s a landlady behind it.”" in result.stdout
    assert (tmp_path / "story.html").is_file()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_the_json_of_the_book_format_is_what_is_written() -> None:
    import json

    import personae

    page = (ROOT / "docs" / "book-format.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    shown = json.loads(example)
    assert personae.load(example.encode()).cast[0].name == "Anselm"
    written = json.loads((ROOT / "tests" / "writers" / "stored" / "harbour.json").read_text(encoding="utf-8"))
    assert shown.keys() == written.keys()
    for key in ("blocks", "entities", "mentions", "quotes", "scenes"):
        assert shown[key][0].keys() == written[key][0].keys(), key
