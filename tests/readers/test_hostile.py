"""Whatever comes in, a sound Text or a ReadError of one line comes out.

`HYPOTHESIS_PROFILE=thorough` runs 10,000 examples.
"""

import os
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personae import ReadError
from personae.readers import READERS, read_bytes
from tests.readers import samples
from tests.readers.samples import assert_sound

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
LIMITS = settings(
    max_examples=5000 if THOROUGH else 200,
    deadline=None,
    derandomize=not THOROUGH,
    suppress_health_check=list(HealthCheck),
)
ENDINGS = st.sampled_from([*READERS, ""])
PHRASES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<br>",
        "<em>",
        "<div class='meta'>",
        "<h2>",
        "<!--",
        "]]>",
        "<![CDATA[",
        "&#xD800;",
        "&bomb;",
        "&",
        "<q>",
        "Chapter 1",
        "I",
        "***",
        "A/N:",
        "\n\n",
        "\n",
        "\t",
        "    ",
        "“",
        "”",
        "\u202e",
        "\u200f",
        "\ufeff",
        "Title: x",
        "by Ada",
        "\r",
        "Contents",
        "---\ntitle: x\n---\n",
        "*",
        "_",
        "[",
        "](x)",
        "\x85",
        "\u2028",
        "\x0b",
        "\x1f",
        "😀",
        "Ada",
        " ",
        "o0o",
        "*** START OF THE PROJECT GUTENBERG EBOOK",
        "*** END OF THE PROJECT GUTENBERG EBOOK",
        "<html>",
        "<a name='section1'>",
        "<div id='preface'>",
        "<div id='chapters'>",
        "<div id=storytext>",
        "<pre>",
        "<table class='full'>",
        "<b>Rating:</b>",
    ]
)


@cache
def valid() -> tuple[bytes, ...]:
    return (
        samples.two_chapters(2),
        samples.two_chapters(3),
        samples.docx(),
        samples.ao3(),
        samples.fanficfare_html(),
        samples.fanfiction_net(),
    )


def check(data: bytes, name: str) -> None:
    try:
        text = read_bytes(data, name)
    except ReadError as error:
        message = str(error)
        assert message.startswith(f"{name}: ") or message.startswith(f"{name}, ")
        assert "\n" not in message and "; " in message
    else:
        assert_sound(text)


@LIMITS
@given(st.binary(max_size=400), ENDINGS)
def test_any_bytes(data: bytes, ending: str) -> None:
    check(data, f"story{ending}")


@LIMITS
@given(st.lists(PHRASES | st.text(max_size=8), max_size=40).map("".join), ENDINGS)
def test_any_text(text: str, ending: str) -> None:
    check(text.encode("utf-8", "replace"), f"story{ending}")


@LIMITS
@given(st.data(), ENDINGS)
def test_damaged_files(data: st.DataObject, ending: str) -> None:
    broken = bytearray(data.draw(st.sampled_from(valid())))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=6))
    check(bytes(broken), f"story{ending}")


@LIMITS
@given(st.data())
def test_damage_within_archives(data: st.DataObject) -> None:
    """Entries whose sums are right and whose content isn't."""
    import io
    import zipfile

    archive = zipfile.ZipFile(io.BytesIO(data.draw(st.sampled_from(valid()[:3]))))
    files = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(files)))
    content = bytearray(files[name])
    at = data.draw(st.integers(0, len(content)))
    content[at : at + data.draw(st.integers(0, 60))] = data.draw(
        st.binary(max_size=8) | PHRASES.map(str.encode)
    )
    check(samples.zipped(files | {name: bytes(content)}), "story.epub")


@pytest.mark.parametrize("ending", [*READERS, ""])
@pytest.mark.parametrize(
    "data", [b"", b" \n", b"\0" * 100, b"Ada\0Brun", b"PK\x03\x04", b"PK", bytes(range(256)) * 40]
)
def test_known_bad_files(data: bytes, ending: str) -> None:
    if data == b"PK" and ending not in (".epub", ".docx", ".zip"):
        pytest.skip("two letters are text")
    with pytest.raises(ReadError):
        read_bytes(data, f"story{ending}")
