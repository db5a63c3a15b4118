"""The names by which a service is called; a page elsewhere may have its own name lead here."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING

from pokecolor.app.middleware.asgi import headers_of, refuse
from pokecolor.app.middleware.proxies import read_address
from pokecolor.app.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pokecolor.app.middleware.asgi import App, Receive, Scope, Send

_LOGGER = logging.getLogger(__name__)
_TOLD = 20
"""Refused names that are logged; whoever sends more of them makes them up."""


class Hosts:
    """Refuses requests that call the service by a name that it does not have.

    A site whose name is made to lead to this machine could otherwise read, in its visitor's
    browser, what this service answers (DNS rebinding), and its name would be in our links. Names
    that it may be called by are `localhost`, those given here, and the address that a request came
    in by. A service that others can reach is called by its machine's name, too, and by private
    addresses: behind a container or a router it does not know its own, and no site can have them
    for a name.

    Args:
        app: what is behind this.
        names: what the operator calls it.
        reachable: whether other machines can reach it.
    """

    def __init__(self, app: App, names: Iterable[str] = (), reachable: bool = False) -> None:
        self._app, self._reachable = app, reachable
        self._told: set[str] = set()
        self._names = {"localhost", *(name.lower().rstrip(".") for name in names)}
        if reachable:
            own = socket.gethostname().lower()
            short = own.partition(".")[0]
            self._names |= {own, short, f"{short}.local"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] == "http":
            host = name_in(headers_of(scope).get("host", ""))
            if not self._knows(host, scope):
                self._log(host)
                await refuse(Refusal("unknown_host"), send)
                return
        await self._app(scope, receive, send)

    def _log(self, host: str) -> None:
        if host not in self._told and len(self._told) < _TOLD:
            self._told.add(host)
            _LOGGER.warning("refused the unknown host %r; is it yours? --allow-host names it", host)

    def _knows(self, host: str, scope: Scope) -> bool:
        if host in self._names:
            return True
        address = read_address(host)
        if address is None:
            return False
        if address.is_loopback or (self._reachable and not address.is_global):
            return True
        came_in_by = scope.get("server") or ("", 0)
        return address == read_address(came_in_by[0])


def name_in(host: str) -> str:
    """The name in a `Host` header, in lower case, without the port and a last dot."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower().rstrip(".")
