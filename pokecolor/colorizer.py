"""Colors sketches of any size, keeping their lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from pokecolor.compositing import Look, color_layer
from pokecolor.errors import UserError
from pokecolor.full_size import Enlarged, bands, lay_strokes, working_ink
from pokecolor.images import Placement, cut_padding, fit, has_alpha, placement, to_rgb, unfit
from pokecolor.lineart import strokes_of, to_line_art
from pokecolor.quiet import quiet_libraries
from pokecolor.weights import MINI

if TYPE_CHECKING:
    from diffusers import StableDiffusionInstructPix2PixPipeline

BATCH_SIZE = 4
"""Pictures painted at a time; three guidance branches each."""

STEPS = 3
"""Sampling steps; with twice as many no measure of mini leaves its interval."""


@dataclass(frozen=True)
class Coloring:
    """A colored sketch: the model's painting, and what is made of it at the sketch's own size."""

    sketch: Image.Image
    """RGB or RGBA."""
    line_art: Image.Image
    """The sketch as black on white, RGB."""
    painted: np.ndarray
    """What the model painted: uint8 [size, size, 3], the line art padded to a square."""

    @cached_property
    def raw(self) -> Image.Image:
        """The model's painting alone, padding cut off, RGB at the sketch's size."""
        return unfit(self.painted, self._place)

    def layers(self, look: Look = "clean") -> list[tuple[str, Image.Image]]:
        """Lines and colors, topmost first, RGBA; colors are transparent on the background."""
        lines = Image.new("RGBA", self.line_art.size)
        for top, band in bands(self.line_art):
            lines.paste(strokes_of(band), (0, top))
        return [("lines", lines), ("colors", self._colors(look).whole())]

    def image(self, look: Look = "clean") -> Image.Image:
        """The sketch's strokes over the colors: RGBA on nothing if the sketch was, else RGB."""
        mode = "RGBA" if has_alpha(self.sketch) else "RGB"
        colors = self._colors(look, mode)
        merged = Image.new(mode, self.line_art.size)
        for top, band in bands(self.line_art):
            below = colors.band(top, band.height)
            if mode == "RGBA":
                merged.paste(Image.alpha_composite(below, strokes_of(band)), (0, top))
            else:
                merged.paste(lay_strokes(below, band), (0, top))
        return merged

    @property
    def _place(self) -> Placement:
        size = self.painted.shape[0]
        return placement(self.sketch.width, self.sketch.height, size)

    def _colors(self, look: Look, mode: str = "RGBA") -> Enlarged:
        painted = cut_padding(self.painted, self._place)
        small = color_layer(painted, working_ink(self.line_art), look)
        return Enlarged(small if mode == "RGBA" else to_rgb(small), self.line_art.size)


class Colorizer:
    """Colors sketches by instruction.

    Args:
        pipeline: of stock diffusers, on its device.
    """

    def __init__(self, pipeline: StableDiffusionInstructPix2PixPipeline) -> None:
        self.pipeline = pipeline

    @classmethod
    def from_pretrained(cls, model: str | Path = "mini") -> Colorizer:
        """Read a model and move it to the GPU, if there is one.

        Args:
            model: "mini", which comes with pokecolor, or the folder of a pipeline.

        Raises:
            UserError: there is no pipeline in the folder.
        """
        folder = MINI if str(model) == "mini" else Path(model)
        if not (folder / "model_index.json").is_file():
            raise UserError(f"{folder}: no pipeline there; name a run's pipeline/ or use mini")
        import torch

        quiet_libraries()
        # only now, because its import gives such advice, too
        from diffusers import StableDiffusionInstructPix2PixPipeline

        device = "cuda" if torch.cuda.is_available() else "cpu"
        pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained(
            folder, dtype=torch.float32
        )
        pipeline.set_progress_bar_config(disable=True)
        return cls(pipeline.to(device))

    def colorize(
        self,
        image: Image.Image,
        prompt: str,
        seed: int = 0,
        steps: int = STEPS,
        flat: bool = False,
        look: Look = "clean",
    ) -> Image.Image:
        """Color one sketch; the result has its size and its lines. See `paint`.

        `flat=True` is another way to say `look="flat"`; `compositing.LOOKS` are all looks.
        """
        (coloring,) = self.paint([image], [prompt], [seed], steps)
        return coloring.image("flat" if flat else look)

    def paint(
        self,
        sketches: Sequence[Image.Image],
        prompts: Sequence[str],
        seeds: Sequence[int],
        steps: int = STEPS,
        guidance_scale: float = 2.0,
        image_guidance_scale: float = 1.5,
        on_step: Callable[[float], None] | None = None,
    ) -> list[Coloring]:
        """Color sketches, each with its own seed.

        The model sees the line art padded to the square that it was trained on. Noise is drawn on
        the CPU, one generator a picture, so that a seed means the same on every device and in any
        batch.

        Args:
            sketches: RGB or RGBA, any sizes.
            prompts: an instruction each.
            seeds: one each.
            steps: sampling steps; of large models 20 are usual.
            guidance_scale: weight of the prompt.
            image_guidance_scale: weight of the sketch.
            on_step: called after each sampling step with the share that is done, 0 to 1. What it
                raises ends the painting.
        """
        import torch

        size = self.pipeline.unet.config.sample_size * self.pipeline.vae_scale_factor
        # variants of a sketch share its line art
        line_arts = {id(sketch): to_line_art(to_rgb(sketch)) for sketch in sketches}
        colorings: list[Coloring] = []
        for start in range(0, len(sketches), BATCH_SIZE):
            chunk = sketches[start : start + BATCH_SIZE]
            squares = [Image.fromarray(fit(line_arts[id(sketch)], size)) for sketch in chunk]
            output = self.pipeline(
                list(prompts[start : start + len(chunk)]),
                image=squares,
                num_inference_steps=steps,
                guidance_scale=guidance_scale,
                image_guidance_scale=image_guidance_scale,
                generator=[
                    torch.Generator().manual_seed(seed)
                    for seed in seeds[start : start + len(chunk)]
                ],
                **_following(on_step, start, len(chunk), len(sketches)),
            )
            colorings += [
                Coloring(sketch, line_arts[id(sketch)], np.asarray(painted.convert("RGB")))
                for sketch, painted in zip(chunk, output.images, strict=True)
            ]
        return colorings


def _following(
    on_step: Callable[[float], None] | None, start: int, count: int, total: int
) -> dict[str, Any]:
    """What tells a pipeline that paints `count` of `total` pictures to report its steps."""
    if on_step is None:
        return {}

    def report(pipeline: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        on_step((start + count * (step + 1) / pipeline.num_timesteps) / total)
        return tensors

    return {"callback_on_step_end": report}


def output_paths(sketches: Sequence[Path], out: Path | None, variants: int = 1) -> list[list[Path]]:
    """Where the colored sketches go: for each sketch the paths of its variants.

    Args:
        sketches: the files to color.
        out: a file for one picture, a folder for any number, or None: `<name>-color.png` beside
            each sketch; several variants are `<name>-color-1.png` and so on.
        variants: pictures of each sketch.

    Raises:
        UserError: two pictures would end in one file.
    """
    is_file = out is not None and out.suffix and not out.is_dir()
    if is_file and len(sketches) * variants == 1:
        return [[out]]
    if is_file:
        raise UserError(
            f"--out {out}: {len(sketches) * variants} pictures need a folder, not one file"
        )
    endings = [""] if variants == 1 else [f"-{number + 1}" for number in range(variants)]
    paths = [
        [(out or path.parent) / f"{path.stem}-color{ending}.png" for ending in endings]
        for path in sketches
    ]
    firsts = [of_sketch[0] for of_sketch in paths]
    if len(set(firsts)) < len(firsts):
        twice = next(path for path in firsts if firsts.count(path) > 1)
        raise UserError(f"{twice}: two sketches would be written there; color them one by one")
    return paths
