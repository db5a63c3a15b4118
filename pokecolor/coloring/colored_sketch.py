"""The result of coloring: the model's colors under the sketch's own lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.coloring.compositing import Look, color_layer
from pokecolor.coloring.exact_color import RequestedColor, move_to_exact
from pokecolor.coloring.framing import Box
from pokecolor.coloring.full_size import Enlarged, bands, lay_strokes, working_ink
from pokecolor.coloring.instruction import Instruction, read_instruction
from pokecolor.coloring.instruction.color_names import KNOWN
from pokecolor.coloring.lineart import STROKE_CONTRAST, strokes_of
from pokecolor.coloring.openraster import merge
from pokecolor.coloring.shading import shade_drawing
from pokecolor.core.images.conversion import (
    cut_padding,
    has_alpha,
    placement,
    remove_letterbox,
    to_rgb,
)
from pokecolor.core.images.failed_pictures import NoPicture, is_one_color

if TYPE_CHECKING:
    from pokecolor.core.images.conversion import Placement

NOTHING = read_instruction("")


@dataclass(frozen=True)
class ColoredSketch:
    """A colored sketch: the model's output, and images of it at the sketch's size.

    If the model failed, `fault` is the error, and methods that need the output raise it.
    """

    sketch: Image.Image
    """RGB or RGBA."""
    line_art: Image.Image
    """The sketch as strokes on white, black or in their own color, RGB."""
    painted: np.ndarray
    """The model's output: uint8 [size, size, 3], the subject padded to a square."""
    box: Box | None = None
    """The subject's bounding box in the sketch, outside of which is background; None for the whole
    sketch."""
    instruction: Instruction = NOTHING
    """The parsed instruction."""
    fault: NoPicture | None = None
    """Why there is no output; None if there is one."""
    in_color: bool = False
    """Whether the sketch was a colored picture, of which only the lines were kept."""

    @property
    def is_blank(self) -> bool:
        """Whether the output is a single color, although the sketch is not empty."""
        is_drawn = self._ink.max(initial=0) >= STROKE_CONTRAST
        return not self.fault and is_drawn and is_one_color(self.painted)

    @cached_property
    def raw(self) -> Image.Image:
        """The model's output without padding, RGB at the sketch's size."""
        page = Image.new("RGB", self.sketch.size, "white")
        page.paste(remove_letterbox(self.painted, self._place), self._box[:2])
        return page

    def layers(self, look: Look = "clean", shade: bool = False) -> list[tuple[str, Image.Image]]:
        """Lines and colors, topmost first, RGBA; colors are transparent on the background.

        Args:
            look: one of `compositing.LOOKS`.
            shade: also return layers of highlights and of shading, which is multiplied (see
                `openraster.merge`).
        """
        lines = Image.new("RGBA", self.line_art.size)
        for top, band in bands(self.line_art):
            lines.paste(strokes_of(band), (0, top))
        below = self._below(look, shade)
        return [("lines", lines), *((name, layer.whole()) for name, layer in below)]

    def image(self, look: Look = "clean", shade: bool = False) -> Image.Image:
        """The sketch's strokes over the colors: RGBA if the sketch has transparency, else RGB."""
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
        """The layers below the lines, topmost first, RGBA."""
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
        """Move colors, RGBA, to the exact values that the instruction gives."""
        wanted = [RequestedColor(KNOWN[pair.color], pair.exact) for pair in self.instruction.pairs]
        values = np.asarray(colors)
        moved = move_to_exact(values[..., :3], wanted)
        return Image.fromarray(np.dstack([moved, values[..., 3]]))

    @cached_property
    def _ink(self) -> np.ndarray:
        return working_ink(self.line_art.crop(self._box))
