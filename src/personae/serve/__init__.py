"""The page, served: `run` puts stories on a shelf and answers a browser on this machine, until it is stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from personae.errors import ServeError

ADDRESS = "127.0.0.1"
PORT = 8737


def own_shelf() -> Path:
    """The shelf of whoever runs this, where no other is named; its folder is made. Raises ServeError."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    folder = home / "personae"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServeError(f"{folder}: can't be made ({error.strerror}); name a file with --shelf") from None
    return folder / "shelf.db"


def run(
    shelf: Path, stories: Sequence[str] = (), *, port: int | None = None, opened: Callable[[str], None]
) -> None:
    """Serve until stopped; `opened` is called with the address once the page answers.

    Raises ServeError where starlette or uvicorn is missing or the port is taken, ShelfError, ReadError.
    """
    try:
        from personae.serve.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("starlette", "uvicorn", "anyio"):
            raise
        raise ServeError("the page needs starlette and uvicorn; run: pip install 'personae[serve]'") from None
    serve(shelf, stories, port, opened)
