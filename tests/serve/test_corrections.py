"""Corrections through the server: each is answered with what changed, holds, can be undone, and outlives a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import personae
from personae.corrections.toml import load
from tests.serve.served import STORY, Client, client, named, speakers


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(tmp_path_factory.mktemp("shelf") / "shelf.db") as found:
        found.add(STORY.encode())
        yield found


@pytest.fixture
def story(served: Client) -> Iterator[int]:
    """The story with nothing corrected; what a test does to it is undone."""
    yield 1
    while served.post("/api/stories/1/undo").status_code == 200:
        pass
    served.settled(1)


def line(words: str) -> int:
    return STORY.index(words)


def mention(served: Client, words: str, nth: int = 0) -> int:
    blocks = served.get("/api/stories/1/blocks?from=0&to=400").json()["blocks"]
    found = [m for b in blocks for m in b["mentions"] if STORY[m["start"] : m["end"]] == words]
    return int(found[nth]["id"])


def test_a_pinned_line_is_never_overruled(served: Client, story: int) -> None:
    people = named(served.settled(story))
    first, third = line("“It’s always"), line("“Today is")
    changed = served.correct(story, op="speaker", line=first, person=people["Tobin"])
    assert changed["changed"]["lines"][0] == first and changed["settling"]
    served.correct(story, op="speaker", line=third, person=people["Tobin"])
    served.correct(story, op="speaker", line=line("“Not on"), person=people["Tobin"])
    said = speakers(served.settled(story))
    assert [said[line(w)] for w in ("“It’s always", "“Not on", "“Today is")] == ["Tobin"] * 3
    columns = served.story(story)["lines"]
    place = columns["id"].index(first)
    assert columns["pinned"][place] == 1 and columns["confidence"][place] == 1.0
    assert first not in served.story(story)["queue"]


def test_neighbours_follow(served: Client, story: int) -> None:
    before = served.settled(story)
    said, people = speakers(before), named(before)
    first = line("“It’s always")
    other = "Tobin" if said[first] == "Mara" else "Mara"
    found = served.correct(story, op="speaker", line=first, person=people[other])
    assert set(found["changed"]["lines"]) - {first}, "only the line itself has changed"


def test_nobody_somebody_new_and_confirmed(served: Client, story: int) -> None:
    served.settled(story)
    served.correct(story, op="speaker", line=line("“Closing"), person=None)
    found = served.correct(story, op="speaker", line=line("“I could"), person={"new": "a ghost"})
    assert "a ghost" in {entity["name"] for entity in found["entities"]}
    served.correct(story, op="confirm", line=line("“You’re late"))
    whole = served.settled(story)
    said = speakers(whole)
    assert said[line("“Closing")] is None and said[line("“I could")] == "a ghost"
    assert said[line("“You’re late")] == "Mara"


def test_whom_it_is_said_to(served: Client, story: int) -> None:
    people = named(served.settled(story))
    number = next(who for name, who in people.items() if "guard" in name)
    served.correct(story, op="addressees", line=line("“You’re late"), persons=[number])
    columns = served.settled(story)["lines"]
    assert columns["addressees"][columns["id"].index(line("“You’re late"))] == [number]


def test_what_a_line_is(served: Client, story: int) -> None:
    served.settled(story)

    def kind(words: str) -> str:
        columns = served.settled(story)["lines"]
        return str(columns["kind"][columns["id"].index(line(words))])

    served.correct(story, op="not_speech", line=line("“You’re late"))
    assert kind("“You’re late") == "other"
    served.correct(story, op="thought", line=line("“I could"))
    assert kind("“I could") == "thought"
    served.correct(story, op="speaker", line=line("“The Drowned"), person=named(served.story(story))["Mara"])
    assert kind("“The Drowned") == "speech" and speakers(served.story(story))[line("“The Drowned")] == "Mara"
    found = served.correct(story, op="speech", start=line("The guard at"), end=line("The guard at") + 9)
    assert found["lines"] is not None and kind("The guard at") == "speech"


def test_whom_a_mention_means(served: Client, story: int) -> None:
    people = named(served.settled(story))
    she = mention(served, "She")
    served.correct(story, op="mention", mention=she, person=people["Tobin"])
    served.settled(story)

    def meant(number: int) -> Any:
        blocks = served.get("/api/stories/1/blocks?from=0&to=400").json()["blocks"]
        return next(m for b in blocks for m in b["mentions"] if m["id"] == number)

    assert meant(she)["entities"] == [people["Tobin"]] and meant(she)["pinned"]
    served.correct(story, op="mention", mention=she, person=None)
    served.settled(story)
    assert meant(she)["entities"] == []


def test_all_like_this(served: Client, story: int) -> None:
    people = named(served.settled(story))
    name = mention(served, "Tobin")
    served.correct(story, op="mention", mention=name, person=people["Mara"], all=True)
    served.settled(story)
    blocks = served.get("/api/stories/1/blocks?from=0&to=400").json()["blocks"]
    every = [m for b in blocks for m in b["mentions"] if STORY[m["start"] : m["end"]] == "Tobin"]
    assert len(every) >= 3 and all(m["entities"] == [people["Mara"]] for m in every)


def test_two_are_one_and_apart_again(served: Client, story: int) -> None:
    before = served.settled(story)
    people = named(before)
    found = served.correct(story, op="merge", into=people["Mara"], persons=[people["Tobin"]])
    assert people["Tobin"] in found["gone"]
    whole = served.settled(story)
    assert people["Tobin"] not in {e["id"] for e in whole["entities"]}
    assert "Tobin" not in speakers(whole).values()
    mara = next(e for e in whole["entities"] if e["id"] == people["Mara"])
    assert {"Mara", "Tobin"} <= set(mara["aliases"])
    served.post(f"/api/stories/{story}/undo")
    after = served.settled(story)
    assert named(after) == people and speakers(after) == speakers(before)


def test_one_is_two(served: Client, story: int) -> None:
    people = named(served.settled(story))
    she = mention(served, "She")
    served.correct(
        story, op="split", person=people["Mara"], lines=[line("“You could")], mentions=[she], name="her sister"
    )
    whole = served.settled(story)
    assert speakers(whole)[line("“You could")] == "her sister"
    assert speakers(whole)[line("“You’re late")] == "Mara"


def test_names_pronouns_aliases_and_who_is_no_person(served: Client, story: int) -> None:
    people = named(served.settled(story))
    found = served.correct(story, op="rename", person=people["Mara"], name="Mara Venn")
    assert found["settling"] and named(found)["Mara Venn"] == people["Mara"]
    served.correct(story, op="pronouns", person=people["Mara"], pronouns="xe/xem")
    guard = next(who for name, who in people.items() if "guard" in name)
    served.correct(story, op="alias", person=people["Tobin"], alias="The guard")
    whole = served.settled(story)
    mara = next(e for e in whole["entities"] if e["id"] == people["Mara"])
    tobin = next(e for e in whole["entities"] if e["id"] == people["Tobin"])
    assert (mara["name"], mara["pronouns"]) == ("Mara Venn", "xe/xem") and "The guard" in tobin["aliases"]
    served.post(f"/api/stories/{story}/undo")
    served.correct(story, op="not_person", person=guard)
    assert guard not in {e["id"] for e in served.settled(story)["entities"]}


def test_undo_and_redo_without_limit(served: Client, story: int) -> None:
    states = [speakers(served.settled(story))]
    people = named(served.story(story))
    for number, start in enumerate(list(states[0])[:6]):
        served.correct(story, op="speaker", line=start, person=people["Mara" if number % 2 else "Tobin"])
        states.append(speakers(served.settled(story)))
    for state in reversed(states[:-1]):
        assert served.post(f"/api/stories/{story}/undo").status_code == 200
        assert speakers(served.settled(story)) == state
    assert served.post(f"/api/stories/{story}/undo").status_code == 409
    for state in states[1:]:
        assert served.post(f"/api/stories/{story}/redo").status_code == 200
        assert speakers(served.settled(story)) == state
    assert served.post(f"/api/stories/{story}/redo").status_code == 409
    served.post(f"/api/stories/{story}/undo")
    served.correct(story, op="speaker", line=line("“I could"), person=None)
    assert served.post(f"/api/stories/{story}/redo").status_code == 409


def test_the_same_key_is_taken_once(served: Client, story: int) -> None:
    people = named(served.settled(story))
    for _ in range(2):
        found = served.correct(story, op="speaker", line=line("“I could"), person=people["Mara"], key="k")
    assert found["corrections"]["count"] == 1 and found["changed"]["lines"] == []


def test_what_has_changed_since(served: Client, story: int) -> None:
    before = served.settled(story)
    people = named(before)
    version = before["version"]
    assert served.get(f"/api/stories/{story}/changes?since={version}").status_code == 204
    served.correct(story, op="speaker", line=line("“I could"), person=people["Mara"])
    served.settled(story)
    found = served.get(f"/api/stories/{story}/changes?since={version}").json()
    assert line("“I could") in {*found["changed"]["lines"], line("“I could")} and not found["settling"]
    assert found["entities"] and found["presence"] and found["version"] > version
    everything = served.get(f"/api/stories/{story}/changes?since=0").json()
    assert len(everything["changed"]["lines"]) == len(before["lines"]["id"])


def test_the_table_goes_out_and_in(served: Client, story: int) -> None:
    people = named(served.settled(story))
    served.correct(story, op="speaker", line=line("“I could"), person=people["Mara"])
    served.correct(story, op="rename", person=people["Tobin"], name="Tob")
    before = speakers(served.settled(story))
    table = served.get(f"/api/stories/{story}/corrections.csv")
    served.post(f"/api/stories/{story}/undo")
    served.post(f"/api/stories/{story}/undo")
    answer = served.post(f"/api/stories/{story}/corrections.csv", table.content)
    assert answer.json()["corrections"]["count"] == 2
    assert speakers(served.settled(story)) == before
    assert served.post(f"/api/stories/{story}/corrections.csv", b"op\nfly\n").status_code == 400
    assert served.story(story)["corrections"]["count"] == 2


def test_a_table_that_was_taken_is_undone_in_one_step(served: Client, story: int) -> None:
    people = named(served.settled(story))
    served.correct(story, op="speaker", line=line("“I could"), person=people["Mara"])
    mine = speakers(served.settled(story))
    table = b"op,name,value\r\nrename,Tobin,Tob\r\nrename,Mara,Marah\r\n"
    served.post(f"/api/stories/{story}/corrections.csv", table)
    assert served.settled(story)["corrections"]["count"] == 2 and "Tob" in named(served.story(story))
    served.post(f"/api/stories/{story}/undo")
    assert served.settled(story)["corrections"]["count"] == 1 and "Tob" not in named(served.story(story))
    assert speakers(served.story(story)) == mine
    served.post(f"/api/stories/{story}/redo")
    assert {"Tob", "Marah"} <= named(served.settled(story)).keys()
    served.correct(story, op="speaker", line=line("“I could"), person=people["Mara"])
    assert served.settled(story)["corrections"]["count"] == 3


@pytest.mark.parametrize(
    "body",
    [
        None, [], {}, {"op": 3}, {"op": "explode"}, {"op": "speaker"}, {"op": "speaker", "line": "x"},
        {"op": "speaker", "line": 3, "person": 0}, {"op": "speaker", "line": 0, "person": 99},
        {"op": "speaker", "line": 0, "person": {"new": ""}}, {"op": "speaker", "line": 0, "person": {"new": "a" * 999}},
        {"op": "speaker", "line": 0, "person": True}, {"op": "mention", "mention": -1, "person": None},
        {"op": "mention", "mention": 10**9}, {"op": "merge", "into": 0, "persons": []}, {"op": "merge", "into": 0},
        {"op": "merge", "into": 0, "persons": "x"}, {"op": "split", "person": 0}, {"op": "rename", "person": 0},
        {"op": "rename", "person": 0, "name": "a\x1b[1m"}, {"op": "speech", "start": 5, "end": 2},
        {"op": "speech", "start": 0, "end": 10**9}, {"op": "speech", "start": 0, "end": 5},
        {"op": "addressees", "line": 0, "persons": [77]}, {"op": "__init__"}, {"op": "_line"},
    ],
    ids=str,
)  # fmt: skip
def test_what_means_nothing_is_refused_in_a_line(served: Client, body: Any) -> None:
    answer = served.post("/api/stories/1/corrections", body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"] and "\n" not in answer.json()["error"]
    assert served.story(1)["corrections"]["count"] == 0


def test_corrections_outlive_a_restart_and_lie_beside_the_story(tmp_path: Path) -> None:
    path, shelf = tmp_path / "story.txt", tmp_path / "shelf.db"
    path.write_text(STORY, encoding="utf-8")
    with client(shelf) as one:
        number = one.desk.shelf.add(path.name, path.read_bytes(), str(path))
        one.desk.read(number)
        one.wait(number)
        people = named(one.settled(number))
        one.correct(number, op="speaker", line=line("“I could"), person={"new": "a ghost"})
        one.correct(number, op="merge", into=people["Tobin"], persons=[people["Mara"]])
        one.correct(number, op="not_speech", line=line("“Not on"))
        before = one.settled(number)
    kept = load(tmp_path / "story.txt.personae.toml")
    assert [one.op for one in kept] == ["speaker", "merge", "not_speech"]
    with client(shelf) as again:
        after = again.settled(number)
        assert named(after) == named(before) and speakers(after) == speakers(before)
        again.post(f"/api/stories/{number}/undo")
    assert len(load(tmp_path / "story.txt.personae.toml")) == 2
    book = personae.read(path, corrections=tmp_path / "story.txt.personae.toml")
    ghost = book.person("a ghost")
    assert "“I could have.”" in [book.text[q.start : q.end] for q in book.quotes if q.speaker == ghost.id]


def test_where_the_file_cannot_be_written_the_shelf_has_it(tmp_path: Path) -> None:
    path, shelf = tmp_path / "story.txt", tmp_path / "shelf.db"
    path.write_text(STORY, encoding="utf-8")
    with client(shelf) as one:
        number = one.desk.shelf.add(path.name, path.read_bytes(), str(path))
        one.desk.read(number)
        one.wait(number)
        people = named(one.settled(number))
        (tmp_path / "story.txt.personae.toml").mkdir()
        found = one.correct(number, op="speaker", line=line("“I could"), person=people["Mara"])
        assert found["corrections"]["count"] == 1 and "story.txt.personae.toml" in found["corrections"]["notice"]
        (tmp_path / "story.txt.personae.toml").rmdir()
        found = one.correct(number, op="speaker", line=line("“Not on"), person=people["Mara"])
        assert found["corrections"]["notice"] is None
    assert len(load(tmp_path / "story.txt.personae.toml")) == 2


def test_a_file_that_somebody_has_changed_is_taken_up(tmp_path: Path) -> None:
    path, shelf, file = tmp_path / "story.txt", tmp_path / "shelf.db", tmp_path / "story.txt.personae.toml"
    path.write_text(STORY, encoding="utf-8")
    with client(shelf) as one:
        number = one.desk.shelf.add(path.name, path.read_bytes(), str(path))
        one.desk.read(number)
        one.wait(number)
        people = named(one.settled(number))
        one.correct(number, op="speaker", line=line("“I could"), person=people["Mara"])
    file.write_text(file.read_text("utf-8").replace('person = "Mara"', 'person = "Tobin"'), encoding="utf-8")
    with client(shelf) as again:
        assert speakers(again.settled(number))[line("“I could")] == "Tobin"


def test_an_edited_story_keeps_its_corrections(tmp_path: Path) -> None:
    path, shelf = tmp_path / "story.txt", tmp_path / "shelf.db"
    path.write_text(STORY, encoding="utf-8")
    with client(shelf) as one:
        number = one.desk.shelf.add(path.name, path.read_bytes(), str(path))
        one.desk.read(number)
        one.wait(number)
        people = named(one.settled(number))
        one.correct(number, op="speaker", line=line("“I could"), person=people["Mara"])
        one.correct(number, op="not_speech", line=line("“Not on"))
    edited = "It was raining.\n\n" + STORY.replace("“Not on Sundays.”\n\n", "")
    path.write_text(edited, encoding="utf-8")
    with client(shelf) as again:
        assert again.desk.shelf.add(path.name, path.read_bytes(), str(path)) == number
        again.desk.read(number)
        again.wait(number)
        whole = again.settled(number)
        assert speakers(whole)[edited.index("“I could")] == "Mara"
        assert [(one["number"], one["reason"]) for one in whole["corrections"]["unfit"]] == [
            (2, "these words are no longer in the story")
        ]
    assert len(load(tmp_path / "story.txt.personae.toml")) == 2
