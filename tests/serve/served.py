"""A shelf with a short story, and a client that talks to it within this process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from personae.serve.app import make_app
from personae.serve.desk import Desk
from personae.serve.shelf import Shelf

HOST = "127.0.0.1:8737"
STORY = (
    "“You’re late,” Mara said.\n\n“The bridge was up,” said Tobin.\n\n“It’s always up.”\n\n“Not on Sundays.”\n\n"
    "“Today is Monday.”\n\nTobin hung up his coat. He looked at Mara, and she looked at the clock.\n\n"
    "“You could have called,” she told him.\n\n“I could have.”\n\n"
    "The guard at the door coughed. “Closing time,” he said.\n\n"
    "“The Drowned Bell” lay on the table. Mara took it. She was tired, and Tobin was tired too.\n"
)


class Client:
    """Asks as the page does: under the right host, with the token."""

    def __init__(self, shelf: Path) -> None:
        self.desk = Desk(Shelf(shelf))
        self.token = self.desk.shelf.token
        app = make_app(self.desk, [HOST, "localhost:8737"])
        self.http = TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False)

    def get(self, path: str, **headers: str) -> Any:
        return self.http.get(path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        own = {"X-Personae-Token": self.token, **headers}
        if isinstance(body, bytes):
            return self.http.post(path, content=body, headers=own)
        return self.http.post(path, json=body, headers=own)

    def add(self, content: bytes, name: str = "story.txt") -> int:
        """Put a story on the shelf and wait until it has been read."""
        answer = self.post(f"/api/stories?name={name}", content)
        assert answer.status_code == 201, answer.text
        number: int = answer.json()["id"]
        self.wait(number)
        return number

    def wait(self, story: int) -> dict[str, Any]:
        """The story's row on the shelf once nothing goes on with it."""
        for _ in range(1200):
            row = next(row for row in self.get("/api/shelf").json()["stories"] if row["id"] == story)
            if row["state"] not in ("waiting", "reading"):
                return dict(row)
            time.sleep(0.05)
        raise AssertionError(f"story {story} isn't read")

    def story(self, story: int) -> dict[str, Any]:
        """The skeleton, once the story is open."""
        for _ in range(600):
            answer = self.get(f"/api/stories/{story}")
            if answer.status_code != 409:
                return dict(answer.json())
            time.sleep(0.05)
        raise AssertionError(f"story {story} doesn't open")

    def settled(self, story: int) -> dict[str, Any]:
        """The skeleton once the whole story is solved."""
        for _ in range(600):
            found = self.story(story)
            if not found["settling"]:
                return found
            time.sleep(0.05)
        raise AssertionError("still solving")

    def correct(self, story: int, **body: Any) -> dict[str, Any]:
        answer = self.post(f"/api/stories/{story}/corrections", body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@contextmanager
def client(shelf: Path) -> Iterator[Client]:
    """A client with the server's start and stop around it."""
    found = Client(shelf)
    with found.http:
        yield found
    found.desk.shelf.close()


def named(skeleton: dict[str, Any]) -> dict[str, int]:
    """Numbers of people by name."""
    return {entity["name"]: entity["id"] for entity in skeleton["entities"]}


def speakers(skeleton: dict[str, Any]) -> dict[int, str | None]:
    """Who says each line, by name."""
    names = {entity["id"]: entity["name"] for entity in skeleton["entities"]}
    lines = skeleton["lines"]
    return {line: names.get(who) for line, who in zip(lines["id"], lines["speaker"], strict=True)}
