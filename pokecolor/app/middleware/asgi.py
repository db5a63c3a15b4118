"""What a request passes on its way: the types of these parts, and what they share."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from pokecolor.app.refusals import Refusal

if TYPE_CHECKING:
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
    """Answer with the refusal's kind as JSON."""
    await send_json(refusal.status, {"error": refusal.kind}, send)


async def send_json(status: int, answer: object, send: Send) -> None:
    """Answer with JSON."""
    await _send(status, b"application/json", json.dumps(answer).encode(), send)


async def send_event(event: object, send: Send) -> None:
    """Answer with a stream that ends after one event."""
    await _send(200, b"text/event-stream", b"data: " + json.dumps(event).encode() + b"\n\n", send)


async def _send(status: int, kind: bytes, body: bytes, send: Send) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
