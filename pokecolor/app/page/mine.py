"""The My collection tab: everything that the visitor made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from pokecolor.app.page.context import PageContext, html, page_number, said, visitor
from pokecolor.app.page.result import PRIVATE, Result
from pokecolor.app.refusals import Refusal


def build_mine(context: PageContext, tab: gr.Tab, result: Result) -> None:
    """Lay out search and cards, and connect them."""
    t, studio = context.markup.text, context.studio

    def find(text: str, request: gr.Request, number: int = 1) -> str:
        if not isinstance(text, str) or len(text) > studio.limits.prompt_length:
            raise Refusal("text_length", field="search", limit=studio.limits.prompt_length)
        page = studio.collection.page(visitor(request), text, number, studio.limits.page)
        return context.markup.creations(page, searched=bool(text.strip()))

    def turn(text: str, event: gr.EventData, request: gr.Request) -> str:
        return find(text, request, page_number(event))

    def remove(text: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        creation_id = said(event, "creation")
        studio.collection.delete(visitor(request), creation_id)
        return find(text, request), context.markup.nothing()

    def reopen(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        return result.show(studio.collection.get(visitor(request), said(event, "creation")))

    async def rerun(event: gr.EventData, request: gr.Request) -> AsyncIterator[Any]:
        job = await studio.start_another(context.customer(request), said(event, "creation"))
        async for shown in result.work(job):
            yield shown

    text = gr.Textbox(
        label=t("mine.search"), placeholder=t("mine.search_hint"), elem_classes="pc-search"
    )
    cards = html("", "turn", "open", "remove", "rerun")
    quick = PRIVATE | {"queue": False}
    tab.select(context.told(find), text, cards, **quick)
    text.change(context.told(find), text, cards, trigger_mode="always_last", **quick)
    cards.turn(context.told(turn), text, cards, **quick)
    cards.remove(context.told(remove), text, [cards, result.shown], **quick)
    cards.open(context.told(reopen), None, result.outputs, **quick)
    cards.rerun(context.told(rerun), None, result.outputs, concurrency_limit=None, **PRIVATE)
