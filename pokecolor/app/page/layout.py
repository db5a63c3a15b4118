"""Puts the tabs of the page together, in one language."""

from __future__ import annotations

import gradio as gr

from pokecolor.app.page.api import build_api
from pokecolor.app.page.collect import build_collect
from pokecolor.app.page.context import Desk, html, said
from pokecolor.app.page.create import build_create
from pokecolor.app.page.mine import build_mine
from pokecolor.app.page.result import PRIVATE, build_result, connect_result

HOUR = 60 * 60


def build_page(desk: Desk) -> gr.Blocks:
    """All tabs, connected, and the API."""
    t, library = desk.markup.text, desk.studio.library
    # nothing of a visitor's becomes a temporary file; what Gradio makes itself goes after an hour
    with gr.Blocks(title="pokecolor", analytics_enabled=False, delete_cache=(HOUR, HOUR)) as page:
        html(desk.markup.header(), script=_in_language(desk.markup.language))
        with gr.Tabs(elem_id="pc-tabs") as tabs:
            with gr.Tab(t("tab.collect"), id="collect"):
                collect = build_collect(desk)
            with gr.Tab(t("tab.create"), id="create"):
                create = build_create(desk)
            with gr.Tab(t("tab.result"), id="result"):
                result = build_result(desk, tabs)
            with gr.Tab(t("tab.mine"), id="mine") as mine_tab:
                build_mine(desk, mine_tab, result)
        html(desk.markup.footer(library.credit))

        def choose(event: gr.EventData) -> tuple[gr.Tabs, str, str]:
            sketch = library.get(said(event, "sketch"))
            return (
                gr.Tabs(selected="create"),
                f"/sketches/{sketch.id}/768.png",
                sketch.name(desk.markup.language),
            )

        def take_example(event: gr.EventData) -> tuple[gr.Tabs, str, str, str]:
            return *choose(event), said(event, "prompt")[: desk.studio.limits.prompt_length]

        quick = PRIVATE | {"queue": False}
        load = {"fn": None, "inputs": create.sketch, "js": "(url) => window.pokecolor.load(url)"}
        chosen = [tabs, create.sketch, create.name]
        collect.gallery.choose(desk.told(choose), None, chosen, **quick).then(**load, **PRIVATE)
        create.examples.choose(
            desk.told(take_example), None, [*chosen, create.prompt], **quick
        ).then(**load, **PRIVATE)
        create.easel.pick(lambda: gr.Tabs(selected="collect"), None, tabs, **quick)
        connect_result(result, create)
        build_api(desk)
    # the painter's queue is the one that is bounded; what waits for it here takes no thread
    return page.queue(default_concurrency_limit=None, api_open=False)


def _in_language(language: str) -> str:
    return f"document.documentElement.lang = {language!r};"
