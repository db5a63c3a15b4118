"""The API for programs: colorize, search, page, delete; `gradio_client` calls them by name."""

from __future__ import annotations

import base64
from typing import Any

import gradio as gr

from pokecolor.app.creation import Creation, file_of
from pokecolor.app.page.context import PageContext, sent, visitor
from pokecolor.app.page.follow import await_creation
from pokecolor.app.refusals import Refusal
from pokecolor.app.studio import Studio
from pokecolor.coloring.instruction import read_instruction


def build_api(context: PageContext) -> None:
    """Declare the functions; they answer in dictionaries."""
    studio = context.studio
    defaults = studio.defaults

    async def colorize(
        request: gr.Request,
        sketch: str,
        prompt: str,
        name: str = "",
        seed: int = 0,
        variants: int = 1,
        steps: int = defaults.steps,
        guidance_scale: float = defaults.guidance,
        image_guidance_scale: float = defaults.image_guidance,
        look: str = "clean",
    ) -> dict:
        """Color a sketch: the id of one in the library, or a data URL of an image."""
        job = await studio.start(
            context.customer(request), sent(request, sketch), prompt=prompt, name=name, seed=seed,
            variants=variants, steps=steps, guidance_scale=guidance_scale,
            image_guidance_scale=image_guidance_scale, look=look,
        )  # fmt: skip
        creation = await await_creation(job)
        return described(creation) | {"pictures": read_pictures(studio, creation)}

    def search(text: str = "", category: str = "", page: int = 1) -> dict:
        """Sketches of the library by name and category."""
        found = studio.library.search(
            _line(text), _line(category), _whole(page), studio.limits.page
        )
        sketches = [
            {"id": sketch.id, "names": sketch.names, "category": sketch.category}
            for sketch in found.items
        ]
        return _numbered(found) | {"sketches": sketches}

    def page(request: gr.Request, text: str = "", page: int = 1) -> dict:
        """Your own creations by name and prompt, newest first."""
        found = studio.collection.page(
            visitor(request), _line(text), _whole(page), studio.limits.page
        )
        return _numbered(found) | {"creations": [described(creation) for creation in found.items]}

    def delete(request: gr.Request, creation: str) -> dict:
        """Delete one of your own creations."""
        studio.collection.delete(visitor(request), _line(creation))
        return {"deleted": creation}

    gr.api(context.told(colorize), api_name="colorize", concurrency_limit=None)
    for function in (search, page, delete):
        gr.api(context.told(function), api_name=function.__name__, concurrency_limit=None)


def described(creation: Creation) -> dict[str, Any]:
    """What is known of a creation, without its pictures."""
    order = creation.order
    return {
        "id": creation.id,
        "name": order.name,
        "prompt": order.prompt,
        "understood": read_instruction(order.prompt).summary,
        "seeds": list(order.seeds),
        "steps": order.steps,
        "guidance_scale": order.guidance_scale,
        "image_guidance_scale": order.image_guidance_scale,
        "look": order.look,
        "created": creation.created,
        "judgments": [
            {
                "score": judgment.score,
                "colors": {color.term: round(color.share, 4) for color in judgment.colors},
            }
            for judgment in creation.judgments
        ],
    }


def read_pictures(studio: Studio, creation: Creation) -> list[str]:
    """The pictures of a creation as `data:image/png;base64,` URLs."""
    files = (file_of("color", number) for number in range(len(creation.order.seeds)))
    return [
        "data:image/png;base64,"
        + base64.b64encode(studio.collection.file(creation, name).read_bytes()).decode("ascii")
        for name in files
    ]


def _numbered(page: Any) -> dict[str, int]:
    return {"page": page.number, "pages": page.pages, "total": page.total}


def _line(value: object) -> str:
    if not isinstance(value, str) or len(value) > 300:
        raise Refusal("value", field="text")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**7:
        raise Refusal("value", field="page")
    return value
