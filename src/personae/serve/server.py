"""The server itself: a socket on the loopback address, uvicorn, and a clean end."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from personae.errors import ReadError, ServeError
from personae.readers.folder import PACKED, pack
from personae.serve import ADDRESS, PORT
from personae.serve.app import make_app
from personae.serve.desk import Desk
from personae.serve.shelf import Shelf

TRIED = 20
"""Ports that are tried, from PORT, where none is asked for."""


def serve(path: Path, stories: Sequence[str], port: int | None, opened: Callable[[str], None]) -> None:
    """Put `stories` (paths) on the shelf and answer until stopped."""
    sys.setswitchinterval(0.001)  # whoever asks shouldn't wait for what is solved in the background
    listening = _listen(port)
    shelf = Shelf(path)
    try:
        ids = [_shelve(shelf, story) for story in stories]
        number = listening.getsockname()[1]
        app = make_app(Desk(shelf), [f"{ADDRESS}:{number}", f"localhost:{number}"])
        story = f"#/s/{ids[0]}" if len(ids) == 1 else ""
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3
        )
        server = _Server(config, lambda: opened(f"http://{ADDRESS}:{number}/{story}"))
        server.run(sockets=[listening])
    finally:
        shelf.close()
        listening.close()


class _Server(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, config: uvicorn.Config, opened: Callable[[], None]) -> None:
        super().__init__(config)
        self._opened = opened

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._opened()


def _listen(port: int | None) -> socket.socket:
    for number in [port] if port is not None else range(PORT, PORT + TRIED):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((ADDRESS, number))
            return listening
        except OSError:
            listening.close()
    where = f"port {port}" if port is not None else f"every port from {PORT} to {PORT + TRIED - 1}"
    raise ServeError(f"{where}: is taken; choose another with --port")


def _shelve(shelf: Shelf, story: str) -> int:
    path = Path(story).resolve()
    try:
        if path.is_dir():
            return shelf.add(f"{path.name}{PACKED}", pack(path), str(path))
        return shelf.add(path.name, path.read_bytes(), str(path))
    except OSError as error:
        raise ReadError(f"{story}: can't be read ({error.strerror}); check the path") from None
