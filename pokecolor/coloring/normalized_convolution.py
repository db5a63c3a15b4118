"""Interpolates the model's output over a region of a sketch, without crossing lines."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

BLUR = 0.7
"""Standard deviation of the smoothing, in cells."""
MARGIN = 3
"""Cells around a region that are included, to smooth its border like its middle."""


def normalized_convolution(
    values: np.ndarray,
    weights: np.ndarray,
    window: tuple[slice, slice],
    shape: tuple[int, int],
) -> np.ndarray:
    """Smooth the values of a region's cells, and interpolate them at its pixels.

    Normalized convolution (Knutsson and Westin, 1993): cells outside the region have weight 0, so
    no color crosses a line; where no cell is near, the nearest one is taken.

    Args:
        values: float [h, w, n], values of the cells.
        weights: float [h, w], how reliably each cell belongs to the region.
        window: rows and columns of the region, in pixels.
        shape: height and width of the whole sketch, in pixels.

    Returns:
        float32 [rows, columns, n] of the window.
    """
    scale = [cells / pixels for cells, pixels in zip(weights.shape, shape, strict=True)]
    edges = [(part.start * by, part.stop * by) for part, by in zip(window, scale, strict=True)]
    inner = tuple(
        slice(max(0, int(start) - MARGIN), min(cells, int(np.ceil(stop)) + MARGIN))
        for (start, stop), cells in zip(edges, weights.shape, strict=True)
    )
    known, weight = values[inner], weights[inner]
    nearest = ndimage.distance_transform_edt(
        weight == 0, return_distances=False, return_indices=True
    )
    known, weight = known[tuple(nearest)], weight + 1e-6 * weight.max()
    below = ndimage.gaussian_filter(weight, BLUR)
    (top, bottom), (left, right) = edges
    box = (
        left - inner[1].start,
        top - inner[0].start,
        right - inner[1].start,
        bottom - inner[0].start,
    )
    size = window[1].stop - window[1].start, window[0].stop - window[0].start
    found = np.empty((size[1], size[0], values.shape[-1]), np.float32)
    for channel in range(values.shape[-1]):
        smooth = ndimage.gaussian_filter(known[..., channel] * weight, BLUR) / below
        image = Image.fromarray(smooth.astype(np.float32))
        found[..., channel] = image.resize(size, Image.Resampling.BICUBIC, box=box)
    return found
