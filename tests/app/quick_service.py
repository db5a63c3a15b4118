"""A whole service on a stand-in for the model, quick enough for tests."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from PIL import Image, ImageDraw

from pokecolor.app.collection import Collection
from pokecolor.app.library import Library, Sketch
from pokecolor.app.limits import Limits
from pokecolor.app.studio import Model, Studio
from pokecolor.app.worker import PaintingWorker
from pokecolor.coloring.colored_sketch import ColoredSketch
from pokecolor.core.colors import EXEMPLARS, find_color_words, parse_hex
from pokecolor.core.images.conversion import to_rgb
from pokecolor.model_files.sampling import Sampling

SIZE = 32


class QuickColorizer:
    """Fills all that lines close with the first color the prompt names; the seed shades it.

    Args:
        seconds: what each sampling step takes.
    """

    sampling = Sampling(4, 4.0, 1.5)
    engine = SimpleNamespace(on_gpu=False)

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.batches: list[int] = []
        """How many pictures each call painted."""

    def paint(
        self,
        sketches,
        prompts,
        seeds,
        steps,
        guidance_scale,
        image_guidance_scale,
        on_step=None,
    ):
        self.batches.append(len(sketches))
        for step in range(steps):
            time.sleep(self.seconds)
            if on_step:
                on_step((step + 1) / steps)
        return [
            ColoredSketch(sketch, to_rgb(sketch), self.fill(prompt, seed))
            for sketch, prompt, seed in zip(sketches, prompts, seeds, strict=True)
        ]

    @staticmethod
    def fill(prompt: str, seed: int) -> np.ndarray:
        """What is painted: uint8 [SIZE, SIZE, 3] of one color."""
        terms = [term for _, _, term in find_color_words(prompt)] or ["grey"]
        color = np.array(parse_hex(EXEMPLARS[terms[0]][0]), np.int64)
        shade = np.clip(color - seed % 16, 0, 255).astype(np.uint8)
        return np.broadcast_to(shade, (SIZE, SIZE, 3)).copy()


def box(size: int, inset: float = 0.2) -> np.ndarray:
    """A closed box on white: uint8 [size, size, 3]."""
    image = Image.new("RGB", (size, size), "white")
    low, high = size * inset, size * (1 - inset)
    ImageDraw.Draw(image).rectangle((low, low, high, high), outline="black", width=size // 32 + 2)
    return np.asarray(image)


def quick_library(count: int = 60) -> Library:
    """Boxes in two categories, one of them a fox, every third with a finished picture."""
    names = {0: {"en": "fox", "ko": "여우"}, 1: {"en": "<b>bold</b>"}}
    return Library(
        (
            Sketch(
                f"box-{number}",
                names.get(number, {"en": f"box {number}"}),
                ("odd" if number % 2 else "even", *["round"] * (number % 10 == 0)),
                lambda size, number=number: box(min(size, 128), 0.1 + number % 10 / 50),
                None if number % 3 else lambda size: np.full((size, size, 3), 90, np.uint8),
            )
            for number in range(count)
        ),
        {
            "even": {"en": "Even", "ko": "짝수"},
            "odd": {"en": "Odd", "ko": "홀수"},
            "round": {"en": "Round", "ko": "둥근"},
        },
        "Drawings: none",
    )


def quick_studio(
    folder: Path,
    colorizer: QuickColorizer | None = None,
    batch_size: int = 1,
    limits: Limits | None = None,
    library: Library | None = None,
) -> Studio:
    """A studio that keeps its collection in `folder`."""
    limits = limits or Limits(free_bytes=0)
    colorizer = colorizer or QuickColorizer()
    return Studio(
        library=library or quick_library(),
        collection=Collection(folder, limits),
        painter=PaintingWorker(colorizer, batch_size, limits),
        defaults=colorizer.sampling,
        limits=limits,
        model=Model("quick", small=True),
    )
