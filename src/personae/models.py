"""Finds, checks and opens the weight files; nothing else."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from personae.errors import WeightsError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

FOLDER = Path(__file__).with_name("weights")
MANIFEST = "MANIFEST.json"
AGAIN = "install Personae again (pip install --force-reinstall personae)"


@dataclass(frozen=True)
class Models:
    """Weights that have been checked against their manifest; each file is opened when it is first used."""

    folder: Path
    checksums: MappingProxyType[str, str]

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """Wordpieces of one word at a time, no marks around them."""
        from tokenizers import Tokenizer

        found = Tokenizer.from_file(str(self._listed("tokenizer.json")))
        found.no_padding()
        found.no_truncation()
        return found

    @cached_property
    def known(self) -> frozenset[str]:
        """English words that are one wordpiece, in lower case."""
        return frozenset(word for word in self.tokenizer.get_vocab() if word.isalpha())

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """The label sets of the heads, by head."""
        found: dict[str, list[str]] = json.loads(self._listed("labels.json").read_text(encoding="utf-8"))
        return found

    @cached_property
    def encoder(self) -> InferenceSession:
        """The encoder with its heads; `train/export.py` says what goes in and out."""
        return self._session("encoder.onnx", alone=True)

    @cached_property
    def phrases(self) -> InferenceSession:
        """Where the net of people begins: the words of a mention."""
        return self._session("people.phrases.onnx", alone=True)

    @cached_property
    def nodes(self) -> InferenceSession:
        """Then: mentions among their neighbours."""
        return self._session("people.nodes.onnx")

    @cached_property
    def pairs(self) -> InferenceSession:
        """And last: a mention beside an earlier one."""
        return self._session("people.pairs.onnx")

    @cached_property
    def heads(self) -> InferenceSession:
        """Where the net of lines begins: the words of a mention, and of a line."""
        return self._session("speakers.heads.onnx", alone=True)

    @cached_property
    def speakers(self) -> InferenceSession:
        """The net of lines: a stretch of a conversation; `annotators.speakers.inputs` says what goes in."""
        return self._session("speakers.onnx")

    def _session(self, name: str, *, alone: bool = False) -> InferenceSession:
        return open_graph(str(self._listed(name)), alone=alone)

    def _listed(self, name: str) -> Path:
        """Where a file is that has been checked; a run of training opens weights that aren't all there yet."""
        if name not in self.checksums:
            raise WeightsError(f"{self.folder / MANIFEST}: {name} isn't in the list of the weight files; {AGAIN}")
        return self.folder / name


@cache
def open_models(folder: Path = FOLDER) -> Models:
    """Check every file that the manifest in `folder` lists.

    Raises WeightsError, in one line, where one is missing or altered; so does using a file that isn't listed.
    """
    checksums = _manifest(folder)
    for name, checksum in checksums.items():
        path = folder / name
        try:
            found = sha256(path.read_bytes()).hexdigest()
        except OSError:
            raise WeightsError(f"{path}: this weight file is missing; {AGAIN}") from None
        if found != checksum:
            raise WeightsError(f"{path}: this weight file isn't the one that was released; {AGAIN}")
    return Models(folder, MappingProxyType({name: f"sha256:{checksum}" for name, checksum in checksums.items()}))


def processors() -> int:
    """How many this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def open_graph(graph: str | bytes, *, alone: bool = False) -> InferenceSession:
    """A graph, or the file that it is in, ready to run as every graph here is: on the processor, waiting quietly.

    One that is to run beside itself gets a single processor for each run, `alone`.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    if alone:
        options.intra_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _manifest(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file, by name."""
    path = folder / MANIFEST
    try:
        files: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {name: str(entry["sha256"]) for name, entry in files.items()}
    except OSError:
        raise WeightsError(f"{path}: the list of the weight files is missing; {AGAIN}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise WeightsError(f"{path}: the list of the weight files can't be read; {AGAIN}") from None
