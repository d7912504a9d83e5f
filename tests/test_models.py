"""The weight files: whole, or one line that says what is wrong."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import pytest

from personae import __version__
from personae.annotators import made_by
from personae.errors import WeightsError
from personae.models import MANIFEST, Models, open_models

LABELS = b'{"upos": ["X"]}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file and its manifest."""
    (tmp_path / "labels.json").write_bytes(LABELS)
    listed = {"files": {"labels.json": {"sha256": sha256(LABELS).hexdigest(), "bytes": len(LABELS)}}}
    (tmp_path / MANIFEST).write_text(json.dumps(listed), encoding="utf-8")
    return tmp_path


def refused(folder: Path) -> str:
    with pytest.raises(WeightsError) as error:
        open_models(folder)
    assert "\n" not in str(error.value) and "install Personae again" in str(error.value)
    return str(error.value)


def test_whole_weights_are_opened(folder: Path) -> None:
    models = open_models(folder)
    assert models.labels == {"upos": ["X"]}
    assert models.checksums == {"labels.json": f"sha256:{sha256(LABELS).hexdigest()}"}


def test_what_made_a_book_has_the_checksums(folder: Path) -> None:
    models = open_models(folder)
    assert made_by(models) == {"personae": __version__, "weights": dict(models.checksums)}


def test_a_missing_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    assert f"{folder / MANIFEST}: the list of the weight files is missing" in refused(folder)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"files": []}', '{"files": null}', '{"files": {"labels.json": 1}}',
     '{"files": {"labels.json": {}}}', "\ud800"],
)  # fmt: skip
def test_a_broken_manifest(folder: Path, content: str) -> None:
    (folder / MANIFEST).write_bytes(content.encode("utf-8", "surrogatepass"))
    assert f"{folder / MANIFEST}: the list of the weight files can't be read" in refused(folder)


def test_a_missing_file(folder: Path) -> None:
    (folder / "labels.json").unlink()
    assert f"{folder / 'labels.json'}: this weight file is missing" in refused(folder)


def test_an_altered_file(folder: Path) -> None:
    (folder / "labels.json").write_bytes(LABELS + b" ")
    assert f"{folder / 'labels.json'}: this weight file isn't the one that was released" in refused(folder)


@pytest.mark.parametrize("part", ["encoder", "tokenizer", "phrases", "nodes", "pairs"])
def test_a_file_that_is_not_listed_is_not_opened(folder: Path, part: str) -> None:
    (folder / "encoder.onnx").write_bytes(b"?")
    with pytest.raises(WeightsError, match="isn't in the list of the weight files"):
        getattr(open_models(folder), part)


def test_nothing_is_opened_before_it_is_used() -> None:
    models = Models(Path("nowhere"), MappingProxyType({"encoder.onnx": "sha256:0"}))
    assert "encoder" not in vars(models)
