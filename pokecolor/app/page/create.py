"""The Create tab: a sketch, a prompt and the settings."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from pokecolor.app.page.context import PageContext, html, said
from pokecolor.app.prompts import OPENING, PARTS, with_color
from pokecolor.app.refusals import Refusal
from pokecolor.app.studio import LARGEST_SEED
from pokecolor.coloring.compositing import LOOKS
from pokecolor.core.colors import TERMS

EXAMPLES = (
    ("fox", "Turn it into an orange fox with white cheeks"),
    ("dragon", "Turn it into a green dragon with red wings"),
    ("butterfly", "Turn it into a blue butterfly with yellow wings"),
    ("creature", "Turn it into a pink creature with blue eyes"),
)
"""Words by which the library is searched, and the sentence that goes with what is found."""


@dataclass(frozen=True)
class Create:
    """Its components that other tabs react to."""

    easel: gr.HTML
    examples: gr.HTML
    sketch: gr.Textbox
    name: gr.Textbox
    prompt: gr.Textbox
    seed: gr.Number
    variants: gr.Slider
    steps: gr.Slider
    guidance_scale: gr.Slider
    image_guidance_scale: gr.Slider
    look: gr.Radio
    go: gr.Button

    @property
    def settings(self) -> list[gr.components.Component]:
        """All that `Studio.order` wants, in its order."""
        return [
            self.prompt,
            self.name,
            self.seed,
            self.variants,
            self.steps,
            self.guidance_scale,
            self.image_guidance_scale,
            self.look,
        ]


def build_create(context: PageContext) -> Create:
    """Lay out the canvas, the sentence with its chips, and the settings."""
    t, limits, defaults = context.markup.text, context.studio.limits, context.studio.defaults
    with gr.Row(elem_classes="pc-create"):
        with gr.Column(scale=6, min_width=320):
            easel = html(context.markup.easel(), "pick", script="window.pokecolor.easel(element);")
            # filled by the canvas as a picture is ordered
            sketch = gr.Textbox(visible=False, label="sketch")
        with gr.Column(scale=5, min_width=320):
            prompt = gr.Textbox(
                f"{OPENING} ",
                label=t("create.prompt"),
                info=t("create.prompt_info"),
                lines=2,
                max_lines=4,
                max_length=limits.prompt_length,
                elem_classes="pc-sentence",
            )
            chips = html(context.markup.chips(), "paint")
            name = gr.Textbox(
                label=t("create.name"),
                placeholder=t("create.name_hint"),
                max_length=limits.name_length,
            )
            look = gr.Radio(
                [(t(f"create.look.{name}"), name) for name in LOOKS], value=LOOKS[0],
                label=t("create.look"), info=t("create.look_info"),
            )  # fmt: skip
            go = gr.Button(t("create.go"), variant="primary", size="lg", elem_id="pc-go")
            with gr.Accordion(t("create.advanced"), open=False):
                seed = gr.Number(
                    0, label=t("create.seed"), info=t("create.seed_info"), precision=0,
                    minimum=0, maximum=LARGEST_SEED,
                )  # fmt: skip
                variants = gr.Slider(
                    1, limits.variants, 1, step=1,
                    label=t("create.variants"), info=t("create.variants_info"),
                )  # fmt: skip
                steps = gr.Slider(
                    1, limits.steps, defaults.steps, step=1,
                    label=t("create.steps"), info=t("create.steps_info"),
                )  # fmt: skip
                guidance_scale = gr.Slider(
                    1, limits.guidance, defaults.guidance, step=0.1,
                    label=t("create.guidance"), info=t("create.guidance_info"),
                )  # fmt: skip
                image_guidance_scale = gr.Slider(
                    1, limits.guidance, defaults.image_guidance, step=0.1,
                    label=t("create.image_guidance"), info=t("create.image_guidance_info"),
                )  # fmt: skip
    found = []
    for word, sentence in EXAMPLES:
        if items := context.studio.library.search(word, "", 1, 1).items:
            found.append((items[0], sentence))
    examples = html(context.markup.examples(found), "choose")

    def paint(written: str, event: gr.EventData) -> str:
        part, term = said(event, "part"), said(event, "term")
        if term not in TERMS or part not in ("", *PARTS) or not isinstance(written, str):
            raise Refusal("value", field="event")
        return with_color(written, part, term)[: limits.prompt_length]

    chips.paint(
        context.told(paint), prompt, prompt, queue=False, show_progress="hidden",
        api_visibility="private",
    )  # fmt: skip
    return Create(
        easel, examples, sketch, name, prompt, seed, variants, steps, guidance_scale,
        image_guidance_scale, look, go,
    )  # fmt: skip
