"""What every request passes before anything else sees it."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pokecolor.app.refusals import Refusal
from pokecolor.app.visitors import COOKIE, new_key, read_cookies, set_cookie, visitor_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pokecolor.app.limits import Limits
    from pokecolor.app.rates import RateLimit

    Scope = dict[str, Any]
    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

_ASKED = (
    r"(?:/ko)?/",
    r"/ko",
    r"(?:/ko)?/(?:config|theme\.css|robots\.txt)/?",
    r"/favicon\.ico",
    r"(?:/ko)?/(?:static|assets|svelte)/[\w./-]+",
    r"(?:/ko)?/gradio_api/(?:info|openapi\.json|startup-events|app_id)/?",
    r"(?:/ko)?/gradio_api/queue/data",
    r"(?:/ko)?/gradio_api/heartbeat/\w+",
    r"(?:/ko)?/gradio_api/call/(?:v2/)?\w+/\w+",
    r"/(?:sketches|creations|shared|look|language)/[\w./-]+",
    r"/healthy",
)
_SENT = (
    r"(?:/ko)?/gradio_api/queue/join",
    r"(?:/ko)?/gradio_api/cancel",
    r"(?:/ko)?/gradio_api/(?:run|call|call/v2)/\w+/?",
)
ALLOWED = {
    "GET": re.compile("|".join(_ASKED), re.ASCII),
    "HEAD": re.compile("|".join(_ASKED), re.ASCII),
    "POST": re.compile("|".join(_SENT), re.ASCII),
}
"""What is served. All else that Gradio has is not: nothing is uploaded to its folder of temporary
files, nothing is read from there, and nothing is fetched from elsewhere."""

PAGES = re.compile(r"/(?:ko/?)?|(?:/ko)?/config/?")
"""Where a visitor without a key is given one."""

BODY_SECONDS = 30
"""How long a client may take to send a part of a body."""

HELD_BYTES = 100_000_000
"""Bodies of all requests together that are held in memory."""

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; "
        # Gradio evaluates the templates and listeners of its components
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "worker-src 'self' blob:; manifest-src 'self'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # a public page's address is its key
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    """Refuses what is not served, too large, too fast or from another site's page, gives each
    visitor a key and each answer its headers.

    Args:
        app: what is guarded.
        limits: the size of bodies.
        requests: how often an address may ask.
    """

    def __init__(self, app: App, limits: Limits, requests: RateLimit) -> None:
        self._app, self._limits, self._requests = app, limits, requests
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets here
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        given = []
        known = visitor_of(read_cookies(headers.get("cookie", "")).get(COOKIE))
        if known is None and scope["method"] == "GET" and PAGES.fullmatch(scope["path"]):
            given = [set_cookie(COOKIE, new_key(), secure=scope["scheme"] == "https")]
        answer = _with_headers(send, given)
        body = bytearray()
        try:
            self._check(scope, headers)
            if scope["method"] == "POST":
                await self._read(receive, body)
        except Refusal as refusal:
            self._held -= len(body)
            await refuse(refusal, answer)
            return
        try:
            await self._app(scope, _replay(bytes(body), receive), answer)
        finally:
            self._held -= len(body)

    def _check(self, scope: Scope, headers: dict[str, str]) -> None:
        client = scope["client"][0] if scope.get("client") else ""
        if not self._requests.take(client):
            raise Refusal("too_fast")
        allowed = ALLOWED.get(scope["method"])
        path = scope["path"]
        if allowed is None or not allowed.fullmatch(path) or ".." in path or "//" in path:
            raise Refusal("not_found")
        if scope["method"] == "POST" and _is_cross_site(headers):
            raise Refusal("cross_site")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) > self._limits.body_bytes:
            raise Refusal("body_bytes")

    async def _read(self, receive: Receive, body: bytearray) -> None:
        """Read a whole body, no larger and no slower than is allowed."""
        more = True
        while more:
            try:
                message = await asyncio.wait_for(receive(), BODY_SECONDS)
            except TimeoutError:
                raise Refusal("too_slow") from None
            part = message.get("body", b"")
            body += part
            self._held += len(part)
            if len(body) > self._limits.body_bytes:
                raise Refusal("body_bytes")
            if self._held > HELD_BYTES:
                raise Refusal("busy")
            more = message["type"] == "http.request" and message.get("more_body", False)


def _with_headers(send: Send, cookies: list[str]) -> Send:
    """Sends an answer on with the headers that all have, and with cookies."""

    async def answer(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            theirs = [
                (name, value)
                for name, value in message.get("headers", [])
                if name.lower().decode("latin-1") not in HEADERS
            ]
            ours = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            given = [(b"set-cookie", cookie.encode()) for cookie in cookies]
            message = {**message, "headers": theirs + ours + given}
        await send(message)

    return answer


def _replay(body: bytes, receive: Receive) -> Receive:
    """Receives a body that was read already, then what else happens to the connection."""
    parts = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> dict[str, Any]:
        return parts.pop() if parts else await receive()

    return again


async def refuse(refusal: Refusal, send: Send) -> None:
    """Answer with the refusal's kind as JSON."""
    body = json.dumps({"error": refusal.kind}).encode()
    await send(
        {
            "type": "http.response.start",
            "status": refusal.status,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


def _is_cross_site(headers: dict[str, str]) -> bool:
    """Whether a browser says that another site's page sent a request."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
