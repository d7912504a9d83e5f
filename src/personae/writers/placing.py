"""Puts files where they belong, all of them whole or none at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from personae.errors import WriteError


def place(contents: Mapping[Path, bytes], *, folder: Path | None = None) -> None:
    """Write each content to its path, making `folder` first if it is missing.

    Everything is first written under temporary names beside the targets, then renamed. If anything stops
    that (an error, Ctrl-C), the old files are put back and nothing new is left. Raises WriteError.
    """
    made = [folder] if folder and not folder.exists() else []
    staged: dict[Path, Path] = {}
    current = next(iter(contents))
    try:
        for new in made:
            new.mkdir()
        for current in contents:
            _stage(current, contents[current], staged)
        _rename_all(staged)
    except BaseException as error:
        _remove(staged.values(), made)
        if isinstance(error, OSError):
            raise WriteError(_explanation(current, error)) from None
        raise


def probe(targets: Iterable[Path]) -> None:
    """Raise WriteError if a target can't be placed; nothing is left and no target is changed."""
    for target in targets:
        real = Path(os.path.realpath(target))
        try:
            if not real.exists() or real.is_file():
                trial = _beside(real)
                trial.touch(exist_ok=False)
                trial.unlink()
        except OSError as error:
            raise WriteError(_explanation(target, error)) from None


def _stage(target: Path, content: bytes, staged: dict[Path, Path]) -> None:
    real = Path(os.path.realpath(target))
    if real.is_dir():
        raise IsADirectoryError(0, "a folder has this name")
    if real.exists() and not real.is_file():  # a device or a pipe: renaming over it would destroy it
        real.write_bytes(content)
        return
    staged[real] = _beside(real)
    with open(staged[real], "xb") as file:
        file.write(content)


def _rename_all(staged: Mapping[Path, Path]) -> None:
    if len(staged) == 1:
        for target, temporary in staged.items():
            os.replace(temporary, target)
        return
    kept: dict[Path, Path | None] = {}
    try:
        for target, temporary in staged.items():
            kept[target] = _beside(target) if target.exists() else None
            if old := kept[target]:
                os.replace(target, old)
            os.replace(temporary, target)
    except BaseException:
        _put_back(kept)
        raise
    _remove((old for old in kept.values() if old), ())


def _put_back(kept: Mapping[Path, Path | None]) -> None:
    for target, old in kept.items():
        if old is None:
            target.unlink(missing_ok=True)
        elif old.exists():
            os.replace(old, target)


def _beside(target: Path) -> Path:
    return target.with_name(f".personae-{secrets.token_hex(6)}.tmp")


def _remove(files: Iterable[Path], folders: Iterable[Path]) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _explanation(target: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{target}: can't be written (there is no such folder); make the folder first"
    if isinstance(error, PermissionError):
        return f"{target}: can't be written (not allowed); choose a folder that you may write to"
    return f"{target}: can't be written ({error.strerror or error}); choose another place or name"
