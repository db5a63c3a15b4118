"""What is served beside the API: the page, its assets, pictures, and public pages."""

from __future__ import annotations

import functools
from importlib import resources
from typing import TYPE_CHECKING, Annotated

import jinja2
from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from PIL import Image

from pokecolor.app.api.requests import ERRORS, Visitor, language_of
from pokecolor.app.creation import SKETCH, Creation, file_of, media_types
from pokecolor.app.pictures import read_picture
from pokecolor.app.refusals import Refusal
from pokecolor.app.strings import text
from pokecolor.core.atomic_files import written_whole

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from pokecolor.app.studio import Studio

STATIC = resources.files("pokecolor.app") / "static"
ASSETS = {
    "css": "text/css", "js": "text/javascript", "mjs": "text/javascript", "svg": "image/svg+xml",
    "wasm": "application/wasm", "png": "image/png", "webp": "image/webp", "woff2": "font/woff2",
    "json": "application/json", "webmanifest": "application/manifest+json",
    "onnx": "application/octet-stream", "txt": "text/plain",
}  # fmt: skip
"""The media types of the page's assets, by ending."""
NEVER_CHANGES = "max-age=31536000, immutable"
PLACES = ("/", "/create", "/result/{place}", "/collection", "/sketches")
"""Addresses within the page: it finds out by itself which is which."""
NO_PLACES = ("api", "assets", "creations", "shared")
"""What addresses of the page do not begin with."""

_environment = jinja2.Environment(
    loader=jinja2.PackageLoader("pokecolor.app"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def file_routes(studio: Studio) -> APIRouter:
    """Declare the routes of pictures."""
    routes = APIRouter(tags=["files"], responses=ERRORS, default_response_class=Response)

    @routes.get("/sketches/{sketch_id}/color.png")
    def finished(sketch_id: str, size: Annotated[int, Query()] = 768) -> Response:
        """A finished picture of a sketch, 192 or 768 pixels along each side."""
        return _png(studio.library.picture(sketch_id, size, finished=True))

    @routes.get("/sketches/{sketch_id}/{size}.png")
    def sketch(sketch_id: str, size: int) -> Response:
        """A sketch, 192 or 768 pixels along each side."""
        return _png(studio.library.picture(sketch_id, size))

    @routes.get("/creations/{creation_id}/{name}")
    def own_file(request: Request, visitor: Visitor, creation_id: str, name: str) -> Response:
        """A file of one of your creations; with `?download` to be saved."""
        return _file(studio, studio.collection.get(visitor, creation_id), name, request)

    @routes.get("/shared/{token}/{name}")
    def shared_file(request: Request, token: str, name: str) -> Response:
        """A file of a public page."""
        return _file(studio, studio.collection.shared(token), name, request)

    return routes


def page_routes(studio: Studio) -> APIRouter:
    """Declare the routes of pages; the last takes all paths that are left."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthy")
    def healthy() -> Response:
        return PlainTextResponse("ok", headers={"cache-control": "no-store"})

    @routes.get("/shared.css")
    def style() -> Response:
        return Response((STATIC / "shared.css").read_bytes(), media_type="text/css")

    @routes.get("/assets/{name}")
    def asset(name: str) -> Response:
        files = _assets()
        if name not in files:
            raise Refusal("not_found")
        kind = ASSETS.get(name.rpartition(".")[2], "application/octet-stream")
        headers = {"cache-control": NEVER_CHANGES}
        return Response(files[name].read_bytes(), media_type=kind, headers=headers)

    @routes.get("/shared/{token}")
    def shared(request: Request, token: str) -> Response:
        try:
            return HTMLResponse(_shared_page(studio, studio.collection.shared(token), request))
        except Refusal as refusal:
            return HTMLResponse(_shared_page(studio, None, request), refusal.status)

    def page(request: Request) -> Response:
        return _page(request, 200)

    for place in PLACES:
        routes.get(place)(page)

    @routes.get("/{path:path}")
    def nowhere(request: Request, path: str) -> Response:
        if (
            path.split("/")[0] in NO_PLACES
            or "." in path
            or "text/html" not in request.headers.get("accept", "")
        ):
            raise Refusal("not_found")
        return _page(request, 404)

    return routes


def _page(request: Request, status: int) -> Response:
    document = _document().replace('lang="en"', f'lang="{language_of(request)}"', 1)
    headers = {"cache-control": "no-cache", "vary": "accept-language, cookie"}
    return HTMLResponse(document, status, headers)


@functools.cache
def _document() -> str:
    return (STATIC / "page" / "index.html").read_text(encoding="utf-8")


@functools.cache
def _assets() -> dict[str, Traversable]:
    return {file.name: file for file in (STATIC / "page" / "assets").iterdir()}


def _shared_page(studio: Studio, creation: Creation | None, request: Request) -> str:
    language = language_of(request)
    size = version = None
    if creation:
        version = round(1000 * creation.changed)
        with Image.open(studio.collection.folder_of(creation) / SKETCH) as sketch:
            size = sketch.size
    say = functools.partial(text, language)
    return _environment.get_template("shared.html.jinja").render(
        base=str(request.base_url),
        creation=creation,
        file_of=file_of,
        language=language,
        name=(creation.order.name or creation.order.prompt) if creation else "",
        size=size,
        t=say,
        version=version,
    )


def _png(picture: bytes) -> Response:
    headers = {"cache-control": "max-age=86400"}
    return Response(picture, media_type="image/png", headers=headers)


def _file(studio: Studio, creation: Creation, name: str, request: Request) -> Response:
    """One of a creation's files; a client names it, but only out of those there are."""
    kinds = media_types(creation)
    if name not in kinds:
        raise Refusal("not_found")
    path = studio.collection.folder_of(creation) / name
    if name.startswith("colors-") and not path.is_file():
        _restore_colors(path)
    download = "download" in request.query_params
    how = "attachment" if download or name.endswith(".ora") else "inline"
    # the address of a picture that was finished by hand names another version
    known = "v" in request.query_params
    return FileResponse(
        path,
        media_type=kinds[name],
        headers={"cache-control": f"private, {NEVER_CHANGES}" if known else "private, no-cache"},
        filename=f"{creation.order.name or 'pokecolor'}-{name}",
        content_disposition_type=how,
    )


def _restore_colors(path: Path) -> None:
    """Write the layer of colors of a picture of an earlier version."""
    number = int(path.stem.rpartition("-")[2])
    with written_whole(path) as partial:
        read_picture(path.parent, number).colors.save(partial, "PNG")
