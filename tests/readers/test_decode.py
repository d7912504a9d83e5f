"""Encodings."""

import codecs

import pytest

from personae import ReadError
from personae.readers.decode import decode

QUOTES = "“Don’t,” said Ada — and Brun’s lamp went out…"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_smart_quotes_survive(encoding: str) -> None:
    text = "\n\n".join([QUOTES, "The sea was quiet. " * 20] * 3)
    assert decode(text.encode(encoding), "a.txt") == text


def test_marks_that_come_late_are_seen() -> None:
    text = "The sea was quiet. " * 20_000 + QUOTES
    assert decode(text.encode("cp1252"), "a.txt") == text


def test_mac_apostrophes() -> None:
    assert (
        decode("Don’t, said Ada. “It’s late.”".encode("mac_roman"), "a.txt")
        == "Don’t, said Ada. “It’s late.”"
    )


def test_other_alphabets_are_detected() -> None:
    russian = "Ада держала лампу и смотрела на море, а Брун спал внизу и ничего не слышал. " * 5
    assert decode(russian.encode("cp1251"), "a.txt") == russian


def test_french_is_western() -> None:
    french = (
        "« Où étais-tu ? » demanda Hélène à son frère. La mer était calme, et le gardien dormait déjà. " * 5
    )
    assert decode(french.encode("cp1252"), "a.txt") == french


def test_a_stray_byte_does_not_spoil_utf8() -> None:
    data = (QUOTES * 3).encode() + b" \x93 " + (QUOTES * 3).encode()
    assert decode(data, "a.txt") == f"{QUOTES * 3} \ufffd {QUOTES * 3}"


def test_what_a_page_declares() -> None:
    assert decode("Žižka držel lampu".encode("cp1250"), "a", declared="windows-1250") == "Žižka držel lampu"
    assert decode("“Ada”".encode("cp1252"), "a", declared="ISO-8859-1") == "“Ada”"


@pytest.mark.parametrize(
    "label", ["utf-7", "punycode", "rot13", "unicode_escape", "zlib", "no-such", "utf-16", "a\0b"]
)
def test_odd_declarations_count_for_nothing(label: str) -> None:
    assert decode(b"+2AA- caf\xe9 xn--a \\ud800", "a", declared=label) == "+2AA- café xn--a \\ud800"


@pytest.mark.parametrize(
    "data", [b"Ada\0Brun", bytes(range(256)) * 4, b"\x01\x02\x03", codecs.BOM_UTF16_LE + b"a\0\0\0b\0"]
)
def test_binary_data(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"^a\.bin: isn't text \(it holds binary data\); "):
        decode(data, "a.bin")


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert decode(codecs.BOM_UTF16_LE + "Ada".encode("utf-16-le") + b"\x00\xd8", "a") == "Ada\ufffd"
