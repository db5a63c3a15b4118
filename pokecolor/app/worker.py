"""The worker that runs the model: a bounded queue and one thread."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from PIL import Image

from pokecolor.app.creation import Order
from pokecolor.app.limits import Limits
from pokecolor.app.machine import give_memory_back, let_requests_go_first
from pokecolor.app.pace import Pace
from pokecolor.app.refusals import Refusal
from pokecolor.coloring.colored_sketch import ColoredSketch
from pokecolor.coloring.colorizer import Colorizer
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
    begin: Callable[[], object] | None = None
    """Called before the first of its pictures is painted."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    """Names it to its owner."""
    result: Future[Result] = field(default_factory=Future)
    progress: float = 0.0
    """The share of its pictures that is painted, 0 to 1."""
    canceled: bool = False
    _painted: list[ColoredSketch] = field(default_factory=list)

    @property
    def pictures_left(self) -> float:
        """How many of its pictures are not painted, a part of one too."""
        return (1 - self.progress) * len(self.order.seeds)


@dataclass(frozen=True)
class JobProgress:
    """Where an order stands."""

    position: int
    """How many orders are before it; 0 for the next one, and once it is being painted."""
    running: bool
    progress: float
    """0 to 1."""
    seconds: float | None
    """Until it is done, as measured on what was painted before; None before anything was."""


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
        self._pace = Pace()
        self._callback: Callable[[set[str]], object] = lambda owners: None
        self.closed = False
        self._thread = threading.Thread(target=self._work, name="painter", daemon=True)
        self._thread.start()

    def on_change(self, callback: Callable[[set[str]], object]) -> None:
        """Call back with the owners whose orders may have changed; from any thread."""
        self._callback = callback

    def require_room(self, owner: str) -> None:
        """Check that one more order may wait.

        Raises:
            Refusal: the queue is full, or the owner's part of it.
        """
        with self._changed:
            if len(self._waiting) >= self._limits.waiting or self.closed:
                raise Refusal("busy")
            if sum(job.owner == owner for job in self._waiting) >= self._limits.own_waiting:
                raise Refusal("waiting_own", limit=self._limits.own_waiting)

    def submit(
        self,
        owner: str,
        sketch: Image.Image,
        order: Order,
        finish: Callable[[list[ColoredSketch]], Result],
        begin: Callable[[], object] | None = None,
        token: str | None = None,
        resumed: bool = False,
    ) -> Job[Result]:
        """Queue an order.

        Args:
            owner: whose it is; each may have a few waiting.
            sketch: RGB or RGBA.
            order: prompt, seeds and settings.
            finish: makes the result of the paintings, in the painter's thread.
            begin: called there before.
            token: names the order; a new one by default.
            resumed: whether it waited already, in another process, so that there is room for it.

        Raises:
            Refusal: as `require_room`.
        """
        job: Job[Result] = Job(owner, sketch, order, finish, begin)
        if token:
            job.token = token
        with self._changed:
            if not resumed:
                self.require_room(owner)
            self._waiting.append(job)
            self._changed.notify()
        self._notify()
        return job

    def progress_of(self, token: str) -> JobProgress | None:
        """Where an order stands; None if it has ended, or is being finished."""
        with self._changed:
            before = list(self._current)
            for job in self._current:
                if job.token == token:
                    return JobProgress(0, True, job.progress, self._seconds([job]))
            for number, job in enumerate(self._waiting):
                before.append(job)
                if job.token == token:
                    place = number + bool(self._current)
                    return JobProgress(place, False, job.progress, self._seconds(before))
        return None

    def cancel(self, owner: str, token: str) -> None:
        """Give up an order of this owner's: at once if it waits, else after its present step."""
        with self._changed:
            for job in (*self._waiting, *self._current):
                if job.token == token and job.owner == owner:
                    job.canceled = True
            self._let_go()
        self._notify(owner)

    def close(self) -> None:
        """Give all orders up and end the thread."""
        with self._changed:
            self.closed = True
            for job in (*self._waiting, *self._current):
                job.canceled = True
            self._let_go()
            self._changed.notify()
        self._thread.join(timeout=10)

    def _let_go(self) -> None:
        self._waiting = deque(job for job in self._waiting if not _gone(job))

    def _seconds(self, jobs: list[Job]) -> float | None:
        steps = sum(job.pictures_left * job.order.steps for job in jobs)
        return self._pace.estimate(steps, sum(job.pictures_left for job in jobs))

    def _notify(self, *owners: str) -> None:
        with self._changed:
            live = {job.owner for job in (*self._waiting, *self._current)}
        self._callback(live | set(owners))

    def _work(self) -> None:
        let_requests_go_first()
        while batch := self._next_batch():
            self._notify()
            start, steps_seconds = time.perf_counter(), None
            try:
                steps_seconds = self._paint(batch)
            except _Stopped:
                pass
            except Exception as error:
                _log.exception("painting failed")
                for job in self._current:
                    if not job.result.done():
                        job.result.set_exception(error)
            owners = [job.owner for job in self._current]
            self._settle()
            if steps_seconds is not None:
                seconds, steps = time.perf_counter() - start, batch[0][0].order.steps
                self._pace.measure(seconds, steps_seconds, steps, len(batch))
            self._notify(*owners)

    def _next_batch(self) -> list[tuple[Job, int]]:
        """The next pictures to paint, each as an order and the number of its seed."""
        with self._changed:
            while True:
                self._let_go()
                self._current = []
                if self.closed:
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

    def _paint(self, batch: list[tuple[Job, int]]) -> float:
        """Paint; the seconds that its steps took."""
        for job in self._current:
            if job.begin and not job._painted:
                job.begin()
        started = {job: len(job._painted) for job in self._current}
        share = {job: sum(other is job for other, _ in batch) for job in self._current}

        def follow(done: float) -> None:
            if all(job.canceled for job in self._current):
                raise _Stopped
            for job in self._current:
                job.progress = (started[job] + done * share[job]) / len(job.order.seeds)
            nonlocal last
            now = time.perf_counter()
            self._pace.measure_step((now - last) / len(batch))
            last = now
            self._notify()

        order = batch[0][0].order
        start = last = time.perf_counter()
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
        return last - start

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
            except Refusal as refusal:
                job.result.set_exception(refusal)
            except NoPicture as missing:
                _log.error("no picture: %s", missing)
                job.result.set_exception(Refusal(f"picture_{missing.kind}"))
            except Exception as error:
                _log.exception("a painted order could not be kept")
                job.result.set_exception(error)
        with self._changed:
            self._waiting.extendleft(reversed(unfinished))
            self._current = []
        give_memory_back()


def _gone(job: Job) -> bool:
    """Whether nothing is left to do for an order; a canceled one is told so."""
    if job.canceled and not job.result.done():
        job.result.set_exception(Refusal("canceled"))
    return job.result.done()


def _settings(order: Order) -> tuple[float, ...]:
    return order.steps, order.guidance_scale, order.image_guidance_scale
