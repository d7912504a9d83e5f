"""The plan of the house: which room may import which, and that every import keeps to it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOUNS = {"errors", "text", "book", "cast"}
RUNTIME = NOUNS | {
    "corrections", "explanations", "profiles", "lexicons", "models", "readers", "annotators", "writers", "api",
}  # fmt: skip

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "lexicons": set(),
    "text": {"errors"},
    "cast": {"errors"},
    "book": {"errors", "text", "writers"},  # writers: only inside frame() and _repr_html_()
    "profiles": {"book"},
    "explanations": {"book", "errors"},
    "models": {"errors"},
    "corrections": {"errors", "text"},
    "readers": {"errors", "text"},
    "annotators": {*NOUNS, "corrections", "lexicons", "models", "personae"},  # personae: its version
    "writers": {*NOUNS, "profiles", "lexicons"},
    "api": RUNTIME,
    "personae": RUNTIME,
    "terminal": {*NOUNS, "explanations", "writers"},
    "serve": {*RUNTIME, "terminal"},
    "cli": {*RUNTIME, "personae", "terminal", "serve"},
    "__main__": {"cli"},
    "gold": RUNTIME | {"personae"},
    "evaluate": RUNTIME | {"personae", "gold"},
    "train": RUNTIME | {"personae", "gold", "evaluate"},
}
"""Room to the rooms it may import beside itself. `personae` is the front door, src/personae/__init__.py."""

OUTSIDE = {
    "readers": {"lxml", "charset_normalizer", "markdown_it"},
    "profiles": {"numpy"},
    "models": {"onnxruntime", "tokenizers"},
    "annotators": {"numpy", "threadpoolctl", "onnxruntime", "tokenizers"},  # of the last two only types
    "writers": {"numpy", "lxml"},
    "book": {"numpy", "pandas"},
    "terminal": {"rich"},
    "cli": {"typer"},
    "serve": {"numpy", "starlette", "uvicorn"},
    "gold": {"numpy", "lxml", "docx", "rich"},
    "evaluate": {"numpy", "rich"},
    "train": {"numpy", "torch", "transformers", "onnx", "onnxruntime", "tokenizers"},
}
"""Room to the packages from outside that it may import."""

LIBRARY = sorted((ROOT / "src" / "personae").rglob("*.py"))
AROUND = [path for room in ("gold", "evaluate", "train") for path in sorted((ROOT / room).rglob("*.py"))]
MODULES = [*LIBRARY, *AROUND]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_keep_to_the_plan(path: Path) -> None:
    room = _room_of(path)
    assert room in MAY_IMPORT, f"{room}: a new room; add it to MAY_IMPORT and docs/architecture.md"
    allowed = MAY_IMPORT[room] | {room} | OUTSIDE.get(room, set())
    for name in _imported(path):
        assert _room(name) in allowed or _is_standard(name), f"{path.name} imports {name}"


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_the_library_needs_nothing_around_it(path: Path) -> None:
    around = {"gold", "evaluate", "train", "benchmarks", "tests", "torch", "transformers", "onnx"}
    assert {name.split(".")[0] for name in _imported(path)}.isdisjoint(around)


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_the_nets_are_imported_when_they_are_used(path: Path) -> None:
    at_once = {name.split(".")[0] for node in _tree(path).body for name in _names(node)}
    assert at_once.isdisjoint({"onnxruntime", "tokenizers"})


@pytest.mark.parametrize("path", [p for p in LIBRARY if p.stem != "models"], ids=lambda path: path.stem)
def test_only_models_opens_a_net(path: Path) -> None:
    inside = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.FunctionDef)]
    used = {name.split(".")[0] for function in inside for node in ast.walk(function) for name in _names(node)}
    assert used.isdisjoint({"onnxruntime", "tokenizers"})


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_only_the_command_prints(path: Path) -> None:
    calls = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.Call)]
    printing = [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert printing == []


def test_the_rooms_are_in_the_architecture() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for room in MAY_IMPORT.keys() - {"personae", "__main__"}:
        assert f"{room}.py" in page or f"{room}/" in page, room


def test_the_dependencies_are_explained() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    known = {
        "docx": "python-docx", "charset_normalizer": "charset-normalizer", "markdown_it": "markdown-it-py",
    }  # fmt: skip
    for package in set().union(*OUTSIDE.values()):
        assert f"| {known.get(package, package)} " in page, package


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imported(path: Path) -> Iterator[str]:
    """Dotted names of everything imported anywhere in the file."""
    for node in ast.walk(_tree(path)):
        yield from _names(node)


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        yield from (_submodule(node.module or "", alias.name) for alias in node.names)


def _submodule(module: str, name: str) -> str:
    """`from personae import readers` imports the module personae.readers; other names are no modules."""
    inside = ROOT / "src" / module.replace(".", "/") / name
    return f"{module}.{name}" if inside.is_dir() or inside.with_suffix(".py").exists() else module


def _room(name: str) -> str:
    parts = name.split(".")
    return parts[1] if parts[0] == "personae" and len(parts) > 1 else parts[0]


def _room_of(path: Path) -> str:
    if path not in LIBRARY:
        return path.relative_to(ROOT).parts[0]
    inside = path.relative_to(ROOT / "src" / "personae")
    room = inside.parts[0].removesuffix(".py")
    return "personae" if room == "__init__" else room


def _is_standard(name: str) -> bool:
    return name.split(".")[0] in sys.stdlib_module_names
