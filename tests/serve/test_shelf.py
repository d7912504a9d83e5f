"""The shelf and what a reader sees of a story: progress, cancelling, positions, nothing from beyond."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gold import scenes
from personae.serve import copy as copies
from personae.serve.exports import EXPORTS
from personae.serve.identities import Trace, carry
from tests.serve.served import STORY, Client, client, named

BOOK = (
    f"CHAPTER I\n\n{STORY}\n\nCHAPTER II\n\n“At last,” said Mara’s brother Anselm. He sat down.\n\n"
    "“Anselm!” Mara cried. “You came.”\n"
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(tmp_path_factory.mktemp("shelf") / "shelf.db") as found:
        found.add(BOOK.encode(), "two chapters.txt")
        found.settled(1)
        yield found


def test_the_shelf_lists_what_is_on_it(served: Client) -> None:
    (row,) = [row for row in served.get("/api/shelf").json()["stories"] if row["id"] == 1]
    assert row["state"] == "ready" and row["progress"] == 1.0 and row["error"] is None
    assert row["words"] > 80 and row["lines"] >= 10 and row["title"]


def test_the_skeleton_fits_the_blocks(served: Client) -> None:
    whole = served.story(1)
    blocks = served.get(f"/api/stories/1/blocks?from=0&to={whole['blocks']}").json()["blocks"]
    assert [len(block["text"]) for block in blocks] == whole["block_chars"]
    assert [line["id"] for block in blocks for line in block["lines"]] == whole["lines"]["id"]
    assert [chapter["title"] for chapter in whole["chapters"]] == ["CHAPTER I", "CHAPTER II"]
    assert whole["chapters"][-1]["end_block"] == whole["blocks"]
    assert sum(chapter["words"] for chapter in whole["chapters"]) == whole["words"]
    numbers = {entity["id"] for entity in whole["entities"]}
    assert {speaker for speaker in whole["lines"]["speaker"] if speaker >= 0} <= numbers
    assert all(len(counts) == whole["slices"]["count"] for counts in whole["presence"].values())


def test_a_line_has_its_context_and_choices(served: Client) -> None:
    start = BOOK.index("“I could")
    found = served.get(f"/api/stories/1/lines/{start}").json()
    assert found["line"]["id"] == start and len(found["context"]) == 4
    people = named(served.story(1))
    assert {people["Mara"], people["Tobin"]} <= {choice["entity"] for choice in found["choices"]}
    assert found["choices"][0]["probability"] >= found["choices"][-1]["probability"]
    assert served.get("/api/stories/1/lines/3").status_code == 404


def test_a_card_says_who_that_is(served: Client) -> None:
    people = named(served.story(1))
    found = served.get(f"/api/stories/1/entities/{people['Mara']}").json()
    assert found["entity"]["name"] == "Mara" and found["sample_lines"] and found["talks_to"]
    assert any(group["words"] == "Mara" and len(group["mentions"]) >= 3 for group in found["called"])
    assert found["does"] and all(BOOK[deed["start"] : deed["end"]] in deed["sentence"] for deed in found["does"])
    assert served.get("/api/stories/1/entities/999").status_code == 404


def test_words_are_found(served: Client) -> None:
    assert served.get("/api/stories/1/search").json() == []
    (place,) = served.get("/api/stories/1/search?q=the%20BRIDGE").json()
    assert BOOK[place["start"] : place["end"]] == place["match"] == "The bridge"
    assert place["after"].startswith(" was up")
    assert served.get("/api/stories/1/search?q=.*(").json() == []


def test_nothing_from_beyond_what_has_been_read(served: Client) -> None:
    whole = served.story(1)
    border = whole["chapters"][1]["block"] - 1
    assert served.post("/api/stories/1/read_to", {"block": border}).status_code == 200
    safe = served.get("/api/stories/1?spoilers=0").json()
    assert safe["read_to"] == border
    assert "Anselm" not in json.dumps([safe["entities"], safe["talks"], safe["presence"]])
    met = {entity["id"] for entity in safe["entities"]}
    anselm = named(whole)["Anselm"]
    assert met < {entity["id"] for entity in whole["entities"]} and anselm not in met
    assert served.get(f"/api/stories/1/entities/{anselm}?spoilers=0").status_code == 404
    assert served.get("/api/stories/1/search?q=Anselm&spoilers=0").json() == []
    mara = served.get(f"/api/stories/1/entities/{named(whole)['Mara']}?spoilers=0").json()
    assert "brother" not in json.dumps(mara) and "cries" not in json.dumps(mara)
    start = BOOK.index("“I could")
    body = {"op": "speaker", "line": start, "person": {"new": "a ghost"}}
    found = served.post("/api/stories/1/corrections?spoilers=0", body).json()
    assert found["entities"] and "Anselm" not in json.dumps(found["entities"])
    served.post("/api/stories/1/undo")
    assert served.post("/api/stories/1/read_to", {"block": None}).status_code == 200
    assert served.story(1)["read_to"] is None


def test_the_position_is_kept(served: Client) -> None:
    served.post("/api/stories/1/position", {"block": 3})
    assert served.story(1)["position"] == 3


@pytest.mark.parametrize("format", sorted(EXPORTS))
def test_every_format_is_given(served: Client, format: str) -> None:
    answer = served.get(f"/api/stories/1/export/{format}")
    assert answer.status_code == 200 and answer.content
    assert answer.headers["content-disposition"].startswith('attachment; filename="two chapters')
    if answer.headers["content-type"] == "application/zip":
        assert len(zipfile.ZipFile(io.BytesIO(answer.content)).namelist()) >= 6
    assert served.get("/api/stories/1/export/docx").status_code == 404


def test_a_corrected_story_is_a_gold_scene(served: Client, tmp_path: Path) -> None:
    start = BOOK.index("“I could")
    people = named(served.settled(1))
    served.correct(1, op="speaker", line=start, person={"new": "Old Mrs Prout"})
    served.settled(1)
    (tmp_path / "mine.xml").write_bytes(served.get("/api/stories/1/export/gold.xml").content)
    served.post("/api/stories/1/undo")
    book = scenes.load(tmp_path, "mine")
    said = [book.text[q.start : q.end] for q in book.said_by("Old Mrs Prout")]
    assert "“I could have.”" in said and people


def test_a_long_read_shows_progress_and_can_be_stopped(served: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(text: Any, *, stored: Any, progress: Callable[[str, int, int], None]) -> Any:
        for done in range(1000):
            progress("reading", done, 1000)
            time.sleep(0.02)

    with monkeypatch.context() as patch:
        patch.setattr(copies, "open_story", slow)
        number = served.post("/api/stories?name=long.txt", STORY.encode()).json()["id"]
        seen = set()
        while len(seen) < 4:
            row = next(row for row in served.get("/api/shelf").json()["stories"] if row["id"] == number)
            seen.add(row["progress"])
            time.sleep(0.02)
        assert row["state"] == "reading" and row["step"] == "reading the story" and 0 < row["progress"] < 1
        assert served.get(f"/api/stories/{number}").status_code == 409
        served.post(f"/api/stories/{number}/cancel", {})
        assert served.wait(number)["state"] == "cancelled"
    served.post(f"/api/stories/{number}/read", {})
    assert served.wait(number)["state"] == "ready"
    token = {"X-Personae-Token": served.token}
    assert served.http.request("DELETE", f"/api/stories/{number}", headers=token).status_code == 200
    assert served.get(f"/api/stories/{number}").status_code == 404


def test_people_keep_their_numbers() -> None:
    import personae
    from tests.stories import text_of

    book = personae.annotate(text_of(STORY))
    ids = tuple(10 + n for n in range(len(book.entities)))
    last = Trace.of(book, ids, Trace())
    assert carry(last, book) == ids
    assert carry(Trace.from_bytes(last.to_bytes()), book) == ids
    assert Trace.from_bytes(b"rubbish") == Trace() == Trace.from_bytes(None)
    assert carry(Trace(), book) == tuple(range(len(book.entities)))
