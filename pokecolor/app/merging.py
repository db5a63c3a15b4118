"""Lays a new picture's colors into an earlier picture of the same sketch."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.app.color_check import has_terms, part_of, wanted_terms
from pokecolor.coloring.instruction import Instruction
from pokecolor.core.colors import name_colors, rgb_to_lab

CHANGED = 10.0
"""The distance in CIELAB from which on a color is another."""
WHOLE_REGION = 0.5
"""A region that changes by this share changes as a whole."""
SPECK = 2e-4
"""Changes that are smaller than this share of the image, within a region, are none."""


def keep_colors(new: Image.Image, old: Image.Image, mask: Image.Image) -> Image.Image:
    """The new colors, but the old ones where a mask is white: all of one size, RGBA and L."""
    return Image.composite(old, new, mask.point(lambda value: 255 * (value > 127)))


def change_part(
    new: Image.Image,
    old: Image.Image,
    regions: np.ndarray,
    part: str,
    asked: Instruction,
    before: Instruction,
) -> Image.Image:
    """The old colors, but the new ones where one part has become what is asked for it.

    The part is where the new picture has the part's color and the old one another: the color that
    the part had, if the old instruction told it for this part alone.

    Args:
        new: RGBA.
        old: RGBA, the same size.
        regions: int32 [height, width], of `region_map`.
        part: as `color_check.part_of` has it.
        asked: the new instruction.
        before: the old one.
    """
    after, was = np.asarray(new), np.asarray(old)
    moved = _distance(after[..., :3], was[..., :3]) > CHANGED
    moved |= (after[..., 3] > 0) != (was[..., 3] > 0)
    fresh = moved & (regions > 0) & has_terms(name_colors(after[..., :3]), _terms(asked, part)[0])
    own, others = _terms(before, part)
    if told := own - others:
        there = fresh & has_terms(name_colors(was[..., :3]), told)
        fresh = there if there.mean() >= SPECK else fresh
    taken = _snap(fresh, regions)
    return Image.fromarray(np.where(taken[..., None], after, was))


def _terms(instruction: Instruction, part: str) -> tuple[set[str], set[str]]:
    """The basic terms of a part's colors, and of all others'."""
    own, others = set(), set()
    for pair in instruction.pairs:
        (own if part_of(pair, instruction) == part else others).update(wanted_terms(pair))
    return own, others


def _distance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Distances in CIELAB of uint8 [height, width, 3], each pair of colors once."""
    pairs = np.concatenate([one, other], -1).reshape(-1, 6).astype(np.int64)
    codes, inverse = np.unique(pairs @ (1 << 8 * np.arange(6)), return_inverse=True)
    colors = codes[:, None] >> 8 * np.arange(6) & 255
    apart = np.linalg.norm(rgb_to_lab(colors[:, :3]) - rgb_to_lab(colors[:, 3:]), axis=-1)
    return apart[inverse].reshape(one.shape[:2])


def _snap(fresh: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """Whole regions where most of one is fresh, specks nowhere; lines go with what is nearest."""
    count = int(regions.max()) + 1
    changed = np.bincount(regions[fresh], minlength=count)
    whole = changed >= WHOLE_REGION * np.bincount(regions.ravel(), minlength=count)
    some = changed >= SPECK * regions.size
    whole[0] = some[0] = False
    taken = (whole & (changed > 0))[regions] | (fresh & some[regions])
    lines = regions == 0
    if lines.all():
        return taken
    nearest = ndimage.distance_transform_edt(lines, return_distances=False, return_indices=True)
    return taken[tuple(nearest)]
