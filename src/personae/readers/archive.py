"""Reading from a zip file that may be damaged, or made to do harm."""

from __future__ import annotations

import io
import zipfile
import zlib

from personae.errors import ReadError

LARGEST_ENTRY = 100 * 2**20
LARGEST_TOTAL = 200 * 2**20
"""Bytes unpacked; a long novel is a tenth of that."""
MOST_ENTRIES = 20_000
HIGHEST_RATIO = 200
"""Unpacked to packed, for an entry of more than a megabyte; prose packs to a third."""


class Archive:
    """The entries of a zip file in memory, by name. Nothing is ever written to disk."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._entries = {info.filename: info for info in self._zip.infolist()}
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            NotImplementedError,
            OverflowError,
            MemoryError,
        ) as error:
            raise self.damaged(str(error)) from None
        if len(self._entries) > MOST_ENTRIES:
            raise ReadError(
                f"{name}: holds {len(self._entries)} files, far more than a book; check where it comes from"
            )

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def __contains__(self, entry: str) -> bool:
        return entry in self._entries

    def damaged(self, why: str) -> ReadError:
        reason = " ".join(why.split()) or "unexpected end"
        return ReadError(f"{self.name}: is damaged ({reason}); download it again")

    def read(self, entry: str) -> bytes:
        """The bytes of an entry. Raises ReadError if it is missing, locked, broken or too large."""
        info = self._entries.get(entry)
        if info is None:
            raise self.damaged(f"{entry!r} is missing")
        if info.flag_bits & 1:
            raise ReadError(f"{self.name}: is locked by a password; give an unlocked copy")
        self._check_size(info)
        try:
            return self._zip.read(info)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise self.damaged(str(error)) from None
        except (RuntimeError, LookupError, AssertionError, OverflowError) as error:  # odd flags and methods
            raise self.damaged(str(error)) from None

    def _check_size(self, info: zipfile.ZipInfo) -> None:
        """A reader never unpacks more than the size an entry claims, so the claims are what to check."""
        self._unpacked += info.file_size
        bloated = info.file_size > 2**20 and info.file_size > HIGHEST_RATIO * max(info.compress_size, 1)
        if bloated or info.file_size > LARGEST_ENTRY or self._unpacked > LARGEST_TOTAL:
            raise ReadError(
                f"{self.name}: unpacks to far more than a book holds (a zip bomb?); check where it comes from"
            )
