"""Colors sketches of any size, keeping their lines."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image

from pokecolor.coloring.colored_input import is_colored, lines_of
from pokecolor.coloring.compositing import Look, color_layer
from pokecolor.coloring.engines import open_engine
from pokecolor.coloring.exact_color import RequestedColor, move_to_exact
from pokecolor.coloring.framing import Box, find_subject, show
from pokecolor.coloring.full_size import Enlarged, bands, lay_strokes, working_ink
from pokecolor.coloring.instruction import Instruction, read_instruction, require_text
from pokecolor.coloring.instruction.color_names import KNOWN
from pokecolor.coloring.lineart import STROKE_CONTRAST, stroke_ink, strokes_of, to_line_art
from pokecolor.coloring.openraster import merge
from pokecolor.coloring.shading import shade_drawing
from pokecolor.core.images.conversion import cut_padding, has_alpha, placement, to_rgb, unfit
from pokecolor.core.images.failed_pictures import NoPicture, is_one_color
from pokecolor.model_files.mini import MINI
from pokecolor.model_files.sampling import Sampling, find_sampling

if TYPE_CHECKING:
    from pokecolor.coloring.engines import Engine, EngineName
    from pokecolor.core.images.conversion import Placement

BATCH_SIZE = 4
"""Pictures painted at a time; three guidance branches each."""

FULL_VOCABULARY = 10_000
"""A tokenizer with so many tokens knows the words that people use; mini's has 2,014."""

NOTHING = read_instruction("")


@dataclass(frozen=True)
class ColoredSketch:
    """A colored sketch: the model's painting, and what is made of it at the sketch's own size.

    Where the model has not painted anything, `fault` says why, and all that would be made of the
    painting raises it.
    """

    sketch: Image.Image
    """RGB or RGBA."""
    line_art: Image.Image
    """The sketch as strokes on white, black or in their own color, RGB."""
    painted: np.ndarray
    """What the model painted: uint8 [size, size, 3], the subject padded to a square."""
    box: Box | None = None
    """Where the subject lies in the sketch, what is around it is background; None for all of it."""
    instruction: Instruction = NOTHING
    """What was asked for, as it was understood."""
    fault: NoPicture | None = None
    """Why there is no painting; None where there is one."""
    in_color: bool = False
    """Whether the sketch was a picture in color, of which only the lines were kept."""

    @property
    def is_blank(self) -> bool:
        """Whether the painting is of one color all over, though something is drawn."""
        is_drawn = self._ink.max(initial=0) >= STROKE_CONTRAST
        return not self.fault and is_drawn and is_one_color(self.painted)

    @cached_property
    def raw(self) -> Image.Image:
        """The model's painting alone, padding cut off, RGB at the sketch's size."""
        page = Image.new("RGB", self.sketch.size, "white")
        page.paste(unfit(self.painted, self._place), self._box[:2])
        return page

    def layers(self, look: Look = "clean", shade: bool = False) -> list[tuple[str, Image.Image]]:
        """Lines and colors, topmost first, RGBA; colors are transparent on the background.

        Args:
            look: one of `compositing.LOOKS`.
            shade: with highlights and, to be multiplied by (see `openraster.merge`), shade.
        """
        lines = Image.new("RGBA", self.line_art.size)
        for top, band in bands(self.line_art):
            lines.paste(strokes_of(band), (0, top))
        below = self._below(look, shade)
        return [("lines", lines), *((name, layer.whole()) for name, layer in below)]

    def image(self, look: Look = "clean", shade: bool = False) -> Image.Image:
        """The sketch's strokes over the colors: RGBA on nothing if the sketch was, else RGB."""
        mode = "RGBA" if has_alpha(self.sketch) else "RGB"
        below = self._below(look, shade)
        merged = Image.new(mode, self.line_art.size)
        for top, band in bands(self.line_art):
            layers = [(name, layer.band(top, band.height)) for name, layer in below]
            if mode == "RGBA":
                merged.paste(merge([("lines", strokes_of(band)), *layers]), (0, top))
            else:
                merged.paste(lay_strokes(to_rgb(merge(layers)), band), (0, top))
        return merged

    @property
    def _box(self) -> Box:
        return self.box or Box(0, 0, *self.sketch.size)

    @property
    def _place(self) -> Placement:
        if self.fault:
            raise self.fault
        left, top, right, bottom = self._box
        return placement(right - left, bottom - top, self.painted.shape[0])

    def _below(self, look: Look, shade: bool) -> list[tuple[str, Enlarged]]:
        """What lies below the lines, topmost first, RGBA."""
        ink = self._ink
        colors = self._exact(color_layer(cut_padding(self.painted, self._place), ink, look))
        layers = [("colors", colors)]
        if shade:
            alpha = np.asarray(colors)[..., 3]
            found = shade_drawing(ink, alpha == 0)
            white = np.full((*ink.shape, 3), 255, np.uint8)
            highlights = np.minimum(found.highlights, alpha)
            layers = [
                ("highlights", Image.fromarray(np.dstack([white, highlights]))),
                ("shade", Image.fromarray(np.dstack([found.shade, alpha]))),
                *layers,
            ]
        return [(name, Enlarged(layer, self._box, self.sketch.size)) for name, layer in layers]

    def _exact(self, colors: Image.Image) -> Image.Image:
        """The colors, RGBA, those that were asked for by value exactly so."""
        wanted = [RequestedColor(KNOWN[pair.color], pair.exact) for pair in self.instruction.pairs]
        values = np.asarray(colors)
        moved = move_to_exact(values[..., :3], wanted)
        return Image.fromarray(np.dstack([moved, values[..., 3]]))

    @cached_property
    def _ink(self) -> np.ndarray:
        return working_ink(self.line_art.crop(self._box))


class Colorizer:
    """Colors sketches by instruction.

    Args:
        engine: what runs the model.
        sampling: the settings that the model has by itself; None for InstructPix2Pix's.
    """

    def __init__(self, engine: Engine, sampling: Sampling | None = None) -> None:
        self.engine = engine
        self.sampling = sampling or Sampling()

    @classmethod
    def from_pretrained(
        cls,
        model: str | Path = "mini",
        device: str | None = None,
        lora: str | Path | None = None,
        engine: EngineName | None = None,
    ) -> Colorizer:
        """Read a model.

        Args:
            model: "mini", which comes with pokecolor, the folder of a pipeline, a single file of
                InstructPix2Pix, or an id on the model hub.
            device: "cuda", "mps" or "cpu"; None for the fastest there is.
            lora: a file of factors to merge into the model.
            engine: "onnx" or "diffusers"; None for what suits all of these, see `open_engine`.

        Raises:
            UserError: there is no pipeline, it is not whole, the device is not here, the factors do
                not fit, or what runs the model is not installed.
        """
        location = MINI if str(model) == "mini" else os.path.expanduser(model)
        opened = open_engine(location, engine, device, lora)
        return cls(opened, find_sampling(location))

    def colorize(
        self,
        image: Image.Image,
        prompt: str,
        seed: int = 0,
        steps: int | None = None,
        flat: bool = False,
        shade: bool = False,
        look: Look = "clean",
    ) -> Image.Image:
        """Color one sketch; the result has its size and its lines. See `paint` and `ColoredSketch`.

        `flat=True` is another way to say `look="flat"`; `compositing.LOOKS` are all looks.

        Raises:
            NoPicture: the model's answer is not finite, or its safety checker withheld it.
        """
        (coloring,) = self.paint([image], [prompt], [seed], steps)
        return coloring.image("flat" if flat else look, shade)

    def paint(
        self,
        sketches: Sequence[Image.Image],
        prompts: Sequence[str],
        seeds: Sequence[int],
        steps: int | None = None,
        guidance_scale: float | None = None,
        image_guidance_scale: float | None = None,
        on_step: Callable[[float], None] | None = None,
        negative_prompt: str = "",
    ) -> list[ColoredSketch]:
        """Color sketches, each with its own seed; `ColoredSketch.fault` says what was not painted.

        The model sees what `framing.show` makes of the line art. Noise is drawn on the CPU, one
        generator a picture, so that a seed means the same on every device and in any batch.

        Args:
            sketches: RGB or RGBA, any sizes.
            prompts: an instruction each, in English or Korean; see `read_instruction`.
            seeds: one each.
            steps: sampling steps; None for the model's own, as of both scales.
            guidance_scale: weight of the prompt.
            image_guidance_scale: weight of the sketch.
            on_step: called after each sampling step with the share that is done, 0 to 1. What it
                raises ends the painting.
            negative_prompt: what the pictures are led away from, in the place of no prompt; to the
                model as it is.

        Raises:
            UserError: a setting is out of its bounds, or a prompt has half of a surrogate pair.
        """
        for prompt in (*prompts, negative_prompt):
            require_text(prompt)
        sampling = self.sampling.but(steps, guidance_scale, image_guidance_scale)
        # variants of a sketch share what is seen of it
        alone = {id(sketch): sketch for sketch in sketches}
        views = {key: _View.of(sketch, self.engine.size) for key, sketch in alone.items()}
        read = [read_instruction(prompt) for prompt in prompts]
        colorings: list[ColoredSketch] = []
        for start in range(0, len(sketches), BATCH_SIZE):
            chunk = sketches[start : start + BATCH_SIZE]
            painted = self.engine.paint(
                [self._told(each) for each in read[start : start + len(chunk)]],
                [views[id(sketch)].square for sketch in chunk],
                seeds[start : start + len(chunk)],
                sampling,
                _share(on_step, start, len(chunk), len(sketches)),
                negative_prompt,
            )
            colorings += [
                _coloring(sketch, views[id(sketch)], picture, instruction)
                for sketch, picture, instruction in zip(
                    chunk, painted, read[start : start + len(chunk)], strict=True
                )
            ]
        return colorings

    def _told(self, instruction: Instruction) -> str:
        """An instruction in words that the model knows."""
        if self.engine.vocabulary > FULL_VOCABULARY:
            return instruction.value_prompt
        return instruction.model_prompt


class _View(NamedTuple):
    """A sketch as it is seen."""

    line_art: Image.Image
    box: Box
    square: np.ndarray
    """What the model is shown: uint8 [size, size, 3]."""
    in_color: bool
    """Whether its colors were dropped."""

    @classmethod
    def of(cls, sketch: Image.Image, size: int) -> _View:
        page = to_rgb(sketch)
        in_color = is_colored(page)
        line_art = lines_of(page) if in_color else to_line_art(sketch)
        ink = stroke_ink(line_art)
        box = find_subject(ink)
        return cls(line_art, box, show(ink, box, size), in_color)


def _coloring(
    sketch: Image.Image, view: _View, painted: np.ndarray | NoPicture, instruction: Instruction
) -> ColoredSketch:
    fault = painted if isinstance(painted, NoPicture) else None
    pixels = np.empty((0, 0, 3), np.uint8) if fault else painted
    return ColoredSketch(sketch, view.line_art, pixels, view.box, instruction, fault, view.in_color)


def _share(
    on_step: Callable[[float], None] | None, start: int, count: int, total: int
) -> Callable[[float], None] | None:
    """The same for `count` of `total` pictures, from the one numbered `start` on."""
    return on_step and (lambda done: on_step((start + count * done) / total))
