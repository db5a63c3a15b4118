"""Cel shading of a line drawing: inflates regions to rounded shapes and lights them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PIL.Image import Resampling
from scipy import ndimage

from pokecolor.core.images.conversion import resize

GRID = 1024
"""Resolution of the shapes: pixels along the longer side."""
LINE = 0.25
"""Ink from which on a pixel belongs to a line."""
COARSEST, SWEEPS = 6, 40
"""Multigrid solver: exponent of the coarsest grid, and iterations on each grid."""
FIGURE = 0.5
"""Share of the whole figure's normal in a normal, of 1; the rest is the region's."""
SMALLEST = 1 / 40
"""Regions up to this radius, as a share of the longer side, are merged into their surroundings;
those up to twice as large are flatter than others."""
LIGHT = (-0.5, -0.62, 0.6)
"""Direction to the light (right, down, toward the viewer): the upper left."""
TONES = ((0.40, (0.88, 0.86, 0.92)), (0.05, (0.90, 0.89, 0.94)))
"""Light below which a color is multiplied by these factors of red, green and blue: shade, slightly
blue as in cartoons, and core shade."""
SOFT = 0.05
"""Half width of the transition between tones, in light."""
GLOSS, GLOSS_OPACITY = 0.985, 0.25
"""Highlights: least cosine between normal and half vector (Blinn 1977), and their opacity."""


class Shading(NamedTuple):
    """Shading and highlights of a drawing."""

    shade: np.ndarray
    """uint8 [height, width, 3]: factors of the colors, of 255; white where it is lit."""
    highlights: np.ndarray
    """uint8 [height, width]: the opacity of white over that."""


def shade_drawing(ink: np.ndarray, ground: np.ndarray) -> Shading:
    """Shade a drawing in two soft tones with small highlights, lit from the upper left.

    Normals are computed from the lines, as in Lumo (Johnston 2002): each closed region is inflated
    by the Poisson equation, which turns a disk into half a ball (Sykora et al., "Ink-and-Ray",
    2014). Lambert's light is quantized as in cel animation (Lake et al., "Stylized rendering
    techniques for scalable real-time 3D animation", 2000).

    Args:
        ink: float32 [height, width], 0 to 1.
        ground: bool [height, width], the background, which is not shaded.
    """
    height, width = ink.shape
    scale = min(1, GRID / max(ink.shape))
    shape = tuple(max(1, round(side * scale)) for side in ink.shape)
    empty = resize(ground.astype(np.float32), shape, Resampling.BOX) > 0.5
    regions, bodies = _regions(resize(ink.astype(np.float32), shape, Resampling.BOX), empty)
    body = bodies[regions]
    normal = (1 - FIGURE) * body[..., None] * _normals(regions)
    normal += FIGURE * _normals((regions > 0).astype(np.int32))
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    light = np.asarray(LIGHT) / np.linalg.norm(LIGHT)
    lambert = normal @ light
    shade = np.ones((*shape, 3))
    for below, color in TONES:
        share = _step(below - lambert)[..., None]
        shade *= 1 - share * (1 - np.asarray(color))
    halfway = light + np.asarray((0, 0, 1))
    halfway /= np.linalg.norm(halfway)
    gloss = GLOSS_OPACITY * body * _step((normal @ halfway - GLOSS) / (1 - GLOSS) * 2 * SOFT)
    shade[regions == 0] = 1
    gloss[regions == 0] = 0
    shade = resize(np.round(255 * shade).astype(np.uint8), (height, width))
    shade[ground] = 255
    highlights = np.round(255 * resize(gloss.astype(np.float32), (height, width)))
    return Shading(shade, np.where(ground, 0, highlights).astype(np.uint8))


def inflate(regions: np.ndarray) -> np.ndarray:
    """The squared height of each region's inflated shape, which is 0 at its edge.

    Solves the Poisson equation with right-hand side -4, so that a disk becomes half a ball (Sykora
    et al., 2014, equations 3 and 4), by Jacobi iterations from coarse to fine grids, which is
    accurate enough for shading.

    Args:
        regions: int32 [height, width]; 0 is none.

    Returns:
        float32 [height, width], in square pixels.
    """
    step = 1
    while max(regions.shape) / (2 * step) >= COARSEST:
        step *= 2
    height = np.zeros((1, 1), np.float32)
    while step:
        top, left = (min(step // 2, side - 1) for side in regions.shape)
        of = regions[top::step, left::step]
        height = np.where(of > 0, resize(height, of.shape), 0).astype(np.float32)
        for _ in range(SWEEPS):
            height = (_around(height, of) + 4 * step * step) / 4
            height[of == 0] = 0
        step //= 2
    return height


def _around(values: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """The sum of the four neighbors; those of other regions count as 0."""
    total = np.zeros_like(values)
    across, down = regions[:, 1:] == regions[:, :-1], regions[1:] == regions[:-1]
    total[:, 1:] += across * values[:, :-1]
    total[:, :-1] += across * values[:, 1:]
    total[1:] += down * values[:-1]
    total[:-1] += down * values[1:]
    return total


def _normals(regions: np.ndarray) -> np.ndarray:
    """Unit normals of inflated regions (right, down, toward the viewer): [height, width, 3]."""
    square = inflate(regions)
    padded, of = np.pad(square, 1), np.pad(regions, 1)

    def beside(rows: slice, columns: slice) -> np.ndarray:
        return np.where(of[rows, columns] == regions, padded[rows, columns], 0)

    middle, before, after = slice(1, -1), slice(None, -2), slice(2, None)
    # with f = h**2, the gradient of the height h is that of f divided by 2 h
    right = (beside(middle, after) - beside(middle, before)) / 2
    down = (beside(after, middle) - beside(before, middle)) / 2
    normal = np.dstack([-right, -down, 2 * np.sqrt(np.maximum(square, 0))])
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    return normal / np.maximum(length, 1e-6)


def _regions(ink: np.ndarray, ground: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The closed regions; lines and small regions are divided among the larger ones.

    A line that ends within a region is not one of its edges.

    Returns:
        region numbers from 1, 0 for the background, int32 [height, width]; and how rounded each
        region is, 0 to 1, [regions + 1].
    """
    open_ = ink < LINE
    regions, count = ndimage.label(open_ & ~ground)
    depth = ndimage.distance_transform_edt(np.pad(open_ & ~ground, 1))[1:-1, 1:-1]
    radius = np.zeros(count + 1)
    if count:
        radius[1:] = ndimage.maximum(depth, regions, np.arange(1, count + 1))
    body = np.clip(radius / (SMALLEST * max(ink.shape)) - 1, 0, 1)
    if not (body > 0).any():
        return np.zeros(ink.shape, np.int32), body
    cost = np.round(255 * np.clip(ink, 0, 1)).astype(np.uint8)
    seeds = np.where(body[regions] > 0, regions, 0)
    seeds = np.where(ground & open_, count + 1, seeds).astype(np.int32)
    grown = ndimage.watershed_ift(cost, seeds)
    return np.where(grown > count, 0, grown).astype(np.int32), body


def _step(values: np.ndarray) -> np.ndarray:
    """Smoothstep from 0 to 1 around 0."""
    share = np.clip((values + SOFT) / (2 * SOFT), 0, 1)
    return share * share * (3 - 2 * share)
