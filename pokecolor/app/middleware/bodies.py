"""Bodies of requests: read within bounds, and pictures taken out before anything parses them."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING

from pokecolor.app.middleware.asgi import address_of, headers_of, refuse, replay
from pokecolor.app.middleware.body_memory import Claim, Held
from pokecolor.app.middleware.rates import network_of
from pokecolor.app.refusals import Refusal
from pokecolor.app.uploads import PLACEHOLDER, Upload

if TYPE_CHECKING:
    from pokecolor.app.limits import Limits
    from pokecolor.app.middleware.asgi import App, Receive, Scope, Send
    from pokecolor.app.middleware.rates import RateLimit

WITH_PICTURE = {
    "POST": re.compile(r"/api/jobs"),
    "PUT": re.compile(r"/api/creations/[^/]+/pictures/[^/]+"),
}
"""Where a body may hold one picture, by method."""

PART_SECONDS = 30
"""How long a client may take to send a part of a body."""

BODY_SECONDS = 120
"""How long it may take to send all of it: 10 MB from a phone with 1 Mbit/s."""

KEY = "pokecolor.upload"
"""Where a request's scope holds the picture that was in its body."""

_START = re.compile(rb'"data:image\\?/')


class Bodies:
    """Reads the whole body of a request, no larger, no slower and no more often than is allowed.

    A body is small, but for one picture in it: the string that begins with `data:image/` is cut
    out as it was sent, and handed on as an `Upload`. So no large body is ever parsed.

    Args:
        app: what gets the requests.
        limits: the size of bodies.
        traffic: how many bytes an address may send in bodies.
    """

    def __init__(self, app: App, limits: Limits, traffic: RateLimit) -> None:
        self._app, self._limits, self._traffic = app, limits, traffic
        self._held = Held()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] == "http":
            try:
                body, upload = await self._read(scope, receive)
            except Refusal as refusal:
                await refuse(refusal, send)
                return
            receive = replay(body, receive)
            if upload:
                scope = {**scope, KEY: upload}
                # it is the request's alone, which lets go of it as it is read
                del upload
        await self._app(scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive) -> tuple[bytes, Upload | None]:
        address = network_of(address_of(scope))
        small = self._limits.body_bytes
        where = WITH_PICTURE.get(scope["method"])
        takes_picture = where is not None and where.fullmatch(scope["path"])
        most = small + self._limits.picture_bytes if takes_picture else small
        declared = headers_of(scope).get("content-length")
        if declared is not None:
            if not declared.isdecimal() or int(declared[:20]) > most:
                raise Refusal("body_bytes")
            self._charge(address, int(declared))
        claim = Claim(self._held, address)
        body = bytearray()
        more = scope["method"] in ("POST", "PUT")
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while more:
                    message = await asyncio.wait_for(receive(), PART_SECONDS)
                    part = message.get("body", b"")
                    claim.take(len(part))
                    body += part
                    if declared is None:
                        self._charge(address, len(part))
                    # a picture begins within what may be sent beside it
                    if len(body) > most or (
                        len(body) > small and not _START.search(body, 0, small)
                    ):
                        raise Refusal("body_bytes")
                    more = message["type"] == "http.request" and message.get("more_body", False)
        except TimeoutError:
            raise Refusal("too_slow") from None
        if len(body) <= small:
            return bytes(body), None
        return _cut(body, small, claim)

    def _charge(self, address: str, size: int) -> None:
        if size and not self._traffic.take(address, size):
            raise Refusal("too_fast")


def _cut(body: bytearray, most: int, claim: Claim) -> tuple[bytes, Upload]:
    """What a body of JSON is without its picture, and the picture."""
    start = _START.search(body, 0, most).start()
    # no quotation mark is within it, or it is no picture
    end = body.find(b'"', start + 1) + 1
    rest = body[:start] + json.dumps(PLACEHOLDER).encode() + body[end:]
    if not end or len(rest) > most:
        raise Refusal("body_bytes")
    return bytes(rest), Upload(bytes(memoryview(body)[start:end]), claim)
