"""Runs a request: validates it, queues it, and stores the result in the visitor's collection."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pokecolor.app import uploads
from pokecolor.app.color_check import Score, check_colors
from pokecolor.app.creation import SKETCH, Creation, Order, Picture, write_files
from pokecolor.app.prompts import OPENING
from pokecolor.app.refusals import Refusal
from pokecolor.coloring.compositing import LOOKS
from pokecolor.core.images.conversion import load_image

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from pokecolor.app.collection import Collection
    from pokecolor.app.library import Library
    from pokecolor.app.limits import Limits
    from pokecolor.app.worker import Job, PaintingWorker
    from pokecolor.coloring.colorizer import ColoredSketch
    from pokecolor.model_files.sampling import Sampling

LARGEST_SEED = 2**31 - 1
_IN_LIBRARY = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)


@dataclass(frozen=True)
class Studio:
    """A library to start from, a painter, a collection.

    Args:
        score: measures a picture against its prompt; see `judgment.Score`.
        defaults: the settings that the model has by itself.
    """

    library: Library
    painter: PaintingWorker
    collection: Collection
    score: Score
    defaults: Sampling
    limits: Limits

    def close(self) -> None:
        """Give all orders up and let go of the collection."""
        self.painter.close()
        self.collection.close()

    async def start(self, visitor: str, sketch: object, **wishes: object) -> Job[Creation]:
        """Have a sketch colored.

        Args:
            visitor: whose collection the creation goes to.
            sketch: a `data:image/...;base64,` URL, an upload, or the id of one in the library.
            **wishes: of `order`.

        Raises:
            Refusal: something is not as it should be, or there is no room.
        """
        order = self.order(**wishes)

        def submit() -> Job[Creation]:
            self.collection.require_room(visitor)
            return self._submit(visitor, self.read_sketch(sketch), order)

        # decoding an image takes a while, in which others want to be served
        return await asyncio.to_thread(submit)

    async def start_again(self, visitor: str, creation_id: str, **wishes: object) -> Job[Creation]:
        """Color the sketch of one of a visitor's creations with other wishes.

        Raises:
            Refusal: as `start`, or the visitor has no such creation.
        """
        creation = self.collection.get(visitor, creation_id)
        before = creation.order
        same = {
            "name": before.name,
            "prompt": before.prompt,
            "seed": before.seeds[0],
            "variants": len(before.seeds),
            "steps": before.steps,
            "guidance_scale": before.guidance_scale,
            "image_guidance_scale": before.image_guidance_scale,
            "look": before.look,
        }
        order = self.order(**same | wishes)

        def submit() -> Job[Creation]:
            self.collection.require_room(visitor)
            drawn = load_image(self.collection.file(creation, SKETCH), keep_alpha=True)
            return self._submit(visitor, drawn, order)

        return await asyncio.to_thread(submit)

    async def start_another(self, visitor: str, creation_id: str) -> Job[Creation]:
        """Color a creation's sketch again, by the seed that follows."""
        seeds = self.collection.get(visitor, creation_id).order.seeds
        following = (seeds[-1] + 1) % (LARGEST_SEED + 1)
        return await self.start_again(visitor, creation_id, seed=following)

    def read_sketch(self, sketch: object) -> Image.Image:
        """See `start`."""
        if isinstance(sketch, uploads.Upload):
            return sketch.read(self.limits)
        if not isinstance(sketch, str) or not sketch:
            raise Refusal("image_missing")
        if _IN_LIBRARY.fullmatch(sketch):
            return load_image(self.library.picture(sketch, 768))
        return uploads.read_data_url(sketch, self.limits)

    def order(
        self,
        prompt: object,
        name: object = "",
        seed: object = 0,
        variants: object = 1,
        steps: object = None,
        guidance_scale: object = None,
        image_guidance_scale: object = None,
        look: object = LOOKS[0],
    ) -> Order:
        """Check what came from a client, whatever it is.

        Raises:
            Refusal: something is not as it should be.
        """
        instruction = self._text("prompt", prompt, self.limits.prompt_length)
        if instruction.casefold() in ("", OPENING.casefold()):
            raise Refusal("prompt_empty")
        if look not in LOOKS:
            raise Refusal("value", field="look")
        limits, defaults = self.limits, self.defaults
        first = int(_number("seed", seed, 0, LARGEST_SEED, 0, whole=True))
        count = int(_number("variants", variants, 1, limits.variants, 1, whole=True))
        return Order(
            name=self._text("name", name, limits.name_length),
            prompt=instruction,
            seeds=tuple((first + number) % (LARGEST_SEED + 1) for number in range(count)),
            steps=int(_number("steps", steps, 1, limits.steps, defaults.steps, whole=True)),
            guidance_scale=_number(
                "guidance_scale", guidance_scale, 1, limits.guidance, defaults.guidance
            ),
            image_guidance_scale=_number(
                "image_guidance_scale",
                image_guidance_scale,
                1,
                limits.guidance,
                defaults.image_guidance,
            ),
            look=look,
        )

    def _text(self, field: str, text: object, limit: int) -> str:
        """One line without control characters or marks that reverse the text's direction."""
        if not isinstance(text, str):
            raise Refusal("value", field=field)
        if len(text) > 10 * limit:  # before work is spent on it
            raise Refusal("text_length", field=field, limit=limit)
        clean = "".join(
            " " if character.isspace() else character
            for character in unicodedata.normalize("NFC", text)
            if character.isspace()
            or (
                unicodedata.category(character) not in ("Cc", "Cs", "Cn", "Co")
                and not "\u202a" <= character <= "\u202e"
                and not "\u2066" <= character <= "\u2069"
            )
        )
        line = " ".join(clean.split())
        if len(line) > limit:
            raise Refusal("text_length", field=field, limit=limit)
        return line

    def _submit(self, visitor: str, sketch: Image.Image, order: Order) -> Job[Creation]:
        def finish(colorings: list[ColoredSketch]) -> Creation:
            pictures = [Picture.of(coloring, order.look) for coloring in colorings]
            judgments = [
                replace(
                    check_colors(picture.color, coloring.line_art, order.prompt, self.score),
                    in_color=coloring.in_color,
                )
                for picture, coloring in zip(pictures, colorings, strict=True)
            ]

            def write(folder: Path) -> None:
                write_files(folder, sketch, pictures)

            return self.collection.add(visitor, order, judgments, write)

        return self.painter.submit(visitor, sketch, order, finish)


def _number(
    field: str, value: object, least: float, most: float, default: float, whole: bool = False
) -> float:
    if value is None:
        return default
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # no comparison holds for NaN
    if not is_number or not least <= value <= most or (whole and value != int(value)):
        raise Refusal("value", field=field)
    return float(value)
