"""Finds the background of a sketch from its lines and from the model's output."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from pokecolor.coloring.cells import Cells
from pokecolor.coloring.regions import LINE, find_regions
from pokecolor.coloring.spreading import spread

GROUND_GAP = 1 / 14
"""Gaps in an outline up to this share of the longer side are closed for the background, where
closing too much costs little."""
LIGHT = 0.93
"""The lightness of its darkest channel from which on a color may be background."""
LIGHT_SHARE = 0.3
"""The light share from which on a region at the border is background."""
ENCLOSED = 0.15
"""The largest share of the rim of a place, where the ball does not fit, that leads out of it. More,
and it is no tail but a corner outside of the drawing."""
STRONG, FILLED = 0.6, 0.8
"""Unless more than such a share of it is filled with paint of a darkest channel below this: then it
is an ear, or a horn, whose outline is broken."""
SOLID, SOLID_AREA, SOLID_RADIUS, SOLID_RIM = 0.8, 0.01, 0.02, 0.2
"""Paint in such a region is more than a spill if its darkest channel is no lighter than this, there
is so much of it, as a share of the image, it is so thick, as a share of the longer side, and such a
share of its rim is a line."""


def find_ground(cells: Cells) -> np.ndarray:
    """Where nothing is drawn: bool [height, width], no lines.

    These are the regions at the border that are light in a good part. What was spilled beyond the
    lines in such a region is none of the drawing. But a shape may be open, such as shoulders at the
    lower border: what is painted solidly stays. And where the ball does not fit, there may be a
    tail whose outline is broken: what is painted there stays if lines enclose it.
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
        light = spread(lightness[..., None], weights, window, ink.shape)[..., 0]
        inside = (regions[window] == region) & open_[window]
        spilled = wide[window] & ~_solid(inside & (light < SOLID), open_[window], ink.size)
        spilled |= _corners(inside & ~wide[window], open_[window], filled[window])
        ground[window] |= inside & ((light >= LIGHT) | spilled)
    return ground


def _wide_beyond(open_: np.ndarray) -> np.ndarray:
    """Where the ball fits, were there white paper all around: bool [height, width].

    A head that touches the upper border leaves narrow corners beside it, which are no tails.
    """
    radius = GROUND_GAP * max(open_.shape) / 2
    edge = int(np.ceil(radius)) + 1
    depth = ndimage.distance_transform_edt(np.pad(open_, edge, constant_values=True))
    covered = ndimage.distance_transform_edt(depth <= radius) <= radius
    return covered[edge:-edge, edge:-edge] & open_


def _corners(narrow: np.ndarray, open_: np.ndarray, filled: np.ndarray) -> np.ndarray:
    """Those of the narrow places that neither lines nor paint make a part: bool [height, width].

    Args:
        narrow: bool [height, width], where the ball does not fit.
        open_: bool [height, width], where no line is.
        filled: int [height, width], 1 for paint, -1 for paper, 0 for neither known.
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
    """The patches of paint that are large and thick and end at lines.

    Args:
        paint: bool [height, width].
        open_: bool [height, width], where no line is.
        area: of the whole sketch, in pixels.
    """
    patches, count = ndimage.label(paint)
    if not count:
        return paint
    # a line that runs through a patch makes it no thinner
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
