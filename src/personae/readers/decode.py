"""Bytes to characters: which encoding a story is in."""

from __future__ import annotations

import codecs
import re

from personae.errors import ReadError

SAMPLE = 256 * 1024
"""Bytes looked at where an encoding has to be guessed."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_CP1252_PUNCTUATION = re.compile(rb"[\x85\x91-\x97]")
_WESTERN = re.compile(b"[" + "…‘’“”–—\xa0¡¿«»°œàâäáãåæçéèêëíîïñóôöõúùûüßÀÉÈÊÇÄÖÜÅÑ".encode("cp1252") + b"]")
"""What French, German, Spanish, Italian, Portuguese use, and Polish or Czech in their own code don't."""
_CP1252_APOSTROPHE = re.compile(rb"[A-Za-z]\x92[a-z]")
_MAC_APOSTROPHE = re.compile(rb"[A-Za-z]\xd5[a-z]")
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_KNOWN = re.compile(r"iso8859|cp12|cp874|cp93|cp94|cp95|koi8|gb|big5|shift_jis|euc_|mac")
_LEGACY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "mac_roman",
    "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp437", "cp850",
]  # fmt: skip


def decode(data: bytes, name: str, *, declared: str | None = None) -> str:
    """The characters of `data`, without a byte-order mark. Never holds a lone surrogate.

    `declared` is what the file says about itself. Raises ReadError if this is no text.
    """
    text = _marked(data)
    text = _utf8(data) if text is None else text
    text = _other(data, declared) if text is None else text
    _refuse_binary(text, name)
    return text


def _marked(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    return None


def _utf8(data: bytes) -> str | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if text and text.count("\0") * 4 > len(text) else text


def _other(data: bytes, declared: str | None) -> str:
    encoding = _unmarked_utf16(data) or _declared(declared)
    if encoding is None and _mostly_utf8(data):
        return data.decode("utf-8", errors="replace")
    return data.decode(encoding or _guess(data), errors="replace")


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 of a Western text shows in the zeros: every second byte."""
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd * 4 > len(sample) and even * 8 < odd:
        return "utf-16-le"
    if even * 4 > len(sample) and odd * 8 < even:
        return "utf-16-be"
    return None


def _declared(label: str | None) -> str | None:
    """The codec for what a file calls its encoding; as browsers do, Latin-1 and ASCII are read as cp1252.

    UTF-8 was tried already, and UTF-16 would have hidden the declaration.
    """
    try:
        encoding = codecs.lookup(label or "").name
    except (LookupError, ValueError):
        return None
    if encoding in ("iso8859-1", "ascii"):
        return "cp1252"
    return encoding if _KNOWN.match(encoding) else None


def _mostly_utf8(data: bytes) -> bool:
    """Whether a UTF-8 file merely has some stray bytes."""
    sequences = sum(len(m) for m in _UTF8_SEQUENCE.findall(data[:SAMPLE]))
    return sequences * 2 > len(_NOT_ASCII.findall(data[:SAMPLE])) and sequences > 8


def _guess(data: bytes) -> str:
    sample = data[:SAMPLE]
    foreign = len(_NOT_ASCII.findall(sample))
    if not foreign:  # the odd bytes come later
        return "cp1252"
    if len(_MAC_APOSTROPHE.findall(sample)) > len(_CP1252_APOSTROPHE.findall(sample)):
        return "mac_roman"
    western = len(_WESTERN.findall(sample)) * 50 >= foreign * 49 and foreign * 7 < len(sample)
    if western or len(_CP1252_PUNCTUATION.findall(sample)) * 2 >= foreign or foreign * 50 < len(sample):
        return "cp1252"
    return _detected(sample) or "cp1252"


def _detected(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_LEGACY).best()
    return best.encoding if best else None


def _refuse_binary(text: str, name: str) -> None:
    sample = text[:SAMPLE]
    odd = len(_CONTROL.findall(sample))
    if "\0" in text or odd * 20 > len(sample) + 20:
        raise ReadError(
            f"{name}: isn't text (it holds binary data); give a story as .txt, .md, .html, .epub or .docx"
        )
