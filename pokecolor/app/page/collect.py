"""The Collect tab: sketches to start from."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from pokecolor.app.page.context import PageContext, html, page_number
from pokecolor.app.refusals import Refusal


@dataclass(frozen=True)
class Collect:
    """Its components that other tabs react to."""

    gallery: gr.HTML


def build_collect(context: PageContext) -> Collect:
    """Lay out search, filter and gallery."""
    t, library = context.markup.text, context.studio.library
    language = context.markup.language
    categories = [(t("collect.all"), "")] + [
        (names.get(language, names["en"]), key) for key, names in library.categories.items()
    ]

    def find(text: str, category: str, number: int = 1) -> str:
        if not isinstance(text, str) or len(text) > context.studio.limits.prompt_length:
            raise Refusal("text_length", field="search", limit=context.studio.limits.prompt_length)
        page = library.search(text, category or "", number, context.studio.limits.page)
        return context.markup.sketches(page)

    def turn(text: str, category: str, event: gr.EventData) -> str:
        return find(text, category, page_number(event))

    html(f"<h2 class='pc-title'>{t('collect.title')}</h2>")
    text = gr.Textbox(
        label=t("collect.search"), placeholder=t("collect.search_hint"), elem_classes="pc-search"
    )
    category = gr.Radio(
        categories, value="", label=t("collect.category"), elem_classes="pc-pills",
        visible=len(categories) > 2,
    )  # fmt: skip
    gallery = html(find("", ""), "choose", "turn")
    quick = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    for change in (text.change, category.change):
        change(context.told(find), [text, category], gallery, trigger_mode="always_last", **quick)
    gallery.turn(context.told(turn), [text, category], gallery, **quick)
    return Collect(gallery)
