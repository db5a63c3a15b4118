"""Answers that Gradio keeps for those who asked: let go of when nobody comes for them."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import gradio as gr

KEPT_SECONDS = 60
"""How long an answer waits for its listener, and a session is remembered after its last one."""


class Answers:
    """The sessions of one page, each of which somebody listens to, or is expected to.

    Gradio itself forgets a session only when another 2,000 came after it, with what it was to be
    told: the pictures of those who did not stay to see them.

    Args:
        page: Gradio's page, once it is mounted.
    """

    def __init__(self, page: gr.Blocks) -> None:
        self._page = page
        self._listeners: collections.Counter[str] = collections.Counter()
        self._until: dict[str, float] = {}

    def expect(self, session: str) -> None:
        """Keep a session's answers for a while from now on."""
        known = session in self._until
        self._until[session] = time.monotonic() + KEPT_SECONDS
        if not known:
            self._look_again(session)

    @contextlib.contextmanager
    def heard(self, session: str) -> Iterator[None]:
        """Keep a session's answers while the block lasts, and for a while afterwards."""
        self._listeners[session] += 1
        try:
            yield
        finally:
            self._listeners[session] -= 1
            if not self._listeners[session]:
                del self._listeners[session]
            self.expect(session)

    def knows(self, session: str) -> bool:
        """Whether anything was asked for in this session."""
        return session in self._page._queue.pending_messages_per_session

    def waits_for(self, session: object, event: object) -> bool:
        """Whether an event was asked for in this session and is not answered yet."""
        return event in self._page._queue.pending_event_ids_session.get(session, ())

    def session_of(self, event: str) -> str:
        """The session that an event was asked for in: by itself, it is its own."""
        sessions = self._page._queue.pending_event_ids_session
        return next((session for session, events in sessions.items() if event in events), event)

    def _look_again(self, session: str) -> None:
        seconds = max(1.0, self._until[session] - time.monotonic())
        asyncio.get_running_loop().call_later(seconds, self._forget, session)

    def _forget(self, session: str) -> None:
        queue = self._page._queue
        busy = any(event.session_hash == session for event in queue.event_ids_to_events.values())
        if busy or session in self._listeners:
            self.expect(session)
        if self._until[session] > time.monotonic():
            self._look_again(session)
            return
        del self._until[session]
        queue.pending_messages_per_session.pop(session, None)
        queue.pending_event_ids_session.pop(session, None)
        states = self._page.state_holder
        with states.lock:
            states.session_data.pop(session, None)
            states.time_last_used.pop(session, None)
