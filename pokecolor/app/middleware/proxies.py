"""What a reverse proxy says of the visitor behind it: believed from named proxies alone."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from pokecolor.app.middleware.asgi import address_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pokecolor.app.middleware.asgi import App, Receive, Scope, Send

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address
    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SAID = (b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host")


class Proxies:
    """Puts what a named proxy says of a visitor in the place of its own address, scheme and host.

    The headers go no further, whoever sent them.

    Args:
        app: what is behind this.
        named: the proxies' addresses.
    """

    def __init__(self, app: App, named: Iterable[Network] = ()) -> None:
        self._app, self._named = app, tuple(named)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] == "http":
            scope = self._seen_through(scope)
        await self._app(scope, receive, send)

    def _seen_through(self, scope: Scope) -> Scope:
        said = {name: "" for name in SAID}
        kept = []
        for name, value in scope["headers"]:
            if name in said:
                # several headers of one name are one list
                text = value.decode("latin-1")
                said[name] = f"{said[name]},{text}" if said[name] else text
            elif not name.startswith(b"x-forwarded-") and name != b"forwarded":
                kept.append((name, value))
        if self._is_named(address_of(scope)):
            chain, scheme, host = (
                [part.strip() for part in said[name].split(",")] for name in SAID
            )
            if client := self._first_stranger(chain):
                scope = {**scope, "client": (client, 0)}
            # each proxy adds at the end: the last is what the named one wrote
            if scheme[-1] in ("http", "https"):
                scope = {**scope, "scheme": scheme[-1]}
            if host[-1]:
                kept = [(name, value) for name, value in kept if name != b"host"]
                kept.append((b"host", host[-1].encode("latin-1")))
        return {**scope, "headers": kept}

    def _first_stranger(self, chain: list[str]) -> str | None:
        """The address nearest to us that is no proxy's: what is before it, a visitor may invent."""
        for text in reversed(chain):
            if (address := read_address(text)) is None:
                return None
            if not self._is_named(str(address)):
                return str(address)
        return None

    def _is_named(self, text: str) -> bool:
        address = read_address(text)
        return address is not None and any(address in network for network in self._named)


def read_address(text: str) -> Address | None:
    """An IP address, with or without brackets and a port; None if it is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
