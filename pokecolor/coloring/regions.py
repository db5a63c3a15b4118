"""Segments a line drawing into the regions that lines close."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

LINE = 0.25
"""A pixel with at least this ink belongs to a line."""
SPECK = 3e-5
"""Regions smaller than this share of the image are merged into a neighbor."""


def find_regions(ink: np.ndarray, gap: float) -> tuple[np.ndarray, np.ndarray]:
    """Number the regions that lines close, after closing small gaps in the lines.

    Gaps are closed by trapped-ball segmentation (Zhang et al., "Vectorizing cartoon animations",
    2009, section 4).

    Args:
        ink: float [height, width], 0 to 1.
        gap: the ball's diameter as a share of the longer side.

    Returns:
        region numbers from 1, int32 [height, width], lines included; and where the ball fits, bool.
    """
    open_ = ink < LINE
    plain, count = ndimage.label(open_)
    if not count:
        return np.ones(ink.shape, np.int32), np.zeros(ink.shape, bool)
    radius = gap * max(ink.shape) / 2
    seeds, balls = ndimage.label(ndimage.distance_transform_edt(open_) > radius)
    if balls:
        # pixels that the ball covers are on its side of every line
        away, nearest = ndimage.distance_transform_edt(seeds == 0, return_indices=True)
        seeds = np.where(away <= radius, seeds[tuple(nearest)], 0)
    wide = seeds > 0
    # regions too small for the ball count, too, unless they are specks
    wanted = np.bincount(plain.ravel()) >= SPECK * ink.size
    wanted[np.unique(plain[seeds > 0])] = False
    wanted[0] = False
    numbers = np.where(wanted, balls + np.cumsum(wanted), 0)
    seeds = np.where(seeds > 0, seeds, numbers[plain])
    if not seeds.any():
        return np.ones(ink.shape, np.int32), wide
    return flood(ink, seeds), wide


def split_off_background(regions: np.ndarray, ink: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """Separate drawing and background where a gap connects them: int32 [height, width].

    Args:
        regions: int32 [height, width], the result of `find_regions`.
        ink: float [height, width], 0 to 1.
        ground: bool [height, width], the background; it becomes one region.
    """
    open_ = ink < LINE
    mixed = np.isin(regions, np.unique(regions[ground])) & open_
    painted, count = ndimage.label(mixed & ~ground)
    specks = np.bincount(painted.ravel(), minlength=count + 1) < SPECK * ink.size
    last = regions.max()
    seeds = np.where(open_, regions, 0)
    seeds[painted > 0] = last + painted[painted > 0]
    seeds[(painted > 0) & specks[painted]] = 0
    seeds[ground] = last + count + 1
    return _renumber(flood(ink, seeds)) if seeds.any() else regions


def find_neighbors(regions: np.ndarray, open_: np.ndarray) -> np.ndarray:
    """The pairs of regions that only a closed gap separates: int [n, 2].

    Args:
        regions: int32 [height, width].
        open_: bool [height, width], where no line is.
    """
    pairs = []
    for one, other in (
        ((slice(1, None), slice(None)), (slice(None, -1), slice(None))),
        ((slice(None), slice(1, None)), (slice(None), slice(None, -1))),
    ):
        touch = open_[one] & open_[other] & (regions[one] != regions[other])
        pairs.append(np.stack([regions[one][touch], regions[other][touch]], -1))
    return np.unique(np.sort(np.concatenate(pairs), -1), axis=0)


def flood(ink: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Watershed: grow numbered seeds over all pixels, in order of ink: int32 [height, width].

    The image foresting transform of Lotufo and Falcao (2000).
    """
    cost = np.round(255 * np.clip(ink, 0, 1)).astype(np.uint8)
    return ndimage.watershed_ift(cost, seeds.astype(np.int32))


def _renumber(regions: np.ndarray) -> np.ndarray:
    """Renumber regions consecutively from 1."""
    present = np.zeros(regions.max() + 1, bool)
    present[regions] = True
    return np.cumsum(present).astype(np.int32)[regions]
