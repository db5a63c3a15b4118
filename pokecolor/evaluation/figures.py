"""The metrics of a report: names, directions and baselines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pokecolor.measuring import Measurement


class Metric(NamedTuple):
    """How a metric is spoken of."""

    key: str
    label: str
    meaning: str
    better: str
    """"up" or "down"; empty where neither is better in itself."""
    needs: str
    """Without what it cannot be taken."""


PARTS = "drawings whose parts are known"
TRUTH = "true pictures"
SWAPS = f"{PARTS}, and prompts with a color to swap"

METRICS = (
    Metric("region_color", "Region color", "named parts that have their color", "up", PARTS),
    Metric(
        "main_region_color", "Main region color", "the same of the largest named part", "up", PARTS
    ),
    Metric(
        "region_color_distance", "Distance of region colors", "CIELAB, from those of the truth",
        "down", PARTS,
    ),
    Metric(
        "leak", "Leak", "pixels elsewhere that change with one part's color word", "down",
        SWAPS,
    ),
    Metric(
        "leak_to_named", "Leak to named parts", "the same, of the other parts that are named",
        "down", SWAPS,
    ),
    Metric(
        "prompt_color_f1", "Prompt-color F1", "colors named against colors there", "up",
        "prompts that name colors",
    ),
    Metric(
        "main_color", "Main color", "the picture's main color is the one asked for", "up",
        "colorings.template",
    ),
    Metric("line_f1", "Line F1", "the sketch's strokes, within a pixel", "up", "sketches"),
    Metric(
        "white_background", "White background", "paper around the drawing that stays white", "up",
        f"{TRUTH} with paper around the drawing",
    ),
    Metric("clip_score", "CLIP score", "picture and prompt, 0 to 100", "up", "clip"),
    Metric(
        "clip_image_similarity", "CLIP image similarity", "picture and truth", "up",
        f"clip, and {TRUTH}",
    ),
    Metric(
        "directional_similarity", "Directional similarity",
        "change of picture and change of text", "up", "clip, and prompts that name colors",
    ),
    Metric(
        "fid", "FID", "distance from the true pictures", "down",
        f"colorings.set_metrics, features, and {TRUTH}",
    ),
    Metric(
        "kid", "KID", "the same by a kernel", "down",
        f"colorings.set_metrics.kid_subset_size, features, and {TRUTH}",
    ),
    Metric("psnr", "PSNR", "dB, against the truth", "up", TRUTH),
    Metric("ssim", "SSIM", "against the truth", "up", TRUTH),
    Metric("colorfulness", "Colorfulness", "0 for grey", "", "pictures"),
    Metric(
        "neighbor_similarity", "Nearest training image", "cosine; above the truth's: copies", "",
        f"colorings.find_copies=true, features, and {TRUTH}",
    ),
)  # fmt: skip

KEY = "an answer key"
ANSWER_KEY_METRICS = (
    Metric("parts", "Parts right", "named parts of which most points are right", "up", KEY),
    Metric("first_part", "The first part named", "the same of these alone", "up", KEY),
    Metric("other_parts", "The others", "the same of these alone", "up", KEY),
    Metric("all_right", "All parts and the background right", "pictures", "up", KEY),
    Metric("background", "Background white", "at most of its points", "up", KEY),
    Metric("every_background_point", "Every background point white", "pictures", "up", KEY),
    Metric("lines_kept", "Lines kept", "dark pixels of the sketch that stay dark", "up", KEY),
)
"""Those of reports on an answer key, which have no others."""


@dataclass(frozen=True)
class Figure:
    """A metric with its value."""

    metric: Metric
    measured: Measurement
    truth: Measurement | None
    """Of the true pictures: what no model can be expected to exceed."""
    sketch: Measurement | None
    """Of the bare sketches: what no work at all gets."""


def figures(results: Mapping[str, Measurement]) -> list[Figure]:
    """The metrics that were taken, in the order of `METRICS`; `results` go by their keys."""
    return [
        Figure(
            metric,
            results[metric.key],
            results.get(f"{metric.key}_of_truth"),
            results.get(f"{metric.key}_of_sketch"),
        )
        for metric in METRICS
        if metric.key in results
    ]


def left_out(taken: Sequence[Figure]) -> list[tuple[str, str]]:
    """The labels of the metrics that were not taken, and what each needs."""
    keys = {figure.metric.key for figure in taken}
    return [(metric.label, metric.needs) for metric in METRICS if metric.key not in keys]


def in_words(measured: Measurement | None) -> str:
    """ "0.772", as many digits as tell something; "-" for none."""
    if measured is None:
        return "-"
    return digits(measured["value"])


def interval_in_words(measured: Measurement) -> str:
    """ "0.731 to 0.813", with as many digits as the value."""
    return " to ".join(digits(end, measured["value"]) for end in measured["ci95"])


def digits(value: float, like: float | None = None) -> str:
    """ "0.772", "51.8": as many digits as tell something, or as another number has."""
    size = abs(value if like is None else like)
    return f"{value:.{1 if size >= 10 else 4 if 0 < size < 0.01 else 3}f}"
