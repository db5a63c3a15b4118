"""Binds the service's address before anything slow is loaded."""

from __future__ import annotations

import socket

from pokecolor.core.errors import UserError


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to an address.

    Raises:
        UserError: it cannot be bound.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind, protocol)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
        except OSError:
            bound.close()
            raise
    except OSError as error:
        raise UserError(
            f"{host}:{port}: cannot listen there ({error.strerror}); try another --port"
        ) from None
    return bound
