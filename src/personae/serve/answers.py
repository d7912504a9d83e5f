"""What the page is told when it reads: the shelf, a story, its blocks, people and lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote as quoted

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from personae.explanations import grounds
from personae.serve.cards import card
from personae.serve.choices import choices
from personae.serve.copy import Copy
from personae.serve.desk import Desk
from personae.serve.exports import EXPORTS, export
from personae.serve.reply import Reply
from personae.serve.search import find
from personae.serve.shelf import Story
from personae.serve.view import Json

MOST = 400
"""Blocks that one answer has."""


class Answers:
    """One method a route."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def shelf(self, request: Request) -> Response:
        return Reply({"stories": [self._row(story) for story in self.desk.shelf.stories()]})

    def _row(self, story: Story) -> Json:
        job = self.desk.jobs.get(story.id)
        ready = story.state == "ready" and not job
        state = "reading" if story.state == "ready" and job else story.state
        return {
            "id": story.id, "title": story.title or Path(story.name).stem, "author": story.author,
            "words": story.words, "state": state, "error": story.error,
            "progress": 1.0 if ready else round(job.done, 4) if job else 0.0,
            "step": job.step if job else "", "doubtful": story.doubtful, "lines": story.lines,
            "corrections": story.corrections,
        }  # fmt: skip

    def known(self, request: Request) -> Story:
        """The story that a request is about. Raises 404."""
        story = self.desk.shelf.story(request.path_params["story"])
        if story is None:
            raise HTTPException(404, "there is no such story on the shelf")
        return story

    async def open(self, request: Request) -> tuple[Story, Copy]:
        """The story that a request is about, open. Raises 409 while it isn't."""
        story = self.known(request)
        if story.state != "ready":
            raise HTTPException(409, "this story hasn't been read yet")
        copy = self.desk.copy(story.id)
        if copy is None:
            raise HTTPException(409, "this story is being opened; try again in a moment")
        return story, copy

    def name(self, copy: Copy) -> str:
        """The name of a story's file."""
        story = self.desk.shelf.story(copy.story)
        return story.name if story else "story"

    def stem(self, copy: Copy) -> str:
        return Path(self.name(copy)).stem

    async def story(self, request: Request) -> Response:
        story, copy = await self.open(request)
        until = limit(request, story, copy)
        return Response(await run_in_threadpool(copy.skeleton, story, until), media_type="application/json")

    async def blocks(self, request: Request) -> Response:
        _, copy = await self.open(request)
        view = copy.view
        first, last = _number(request, "from", 0), _number(request, "to", MOST)
        if not 0 <= first <= last or last - first > MOST:
            raise HTTPException(400, f"blocks {first} to {last}: ask for at most {MOST}, the first one first")
        numbers = range(first, min(last, len(view.blocks)))
        found = await run_in_threadpool(lambda: [view.block(number) for number in numbers])
        return Reply({"version": copy.version, "blocks": found})

    async def entity(self, request: Request) -> Response:
        story, copy = await self.open(request)
        number = request.path_params["entity"]
        found = await run_in_threadpool(card, copy.view, number, limit(request, story, copy))
        if found is None:
            raise HTTPException(404, "nobody here goes by that number")
        return Reply(found)

    async def line(self, request: Request) -> Response:
        _, copy = await self.open(request)
        view = copy.view
        line = view.by_start.get(request.path_params["line"])
        if line is None:
            raise HTTPException(404, "no line begins there")
        here = view.block_at(line.start)
        around = range(max(here - 2, 0), min(here + 2, len(view.blocks)))
        context = [view.block(number) for number in around]
        why = " ".join(ground.text for ground in grounds(view.book, line)) if line.kind == "speech" else ""
        told = view.line(line) | ({"why": why[:1].lower() + why[1:]} if why else {})
        return Reply({"line": told, "context": context, "choices": choices(view, line)})

    async def search(self, request: Request) -> Response:
        story, copy = await self.open(request)
        wanted = request.query_params.get("q", "")
        return Reply(await run_in_threadpool(find, copy.view, wanted, limit(request, story, copy)))

    async def export(self, request: Request) -> Response:
        story, copy = await self.open(request)
        format = request.path_params["format"]
        if format not in EXPORTS:
            raise HTTPException(404, f"{format}: is no format; choose one of {', '.join(EXPORTS)}")
        content, name, kind = await run_in_threadpool(export, copy.view.book, format, Path(story.name).stem)
        return Response(content, media_type=kind, headers=attachment(name))


def attachment(name: str) -> Mapping[str, str]:
    """The header that has a browser save an answer under this name."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " .-_") else "_" for c in name)
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quoted(name, safe='')}"}


def _number(request: Request, name: str, default: int) -> int:
    given = request.query_params.get(name, str(default))
    if not given.isdecimal() or len(given) > 9:
        raise HTTPException(400, f"{name}: must be a number")
    return int(given)


def limit(request: Request, story: Story, copy: Copy) -> int | None:
    """The character after what has been read, if nothing from beyond it is wanted."""
    if request.query_params.get("spoilers") != "0" or story.read_to is None:
        return None
    blocks = copy.view.blocks
    return blocks[min(story.read_to, len(blocks) - 1)].end
