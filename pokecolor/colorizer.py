"""Colors sketches of any size, keeping their lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image

from pokecolor.compositing import background, color_layer, flatten
from pokecolor.errors import UserError
from pokecolor.framing import Box, find_subject, show
from pokecolor.images import Placement, cut_padding, has_alpha, placement, to_rgb, unfit
from pokecolor.lineart import stroke_ink, strokes_of, to_line_art
from pokecolor.openraster import merge
from pokecolor.quiet import quiet_libraries
from pokecolor.shading import Shading, shade_drawing
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
    """The sketch as strokes on white, black or in their own color, RGB."""
    painted: np.ndarray
    """What the model painted: uint8 [size, size, 3], the subject padded to a square."""
    box: Box | None = None
    """Where the subject lies in the sketch, what is around it is background; None for all of it."""

    @cached_property
    def raw(self) -> Image.Image:
        """The model's painting alone, padding cut off, RGB at the sketch's size."""
        return Image.fromarray(self._on_page(np.asarray(unfit(self.painted, self._place)), 255))

    @cached_property
    def colors(self) -> np.ndarray:
        """The colors without lines: uint8 [height, width, 3]."""
        colors = color_layer(cut_padding(self.painted, self._place), self._ink[self._within])
        return self._on_page(colors, 255)

    @cached_property
    def flat_colors(self) -> np.ndarray:
        """The same with one color for each region that lines close."""
        within = self._within
        flat = flatten(self.colors[within], self._ink[within], self._ground[within])
        return self._on_page(flat, 255)

    def layers(self, flat: bool = False, shade: bool = False) -> list[tuple[str, Image.Image]]:
        """Lines and colors, topmost first, RGBA; colors are transparent on the background.

        Args:
            flat: one color for each region that lines close.
            shade: with highlights and, to be multiplied by (see `openraster.merge`), shade.
        """
        colors = self.flat_colors if flat else self.colors
        alpha = np.where(self._ground, 0, 255).astype(np.uint8)
        layers = [("lines", strokes_of(self.line_art))]
        if shade:
            shading = self._shading
            white = np.full_like(colors, 255)
            layers.append(("highlights", Image.fromarray(np.dstack([white, shading.highlights]))))
            layers.append(("shade", Image.fromarray(np.dstack([shading.shade, alpha]))))
        return [*layers, ("colors", Image.fromarray(np.dstack([colors, alpha])))]

    def image(self, flat: bool = False, shade: bool = False) -> Image.Image:
        """The sketch's strokes over the colors: RGBA on nothing if the sketch was, else RGB."""
        merged = merge(self.layers(flat, shade))
        return merged if has_alpha(self.sketch) else to_rgb(merged)

    @property
    def _within(self) -> tuple[slice, slice]:
        left, top, right, bottom = self.box or (0, 0, *self.sketch.size)
        return slice(top, bottom), slice(left, right)

    @property
    def _place(self) -> Placement:
        rows, columns = self._within
        size = self.painted.shape[0]
        return placement(columns.stop - columns.start, rows.stop - rows.start, size)

    def _on_page(self, values: np.ndarray, around: int) -> np.ndarray:
        """Put the subject's pixels on a page of the sketch's size."""
        if self.box is None:
            return values
        shape = self.sketch.height, self.sketch.width, *values.shape[2:]
        page = np.full(shape, around, values.dtype)
        page[self._within] = values
        return page

    @cached_property
    def _ground(self) -> np.ndarray:
        within = self._within
        return self._on_page(background(self.colors[within], self._ink[within]), 1)

    @cached_property
    def _shading(self) -> Shading:
        within = self._within
        shading = shade_drawing(self._ink[within], self._ground[within])
        return Shading(self._on_page(shading.shade, 255), self._on_page(shading.highlights, 0))

    @cached_property
    def _ink(self) -> np.ndarray:
        return stroke_ink(self.line_art)


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
        shade: bool = False,
    ) -> Image.Image:
        """Color one sketch; the result has its size and its lines. See `paint` and `Coloring`."""
        (coloring,) = self.paint([image], [prompt], [seed], steps)
        return coloring.image(flat, shade)

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

        The model sees what `framing.show` makes of the line art. Noise is drawn on the CPU, one
        generator a picture, so that a seed means the same on every device and in any batch.

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
        # variants of a sketch share what is seen of it
        views = {
            key: _View.of(sketch, size) for key, sketch in {id(s): s for s in sketches}.items()
        }
        colorings: list[Coloring] = []
        for start in range(0, len(sketches), BATCH_SIZE):
            chunk = sketches[start : start + BATCH_SIZE]
            squares = [Image.fromarray(views[id(sketch)].square) for sketch in chunk]
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
                Coloring(sketch, view.line_art, np.asarray(painted.convert("RGB")), view.box)
                for sketch, painted in zip(chunk, output.images, strict=True)
                for view in [views[id(sketch)]]
            ]
        return colorings


class _View(NamedTuple):
    """A sketch as it is seen."""

    line_art: Image.Image
    box: Box
    square: np.ndarray
    """What the model is shown: uint8 [size, size, 3]."""

    @classmethod
    def of(cls, sketch: Image.Image, size: int) -> _View:
        line_art = to_line_art(sketch)
        ink = stroke_ink(line_art)
        box = find_subject(ink)
        return cls(line_art, box, show(ink, box, size))


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
