"""Puts the tabs of the page together, in one language."""

from __future__ import annotations

import gradio as gr

from pokecolor.app.page.api import build_api
from pokecolor.app.page.collect import build_collect
from pokecolor.app.page.context import PageContext, html, said
from pokecolor.app.page.create import build_create
from pokecolor.app.page.mine import build_mine
from pokecolor.app.page.result import PRIVATE, build_result, connect_result

HOUR = 60 * 60


def build_page(context: PageContext) -> gr.Blocks:
    """All tabs, connected, and the API."""
    t, library = context.markup.text, context.studio.library
    # nothing of a visitor's becomes a temporary file; what Gradio makes itself goes after an hour
    with gr.Blocks(title="pokecolor", analytics_enabled=False, delete_cache=(HOUR, HOUR)) as page:
        html(context.markup.header(), script=_in_language(context.markup.language))
        with gr.Tabs(elem_id="pc-tabs") as tabs:
            with gr.Tab(t("tab.collect"), id="collect"):
                collect = build_collect(context)
            with gr.Tab(t("tab.create"), id="create"):
                create = build_create(context)
            with gr.Tab(t("tab.result"), id="result"):
                result = build_result(context, tabs)
            with gr.Tab(t("tab.mine"), id="mine") as mine_tab:
                build_mine(context, mine_tab, result)
        html(context.markup.footer(library.credit))

        def choose(event: gr.EventData) -> tuple[gr.Tabs, str, str]:
            sketch = library.get(said(event, "sketch"))
            return (
                gr.Tabs(selected="create"),
                f"/sketches/{sketch.id}/768.png",
                sketch.name(context.markup.language),
            )

        def take_example(event: gr.EventData) -> tuple[gr.Tabs, str, str, str]:
            return *choose(event), said(event, "prompt")[: context.studio.limits.prompt_length]

        quick = PRIVATE | {"queue": False}
        load = {"fn": None, "inputs": create.sketch, "js": "(url) => window.pokecolor.load(url)"}
        chosen = [tabs, create.sketch, create.name]
        collect.gallery.choose(context.told(choose), None, chosen, **quick).then(**load, **PRIVATE)
        create.examples.choose(
            context.told(take_example), None, [*chosen, create.prompt], **quick
        ).then(**load, **PRIVATE)
        create.easel.pick(lambda: gr.Tabs(selected="collect"), None, tabs, **quick)
        connect_result(result, create)
        build_api(context)
    # the painter's queue is the one that is bounded; what waits for it here takes no thread
    return page.queue(default_concurrency_limit=None, api_open=False)


def _in_language(language: str) -> str:
    return f"document.documentElement.lang = {language!r};"
