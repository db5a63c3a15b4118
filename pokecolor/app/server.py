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

from pokecolor.app.guard import Guard
from pokecolor.app.look import read_static, theme
from pokecolor.app.markup import Markup
from pokecolor.app.page.desk import Desk
from pokecolor.app.page.layout import build_page
from pokecolor.app.rates import RateLimit
from pokecolor.app.routes import HOMES, add_routes, in_browsers_language
from pokecolor.app.strings import LANGUAGES

if TYPE_CHECKING:
    import socket

    from pokecolor.app.studio import Studio

CONNECTIONS = 500
"""Beyond these, uvicorn answers 503 by itself."""


def build_server(studio: Studio) -> Guard:
    """The page in each language, the API, the pictures, behind the guard."""
    limits = studio.limits
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_routes(app, studio)
    jobs = RateLimit(limits.jobs_per_minute)
    # the one at the root takes all paths that are left
    for language in sorted(LANGUAGES, key=lambda language: -len(HOMES[language])):
        gr.mount_gradio_app(
            app,
            build_page(Desk(studio, Markup(language), jobs)),
            path=HOMES[language].rstrip("/") or "/",
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
    return Guard(in_browsers_language(app), limits, RateLimit(limits.requests_per_minute))


def serve(server: Guard, bound: socket.socket) -> None:
    """Answer requests until the process is interrupted."""
    config = uvicorn.Config(
        server,
        log_level="warning",
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=15,
        # pages keep a connection open to hear of their orders
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[bound])
