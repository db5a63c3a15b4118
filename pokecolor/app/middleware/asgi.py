"""What a request passes on its way: the types of these parts, and what they share."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pokecolor.app.refusals import Refusal

    Scope = dict[str, Any]
    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers of a request by their names in lower case; of one given twice, the last."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def address_of(scope: Scope) -> str:
    """The address that a request came from; "" where the server does not know."""
    return scope["client"][0] if scope.get("client") else ""


def replay(body: bytes, receive: Receive) -> Receive:
    """Receives a body that was read already, then what else happens to the connection."""
    parts = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> dict[str, Any]:
        return parts.pop() if parts else await receive()

    return again


async def refuse(refusal: Refusal, send: Send) -> None:
    """Answer with the refusal as JSON."""
    body = json.dumps(refusal.answer).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
