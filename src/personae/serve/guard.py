"""What every request has to pass, and what every answer carries: who may ask, and what a page may do."""

from __future__ import annotations

import hmac
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from personae.serve.reply import Reply

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
READING = frozenset({"GET", "HEAD"})


class Guard:
    """Refuses other hosts and origins (403), and writes without the token (403)."""

    def __init__(self, app: ASGIApp, token: str, hosts: Collection[str]) -> None:
        self.app = app
        self.token = token.encode()
        self.hosts = frozenset(hosts)
        self.origins = frozenset(f"http://{host}" for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        reason = self._refusal(scope["method"], Headers(scope=scope))
        answer = Reply({"error": reason}, 403) if reason else self.app
        await answer(scope, receive, _with_headers(send, scope["path"]))

    def _refusal(self, method: str, headers: Headers) -> str | None:
        if headers.getlist("host") != [headers.get("host")] or headers.get("host") not in self.hosts:
            return "this page answers under its own address only; open the address that personae printed"
        origin = headers.get("origin")
        if origin is not None and origin not in self.origins:
            return "another page asked for this; open the address that personae printed"
        given = headers.get("x-personae-token", "").encode("utf-8", "replace")
        if method not in READING and not hmac.compare_digest(given, self.token):
            return "the token is missing or wrong; load the page again"
        return None


def _with_headers(send: Send, path: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers["Cache-Control"] = "no-store" if path.startswith("/api/") else "no-cache"
        await send(message)

    return sending
