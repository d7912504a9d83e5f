"""The routes: what the page asks for, and who answers. Nothing here decides anything about a story."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from personae.errors import PersonaeError
from personae.serve.answers import Answers
from personae.serve.desk import Desk
from personae.serve.guard import Guard
from personae.serve.reply import Reply
from personae.serve.writes import Writes

STATIC = Path(__file__).with_name("static")
UNBUILT = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Personae</title>"
    "<p>The page isn't built here: run npm ci and npm run build in web/, then load this again."
)
MARK = "__PERSONAE_TOKEN__"
"""What stands in the built page where the token goes."""

def make_app(desk: Desk, hosts: list[str]) -> ASGIApp:
    """The application; it answers to `hosts` ("127.0.0.1:8000") only."""

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        desk.start()
        yield
        await run_in_threadpool(desk.stop)

    app = Starlette(
        routes=_routes(desk),
        middleware=[Middleware(GZipMiddleware, minimum_size=2000, compresslevel=4)],
        exception_handlers={HTTPException: _refused, PersonaeError: _mistaken, Exception: _broken},
        lifespan=running,
    )
    return Guard(app, desk.shelf.token, hosts)


def _routes(desk: Desk) -> list[BaseRoute]:
    answers = Answers(desk)
    writes = Writes(desk, answers)
    one = "/api/stories/{story:int}"
    routes: list[BaseRoute] = [
        Route("/", _page(desk.shelf.token)),
        Route("/api/shelf", answers.shelf),
        Route(one, answers.story),
        Route(f"{one}/blocks", answers.blocks),
        Route(f"{one}/entities/{{entity:int}}", answers.entity),
        Route(f"{one}/lines/{{line:int}}", answers.line),
        Route(f"{one}/search", answers.search),
        Route(f"{one}/export/{{format}}", answers.export),
        Route(f"{one}/changes", writes.changes),
        Route(f"{one}/corrections.toml", writes.toml),
        Route(f"{one}/corrections.csv", writes.table),
        Route(f"{one}/corrections.csv", writes.take_table, methods=["POST"]),
        Route(f"{one}/corrections", writes.correct, methods=["POST"]),
        Route(f"{one}/undo", writes.undo, methods=["POST"]),
        Route(f"{one}/redo", writes.redo, methods=["POST"]),
        Route(f"{one}/position", writes.position, methods=["POST"]),
        Route(f"{one}/read_to", writes.read_to, methods=["POST"]),
        Route(f"{one}/cancel", writes.cancel, methods=["POST"]),
        Route(f"{one}/read", writes.read, methods=["POST"]),
        Route(one, writes.remove, methods=["DELETE"]),
        Route("/api/stories", writes.add, methods=["POST"]),
    ]
    if (STATIC / "assets").is_dir():
        routes.append(Mount("/assets", StaticFiles(directory=STATIC / "assets")))
    return routes


def _page(token: str) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        try:
            html = (STATIC / "index.html").read_text(encoding="utf-8")
        except OSError:
            return HTMLResponse(UNBUILT, 503)
        return HTMLResponse(html.replace(MARK, token))

    return page


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {404: "there is nothing here by that name", 405: "this can't be asked for in that way"}
    default = HTTPException(error.status_code).detail
    detail = words.get(error.status_code, default) if error.detail == default else error.detail
    return Reply({"error": detail}, error.status_code)


async def _mistaken(request: Request, error: Exception) -> Response:
    return Reply({"error": str(error)}, 400)


async def _broken(request: Request, error: Exception) -> Response:
    return Reply({"error": "something in Personae broke; the terminal shows what"}, 500)
