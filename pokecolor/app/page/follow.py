"""Follows a job: progress messages while it waits and runs, then its result."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from pokecolor.app.refusals import Refusal

if TYPE_CHECKING:
    from pokecolor.app.creation import Creation
    from pokecolor.app.studio import Studio
    from pokecolor.app.worker import Job

INTERVAL = 0.25
"""Seconds between two looks at an order."""


async def follow(studio: Studio, job: Job[Creation]) -> AsyncIterator[tuple[int, float]]:
    """Yield how many orders are before this one and its share done, whenever these change."""
    told = None
    result = asyncio.wrap_future(job.result)
    # a refusal is told by await_creation; asyncio would log it as forgotten
    result.add_done_callback(lambda done: done.exception())
    while True:
        now = studio.painter.position(job), round(job.progress, 2)
        if now != told:
            told = now
            yield now
        # not cancelled with the waiting: an order whose visitor goes away is finished and kept
        done, _ = await asyncio.wait({result}, timeout=INTERVAL)
        if done:
            return


async def await_creation(job: Job[Creation]) -> Creation:
    """The outcome of an order.

    Raises:
        Refusal: it was canceled, or failed.
    """
    try:
        return await asyncio.shield(asyncio.wrap_future(job.result))
    except Refusal:
        raise
    except Exception:
        raise Refusal("failed") from None
