"""Quantizes each region to the few colors that the model used in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from pokecolor.coloring.cells import DOUBT, Cells
from pokecolor.coloring.regions import find_neighbors
from pokecolor.core.colors import TERMS, rgb_to_lab

APART = 20.0
"""Two colors with at least this CIELAB distance (CIE 1976) are not shades of one color."""
LEAST_CELLS, LEAST_SHARE = 12, 0.02
"""An additional color covers at least so many cells, and this share of the region."""
LEAST_DEPTH = 2.0
"""An additional color is at least so many cells deep; a narrower strip is a smear along a line."""
CANDIDATES = 3
"""Number of color names that are tried as additional colors, the most frequent first."""
DETOUR = 1.1
"""A color is a blend of two others if the way between them through it is less than this factor
longer than the direct way."""
SAME = 8.0
"""Colors of two regions that differ by less are unified."""
SMEARED = 0.4
"""Largest share of black in the color of a cell that a line crosses."""
FITS = 20.0
"""Largest CIELAB distance between such a color and a mixture of another color with black."""


@dataclass
class RegionColors:
    """The colors of one region."""

    colors: np.ndarray
    """[n, 3], 0 to 255, the most frequent first."""
    area: float
    """Area of the region, in cells."""
    at: np.ndarray
    """[m], indices of its cells."""
    weights: np.ndarray
    """[m], how reliably each cell belongs to the region."""
    shares: np.ndarray | None = None
    """float32 [m, n], 0 to 1, the colors of each cell; None if there is one color."""

    @property
    def doubtful(self) -> bool:
        """Whether lines cross all of its cells."""
        return bool(self.weights.sum() <= DOUBT * 2 * self.area)


def find_colors(cells: Cells, regions: np.ndarray, open_: np.ndarray, most: int) -> list:
    """The colors of all regions, region 1 first.

    Args:
        cells: the model's output.
        regions: int32 [height, width], region numbers from 1.
        open_: bool [height, width], where no line is.
        most: maximum number of colors of a region.
    """
    counts = cells.counts(regions, open_)
    counts.data /= cells.size
    trust = cells.trust.ravel()
    found = []
    for region in range(1, counts.shape[0]):
        part = slice(counts.indptr[region], counts.indptr[region + 1])
        at, area = counts.indices[part], counts.data[part]
        weights = area * trust[at]
        colors = _commonest(cells, at, weights)[None]
        of = RegionColors(colors, float(area.sum()), at, weights)
        while len(of.colors) < most and _add_color(cells, of):
            pass
        found.append(of)
    _unify(found)
    _join(found, find_neighbors(regions, open_))
    return found


def _commonest(cells: Cells, at: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The median color, [3], of the cells with the most frequent color name.

    The median of all cells might be a color that does not occur.
    """
    if not weights.size:
        return np.full(3, 255.0)
    names = cells.names[at]
    common = names == np.bincount(names, weights, len(TERMS)).argmax()
    values, weights = cells.colors.reshape(-1, 3)[at[common]], weights[common]
    order = values.argsort(0, kind="stable")
    half = np.cumsum(weights[order], 0) >= weights.sum() / 2
    return np.take_along_axis(values, order, 0)[half.argmax(0), np.arange(3)].astype(float)


def _add_color(cells: Cells, of: RegionColors) -> bool:
    """Add another color to a region, if there is one; returns whether there is."""
    lab, least = cells.lab[of.at], max(LEAST_CELLS, LEAST_SHARE * of.area)
    other = (_distances(lab, of.colors).min(1) > APART) & (of.weights > DOUBT)
    if of.weights[other].sum() < least:
        return False
    names = cells.names[of.at]
    votes = np.bincount(names[other], of.weights[other], len(TERMS))
    for name in np.argsort(-votes)[:CANDIDATES]:
        named = other & (names == name)
        if not named.any():
            return False
        added = _commonest(cells, of.at[named], of.weights[named])
        colors = np.concatenate([of.colors, added[None]])
        if len(colors) > 2 and _is_blend(rgb_to_lab(colors)):
            continue
        shares = _divide(cells, of, colors, least)
        if shares is not None:
            of.colors, of.shares = colors, shares
            return True
    return False


def _is_blend(lab: np.ndarray) -> bool:
    """Whether one of three colors [3, 3] is a blend of the others."""
    sides = np.linalg.norm(lab - np.roll(lab, -1, 0), axis=-1)
    return bool(sides.sum() - sides.max() < DETOUR * sides.max())


def _divide(cells: Cells, of: RegionColors, colors: np.ndarray, least: float) -> np.ndarray | None:
    """Assign the cells of a region to colors: `RegionColors.shares`.

    Args:
        cells: the model's output.
        of: the region.
        colors: [n, 3].
        least: minimum number of cells of a patch.

    Returns:
        None if one of the colors has no patch that is large and deep enough.
    """
    away = _distances(cells.lab[of.at], colors)
    nearest = away.argmin(1)
    known = of.weights > DOUBT
    area = np.zeros(cells.shape)
    area.ravel()[of.at] = of.weights
    for number in range(len(colors)):
        mine = np.zeros(cells.shape, bool)
        mine.ravel()[of.at[known & (nearest == number)]] = True
        patches, count = ndimage.label(mine)
        if not count:
            return None
        index = np.arange(1, count + 1)
        kept = ndimage.sum_labels(area, patches, index) >= least
        # outside of the picture there is none
        depth = ndimage.distance_transform_edt(np.pad(mine, 1))[1:-1, 1:-1]
        kept &= ndimage.maximum(depth, patches, index) >= LEAST_DEPTH
        if not kept.any():
            return None
        # patches that are too small get the next color
        good = np.concatenate([[False], kept])[patches].ravel()[of.at]
        away[(nearest == number) & ~good, number] = 1e3
    shares = 1 / np.maximum(away, 1.0) ** 2
    return (shares / shares.sum(1, keepdims=True)).astype(np.float32)


def _unify(found: list[RegionColors]) -> None:
    """Unify almost equal colors, and correct colors of regions that lines darkened."""
    entries = [
        (area, of, number)
        for of in found
        if not of.doubtful
        for number, area in enumerate([of.area] if of.shares is None else of.weights @ of.shares)
    ]
    entries.sort(key=lambda entry: -entry[0])
    palette = np.empty((0, 3))
    for _, of, number in entries:
        color = of.colors[number]
        if len(palette):
            away = _distances(rgb_to_lab(color[None]), palette)[0]
            if away.min() < SAME:
                of.colors[number] = palette[away.argmin()]
                continue
        palette = np.concatenate([palette, color[None]])
    if not len(palette):
        return
    stains = np.linspace(0, SMEARED, 6)
    stained = rgb_to_lab(palette[:, None] * (1 - stains[:, None]))
    for of in found:
        if of.doubtful:
            lab = rgb_to_lab(of.colors[:1])[0]
            away = np.linalg.norm(stained - lab, axis=-1)
            if away.min() < FITS:
                of.colors[0] = palette[np.unravel_index(away.argmin(), away.shape)[0]]


def _join(found: list[RegionColors], neighbors: np.ndarray) -> None:
    """Give regions that only a closed gap separates the same color, unless the model used two."""
    beside: dict[int, set[int]] = {}
    for one, other in neighbors.tolist():
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    done: set[int] = set()
    for region in sorted(beside, key=lambda number: -found[number - 1].area):
        done.add(region)
        large = found[region - 1].colors
        for other in beside[region] - done:
            small = found[other - 1].colors
            away = _distances(rgb_to_lab(small), large)
            same = away.min(1) < APART
            small[same] = large[away.argmin(1)[same]]


def _distances(lab: np.ndarray, colors: np.ndarray) -> np.ndarray:
    """Distances in CIELAB of colors [m, 3] to sRGB colors [n, 3]: [m, n]."""
    return np.linalg.norm(lab[:, None] - rgb_to_lab(colors)[None], axis=-1)
