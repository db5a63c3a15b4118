"""HTTP routes beside the page: pictures, shared pages, style sheet and script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)

from pokecolor.app.creation import Creation, media_types
from pokecolor.app.markup import Markup
from pokecolor.app.refusals import Refusal
from pokecolor.app.strings import LANGUAGES, Language
from pokecolor.app.studio import Studio
from pokecolor.app.theme import STATIC, read_static
from pokecolor.app.visitors import COOKIE, set_cookie, visitor_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LANGUAGE_COOKIE = "pokecolor-language"
NEVER_CHANGES = "max-age=31536000, immutable"
HOMES: dict[Language, str] = {"en": "/", "ko": "/ko/"}
"""Where the page is in each language."""


def add_routes(app: FastAPI, studio: Studio) -> None:
    """Declare them; the page is mounted after them, as it takes all other paths."""

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        return JSONResponse({"error": refusal.kind}, refusal.status)

    @app.get("/language/{language}")
    def choose_language(request: Request, language: str) -> Response:
        if language not in LANGUAGES:
            raise Refusal("not_found")
        secure = request.url.scheme == "https"
        cookie = set_cookie(LANGUAGE_COOKIE, language, secure)
        return RedirectResponse(HOMES[language], 303, {"set-cookie": cookie})

    @app.get("/healthy")
    def healthy() -> Response:
        return PlainTextResponse("ok")

    @app.get("/look/{name}")
    def look(name: str) -> Response:
        if name not in STATIC:
            raise Refusal("not_found")
        return Response(
            read_static(name), media_type=STATIC[name], headers={"cache-control": "no-cache"}
        )

    @app.get("/sketches/{sketch_id}/{size}.png")
    def sketch(sketch_id: str, size: int) -> Response:
        picture = studio.library.picture(sketch_id, size)
        return Response(picture, media_type="image/png", headers={"cache-control": "max-age=86400"})

    @app.get("/creations/{creation_id}/{name}")
    def own_file(request: Request, creation_id: str, name: str) -> Response:
        visitor = visitor_of(request.cookies.get(COOKIE))
        if visitor is None:
            raise Refusal("visitor")
        creation = studio.collection.get(visitor, creation_id)
        return _file(studio, creation, name, "download" in request.query_params)

    @app.get("/shared/{token}")
    def shared_page(request: Request, token: str) -> Response:
        markup = Markup(language_of(request))
        try:
            return HTMLResponse(markup.shared(studio.collection.shared(token)))
        except Refusal as refusal:
            return HTMLResponse(markup.shared(None), refusal.status)

    @app.get("/shared/{token}/{name}")
    def shared_file(token: str, name: str) -> Response:
        return _file(studio, studio.collection.shared(token), name, False)


def in_browsers_language(app: ASGIApp) -> ASGIApp:
    """The same application, whose first page sends Korean browsers to the Korean one."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/":
            language = language_of(Request(scope))
            if language != "en":
                vary = {"vary": "accept-language, cookie"}
                await RedirectResponse(HOMES[language], 303, vary)(scope, receive, send)
                return
        await app(scope, receive, send)

    return answer


def language_of(request: Request) -> Language:
    """The language that was chosen, or else the first of the browser's that there is."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    for entry in request.headers.get("accept-language", "")[:200].split(","):
        wanted = entry.partition(";")[0].strip().lower().partition("-")[0]
        if wanted in LANGUAGES:
            return wanted
    return LANGUAGES[0]


def _file(studio: Studio, creation: Creation, name: str, download: bool) -> Response:
    """One of a creation's files; a client names it, but only out of those there are."""
    kinds = media_types(creation)
    if name not in kinds:
        raise Refusal("not_found")
    how = "attachment" if download or name.endswith(".ora") else "inline"
    return FileResponse(
        studio.collection.file(creation, name),
        media_type=kinds[name],
        headers={"cache-control": f"private, {NEVER_CHANGES}"},
        filename=f"{creation.order.name or 'pokecolor'}-{name}",
        content_disposition_type=how,
    )
