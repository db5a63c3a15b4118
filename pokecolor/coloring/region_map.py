"""The regions of a drawing at its own size, as its colors are laid into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.coloring.cells import Cells
from pokecolor.coloring.compositing import GAP, divide_drawing
from pokecolor.coloring.full_size import working_ink
from pokecolor.coloring.lineart import stroke_ink
from pokecolor.coloring.regions import LINE, find_regions
from pokecolor.core.images.conversion import cut_padding, placement

if TYPE_CHECKING:
    from pokecolor.coloring.framing import Box


def region_map(
    line_art: Image.Image, painted: np.ndarray | None = None, box: Box | None = None
) -> np.ndarray:
    """Number the regions of a drawing.

    Args:
        line_art: RGB, strokes on white.
        painted: what the model painted, uint8 [size, size, 3], which tells a drawing from its
            background where its outline is open; None where that is not known.
        box: where in the line art that lies; None for all of it.

    Returns:
        int32 [height, width], numbers from 1 on, 0 on lines.
    """
    left, top, right, bottom = box or (0, 0, *line_art.size)
    ink = working_ink(line_art.crop((left, top, right, bottom)))
    if painted is None:
        regions, around = find_regions(ink, GAP)[0], 0
    else:
        place = placement(right - left, bottom - top, painted.shape[0])
        regions, ground = divide_drawing(Cells.over(cut_padding(painted, place), ink))
        around = int(regions[ground].max(initial=0))
    size = (right - left, bottom - top)
    large = Image.fromarray(regions.astype(np.int32)).resize(size, Image.Resampling.NEAREST)
    found = np.full(line_art.size[::-1], around or int(regions.max()) + 1, np.int32)
    found[top:bottom, left:right] = np.asarray(large)
    found[stroke_ink(line_art) >= LINE] = 0
    return found


def pack_regions(regions: np.ndarray) -> Image.Image:
    """Region numbers below 65,536 as R + 256 G of an RGB image."""
    low, high = (regions & 255).astype(np.uint8), (regions >> 8).astype(np.uint8)
    return Image.fromarray(np.dstack([low, high, np.zeros_like(low)]))
