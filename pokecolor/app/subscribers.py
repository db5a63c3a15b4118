"""Wakes the event streams of visitors whose jobs have changed."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Iterable, Iterator

from pokecolor.app.refusals import Refusal

STREAMS = 400
"""Open at a time; `server.CONNECTIONS` leaves room for other requests."""
STREAMS_OF_ONE = 100
"""Of these, those of one address, behind which there may be a class."""


class Subscribers:
    """The streams that are open now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}
        self._addresses: Counter[str] = Counter()

    @contextlib.contextmanager
    def subscribe(self, visitor: str, address: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the visitor's jobs change, while the block lasts.

        Raises:
            Refusal: too many streams are open.
        """
        place = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            if self._addresses.total() >= STREAMS or self._addresses[address] >= STREAMS_OF_ONE:
                raise Refusal("busy")
            self._addresses[address] += 1
            self._waiting.setdefault(visitor, set()).add(place)
        try:
            yield place[1]
        finally:
            with self._lock:
                self._addresses[address] -= 1
                self._addresses += Counter()  # drops what is 0
                self._waiting[visitor].discard(place)
                if not self._waiting[visitor]:
                    del self._waiting[visitor]

    def notify(self, visitors: Iterable[str]) -> None:
        """Wake these visitors' streams; from any thread."""
        with self._lock:
            places = [place for visitor in visitors for place in self._waiting.get(visitor, ())]
        for loop, event in places:
            with contextlib.suppress(RuntimeError):  # the server has ended
                loop.call_soon_threadsafe(event.set)
