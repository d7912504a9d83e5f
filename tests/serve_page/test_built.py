"""The page that lies in the package: it is the newest, and whole in itself."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEB, STATIC = ROOT / "web", ROOT / "src" / "personae" / "serve" / "static"
SOURCES = (
    "index.html", "package-lock.json", "package.json", "public", "src", "stamp.ts", "tsconfig.json", "vite.config.ts",
)  # fmt: skip


def test_the_built_page_is_the_newest() -> None:
    """Works out `stamp` of web/stamp.ts: where it differs, run `make web`."""
    files = [path for source in SOURCES for path in _files(WEB / source)]
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(WEB).as_posix(), path) for path in files):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    assert (STATIC / "stamp.txt").read_text().strip() == digest.hexdigest(), "the built page is stale: run make web"


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]


def test_the_built_page_needs_nothing_from_elsewhere() -> None:
    """No address but namespaces of the built page leads out, and nothing in it is inline."""
    html = (STATIC / "index.html").read_text()
    assert "__PERSONAE_TOKEN__" in html and not re.search(r"<style|style=|<script>|onload=", html)
    for path in STATIC.rglob("*.*"):
        outside = set(re.findall(rb"https?://[\w./-]+", path.read_bytes())) - {b"http://www.w3.org/2000/svg"}
        assert not outside, path.name
