"""What all routes of the API need of a request: the visitor, the language, an upload."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, TypeVar

import anyio
from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyCookie
from starlette.exceptions import HTTPException

from pokecolor.app.api import schemas
from pokecolor.app.middleware.bodies import KEY
from pokecolor.app.refusals import Refusal
from pokecolor.app.strings import LANGUAGES, Language
from pokecolor.app.uploads import PLACEHOLDER
from pokecolor.app.visitors import COOKIE, visitor_of

LANGUAGE_COOKIE = "pokecolor-language"
ERRORS: dict[int | str, dict] = {
    status: {"model": schemas.Error, "description": description}
    for status, description in {
        "4XX": "Refused: the request is not as it should be, or comes at the wrong time.",
        "5XX": "Not possible here, or not now.",
    }.items()
}
LONGEST = 300
"""Characters of a search."""

Result = TypeVar("Result")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="Given by GET /api/session.")


def visitor(key: Annotated[str | None, Depends(_cookie)]) -> str:
    """Who sent a request.

    Raises:
        Refusal: it came without a key.
    """
    known = visitor_of(key)
    if known is None:
        raise Refusal("visitor")
    return known


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


Visitor = Annotated[str, Depends(visitor)]
PageNumber = Annotated[int, Query(ge=1, le=10**6)]
Text = Annotated[str, Query(max_length=LONGEST)]


def sent(request: Request, image: str | None) -> object:
    """An image that came with a request: as it stands there, or the upload that it stands for."""
    return request.scope.get(KEY, "") if image == PLACEHOLDER else image


class ThreadLimit:
    """Runs what takes a while in few threads, so that others are left for quick requests."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._limiter: anyio.CapacityLimiter | None = None

    async def run(self, function: Callable[[], Result]) -> Result:
        """The function's result."""
        if self._limiter is None:  # it belongs to the running loop
            self._limiter = anyio.CapacityLimiter(self._threads)
        return await anyio.to_thread.run_sync(function, limiter=self._limiter)


def add_refusals(app: FastAPI) -> None:
    """Answer all that goes wrong by kind."""

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        return _refuse(refusal)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = [part for part in first["loc"][1:] if isinstance(part, str)]
        if first["type"] in ("json_invalid", "missing", "model_attributes_type") or not where:
            return _refuse(Refusal("call"))
        # a name that the client made up is not repeated
        known = re.fullmatch(r"[a-z_]{1,30}", where[0])
        return _refuse(Refusal("value", field=where[0] if known else "body"))

    @app.exception_handler(HTTPException)
    async def other(request: Request, error: HTTPException) -> Response:
        kind = {404: "not_found", 405: "method"}.get(error.status_code, "call")
        return _refuse(Refusal(kind), error.headers)

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> Response:
        return _refuse(Refusal("failed"))  # `Faults` logs it


def _refuse(refusal: Refusal, headers: dict[str, str] | None = None) -> Response:
    headers = {**(headers or {}), "cache-control": "no-store"}
    return JSONResponse(refusal.answer, refusal.status, headers)
