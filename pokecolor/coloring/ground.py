"""Finds the background of a sketch from its lines and from the model's output."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from pokecolor.coloring.cells import Cells
from pokecolor.coloring.normalized_convolution import normalized_convolution
from pokecolor.coloring.regions import LINE, find_regions

GROUND_GAP = 1 / 14
"""Gaps in an outline up to this share of the longer side are closed to find the background. It is
larger than for regions, because closing too much does little harm here."""
LIGHT = 0.93
"""A color may be background if its darkest channel is at least this light."""
LIGHT_SHARE = 0.3
"""A region at the border is background if at least this share of it is light."""
ENCLOSED = 0.15
"""A narrow place is part of the drawing (a tail) if at most this share of its rim is open;
otherwise it is a corner outside of the drawing."""
STRONG, FILLED = 0.6, 0.8
"""A narrow place is also part of the drawing (an ear with a broken outline) if more than the second
share is filled with colors whose darkest channel is below the first value."""
SOLID, SOLID_AREA, SOLID_RADIUS, SOLID_RIM = 0.8, 0.01, 0.02, 0.2
"""Color in a background region belongs to the drawing if its darkest channel is at most this light,
it covers this share of the image, is this thick, as a share of the longer side, and this share of
its rim is a line."""


def find_ground(cells: Cells) -> np.ndarray:
    """The background, without lines: bool [height, width].

    It consists of the regions at the border of which a good part is light; color that the model
    spilled into them is ignored. Two exceptions belong to the drawing: solid color in open shapes,
    such as shoulders at the lower border; and color in narrow places, such as a tail with a broken
    outline, if lines enclose it.
    """
    ink = cells.ink
    open_ = ink < LINE
    regions, wide = find_regions(ink, GROUND_GAP)
    wide |= _wide_beyond(open_)
    counts = cells.counts(regions, open_)
    lightness = cells.colors.min(-1) / np.float32(255)
    ground = np.zeros(ink.shape, bool)
    known = cells.trust.ravel()
    filled = cells.at_pixels(np.where(cells.trust < 1, 0, np.where(lightness < STRONG, 1, -1)))
    border = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
    windows = ndimage.find_objects(regions)
    for region in np.unique(border):
        weights = counts[[region]].toarray()[0] * known
        if (
            not weights.any()
            or weights @ (lightness.ravel() >= LIGHT) < LIGHT_SHARE * weights.sum()
        ):
            continue
        window = windows[region - 1]
        weights = weights.reshape(cells.shape)
        light = normalized_convolution(lightness[..., None], weights, window, ink.shape)[..., 0]
        inside = (regions[window] == region) & open_[window]
        spilled = wide[window] & ~_solid(inside & (light < SOLID), open_[window], ink.size)
        spilled |= _corners(inside & ~wide[window], open_[window], filled[window])
        ground[window] |= inside & ((light >= LIGHT) | spilled)
    return ground


def _wide_beyond(open_: np.ndarray) -> np.ndarray:
    """Where the ball fits if the page is surrounded by white: bool [height, width].

    Otherwise a head that touches the border would leave narrow corners beside it.
    """
    radius = GROUND_GAP * max(open_.shape) / 2
    edge = int(np.ceil(radius)) + 1
    depth = ndimage.distance_transform_edt(np.pad(open_, edge, constant_values=True))
    covered = ndimage.distance_transform_edt(depth <= radius) <= radius
    return covered[edge:-edge, edge:-edge] & open_


def _corners(narrow: np.ndarray, open_: np.ndarray, filled: np.ndarray) -> np.ndarray:
    """The narrow places that are background (see `ENCLOSED`, `FILLED`): bool [height, width].

    Args:
        narrow: bool [height, width], where the ball does not fit.
        open_: bool [height, width], where no line is.
        filled: int [height, width], 1 for color, -1 for paper, 0 if unknown.
    """
    places, count = ndimage.label(narrow)
    if not count:
        return narrow
    index = np.arange(count + 1)
    beside = ndimage.maximum_filter(places, 3)
    walls = ndimage.sum_labels(~open_, beside, index)
    ways_out = ndimage.sum_labels(open_ & ~narrow, beside, index)
    outside = (ways_out > ENCLOSED * (walls + ways_out)) & (
        ndimage.sum_labels(filled > 0, places, index)
        <= FILLED * ndimage.sum_labels(filled != 0, places, index)
    )
    return outside[places] & narrow


def _solid(paint: np.ndarray, open_: np.ndarray, area: int) -> np.ndarray:
    """The patches of color that are large, thick and bounded by lines.

    Args:
        paint: bool [height, width], color.
        open_: bool [height, width], where no line is.
        area: area of the sketch, in pixels.
    """
    patches, count = ndimage.label(paint)
    if not count:
        return paint
    # a line through a patch does not make it thinner
    around = np.pad(paint | ~open_, 1, mode="edge")
    depth = ndimage.distance_transform_edt(around)[1:-1, 1:-1]
    thick = depth > max(1.0, SOLID_RADIUS * max(paint.shape))
    rim = np.where(paint, 0, ndimage.maximum_filter(patches, 3))

    def pixels(of: np.ndarray) -> np.ndarray:
        return np.bincount(of.ravel(), minlength=count + 1)

    solid = (pixels(patches) >= SOLID_AREA * area) & (pixels(patches[thick]) > 0)
    solid &= pixels(rim[~open_]) >= SOLID_RIM * pixels(rim)
    solid[0] = False
    return solid[patches]
