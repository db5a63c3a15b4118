"""The page context that all tabs share: the studio, the language, error messages."""

from __future__ import annotations

import contextlib
import functools
import inspect
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from pokecolor.app.markup import Markup
from pokecolor.app.middleware.bodies import KEY
from pokecolor.app.middleware.rates import RateLimit
from pokecolor.app.refusals import Refusal
from pokecolor.app.studio import Studio
from pokecolor.app.uploads import PLACEHOLDER
from pokecolor.app.visitors import COOKIE, visitor_of


@dataclass(frozen=True)
class PageContext:
    """Where a visitor's wishes arrive."""

    studio: Studio
    markup: Markup
    jobs: RateLimit
    """How often one address may order a picture."""

    def customer(self, request: gr.Request) -> str:
        """The visitor who orders a picture.

        Raises:
            Refusal: too many came from this address, or there was no key.
        """
        known = visitor(request)
        if not self.jobs.take(request.client.host if request.client else ""):
            raise Refusal("too_fast")
        return known

    def told(self, function: Callable) -> Callable:
        """The same function, whose refusals the visitor reads in their language.

        Anything else that goes wrong is a fault here: it is logged, and no word of it is sent.
        """
        if inspect.isasyncgenfunction(function):

            @functools.wraps(function)
            async def told(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
                with self._telling():
                    async for item in function(*args, **kwargs):
                        yield item

        elif inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def told(*args: Any, **kwargs: Any) -> Any:
                with self._telling():
                    return await function(*args, **kwargs)

        else:

            @functools.wraps(function)
            def told(*args: Any, **kwargs: Any) -> Any:
                with self._telling():
                    return function(*args, **kwargs)

        return told

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except Refusal as refusal:
            raise self.error(refusal) from None

    def error(self, refusal: Refusal) -> gr.Error:
        """A refusal as Gradio shows it. The text is shown as HTML: no visitor's words are in it."""
        return gr.Error(
            self.markup.text(f"refusal.{refusal.kind}", **refusal.values),
            title=self.markup.text("refusal.title"),
            print_exception=False,
        )


def visitor(request: gr.Request) -> str:
    """Who sent a request.

    Raises:
        Refusal: it came without a key.
    """
    known = visitor_of(request.cookies.get(COOKIE))
    if known is None:
        raise Refusal("visitor")
    return known


def sent(request: gr.Request, sketch: object) -> object:
    """The sketch that came with a request: as it stands there, or the upload it stands for."""
    if sketch != PLACEHOLDER:
        return sketch
    return request.request.scope.get(KEY, "")


def said(event: gr.EventData, field: str) -> str:
    """What a click on one of the page's own elements says, which a client may have made up.

    Raises:
        Refusal: it does not say that.
    """
    data = getattr(event, "_data", None)
    value = data.get(field) if isinstance(data, dict) else None
    if not isinstance(value, str) or len(value) > 1000:
        raise Refusal("value", field="event")
    return value


def page_number(event: gr.EventData) -> int:
    """The page that a click asks for."""
    value = said(event, "page")
    return int(value) if value.isdecimal() and len(value) < 8 else 1


def html(value: str, *events: str, script: str = "") -> gr.HTML:
    """A part of the page of our own, whose elements with `data-event` trigger these events.

    Args:
        value: HTML.
        *events: what can be listened to; Gradio finds their quoted names in the script.
        script: further JavaScript; `element` is the part.
    """
    listen = f"window.pokecolor.clicks(element, trigger, {json.dumps(events)});"
    return gr.HTML(value, js_on_load=listen + script, head=SCRIPT, apply_default_css=False)


SCRIPT = '<script src="/look/pokecolor.js"></script>'
"""Loaded once, before the first part listens."""
