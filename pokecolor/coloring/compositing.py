"""Transfers the colors of the model's output to the full-size sketch, along its lines."""

from __future__ import annotations

from typing import Literal

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.coloring.cells import Cells
from pokecolor.coloring.ground import find_ground
from pokecolor.coloring.normalized_convolution import normalized_convolution
from pokecolor.coloring.readable import keep_lines_visible
from pokecolor.coloring.region_colors import RegionColors, find_colors
from pokecolor.coloring.regions import LINE, find_regions, split_off_background

Look = Literal["clean", "flat", "soft"]
LOOKS: tuple[Look, ...] = ("clean", "flat", "soft")
"""clean: one color for each region that lines close, or more if the model used more; flat: always
one; soft: all shades of the model's output."""
MOST_COLORS = {"clean": 3, "flat": 1, "soft": 1}
"""Maximum number of colors of a region."""
GAP = 1 / 50
"""Gaps in an outline up to this share of the longer side are closed. Closing larger ones would
divide regions."""
SMALL = 4
"""Regions of fewer cells than this have no shades."""


def color_layer(painted: np.ndarray, ink: np.ndarray, look: Look = "clean") -> Image.Image:
    """The layer of colors below the lines.

    Args:
        painted: uint8 [h, w, 3], the model's output for the whole sketch.
        ink: float32 [height, width], 0 to 1, the ink of the sketch, at the size of the result.
        look: one of `LOOKS`.

    Returns:
        RGBA of the size of `ink`, transparent on the background. Colors extend to the middle of
        the lines.
    """
    cells = Cells.over(painted, ink)
    open_ = ink < LINE
    regions, ground = divide_drawing(cells)
    colors = np.full((*ink.shape, 4), 255, np.uint8)
    found = find_colors(cells, regions, open_, MOST_COLORS[look])
    flat = np.array([[255, 255, 255], *(of.colors[0] for of in found)])
    colors[..., :3] = np.round(flat).astype(np.uint8)[regions]
    windows = ndimage.find_objects(regions)
    for number, (of, window) in enumerate(zip(found, windows, strict=True), start=1):
        shaded = look == "soft" and of.area >= SMALL and not of.doubtful
        if not shaded and of.shares is None:
            continue
        inside = regions[window] == number
        painter = _shades if shaded else _parts
        colors[window][inside, :3] = painter(cells, of, window)[inside]
    colors[ground] = (255, 255, 255, 0)
    if open_.any():
        nearest = ndimage.distance_transform_edt(
            ~open_, return_distances=False, return_indices=True
        )
        colors = colors[tuple(nearest)]
    colors[..., :3] = keep_lines_visible(colors[..., :3], colors[..., 3] == 0)
    return Image.fromarray(colors)


def divide_drawing(cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    """Number the regions to color from 1, int32 [height, width]; also returns the background."""
    ground = find_ground(cells)
    regions, _ = find_regions(cells.ink, GAP)
    return (split_off_background(regions, cells.ink, ground) if ground.any() else regions), ground


def _shades(cells: Cells, of: RegionColors, window: tuple[slice, slice]) -> np.ndarray:
    """The smoothed output in a region: uint8 [rows, columns, 3]."""
    weights = np.zeros(cells.shape)
    weights.ravel()[of.at] = of.weights
    found = normalized_convolution(
        cells.colors.astype(np.float32), weights, window, cells.ink.shape
    )
    return np.clip(np.round(found), 0, 255).astype(np.uint8)


def _parts(cells: Cells, of: RegionColors, window: tuple[slice, slice]) -> np.ndarray:
    """A region's few colors, with antialiased borders between them: uint8 [rows, columns, 3]."""
    count = len(of.colors)
    weights, shares = np.zeros(cells.shape), np.zeros((*cells.shape, count), np.float32)
    weights.ravel()[of.at] = of.weights
    shares.reshape(-1, count)[of.at] = of.shares
    found = normalized_convolution(shares, weights, window, cells.ink.shape)
    ahead = np.stack(
        [found[..., number] - np.delete(found, number, -1).max(-1) for number in range(count)]
    )
    # the transition is one pixel wide, however soft it is in the model's output
    steep = np.hypot(*np.gradient(ahead, axis=(1, 2)))
    cover = np.clip(ahead / np.maximum(steep, 1e-6) + 0.5, 0, 1)[..., None]
    mixed = (cover * of.colors[:, None, None]).sum(0) / np.maximum(cover.sum(0), 1e-6)
    return np.round(mixed).astype(np.uint8)
