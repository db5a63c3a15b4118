"""How often an address may ask, and from whose page; each visitor gets a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pokecolor.app.middleware.asgi import address_of, headers_of, refuse
from pokecolor.app.refusals import Refusal
from pokecolor.app.visitors import COOKIE, new_key, read_cookies, set_cookie, visitor_of

if TYPE_CHECKING:
    from pokecolor.app.middleware.asgi import App, Receive, Scope, Send
    from pokecolor.app.middleware.rates import RateLimit

READING = ("GET", "HEAD")
SESSION = "/api/session"
HTML = b"text/html"


class Guard:
    """Refuses what comes too fast, to a crooked path, or from another site's page.

    A visitor without a key is given one by the first page, or by `SESSION`.

    Args:
        app: what is guarded.
        requests: how often an address may ask.
    """

    def __init__(self, app: App, requests: RateLimit) -> None:
        self._app, self._requests = app, requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets here
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = headers_of(scope)
        try:
            self._check(scope, headers)
        except Refusal as refusal:
            await refuse(refusal, send)
            return
        known = visitor_of(read_cookies(headers.get("cookie", "")).get(COOKIE))
        if known is None and scope["method"] == "GET":
            cookie = set_cookie(COOKIE, new_key(), secure=scope["scheme"] == "https")
            send = _with_cookie(send, cookie, always=scope["path"] == SESSION)
        await self._app(scope, receive, send)

    def _check(self, scope: Scope, headers: dict[str, str]) -> None:
        if not self._requests.take(address_of(scope)):
            raise Refusal("too_fast")
        path = scope["path"]
        if ".." in path or "//" in path or "\\" in path or not path.isprintable():
            raise Refusal("not_found")
        if scope["method"] not in READING and _is_cross_site(headers):
            raise Refusal("cross_site")


def _with_cookie(send: Send, cookie: str, always: bool) -> Send:
    """Sends an answer on with a cookie, if it is a page."""

    async def answer(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = message.get("headers", [])
            kind = dict(headers).get(b"content-type", b"")
            if always or kind.startswith(HTML):
                message = {**message, "headers": [*headers, (b"set-cookie", cookie.encode())]}
        await send(message)

    return answer


def _is_cross_site(headers: dict[str, str]) -> bool:
    """Whether a browser says that another site's page sent a request."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
