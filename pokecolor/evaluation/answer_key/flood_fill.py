"""The flood-fill baseline: all closed regions in the first color that is named."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.coloring.instruction import read_instruction
from pokecolor.core.colors import find_color_words, parse_hex
from pokecolor.core.images.conversion import to_rgb
from pokecolor.evaluation.answer_key.points import PROTOTYPES

LINE, CONTRAST, LEAST_CONTRAST = 160, 40, 15
"""A line is darker than the first value and darker than the paper by the second; if hardly any
pixel is (`LEAST_LINES`), the third value replaces both."""
LEAST_LINES = 0.005
"""Of the page."""
CLEAN = 250


def flood_fill(sketch: Image.Image, instruction: str) -> Image.Image:
    """Fill everything that lines separate from the border with one color: RGB."""
    light = np.asarray(to_rgb(sketch).convert("L")).astype(float)
    paper = np.median(light)
    lines = light < min(LINE, paper - CONTRAST)
    if lines.mean() < LEAST_LINES:
        lines = light < paper - LEAST_CONTRAST
    if paper < CLEAN:
        light = np.clip(light / paper * 255, 0, 255)
    areas, _ = ndimage.label(~ndimage.binary_dilation(lines))
    border = np.unique(np.concatenate([areas[0], areas[-1], areas[:, 0], areas[:, -1]]))
    inside = ~np.isin(areas, border[border > 0]) | lines
    words = find_color_words(instruction) or find_color_words(  # Korean, or "#ff0000"
        read_instruction(instruction).value_prompt
    )
    color = np.array(parse_hex(PROTOTYPES[words[0][2] if words else "white"].split()[0]))
    shade = np.where(lines, light / 255, 1.0)[..., None]
    filled = np.where(inside[..., None], color * shade, 255 * shade)
    return Image.fromarray(filled.astype(np.uint8))
