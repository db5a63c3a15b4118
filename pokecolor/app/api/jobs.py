"""Routes of jobs, and their events."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from pokecolor.app.api import schemas
from pokecolor.app.api.describing import describe_job
from pokecolor.app.api.requests import ERRORS, ThreadLimit, Visitor, sent
from pokecolor.app.jobs import Base
from pokecolor.app.middleware.rates import RateLimit, network_of
from pokecolor.app.refusals import Refusal

if TYPE_CHECKING:
    from pokecolor.app.studio import Studio

RETRY_MILLISECONDS = 2000
"""After which a browser that lost the connection comes back."""
SILENCE = 15
"""Seconds after which a stream says that it is there."""
PAUSE = 0.1
"""Seconds between two events of a stream, so that quick steps make no flood."""
UPLOADS = 2
"""Images that are read at a time."""


def job_routes(studio: Studio) -> APIRouter:
    """Declare them."""
    routes = APIRouter(prefix="/api", tags=["jobs"], responses=ERRORS)
    rate, threads = RateLimit(studio.limits.jobs_per_minute), ThreadLimit(UPLOADS)

    @routes.post("/jobs", status_code=202)
    async def begin(request: Request, visitor: Visitor, body: schemas.JobRequest) -> schemas.Job:
        """Have a sketch colored."""
        if not rate.take(_address(request)):
            raise Refusal("too_fast")
        start = functools.partial(studio.start, visitor, **_arguments(request, body))
        record = await threads.run(start)
        return describe_job(studio, record)

    @routes.get("/jobs")
    def jobs(visitor: Visitor) -> schemas.JobList:
        """Your jobs: those that wait, run, or have ended within the last hour."""
        return schemas.JobList(jobs=_all(studio, visitor))

    @routes.get("/jobs/{job_id}")
    def job(visitor: Visitor, job_id: str) -> schemas.Job:
        """One of your jobs."""
        return describe_job(studio, studio.jobs.get(visitor, job_id))

    @routes.delete("/jobs/{job_id}", status_code=204)
    def cancel(visitor: Visitor, job_id: str) -> Response:
        """Give a job up; forget it if it has ended."""
        studio.cancel(visitor, job_id)
        return Response(status_code=204)

    @routes.get(
        "/events",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )
    async def events(request: Request, visitor: Visitor) -> Response:
        """Each of your jobs, now and whenever it changes, as server-sent events named "job"."""
        stream = _events(studio, visitor, network_of(_address(request)))
        first = await anext(stream)  # which raises what there is to refuse

        async def whole() -> AsyncIterator[str]:
            try:
                yield first
                async for event in stream:
                    yield event
            finally:
                await stream.aclose()

        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(whole(), media_type="text/event-stream", headers=headers)

    return routes


async def _events(studio: Studio, visitor: str, address: str) -> AsyncIterator[str]:
    told: dict[str, schemas.Job] = {}
    with studio.subscribers.subscribe(visitor, address) as changed:
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        while True:
            changed.clear()
            now = {job.id: job for job in await asyncio.to_thread(_all, studio, visitor)}
            for job_id, job in now.items():
                if told.get(job_id) != job:
                    yield f"event: job\ndata: {job.model_dump_json()}\n\n"
            told = now
            await asyncio.sleep(PAUSE)
            try:
                await asyncio.wait_for(changed.wait(), SILENCE)
            except TimeoutError:
                yield ": still here\n\n"


def _all(studio: Studio, visitor: str) -> list[schemas.Job]:
    found = []
    for record in studio.jobs.of(visitor):
        try:
            found.append(describe_job(studio, record))
        except Refusal:  # forgotten meanwhile
            continue
    return found


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _arguments(request: Request, body: schemas.JobRequest) -> dict[str, object]:
    """The arguments of `Studio.start`."""
    given = body.model_dump(exclude={"sketch", "again", "keep", "only"})
    again = body.again and Base(body.again.creation, body.again.number, body.only)
    if body.only is not None and again is None:
        raise Refusal("value", field="only")
    return given | {
        "sketch": sent(request, body.sketch),
        "again": again,
        "keep": body.keep and Base(body.keep.creation, body.keep.number),
        "mask": body.keep and sent(request, body.keep.mask),
    }
