"""Writes a comparison: page, tables, plot, picture and JSON."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from pokecolor.core.images.conversion import grid, letterbox
from pokecolor.core.images.text_panel import text_panel
from pokecolor.evaluation.reports.comparison import COMPARED, lower_is_better, value_of
from pokecolor.evaluation.reports.page import write_pages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pokecolor.evaluation.metrics.metric import ImageMetric
    from pokecolor.evaluation.reports.comparison import Variant
    from pokecolor.evaluation.reports.saved_report import Shown

HEADLINES = (
    "region_color", "off_target_change", "prompt_color_f1", "visible_line_f1", "clip_score", "fid",
    "kid", "parts", "first_part", "other_parts", "all_right", "background",
)  # fmt: skip
"""Metrics with a column in the ranked table and a plot."""
PICTURED = 8
"""Drawings shown side by side."""
CELL = 128
"""Pixels of each in the picture."""


def write_comparison(
    folder: Path, title: str, variants: Sequence[Variant], by: str, reference: str | None
) -> None:
    """Write `index.html`, `comparison.md`, `comparison.json` and, if pictures were evaluated,
    `intervals.svg` and `pictures.png`.

    Args:
        folder: target folder; created if needed.
        title: title of the comparison.
        variants: ranked variants with cells.
        by: the ranking metric: its key, or "optimized_metric".
        reference: label of the variant that the others are compared with.
    """
    taken = [
        metric for metric in COMPARED if any(metric.key in variant.cells for variant in variants)
    ]
    headlines = [metric for metric in taken if metric.key in HEADLINES]
    pictures = side_by_side(variants)
    context = {
        "title": title,
        "variants": variants,
        "by": label_of(by),
        "by_key": by,
        "reference": reference,
        "metrics": taken,
        "headlines": headlines,
        "has_optimized_metric": any(variant.optimized_metric is not None for variant in variants),
        "plots": [_plot(metric, variants) for metric in headlines],
        "pictures": pictures,
        "setting": next(
            (r.setting for variant in variants for r in variant.measured.values()), None
        ),
    }
    pages = {"index.html": "comparison.html", "comparison.md": "comparison.md"}
    if headlines:
        pages["intervals.svg"] = "intervals.svg"
    write_pages(folder, pages, context)
    text = json.dumps(_figures(variants, by, reference), indent=2, ensure_ascii=False)
    (folder / "comparison.json").write_text(text + "\n", encoding="utf-8")
    if pictures:
        Image.fromarray(_picture(variants, pictures)).save(folder / "pictures.png")


def label_of(by: str) -> str:
    """The label of a metric."""
    return next((metric.label for metric in COMPARED if metric.key == by), "Optimized metric")


def ranking_rows(variants: Sequence[Variant], by: str) -> tuple[list[str], list[list[str]]]:
    """A short ranked table for the terminal: its header and rows."""
    arrow = "↓" if lower_is_better(by) else "↑"
    header = ["", "variant", "runs", f"{label_of(by)} {arrow}", "difference"]
    rows = []
    for place, variant in enumerate(variants, start=1):
        value, cell = value_of(variant, by), variant.cells.get(by)
        words = "-" if value is None else f"{value:.4g}"
        if cell:
            words += f" ({cell.ci95[0]:.4g} to {cell.ci95[1]:.4g})"
        apart = cell.difference if cell else None
        difference = "-"
        if apart:
            difference = f"{apart.value:+.3g} ({apart.ci95[0]:+.3g} to {apart.ci95[1]:+.3g})"
        ranked = value is not None and math.isfinite(value)
        rows.append([str(place) if ranked else "-", variant.label, variant.state, words])
        rows[-1].append(difference)
    return header, rows


def side_by_side(variants: Sequence[Variant]) -> list[list[Shown]]:
    """The first drawings of the reports, with the output of each variant's first run."""
    shown = [
        next(iter(variant.measured.values())).pictures for variant in variants if variant.measured
    ]
    return [list(row) for row in zip(*shown, strict=False)][:PICTURED] if shown else []


def _plot(metric: ImageMetric, variants: Sequence[Variant]) -> dict[str, Any]:
    """The values and intervals of a metric, also scaled to 0 to 1 for the plot."""
    cells = [
        (variant.label, variant.cells[metric.key])
        for variant in variants
        if metric.key in variant.cells
    ]
    numbers = [x for _, cell in cells for x in (*cell.ci95, *cell.of_runs)]
    low, high = min(numbers), max(numbers)
    margin = 0.06 * (high - low) or 1e-3 * max(1.0, abs(high))
    low, high = low - margin, high + margin

    def place(value: float) -> float:
        return (value - low) / (high - low)

    rows = [
        {
            "label": label,
            "cell": cell,
            "at": place(cell.value),
            "from": place(cell.ci95[0]),
            "to": place(cell.ci95[1]),
            "runs": [place(value) for value in cell.of_runs],
        }
        for label, cell in cells
    ]
    return {"metric": metric, "rows": rows, "low": low, "high": high}


def _picture(variants: Sequence[Variant], pictures: Sequence[Sequence[Shown]]) -> np.ndarray:
    """A grid of sketch, prompt, output of each variant, and target: uint8 [height, width, 3]."""
    labels = [variant.label for variant in variants if variant.measured]
    has_target = pictures[0][0].target is not None
    header = ["sketch", "prompt", *labels, *(["target"] if has_target else [])]
    rows = [[text_panel(words, CELL)[: CELL // 2] for words in header]]
    for row in pictures:
        images = [row[0].sketch, *(shown.output for shown in row)]
        cells = [letterbox(Image.fromarray(image), CELL) for image in images]
        cells.insert(1, text_panel(row[0].prompt, CELL))
        if has_target:
            cells.append(letterbox(Image.fromarray(row[0].target), CELL))
        rows.append(cells)
    top = grid(rows[:1])
    return np.concatenate([top[:-4], grid(rows[1:])])


def _figures(variants: Sequence[Variant], by: str, reference: str | None) -> dict[str, Any]:
    return {
        "ranked_by": by,
        "reference": reference,
        "variants": [
            {
                "label": variant.label,
                "optimized_metric": variant.optimized_metric,
                "runs": [
                    {
                        "seed": run.seed,
                        "status": run.status,
                        "error": run.error,
                        "optimized_metric": run.optimized_metric,
                        "seconds": run.seconds,
                        "failed_pictures": run.report.setting.failed if run.report else None,
                    }
                    for run in variant.runs
                ],
                "metrics": {
                    key: {
                        **cell._asdict(),
                        "difference": cell.difference and cell.difference._asdict(),
                    }
                    for key, cell in variant.cells.items()
                },
            }
            for variant in variants
        ],
    }
