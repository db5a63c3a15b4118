"""Time to a picture against diffusers' pipeline: `python benchmarks/peers/picture.py`.

The same weights, mini's, color the same held-out creatures: by `Colorizer` with its settings, and
by `StableDiffusionInstructPix2PixPipeline` with its defaults, 100 steps among them. Beside the time
stands the quality of both: the share of named parts that have their color, and how well the
sketch's lines can be seen.
"""

from __future__ import annotations

import argparse
import statistics
from typing import TYPE_CHECKING

import numpy as np
import torch
from alternating import Cost, machine, print_table, timed
from diffusers import StableDiffusionInstructPix2PixPipeline
from PIL import Image

from pokecolor import Colorizer
from pokecolor.core.images.conversion import to_rgb
from pokecolor.evaluation.cases import Case
from pokecolor.evaluation.drawing import Drawing
from pokecolor.evaluation.metrics.line_f1 import line_f1
from pokecolor.model_files.mini import MINI
from pokecolor.sources.creatures.source import CreatureSource

if TYPE_CHECKING:
    from collections.abc import Callable

OURS, STOCK = "pokecolor", "diffusers' pipeline"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=8)
    parser.add_argument("--steps", type=int, help="of diffusers' pipeline; default: its own 100")
    options = parser.parse_args()
    source = CreatureSource(size=128, count=0, colorings=1, test_count=options.pictures)
    drawings = [
        Drawing(it.drawing_id, it.original_image, it.edited_image, it.edit_prompt, it.parts,
                it.part_map, it.id)
        for name in source.drawings()
        for it in source.triplets(name)
    ]  # fmt: skip
    ways = {OURS: own_way(), STOCK: stock_way(options.steps)}
    print(f"{machine()}; {len(drawings)} pictures of 128 px, each way one by one", flush=True)
    for color in ways.values():  # the first picture is not counted: it pays for starting
        color(drawings[0])
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    cases: dict[str, list[Case]] = {name: [] for name in ways}
    for drawing in drawings:
        for name, color in ways.items():
            found: list[Image.Image] = []
            costs[name].append(timed(lambda f=found, c=color, d=drawing: f.append(c(d))))
            cases[name].append(Case(drawing, to_array(found[0], drawing)))
    print_table(costs, "picture")
    for name, of_it in cases.items():
        scores = [case.score for case in of_it if case.score is not None]
        lines = [line_f1(case.picture, case.drawing.sketch) for case in of_it]
        print(
            f"{name}: {statistics.mean(scores):.3f} of the named parts in their color, "
            f"line F1 {statistics.mean(lines):.3f}, N = {len(of_it)}"
        )


def own_way() -> Callable[[Drawing], Image.Image]:
    """`Colorizer` as it comes."""
    colorizer = Colorizer.from_pretrained("mini")

    def color(drawing: Drawing) -> Image.Image:
        return colorizer.colorize(Image.fromarray(drawing.sketch), drawing.prompt, drawing.seed)

    return color


def stock_way(steps: int | None) -> Callable[[Drawing], Image.Image]:
    """The pipeline as its documentation calls it."""
    pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained(MINI, dtype=torch.float32)
    pipeline.to("cuda" if torch.cuda.is_available() else "cpu")
    pipeline.set_progress_bar_config(disable=True)
    settings = {} if steps is None else {"num_inference_steps": steps}

    def color(drawing: Drawing) -> Image.Image:
        generator = torch.Generator().manual_seed(drawing.seed)
        sketch = Image.fromarray(drawing.sketch)
        return pipeline(drawing.prompt, image=sketch, generator=generator, **settings).images[0]

    return color


def to_array(picture: Image.Image, drawing: Drawing) -> np.ndarray:
    """uint8 [height, width, 3] at the sketch's size."""
    return np.asarray(to_rgb(picture).resize(drawing.sketch.shape[1::-1]))


if __name__ == "__main__":
    main()
