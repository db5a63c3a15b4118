"""The report of an answer key: scores, and each picture with its points marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pokecolor.core.images.conversion import to_rgb
from pokecolor.core.images.text_panel import text_panel
from pokecolor.evaluation.image_folder import file_stem
from pokecolor.evaluation.metrics.registry import ANSWER_KEY_METRICS
from pokecolor.evaluation.reports.page import write_pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pokecolor.core.scoring import MetricResult
    from pokecolor.evaluation.answer_key.key_set import KeyCase
    from pokecolor.evaluation.reports.saved_report import Setting

SIDE = 300
"""Pixels of the longer side of a picture on the page."""
WRONG, HALO = (200, 0, 0), (255, 255, 255)


class KeyRow(NamedTuple):
    """A metric, and the values of its baselines."""

    label: str
    measured: MetricResult
    sketch: MetricResult | None
    flood: MetricResult | None


def write_answer_page(
    folder: Path,
    setting: Setting,
    results: Mapping[str, MetricResult],
    shown: Sequence[KeyCase],
    seeds: int,
) -> None:
    """Write `index.html`, `report.md`, and `pictures/` of files named by `file_stem`.

    Args:
        folder: target folder; created if needed.
        setting: what was evaluated.
        results: metrics by name.
        shown: the first picture of each drawing.
        seeds: number of pictures of each drawing.
    """
    pictures = {each.drawing.id: marked(each) for each in shown}
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        Image.fromarray(picture).save(folder / "pictures" / f"{file_stem(name)}.png")
    rows = [
        KeyRow(
            m.label, results[m.key], *(results.get(f"{m.key}_of_{floor}") for floor in m.baselines)
        )
        for m in ANSWER_KEY_METRICS
        if m.key in results
    ]
    kinds = {
        name.removeprefix("parts/"): (measured, results[f"all_right/{name.removeprefix('parts/')}"])
        for name, measured in results.items()
        if name.startswith("parts/")
    }
    context = {
        "setting": setting,
        "rows": rows,
        "kinds": kinds,
        "seeds": seeds,
        "shown": shown,
        "pictures": pictures,
        "sketches": {each.drawing.id: np.asarray(_small(each.sketch)) for each in shown},
    }
    pages = {"report.md": "answer_key.md", "index.html": "answer_key.html"}
    write_pages(folder, pages, context)


def marked(shown: KeyCase) -> np.ndarray:
    """Mark right points with a ring, and wrong ones with a cross and the found color's name.

    A failed picture is replaced by a message.

    Returns:
        uint8 [height, width, 3], the longer side SIDE.
    """
    if shown.picture is None:
        return text_panel("failed: no picture", SIDE)
    picture = _small(shown.picture)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(16)
    for part in (*shown.seen.parts, *shown.seen.background):
        for point in part.points:
            x, y = point.x * picture.width, point.y * picture.height
            if point.right:
                draw.ellipse((x - 3, y - 3, x + 3, y + 3), fill=HALO, outline=(0, 0, 0))
                continue
            for width, color in ((4, HALO), (2, WRONG)):
                draw.line((x - 5, y - 5, x + 5, y + 5), fill=color, width=width)
                draw.line((x - 5, y + 5, x + 5, y - 5), fill=color, width=width)
            text = {"fill": WRONG, "stroke_width": 2, "stroke_fill": HALO}
            draw.text((x + 8, y - 10), point.name, font=font, **text)
    return np.asarray(picture)


def _small(image: Image.Image) -> Image.Image:
    image = to_rgb(image)
    scale = SIDE / max(image.size)
    size = tuple(max(1, round(side * scale)) for side in image.size)
    return image.resize(size, Image.Resampling.LANCZOS)
