"""The Python API: colors sketches of any size, keeping their lines."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image

from pokecolor.coloring.colored_input import is_colored, lines_of
from pokecolor.coloring.colored_sketch import ColoredSketch
from pokecolor.coloring.compositing import Look
from pokecolor.coloring.engines import open_engine
from pokecolor.coloring.framing import Box, find_subject, frame_subject
from pokecolor.coloring.instruction import Instruction, read_instruction, require_text
from pokecolor.coloring.lineart import stroke_ink, to_line_art
from pokecolor.core.images.conversion import to_rgb
from pokecolor.core.images.failed_pictures import NoPicture
from pokecolor.model_files.mini import MINI
from pokecolor.model_files.sampling import Sampling, find_sampling

if TYPE_CHECKING:
    from pokecolor.coloring.engines import Engine, EngineName

BATCH_SIZE = 4
"""Images generated at a time, each with three guidance branches."""

FULL_VOCABULARY = 10_000
"""A tokenizer with at least so many tokens knows general vocabulary; mini's has 2,014."""


class Colorizer:
    """Colors sketches by instruction.

    Args:
        engine: a loaded model.
        sampling: default sampling settings of the model; None for InstructPix2Pix's.
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
        """Load a model.

        Args:
            model: "mini", the bundled model, the folder of a pipeline, a single file of
                InstructPix2Pix, or an id on the model hub.
            device: "cuda", "mps" or "cpu"; None for the fastest available.
            lora: a file of LoRA weights to merge into the model.
            engine: "onnx" or "diffusers"; None to choose, see `open_engine`.

        Raises:
            UserError: the pipeline is missing or incomplete, the device does not exist, the LoRA
                does not fit, or a package is not installed.
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

        `flat=True` is short for `look="flat"`; all looks are in `compositing.LOOKS`.

        Raises:
            NoPicture: the model's output is not finite, or its safety checker withheld it.
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
        """Color sketches, each with its own seed. `ColoredSketch.fault` tells which failed, and
        why.

        The model gets the line art as `framing.frame_subject` prepares it. Noise is drawn on the
        CPU, with one generator for each picture, so that a seed gives the same picture on every
        device and in any batch.

        Args:
            sketches: RGB or RGBA, any sizes.
            prompts: one instruction each, in English or Korean; see `read_instruction`.
            seeds: one seed each.
            steps: sampling steps; None for the model's default, as for both scales.
            guidance_scale: guidance scale of the prompt.
            image_guidance_scale: guidance scale of the sketch.
            on_step: called after each sampling step with the completed share, 0 to 1. An exception
                that it raises stops the sampling.
            negative_prompt: what the images should not look like; replaces the empty prompt of
                guidance, and is not parsed.

        Raises:
            UserError: a setting is out of range, or a prompt contains half of a surrogate pair.
        """
        for prompt in (*prompts, negative_prompt):
            require_text(prompt)
        sampling = self.sampling.but(steps, guidance_scale, image_guidance_scale)
        # variants of a sketch share its preparation
        alone = {id(sketch): sketch for sketch in sketches}
        views = {key: _PreparedSketch.of(sketch, self.engine.size) for key, sketch in alone.items()}
        read = [read_instruction(prompt) for prompt in prompts]
        colorings: list[ColoredSketch] = []
        for start in range(0, len(sketches), BATCH_SIZE):
            chunk = sketches[start : start + BATCH_SIZE]
            painted = self.engine.paint(
                [self._model_prompt(each) for each in read[start : start + len(chunk)]],
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

    def _model_prompt(self, instruction: Instruction) -> str:
        """The prompt for the model, in words that it knows."""
        if self.engine.vocabulary > FULL_VOCABULARY:
            return instruction.value_prompt
        return instruction.model_prompt


class _PreparedSketch(NamedTuple):
    """A sketch, prepared for the model."""

    line_art: Image.Image
    box: Box
    square: np.ndarray
    """The model's input: uint8 [size, size, 3]."""
    in_color: bool
    """Whether the sketch was in color, and its colors were dropped."""

    @classmethod
    def of(cls, sketch: Image.Image, size: int) -> _PreparedSketch:
        page = to_rgb(sketch)
        in_color = is_colored(page)
        line_art = lines_of(page) if in_color else to_line_art(sketch)
        ink = stroke_ink(line_art)
        box = find_subject(ink)
        return cls(line_art, box, frame_subject(ink, box, size), in_color)


def _coloring(
    sketch: Image.Image,
    view: _PreparedSketch,
    painted: np.ndarray | NoPicture,
    instruction: Instruction,
) -> ColoredSketch:
    fault = painted if isinstance(painted, NoPicture) else None
    pixels = np.empty((0, 0, 3), np.uint8) if fault else painted
    return ColoredSketch(sketch, view.line_art, pixels, view.box, instruction, fault, view.in_color)


def _share(
    on_step: Callable[[float], None] | None, start: int, count: int, total: int
) -> Callable[[float], None] | None:
    """`on_step` for a batch of `count` pictures, of `total`, that starts at number `start`."""
    return on_step and (lambda done: on_step((start + count * done) / total))
