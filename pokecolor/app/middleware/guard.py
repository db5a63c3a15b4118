"""What is served, to whom, and how often."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pokecolor.app.middleware.asgi import address_of, headers_of, refuse
from pokecolor.app.refusals import Refusal
from pokecolor.app.visitors import COOKIE, new_key, read_cookies, set_cookie, visitor_of

if TYPE_CHECKING:
    from pokecolor.app.middleware.asgi import App, Receive, Scope, Send
    from pokecolor.app.middleware.rates import RateLimit

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


class Guard:
    """Refuses what is not served, too fast or from another site's page; gives each visitor a key.

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
        known = visitor_of(read_cookies(headers.get("cookie", "")).get(COOKIE))
        if known is None and scope["method"] == "GET" and PAGES.fullmatch(scope["path"]):
            send = _with_cookie(
                send, set_cookie(COOKIE, new_key(), secure=scope["scheme"] == "https")
            )
        try:
            self._check(scope, headers)
        except Refusal as refusal:
            await refuse(refusal, send)
            return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope, headers: dict[str, str]) -> None:
        if not self._requests.take(address_of(scope)):
            raise Refusal("too_fast")
        allowed = ALLOWED.get(scope["method"])
        path = scope["path"]
        if allowed is None or not allowed.fullmatch(path) or ".." in path or "//" in path:
            raise Refusal("not_found")
        if scope["method"] == "POST" and _is_cross_site(headers):
            raise Refusal("cross_site")


def _with_cookie(send: Send, cookie: str) -> Send:
    """Sends an answer on with a cookie."""

    async def answer(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = [*message.get("headers", []), (b"set-cookie", cookie.encode())]
            message = {**message, "headers": given}
        await send(message)

    return answer


def _is_cross_site(headers: dict[str, str]) -> bool:
    """Whether a browser says that another site's page sent a request."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
