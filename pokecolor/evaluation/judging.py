"""All scores of one picture that need no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.evaluation.background import white_background
from pokecolor.evaluation.colorfulness import colorfulness
from pokecolor.evaluation.fidelity import psnr, ssim
from pokecolor.evaluation.line_f1 import line_f1
from pokecolor.evaluation.prompt_color import prompt_color_f1
from pokecolor.evaluation.region_color import region_color_hits

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from pokecolor.evaluation.drawing import Drawing


def judge(
    picture: np.ndarray, drawing: Drawing, by_part: bool = False
) -> Iterator[tuple[str, float]]:
    """The name and value of each metric that can be taken.

    Args:
        picture: uint8 [height, width, 3]: a coloring, or the truth or the sketch, to compare with.
        drawing: what it is of.
        by_part: give region color by the names of parts, too.
    """
    hits = region_color_hits(picture, drawing.part_map, drawing.parts)
    for hit in hits:
        yield "region_color", float(hit.hit)
        yield "region_color_distance", hit.distance
        if by_part:
            yield f"region_color/{hit.part}", float(hit.hit)
    if hits:  # of the largest named part, which makes up most of the picture
        yield "main_region_color", float(max(hits, key=lambda hit: hit.pixels).hit)
    others = {
        "prompt_color_f1": prompt_color_f1(picture, drawing.prompt, drawing.left_out(picture)),
        "line_f1": line_f1(picture, drawing.sketch),
        "colorfulness": colorfulness(picture),
    }
    if drawing.truth is not None:
        others["white_background"] = white_background(picture, drawing.truth)
        if picture is not drawing.truth:
            others["psnr"] = psnr(picture, drawing.truth)
            others["ssim"] = ssim(picture, drawing.truth)
    yield from ((name, value) for name, value in others.items() if value is not None)
