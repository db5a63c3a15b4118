"""The worker that runs the model: a bounded queue and one thread."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import secrets
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from PIL import Image

from pokecolor.app.creation import Order
from pokecolor.app.limits import Limits
from pokecolor.app.refusals import Refusal
from pokecolor.coloring.colorizer import ColoredSketch, Colorizer
from pokecolor.core.images.failed_pictures import NoPicture

Result = TypeVar("Result")
_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Job(Generic[Result]):
    """An order on its way. `result` holds what `finish` makes of the paintings, or a Refusal."""

    owner: str
    sketch: Image.Image
    order: Order
    finish: Callable[[list[ColoredSketch]], Result]
    result: Future[Result] = field(default_factory=Future)
    progress: float = 0.0
    """The share of its pictures that is painted, 0 to 1."""
    canceled: bool = False
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    """Names it to its owner."""
    _painted: list[ColoredSketch] = field(default_factory=list)

    def cancel(self) -> None:
        """Give the order up: at once if it waits, else after the step that is being painted."""
        self.canceled = True


class _Stopped(Exception):
    """Nobody waits any longer for what is being painted."""


class PaintingWorker:
    """Paints orders one after another with a model that stays in memory.

    Args:
        colorizer: the model.
        batch_size: pictures painted at a time, of one order or of several with the same settings.
            A GPU paints four in little more than the time of one; a CPU takes four times as long,
            so that 1 is better there, and gives the same pixels whoever else is waiting.
        limits: how many orders may wait.
    """

    def __init__(self, colorizer: Colorizer, batch_size: int, limits: Limits) -> None:
        self._colorizer, self._batch_size, self._limits = colorizer, batch_size, limits
        self._waiting: deque[Job] = deque()
        self._current: list[Job] = []
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="painter", daemon=True)
        self._thread.start()

    def submit(
        self,
        owner: str,
        sketch: Image.Image,
        order: Order,
        finish: Callable[[list[ColoredSketch]], Result],
    ) -> Job[Result]:
        """Queue an order.

        Args:
            owner: whose it is; each may have a few waiting.
            sketch: RGB or RGBA.
            order: prompt, seeds and settings.
            finish: makes the result of the paintings, in the painter's thread.

        Raises:
            Refusal: the queue is full, or the owner's part of it.
        """
        with self._changed:
            self._waiting = deque(job for job in self._waiting if not _gone(job))
            if len(self._waiting) >= self._limits.waiting or self._closed:
                raise Refusal("busy")
            if sum(job.owner == owner for job in self._waiting) >= self._limits.own_waiting:
                raise Refusal("waiting_own", limit=self._limits.own_waiting)
            job: Job[Result] = Job(owner, sketch, order, finish)
            self._waiting.append(job)
            self._changed.notify()
            return job

    def position(self, job: Job) -> int:
        """How many orders are before this one; 0 once it is being painted."""
        with self._changed:
            before = [other for other in self._waiting if not other.canceled]
            return before.index(job) + len(self._current) if job in before else 0

    def cancel(self, owner: str, token: str) -> None:
        """Give up an order of this owner's, if it is not done yet."""
        with self._changed:
            for job in (*self._waiting, *self._current):
                if job.token == token and job.owner == owner:
                    job.cancel()
            self._changed.notify()

    def close(self) -> None:
        """Give all orders up and end the thread."""
        with self._changed:
            self._closed = True
            for job in (*self._waiting, *self._current):
                job.cancel()
            self._changed.notify()
        self._thread.join(timeout=10)

    def _work(self) -> None:
        _let_requests_go_first()
        while batch := self._next_batch():
            try:
                self._paint(batch)
            except _Stopped:
                pass
            except Exception as error:
                _log.exception("painting failed")
                for job in self._current:
                    if not job.result.done():
                        job.result.set_exception(error)
            self._settle()

    def _next_batch(self) -> list[tuple[Job, int]]:
        """The next pictures to paint, each as an order and the number of its seed."""
        with self._changed:
            while True:
                self._waiting = deque(job for job in self._waiting if not _gone(job))
                self._current = []
                if self._closed:
                    return []
                if self._waiting:
                    break
                self._changed.wait()
            batch = []
            settings = _settings(self._waiting[0].order)
            for job in self._waiting:
                if _settings(job.order) == settings:
                    seeds = range(len(job._painted), len(job.order.seeds))
                    batch += [(job, number) for number in seeds][: self._batch_size - len(batch)]
                if len(batch) == self._batch_size:
                    break
            self._current = list(dict.fromkeys(job for job, _ in batch))
            self._waiting = deque(job for job in self._waiting if job not in self._current)
            return batch

    def _paint(self, batch: list[tuple[Job, int]]) -> None:
        started = {job: len(job._painted) for job in self._current}
        share = {job: sum(other is job for other, _ in batch) for job in self._current}

        def follow(done: float) -> None:
            if all(job.canceled for job in self._current):
                raise _Stopped
            for job in self._current:
                job.progress = (started[job] + done * share[job]) / len(job.order.seeds)

        order = batch[0][0].order
        colorings = self._colorizer.paint(
            [job.sketch for job, _ in batch],
            [job.order.prompt for job, _ in batch],
            [job.order.seeds[number] for job, number in batch],
            steps=order.steps,
            guidance_scale=order.guidance_scale,
            image_guidance_scale=order.image_guidance_scale,
            on_step=follow,
        )
        for (job, _), coloring in zip(batch, colorings, strict=True):
            job._painted.append(coloring)

    def _settle(self) -> None:
        """Finish the orders that are painted; put the others back where they were."""
        unfinished = []
        for job in self._current:
            if _gone(job):
                continue
            if len(job._painted) < len(job.order.seeds):
                unfinished.append(job)
                continue
            try:
                job.result.set_result(job.finish(job._painted))
            except NoPicture as missing:
                _log.error("no picture: %s", missing)
                job.result.set_exception(Refusal(f"picture_{missing.kind}"))
            except Exception as error:
                _log.exception("a painted order could not be kept")
                job.result.set_exception(error)
        with self._changed:
            self._waiting.extendleft(reversed(unfinished))
            self._current = []
        _give_memory_back()


def _gone(job: Job) -> bool:
    """Whether nothing is left to do for an order; a canceled one is told so."""
    if job.canceled and not job.result.done():
        job.result.set_exception(Refusal("canceled"))
    return job.result.done()


def _settings(order: Order) -> tuple[float, ...]:
    return order.steps, order.guidance_scale, order.image_guidance_scale


def _let_requests_go_first() -> None:
    """Lower this thread's priority, and that of the threads torch starts from it.

    On Linux priorities are per thread; elsewhere this would slow the whole process down.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def _give_memory_back() -> None:
    """Return what was freed to the system: glibc keeps the 100 MB and more of a large picture."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):  # another libc has no such function
            ctypes.CDLL(None).malloc_trim(0)
