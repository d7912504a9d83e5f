"""What the server refuses, and what hostile stories, names and files can't do."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Route

from personae.errors import ShelfError
from personae.serve import app as app_module
from personae.serve.guard import HEADERS
from personae.serve.readings import unpack
from personae.serve.reply import Reply
from personae.serve.shelf import Shelf
from tests.serve.served import HOST, STORY, Client, client, named

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(tmp_path_factory.mktemp("shelf") / "shelf.db") as found:
        found.add(STORY.encode())
        found.settled(1)
        yield found


PATHS = ["/", "/api/shelf", "/api/stories/1", "/api/stories/99", "/api/nothing", "/assets/nothing.js"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_policy(served: Client, path: str) -> None:
    answer = served.get(path)
    assert HEADERS.items() <= {key: answer.headers.get(key) for key in HEADERS}.items()
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == ("no-store" if path.startswith("/api") else "no-cache")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", "evil.example:8737", ""])
@pytest.mark.parametrize("path", PATHS)
def test_other_hosts_are_refused(served: Client, path: str, host: str) -> None:
    answer = served.get(path, Host=host)
    assert answer.status_code == 403 and answer.json()["error"]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8737", f"http://{HOST}.evil.example"])
def test_other_origins_are_refused(served: Client, origin: str) -> None:
    assert served.get("/api/shelf", Origin=origin).status_code == 403
    assert served.post("/api/stories/1/undo", {}, Origin=origin).status_code == 403
    assert served.get("/api/shelf", Origin=f"http://{HOST}").status_code == 200


WRITES = [
    ("POST", "/api/stories?name=a.txt"), ("POST", "/api/stories/1/corrections"), ("POST", "/api/stories/1/undo"),
    ("POST", "/api/stories/1/redo"), ("POST", "/api/stories/1/position"), ("POST", "/api/stories/1/read_to"),
    ("POST", "/api/stories/1/read"), ("POST", "/api/stories/1/cancel"), ("DELETE", "/api/stories/1"),
    ("POST", "/api/stories/1/corrections.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("token", [None, "", "wrong", "é"])
def test_no_write_without_the_token(served: Client, method: str, path: str, token: str | None) -> None:
    headers = {} if token is None else {"X-Personae-Token": token.encode()}
    answer = served.http.request(method, path, content=b"x", headers=headers)
    assert answer.status_code == 403
    assert served.get("/api/shelf").json()["stories"][0]["state"] == "ready"


def test_the_routes_that_write_are_all_here(served: Client) -> None:
    routes = app_module._routes(served.desk)
    methods = {"POST", "PUT", "PATCH", "DELETE"}
    writing = {r.path for r in routes if isinstance(r, Route) and methods & (r.methods or set())}
    tried = {re.sub(r"/1\b", "/{story:int}", path.partition("?")[0]) for _, path in WRITES}
    assert writing == tried


def test_the_page_alone_has_the_token(
    served: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    (tmp_path / "index.html").write_text('<meta name="personae-token" content="__PERSONAE_TOKEN__">', encoding="utf-8")
    monkeypatch.setattr(app_module, "STATIC", tmp_path)
    assert f'content="{served.token}"' in served.get("/").text
    for path in ("/api/shelf", "/api/stories/1", "/api/stories/1/corrections.toml"):
        assert served.token not in served.get(path).text


def test_without_a_built_page_it_says_so(served: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "STATIC", tmp_path)
    answer = served.get("/")
    assert answer.status_code == 503 and "isn't built" in answer.text


@pytest.mark.parametrize(
    "path",
    ["/assets/../app.py", "/assets/%2e%2e/app.py", "/assets/..%2f..%2fshelf.py", "/../../etc/passwd", "//etc/passwd",
     "/assets//etc/passwd", "/api/stories/1/export/../../../etc/passwd", "/api/stories/../shelf.db"],
)  # fmt: skip
def test_no_path_leads_out(served: Client, path: str) -> None:
    answer = served.get(path)
    assert answer.status_code in (403, 404) and "root:" not in answer.text and "import" not in answer.text


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/passwd", "..\\..\\evil.txt", "C:\\evil.txt", "a/b/c.txt"])
def test_a_name_is_no_path(served: Client, name: str) -> None:
    answer = served.post(f"/api/stories?name={name}", STORY.encode())
    assert answer.status_code == 201
    row = served.desk.shelf.story(answer.json()["id"])
    assert row and row.path is None and "/" not in row.name and "\\" not in row.name
    served.wait(row.id)
    assert served.http.request(
        "DELETE", f"/api/stories/{row.id}", headers={"X-Personae-Token": served.token}
    ).status_code == 200  # fmt: skip


@pytest.mark.parametrize("name", ["", "a\x00.txt", "a\n.txt", "a" * 999, "..", "/"])
def test_names_that_are_none_are_refused(served: Client, name: str) -> None:
    answer = served.http.post(
        "/api/stories", params={"name": name}, content=b"x", headers={"X-Personae-Token": served.token}
    )
    assert answer.status_code == 400 or name == ".."


def test_uploads_are_bounded(served: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("personae.serve.writes.LARGEST", 1000)
    monkeypatch.setattr("personae.serve.writes.LARGEST_BODY", 1000)
    assert served.post("/api/stories?name=a.txt", b"x" * 2000).status_code == 413

    def parts() -> Iterator[bytes]:
        yield from (b"x" * 400 for _ in range(5))

    headers = {"X-Personae-Token": served.token}
    assert served.http.post("/api/stories?name=a.txt", content=parts(), headers=headers).status_code == 413
    assert served.post("/api/stories/1/corrections", {"op": "x" * 2000}).status_code == 413


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff\xfe", b"NaN", b'"x"', b"1"])
def test_bodies_that_are_no_json_object(served: Client, body: bytes) -> None:
    assert served.post("/api/stories/1/corrections", body).status_code == 400
    assert served.post("/api/stories/1/position", body).status_code == 400


@pytest.mark.parametrize("block", [-1, 10**9, "1", None, 1.5, True])
def test_positions_are_checked(served: Client, block: object) -> None:
    assert served.post("/api/stories/1/position", {"block": block}).status_code == 400


def test_blocks_are_bounded(served: Client) -> None:
    for query in ("from=0&to=401", "from=5&to=2", "from=-1&to=5", "from=x", f"from={'9' * 50}&to=1"):
        assert served.get(f"/api/stories/1/blocks?{query}").status_code == 400


def epub() -> bytes:
    """An EPUB that tries everything: scripts, entities, paths that lead out."""
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>&lt;img src=x onerror=alert(1)&gt;</dc:title></metadata>'
        '<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="d" href="../../../etc/passwd" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/><itemref idref="d"/></spine></package>'
    )
    chapter = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><script>alert(1)</script></head><body onload="alert(1)">'
        "<p>“Hello,” said Mara &lt;script&gt;. &x;</p><p><img src='x' onerror='alert(1)'/>“Go,” said Tobin.</p>"
        "<iframe src='http://evil.example/'/><p>Mara went. Tobin stayed.</p></body></html>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in (("META-INF/container.xml", container), ("p.opf", package), ("c.xhtml", chapter)):
            file.writestr(name, content)
    return out.getvalue()


def test_what_is_in_an_epub_stays_text(served: Client) -> None:
    number = served.add(epub(), "evil.epub")
    skeleton = served.settled(number)
    assert skeleton["title"] == "<img src=x onerror=alert(1)>"
    blocks = served.get(f"/api/stories/{number}/blocks?from=0&to=50").json()["blocks"]
    text = " ".join(block["text"] for block in blocks)
    assert "root:" not in text and "alert(1)" not in text and "“Hello,” said Mara <script>." in text
    answer = served.get(f"/api/stories/{number}/blocks?from=0&to=50")
    assert answer.headers["content-type"] == "application/json"


def test_names_and_words_stay_text_in_every_answer(served: Client) -> None:
    number = served.add(f"“Hi,” said Mara.\n\n{HOSTILE} Mara left.\n\n“Yes,” Mara said.".encode(), f"{HOSTILE[:8]}.txt")
    people = named(served.settled(number))
    mara = next(iter(people.values()))
    served.correct(number, op="rename", person=mara, name=HOSTILE)
    served.correct(number, op="speaker", line=0, person={"new": '"><img src=x onerror=alert(1)>'})
    for path in ("", "/blocks?from=0&to=9", f"/entities/{mara}", "/lines/0", "/search?q=script", "/corrections.csv"):
        answer = served.get(f"/api/stories/{number}{path}")
        assert answer.status_code == 200 and "html" not in answer.headers["content-type"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    page = served.get(f"/api/stories/{number}/export/html")
    assert HOSTILE not in page.text and page.headers["content-disposition"].startswith("attachment;")
    for form in ("tei", "gold.xml", "json", "ssml", "fountain", "csv"):
        answer = served.get(f"/api/stories/{number}/export/{form}")
        assert answer.status_code == 200 and answer.headers["content-disposition"].startswith("attachment;")


def test_a_broken_upload_fails_in_a_line(served: Client) -> None:
    bad = {"a.epub": b"PK\x03\x04 and no more", "b.txt": bytes(range(256)) * 40, "c.pdf": b"%PDF-1.4"}
    for name, content in bad.items():
        answer = served.post(f"/api/stories?name={name}", content)
        row = served.wait(answer.json()["id"])
        assert row["state"] == "failed" and row["error"] and "\n" not in row["error"]
        assert served.get(f"/api/stories/{row['id']}").status_code == 409


def test_a_shelf_is_no_program(tmp_path: Path) -> None:
    """A shelf somebody gives away holds no pickles; what isn't a reading is read anew."""
    assert unpack(b"cos\nsystem\n(S'echo'\ntR.") is None
    assert unpack(b"") is None
    import numpy as np

    out = io.BytesIO()
    np.savez(out, spans=np.array([{"a": 1}], dtype=object))
    assert unpack(out.getvalue()) is None


def test_what_is_no_shelf_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_bytes(b"not a database, but long enough to be taken for one" * 50)
    with pytest.raises(ShelfError, match="can't be used as a shelf"):
        Shelf(tmp_path / "no.db")
    with pytest.raises(ShelfError, match="--shelf"):
        Shelf(tmp_path / "nowhere" / "shelf.db")
    db = sqlite3.connect(tmp_path / "newer.db")
    db.execute("CREATE TABLE shelf (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
    db.execute("INSERT INTO shelf VALUES ('format', '99')")
    db.commit()
    db.close()
    with pytest.raises(ShelfError, match="another version"):
        Shelf(tmp_path / "newer.db")


def test_the_shelf_is_its_owners_alone(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf.db")
    shelf.add("a.txt", b"x")
    assert len(files := list(tmp_path.iterdir())) == 3 and not any(path.stat().st_mode & 0o077 for path in files)
    assert shelf.token == shelf.token and len(shelf.token) > 30
    shelf.close()


def test_half_a_character_breaks_nothing() -> None:
    assert Reply({"text": "a\ud800b"}).body == b'{"text":"a?b"}'


def test_errors_inside_are_told_without_a_trace(served: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("personae.serve.answers.find", broken)
    answer = served.get("/api/stories/1/search?q=x")
    assert answer.status_code == 500 and "secret" not in answer.text
    assert json.loads(answer.text)["error"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]

