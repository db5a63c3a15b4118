"""The registry of metrics, in the order of reports.

To add a metric, write its function in a file beside this one, and add a line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pokecolor.core.palette import prompt_color_f1
from pokecolor.evaluation.feature_sets import FeatureSets
from pokecolor.evaluation.metrics.background import white_background
from pokecolor.evaluation.metrics.clip_score import clip_image_similarity, clip_score
from pokecolor.evaluation.metrics.colorfulness import colorfulness
from pokecolor.evaluation.metrics.directional_similarity import directional_similarity
from pokecolor.evaluation.metrics.fidelity import psnr, ssim
from pokecolor.evaluation.metrics.line_f1 import line_f1
from pokecolor.evaluation.metrics.metric import ImageMetric, SetMetric
from pokecolor.evaluation.metrics.off_target_change import off_target_change
from pokecolor.evaluation.metrics.prompt_color import has_main_color

if TYPE_CHECKING:
    from pokecolor.evaluation.answer_key.key_set import KeyCase
    from pokecolor.evaluation.cases import Case


def _main_region(case: Case) -> float | None:
    return float(max(case.hits, key=lambda hit: hit.pixels).hit) if case.hits else None


def _off_target_change(case: Case) -> float | None:
    if case.swap is None:
        return None
    return off_target_change(
        case.picture, case.swap.after, case.drawing.part_map == case.swap.part + 1
    )


def _off_target_change_of_named(case: Case) -> float | None:
    """Like off-target change, among the other named parts: unnamed parts may follow the main
    color.
    """
    if case.swap is None:
        return None
    parts, part = case.drawing.part_map, case.swap.part
    others = [k + 1 for k, p in enumerate(case.drawing.parts) if p.named and k != part]
    named = np.isin(parts, others)
    return (
        off_target_change(case.picture, case.swap.after, parts == part + 1, named)
        if named.any()
        else None
    )


def _prompt_color_f1(case: Case) -> float | None:
    return prompt_color_f1(case.picture, case.drawing.prompt, case.drawing.left_out(case.picture))


def _main_color(case: Case) -> list[float]:
    """Scores for all basic colors; 0 for failed images."""
    return [
        float(image is not None and has_main_color(image, term, case.drawing.left_out(image)))
        for term, image in case.by_color.items()
    ]


def _clip(case: Case, function: object, *names: str) -> float | None:
    """Apply a function to CLIP features; None if the prompt has no uncolored text."""
    seen = case.seen["clip"]
    return float(function(*(seen[name] for name in names))) if set(names) <= set(seen) else None


METRICS = (
    ImageMetric(
        "region_color", "Region color", "named parts that have their color",
        lambda case: [float(hit.hit) for hit in case.hits],
        needs=("parts",), worst=0.0, names=lambda case: [hit.part for hit in case.hits],
    ),
    ImageMetric(
        "main_region_color", "Main region color", "the same of the largest named part",
        _main_region, needs=("parts",), worst=0.0,
    ),
    ImageMetric(
        "region_color_distance", "Distance of region colors", "CIELAB, from those of the target",
        lambda case: [hit.distance for hit in case.hits], False, ("parts",),
    ),
    ImageMetric(
        "off_target_change", "Off-target change",
        "pixels elsewhere that change with one part's color word",
        _off_target_change, False, ("parts", "swaps"), baselines=("sketch",),
    ),
    ImageMetric(
        "off_target_change_of_named", "Off-target change of named parts",
        "the same, of the other parts that are named",
        _off_target_change_of_named, False, ("parts", "swaps"), baselines=(),
    ),
    ImageMetric(
        "prompt_color_f1", "Prompt-color F1", "colors named against colors there",
        _prompt_color_f1, needs=("color words",), worst=0.0,
    ),
    ImageMetric(
        "main_color", "Main color", "the picture's main color is the one asked for",
        _main_color, needs=("template",), worst=0.0, baselines=(), counts_failures=True,
    ),
    ImageMetric(
        "visible_line_f1", "Line F1", "the sketch's strokes, visible, within a pixel",
        lambda case: line_f1(case.picture, case.drawing.sketch), worst=0.0,
    ),
    ImageMetric(
        "white_background", "White background", "paper around the drawing that stays white",
        lambda case: white_background(case.picture, case.drawing.target),
        needs=("target", "paper"), worst=0.0,
    ),
    ImageMetric(
        "clip_score", "CLIP score", "picture and prompt, 0 to 100",
        lambda case: _clip(case, clip_score, "output", "prompt"), needs=("clip",), worst=0.0,
    ),
    ImageMetric(
        "clip_image_similarity", "CLIP image similarity", "picture and target",
        lambda case: _clip(case, clip_image_similarity, "output", "target"),
        needs=("clip", "target"), baselines=("sketch",),
    ),
    ImageMetric(
        "directional_similarity", "Directional similarity", "change of picture and change of text",
        lambda case: _clip(
            case, directional_similarity, "sketch", "output", "uncolored", "prompt"
        ),
        needs=("clip", "color words"), baselines=("target",),
    ),
    SetMetric(
        "fid", "FID", "distance from the true pictures", FeatureSets.fid,
        needs=("sets", "features", "target"), least=0.0,
    ),
    SetMetric(
        "kid", "KID", "the same by a kernel", FeatureSets.kid,
        needs=("sets", "kid", "features", "target"),
    ),
    ImageMetric(
        "psnr", "PSNR", "dB, against the target",
        lambda case: psnr(case.picture, case.drawing.target),
        needs=("target",), baselines=("sketch",),
    ),
    ImageMetric(
        "ssim", "SSIM", "against the target", lambda case: ssim(case.picture, case.drawing.target),
        needs=("target",), baselines=("sketch",),
    ),
    ImageMetric(
        "colorfulness", "Colorfulness", "0 for grey",
        lambda case: colorfulness(case.picture), None,
    ),
    ImageMetric(
        "neighbor_similarity", "Nearest training image", "cosine; above the target's: copies",
        lambda case: case.seen["nearest"]["output"], None,
        ("features", "copies", "target"), baselines=("target",),
    ),
)  # fmt: skip


def _of_key(
    key: str, label: str, meaning: str, score: object, by_kind: bool = False
) -> ImageMetric:
    def kinds(case: KeyCase) -> list[str]:
        return [case.drawing.kind] * (len(case.seen.parts) if key == "parts" else 1)

    about = {"needs": ("key",), "worst": 0.0, "baselines": ("sketch", "flood")}
    return ImageMetric(key, label, meaning, score, **about, names=kinds if by_kind else None)


ANSWER_KEY_METRICS = (
    _of_key(
        "parts", "Parts right", "named parts of which most points are right",
        lambda case: [float(part.right) for part in case.seen.parts], by_kind=True,
    ),
    _of_key(
        "first_part", "The first part named", "the same of these alone",
        lambda case: [float(part.right) for part in case.seen.parts[:1]],
    ),
    _of_key(
        "other_parts", "The others", "the same of these alone",
        lambda case: [float(part.right) for part in case.seen.parts[1:]],
    ),
    _of_key(
        "all_right", "All parts and the background right", "pictures",
        lambda case: float(case.seen.all_right), by_kind=True,
    ),
    _of_key(
        "background", "Background white", "at most of its points",
        lambda case: float(case.seen.background_right) if case.seen.background else None,
    ),
    _of_key(
        "every_background_point", "Every background point white", "pictures",
        lambda case: float(all(case.seen.background_points)) if case.seen.background else None,
    ),
    _of_key(
        "lines_kept", "Lines kept", "dark pixels of the sketch that stay dark",
        lambda case: case.seen.lines_kept,
    ),
)  # fmt: skip
"""The metrics of answer keys."""

SET_METRICS = tuple(metric for metric in METRICS if isinstance(metric, SetMetric))
