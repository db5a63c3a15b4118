"""Checks part by part whether a picture has the colors that its prompt asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.coloring.instruction import WHOLE, Instruction, Pair
from pokecolor.coloring.instruction.color_names import KNOWN
from pokecolor.coloring.lineart import STROKE_CONTRAST, ink_of
from pokecolor.core.colors import TERMS, find_color_words, format_hex, name_color, name_colors

State = Literal["right", "wrong", "present", "absent", "ink", "unmeasured"]

SIDE = 384
"""Pixels along the longer side that are looked at; more would not change the shares."""
TRACE = 0.002
"""The share of the drawing from which on a color is there: that of small eyes."""
MOST = 0.5
"""The share of what no other part asked for that the color of the whole has."""
BODY = "body"
"""The part that stands for the whole drawing."""
SOLID = ("eyes", "nose", "mouth", "buttons", "spots")
"""Parts that are often drawn as solid ink, which takes no color."""
THICK, LARGEST = 1.8, 0.02
"""Ink is solid where it is so many times as thick as the strokes are, but for areas larger than
such a share of the image."""


@dataclass(frozen=True)
class Verdict:
    """Whether a part has the color that was asked for it."""

    part: str
    """As the prompt has it; "" for the whole drawing."""
    color: str
    """The color word."""
    hex: str
    state: State
    """Of the whole: "right" if most of what no other part asked for has the color, else "wrong".
    Of a part, whose place is not known: "present" if the color is anywhere in the drawing, else
    "absent"; "unmeasured" if it is there but another part asked for the same; "ink" if the part
    seems drawn as solid ink and the color is nowhere."""
    share: float | None
    """Of the whole, the share that has the color; None for parts, whose place is not known."""


def wanted_terms(pair: Pair) -> set[str]:
    """The basic terms by which pixels of a color that was asked for may be called."""
    rgb = pair.exact or KNOWN[pair.color]
    said = [] if pair.exact else [term for _, _, term in find_color_words(pair.color)]
    return {name_color(rgb), *said}


def hex_of(pair: Pair) -> str:
    """What a color that was asked for looks like: "#rrggbb"."""
    return format_hex(pair.exact or KNOWN[pair.color])


def part_of(pair: Pair, instruction: Instruction) -> str:
    """What is to have the color; "" for the whole drawing."""
    return "" if pair.noun in (WHOLE, BODY, instruction.subject) else pair.noun


def check_parts(
    colors: Image.Image, line_art: Image.Image, instruction: Instruction
) -> tuple[Verdict, ...]:
    """Look for each color that was asked for within the drawing, its lines left out.

    White paper within the drawing is white.

    Args:
        colors: the layer below the lines, RGBA, transparent where nothing is drawn.
        line_art: the lines on white, RGB, the same size.
        instruction: what was asked for.
    """
    scale = min(1.0, SIDE / max(colors.size))
    size = max(1, round(colors.width * scale)), max(1, round(colors.height * scale))
    # the nearest pixel: a blend of two colors would be a third
    layer, lines = (image.resize(size, Image.Resampling.NEAREST) for image in (colors, line_art))
    pixels = np.array(layer)
    ink = ink_of(lines)
    painted = pixels[..., 3] > 0
    pixels[~painted] = 255
    drawn = ndimage.binary_fill_holes(painted | (ink >= STROKE_CONTRAST))
    names = name_colors(pixels[..., :3])[drawn & (ink < STROKE_CONTRAST)]
    pairs = [(part_of(pair, instruction), pair, wanted_terms(pair)) for pair in instruction.pairs]
    solid = bool(names.size) and _has_solid_ink(ink)
    return tuple(_verdict(number, pairs, names, solid) for number in range(len(pairs)))


def has_terms(names: np.ndarray, terms: set[str]) -> np.ndarray:
    """Which of the indices into `TERMS`, of any shape, are those of some terms: bool."""
    return np.isin(names, [TERMS.index(term) for term in terms])


def _verdict(
    number: int, pairs: list[tuple[str, Pair, set[str]]], names: np.ndarray, solid: bool
) -> Verdict:
    part, pair, terms = pairs[number]
    has = has_terms(names, terms)
    share = None
    if part == "":
        parts = [other for name, _, other in pairs if name]
        elsewhere = set().union(*parts) - terms
        rest = names.size - has_terms(names, elsewhere).sum()
        share = float(has.sum() / rest) if rest else 0.0
        state = "right" if share >= MOST / sum(name == "" for name, _, _ in pairs) else "wrong"
    elif part in SOLID and solid and "black" in terms:
        state = "present"
    elif any(terms & other for name, _, other in pairs if name != part):
        state = "unmeasured" if has.any() else "absent"
    else:
        state = "present" if has.sum() >= max(1, TRACE * names.size) else "absent"
    if part in SOLID and state != "present" and solid and not _is_there(part, pairs, names):
        state = "ink"
    return Verdict(part, pair.color, hex_of(pair), state, share)


def _is_there(part: str, pairs: list[tuple[str, Pair, set[str]]], names: np.ndarray) -> bool:
    """Whether a color that this part alone asked for is in the drawing."""
    own = set().union(*(terms for name, _, terms in pairs if name == part))
    others = set().union(*(terms for name, _, terms in pairs if name != part))
    return bool(has_terms(names, own - others).sum() >= TRACE * names.size)


def _has_solid_ink(ink: np.ndarray) -> bool:
    """Whether there are small areas of solid ink, as eyes are often drawn."""
    drawn = ink >= STROKE_CONTRAST
    depth = ndimage.distance_transform_edt(drawn)
    ridge = drawn & (depth == ndimage.maximum_filter(depth, 3))
    if not ridge.any():
        return False
    stroke = max(1.0, float(np.median(depth[ridge])))
    cores, count = ndimage.label(depth > THICK * stroke)
    reached = ndimage.distance_transform_edt(cores == 0) <= THICK * stroke
    areas = np.bincount(ndimage.label(drawn & reached)[0].ravel())[1:]
    return bool(count) and bool((areas <= LARGEST * ink.size).any())
