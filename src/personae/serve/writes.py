"""What the page changes: stories put on the shelf, corrections, undo and redo, how far somebody has read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import PurePosixPath

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from personae.corrections import table
from personae.corrections.toml import dumps
from personae.errors import CorrectionError
from personae.serve.answers import Answers, attachment, limit
from personae.serve.copy import Copy
from personae.serve.desk import Desk
from personae.serve.reply import Reply
from personae.serve.view import Json

LARGEST = 64 * 2**20
"""Bytes of the largest story that is taken."""

LARGEST_BODY = 4 * 2**20


class Writes:
    """One method a route."""

    def __init__(self, desk: Desk, answers: Answers) -> None:
        self.desk, self.answers = desk, answers

    # --- the shelf

    async def add(self, request: Request) -> Response:
        name = PurePosixPath(request.query_params.get("name", "").replace("\\", "/")).name
        if not name or not name.isprintable() or len(name) > 200:
            raise HTTPException(400, "name: give the file's name")
        content = await _body(request, LARGEST)
        if not content.strip():
            raise HTTPException(400, f"{name}: is empty; give a file with a story in it")
        story = await run_in_threadpool(self.desk.shelf.add, name, content)
        await run_in_threadpool(self.desk.read, story)
        return Reply({"id": story}, 201)

    async def cancel(self, request: Request) -> Response:
        await run_in_threadpool(self.desk.cancel, self.answers.known(request).id)
        return Reply({})

    async def read(self, request: Request) -> Response:
        await run_in_threadpool(self.desk.read, self.answers.known(request).id)
        return Reply({})

    async def remove(self, request: Request) -> Response:
        await run_in_threadpool(self.desk.remove, self.answers.known(request).id)
        return Reply({})

    # --- corrections

    async def correct(self, request: Request) -> Response:
        story, copy = await self.answers.open(request)
        asked = await _json(request)

        def work() -> Json:
            before, line = copy.correct(asked)
            return copy.change(before, limit(request, story, copy), line)

        return await _timed(work)

    async def undo(self, request: Request) -> Response:
        return await self._turn(request, Copy.undo, "there is nothing to undo")

    async def redo(self, request: Request) -> Response:
        return await self._turn(request, Copy.redo, "there is nothing to do again")

    async def _turn(self, request: Request, turn: Callable[[Copy], int | None], nothing: str) -> Response:
        story, copy = await self.answers.open(request)

        def work() -> Json:
            before = turn(copy)
            if before is None:
                raise HTTPException(409, nothing)
            return copy.change(before, limit(request, story, copy))

        return await _timed(work)

    async def table(self, request: Request) -> Response:
        _, copy = await self.answers.open(request)
        content = table.dumps(copy.journal.corrections()).encode("utf-8")
        name = f"{self.answers.stem(copy)}.corrections.csv"
        return Response(content, media_type="text/csv; charset=utf-8", headers=attachment(name))

    async def toml(self, request: Request) -> Response:
        _, copy = await self.answers.open(request)
        content = dumps(copy.journal.corrections()).encode("utf-8")
        headers = attachment(f"{self.answers.name(copy)}.personae.toml")
        return Response(content, media_type="application/toml", headers=headers)

    async def take_table(self, request: Request) -> Response:
        story, copy = await self.answers.open(request)
        content = await _body(request, LARGEST_BODY)
        try:
            found = table.loads(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise HTTPException(400, "the table: isn't UTF-8; save it as CSV in UTF-8") from None
        return await _timed(lambda: copy.change(copy.take(found), limit(request, story, copy)))

    # --- the reader

    async def position(self, request: Request) -> Response:
        story, copy = await self.answers.open(request)
        await run_in_threadpool(self.desk.shelf.set, story.id, position=_block(await _json(request), copy))
        return Reply({})

    async def read_to(self, request: Request) -> Response:
        story, copy = await self.answers.open(request)
        asked = await _json(request)
        block = None if asked.get("block") is None else _block(asked, copy)
        await run_in_threadpool(self.desk.shelf.set, story.id, read_to=block)
        return Reply({})

    async def changes(self, request: Request) -> Response:
        story, copy = await self.answers.open(request)
        since = request.query_params.get("since", "")
        if not since.isdecimal() or len(since) > 9:
            raise HTTPException(400, "since: must be the number of a version")
        if int(since) >= copy.version:
            return Response(status_code=204)
        return await _timed(lambda: copy.change(int(since), limit(request, story, copy)))


async def _timed(work: Callable[[], Json]) -> Response:
    """The answer of `work`, with the milliseconds that it took."""
    from time import perf_counter

    began = perf_counter()
    found = await run_in_threadpool(work)
    return Reply({"ms": round(1000 * (perf_counter() - began)), **found})


async def _body(request: Request, largest: int) -> bytes:
    """The request's body; refused as soon as it is too large."""
    parts, size = [], 0
    too_large = HTTPException(413, f"is larger than {largest >> 20} MB; give less at a time")
    if int(request.headers.get("content-length") or 0) > largest:
        raise too_large
    try:
        async for part in request.stream():
            size += len(part)
            if size > largest:
                raise too_large
            parts.append(part)
    except ClientDisconnect:
        raise HTTPException(400, "the upload broke off") from None
    return b"".join(parts)


async def _json(request: Request) -> Json:
    try:
        found = json.loads(await _body(request, LARGEST_BODY))
    except (ValueError, RecursionError):
        raise CorrectionError("the body isn't JSON") from None
    if not isinstance(found, dict):
        raise CorrectionError("the body must be a JSON object")
    return found


def _block(asked: Json, copy: Copy) -> int:
    block = asked.get("block")
    if not isinstance(block, int) or isinstance(block, bool) or not 0 <= block < len(copy.view.blocks):
        raise CorrectionError("block: there is no such block")
    return block


