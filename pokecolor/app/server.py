"""The service as an ASGI application, and the server that runs it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

# before Gradio is imported: it would ask an outside host for its newest version
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# nor is a table of all past calls made after each: nobody looks at it
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "100"

import gradio as gr
import uvicorn
from fastapi import FastAPI

from pokecolor.app.markup import Markup
from pokecolor.app.middleware.bodies import Bodies
from pokecolor.app.middleware.calls import Calls
from pokecolor.app.middleware.guard import Guard
from pokecolor.app.middleware.hosts import Hosts
from pokecolor.app.middleware.proxies import Proxies
from pokecolor.app.middleware.rates import RateLimit
from pokecolor.app.middleware.security_headers import SecurityHeaders
from pokecolor.app.page.context import PageContext
from pokecolor.app.page.layout import build_page
from pokecolor.app.routes import HOMES, add_routes, in_browsers_language
from pokecolor.app.strings import LANGUAGES
from pokecolor.app.theme import read_static, theme

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable

    from pokecolor.app.middleware.asgi import App
    from pokecolor.app.middleware.proxies import Network
    from pokecolor.app.studio import Studio

CONNECTIONS = 500
"""Beyond these, uvicorn answers 503 by itself."""

SESSIONS = 256
"""Of each page, whose state Gradio keeps, at 84 kB; ours have none that would be missed."""


def build_server(
    studio: Studio,
    hosts: Iterable[str] = (),
    reachable: bool = False,
    proxies: Iterable[Network] = (),
) -> App:
    """The page in each language, the API, the pictures, behind all that a request has to pass.

    Args:
        studio: what is served.
        hosts: further names that the service is called by; see `Hosts`.
        reachable: whether other machines can reach it.
        proxies: whose word on a visitor's address is believed; see `Proxies`.
    """
    limits = studio.limits
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_routes(app, studio)
    jobs = RateLimit(limits.jobs_per_minute)
    pages = {}
    # the one at the root takes all paths that are left
    for language in sorted(LANGUAGES, key=lambda language: -len(HOMES[language])):
        home = HOMES[language].rstrip("/")
        pages[home] = page = build_page(PageContext(studio, Markup(language), jobs))
        page.state_session_capacity = SESSIONS
        gr.mount_gradio_app(
            app,
            page,
            path=home or "/",
            footer_links=[],
            run_history=False,
            show_error=False,
            max_file_size=1,
            allowed_paths=[],
            enable_monitoring=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            theme=theme(),
            css=read_static("pokecolor.css"),
            app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        )
    calls = Calls(in_browsers_language(app), pages)
    bodies = Bodies(calls, limits, RateLimit(limits.bytes_per_minute))
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
        # pages keep a connection open to hear of their orders
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[bound])
