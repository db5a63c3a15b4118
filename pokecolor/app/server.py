"""The service as an ASGI application, and the server that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

import pokecolor
from pokecolor.app.api.creations import creation_routes
from pokecolor.app.api.jobs import job_routes
from pokecolor.app.api.reading import reading_routes
from pokecolor.app.api.requests import add_refusals
from pokecolor.app.middleware.bodies import Bodies
from pokecolor.app.middleware.faults import Faults
from pokecolor.app.middleware.guard import Guard
from pokecolor.app.middleware.hosts import Hosts
from pokecolor.app.middleware.proxies import Proxies
from pokecolor.app.middleware.rates import RateLimit
from pokecolor.app.middleware.security_headers import SecurityHeaders
from pokecolor.app.pages import file_routes, page_routes

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable

    from pokecolor.app.middleware.asgi import App
    from pokecolor.app.middleware.proxies import Network
    from pokecolor.app.studio import Studio

CONNECTIONS = 500
"""Beyond these, uvicorn answers 503 by itself."""


def build_server(
    studio: Studio,
    hosts: Iterable[str] = (),
    reachable: bool = False,
    proxies: Iterable[Network] = (),
) -> App:
    """The page, the API, the pictures, behind all that a request has to pass.

    Args:
        studio: what is served.
        hosts: further names that the service is called by; see `Hosts`.
        reachable: whether other machines can reach it.
        proxies: whose word on a visitor's address is believed; see `Proxies`.
    """
    limits = studio.limits
    app = FastAPI(
        title="pokecolor",
        version=pokecolor.__version__,
        description="Colors sketches as a prompt says. See docs/serve.md.",
        openapi_url="/api/openapi.json",
        # their pages would load scripts from elsewhere
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    add_refusals(app)
    for routes in (reading_routes, job_routes, creation_routes, file_routes, page_routes):
        app.include_router(routes(studio))
    bodies = Bodies(Faults(app), limits, RateLimit(limits.bytes_per_minute))
    guard = Guard(bodies, RateLimit(limits.requests_per_minute))
    return SecurityHeaders(Proxies(Hosts(guard, hosts, reachable), proxies))


def serve(server: App, bound: socket.socket) -> None:
    """Answer requests until the process is interrupted."""
    config = uvicorn.Config(
        server,
        log_level="warning",
        server_header=False,
        # `Proxies` is more careful
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=15,
        # pages keep a connection open to hear of their jobs
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[bound])
