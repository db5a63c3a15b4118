"""The Result tab: a running job, then its pictures and the actions on them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from pokecolor.app.page.context import PageContext, html, said, sent, visitor
from pokecolor.app.page.create import Create
from pokecolor.app.page.follow import await_creation, follow
from pokecolor.app.prompts import find_wishes, replace_color
from pokecolor.app.refusals import Refusal
from pokecolor.core.colors import TERMS

if TYPE_CHECKING:
    from pokecolor.app.creation import Creation
    from pokecolor.app.worker import Job

PRIVATE = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True)
class Result:
    """Its components, and what other tabs can have it do."""

    context: PageContext
    tabs: gr.Tabs
    progress: gr.HTML
    shown: gr.HTML

    @property
    def outputs(self) -> list[gr.blocks.Block]:
        """What `work` and `show` yield."""
        return [self.tabs, self.progress, self.shown]

    async def work(self, job: Job[Creation]) -> AsyncIterator[tuple[Any, ...]]:
        """Show an order's progress, then its creation."""
        markup, empty = self.context.markup, ""
        async for before, share in follow(self.context.studio, job):
            bar = markup.progress(job.token, before, share)
            yield gr.Tabs(selected="result"), bar, empty
        try:
            creation = await await_creation(job)
        except Refusal as refusal:
            yield gr.Tabs(selected="create"), "", markup.nothing()
            if refusal.kind == "canceled":
                return
            raise
        yield self.show(creation)

    def show(self, creation: Creation) -> tuple[Any, ...]:
        """Open the tab with a creation."""
        return gr.Tabs(selected="result"), "", self.context.markup.result(creation)


def build_result(context: PageContext, tabs: gr.Tabs) -> Result:
    """Lay out progress and result; what they do is connected by `connect_result`."""
    progress = html("", "cancel")
    shown = html(
        context.markup.nothing(), "again", "another", "edit", "publish", "unpublish",
        script="watch('value', () => window.pokecolor.settle(element));",
    )  # fmt: skip
    return Result(context, tabs, progress, shown)


def connect_result(result: Result, create: Create) -> None:
    """Connect what can be done with a result."""
    context, studio = result.context, result.context.studio

    async def begin(request: gr.Request, sketch: str, *settings: object) -> AsyncIterator[Any]:
        names = (
            "prompt", "name", "seed", "variants", "steps", "guidance_scale",
            "image_guidance_scale", "look",
        )  # fmt: skip
        wishes = dict(zip(names, settings, strict=True))
        job = await studio.start(context.customer(request), sent(request, sketch), **wishes)
        async for shown in result.work(job):
            yield shown

    async def again(event: gr.EventData, request: gr.Request) -> AsyncIterator[Any]:
        owner, creation_id = context.customer(request), said(event, "creation")
        term = said(event, "term")
        prompt = studio.collection.get(owner, creation_id).order.prompt
        wish = next((w for w in find_wishes(prompt) if str(w.start) == said(event, "wish")), None)
        if wish is None or term not in TERMS:
            raise Refusal("value", field="event")
        changed = replace_color(prompt, wish.start, wish.end, term)
        job = await studio.start_again(owner, creation_id, prompt=changed)
        async for shown in result.work(job):
            yield shown

    async def another(event: gr.EventData, request: gr.Request) -> AsyncIterator[Any]:
        job = await studio.start_another(context.customer(request), said(event, "creation"))
        async for shown in result.work(job):
            yield shown

    def cancel(event: gr.EventData, request: gr.Request) -> None:
        studio.painter.cancel(visitor(request), said(event, "token"))

    def edit(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        creation = studio.collection.get(visitor(request), said(event, "creation"))
        order = creation.order
        return (
            gr.Tabs(selected="create"), f"/creations/{creation.id}/sketch.png", order.prompt,
            order.name, order.seeds[0], len(order.seeds), order.steps, order.guidance_scale,
            order.image_guidance_scale, order.look,
        )  # fmt: skip

    def publish(event: gr.EventData, request: gr.Request) -> str:
        return share(event, request, public=True)

    def unpublish(event: gr.EventData, request: gr.Request) -> str:
        return share(event, request, public=False)

    def share(event: gr.EventData, request: gr.Request, public: bool) -> str:
        creation_id = said(event, "creation")
        return context.markup.result(studio.collection.share(visitor(request), creation_id, public))

    painting = PRIVATE | {"concurrency_limit": None}
    quick = PRIVATE | {"queue": False}
    create.go.click(
        context.told(begin), [create.sketch, *create.settings], result.outputs,
        js="(sketch, ...settings) => [window.pokecolor.sketch(), ...settings]", **painting,
    )  # fmt: skip
    result.shown.again(context.told(again), None, result.outputs, **painting)
    result.shown.another(context.told(another), None, result.outputs, **painting)
    result.progress.cancel(context.told(cancel), None, None, **quick)
    result.shown.edit(
        context.told(edit), None, [result.tabs, create.sketch, *create.settings], **quick
    ).then(None, create.sketch, None, js="(url) => window.pokecolor.load(url)", **PRIVATE)
    result.shown.publish(context.told(publish), None, result.shown, **quick)
    result.shown.unpublish(context.told(unpublish), None, result.shown, **quick)
