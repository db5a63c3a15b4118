"""Faults of our own: logged, and answered as any refusal is."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pokecolor.app.middleware.asgi import refuse
from pokecolor.app.refusals import Refusal

if TYPE_CHECKING:
    from pokecolor.app.middleware.asgi import App, Receive, Scope, Send

_log = logging.getLogger(__name__)


class Faults:
    """Logs what is raised behind it and answers "failed", if there is no answer yet.

    Nothing is raised any further, or the server would close a connection that others use.

    Args:
        app: what is behind this.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = ended = False

        async def answer(message: dict[str, Any]) -> None:
            nonlocal begun, ended
            begun = True
            ended = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception:
            if begun and not ended:
                raise  # the server closes the connection, so that it does not look whole
            _log.exception("%s %s failed", scope["method"], scope["path"])
            if not begun:
                await refuse(Refusal("failed"), send)
