"""The report of a pipeline: an HTML page, a Markdown table, and JSON."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from typing import TYPE_CHECKING

import numpy as np
import torch

from pokecolor.core.colors import TERMS
from pokecolor.evaluation.cases import best_and_worst
from pokecolor.evaluation.metrics.registry import METRICS
from pokecolor.evaluation.reports.confusion import accuracy_by, color_confusion
from pokecolor.evaluation.reports.page import write_pages
from pokecolor.evaluation.reports.reported_metrics import reported_metrics, skipped
from pokecolor.evaluation.reports.saved_report import Setting, save_report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pokecolor.core.scoring import PerSample
    from pokecolor.evaluation.cases import Case
    from pokecolor.evaluation.guidance import GuidanceCurves
    from pokecolor.evaluation.score import Scores

SHOWN = 12
"""Pictures of the grid, evenly spread over the test set."""
EXTREMES = 6
"""Best and worst cases."""
LEAST = 5
"""Less frequent parts are not plotted."""
COLORLESS = 2.0
"""Ground truth that is less colorful than this is gray: it may be a sketch by mistake."""
PACKAGES = ("pokecolor", "torch", "diffusers", "transformers", "lightning", "torchmetrics")


def write_report(
    folder: Path, scores: Scores, setting: Setting, guidance: GuidanceCurves | None
) -> None:
    """Write `index.html`, which is self-contained, `report.md`, and the files of `save_report`.

    Args:
        folder: target folder; created if needed.
        scores: the scores of a test set.
        setting: what was evaluated, and how.
        guidance: the compared guidance scales; None for none.
    """
    cases = scores.cases
    sample = evenly_spaced(cases)
    save_report(folder, setting, scores.results, scores.per_sample, scores.sets, sample)
    taken = reported_metrics(scores.results)
    withheld = [m.label for m in METRICS if m.worst is None] if setting.failed else []
    best, worst = best_and_worst(cases, EXTREMES)
    context = {
        "setting": setting,
        "count": len({case.drawing.id for case in cases}),
        "pictures": len(cases),
        "figures": taken,
        "withheld": withheld,
        "colorless": colorless_truths(scores.per_sample),
        "skipped": [(label, needs) for label, needs in skipped(taken) if label not in withheld],
        "colors": accuracy_by(cases, "color"),
        "parts": accuracy_by(cases, "part", LEAST),
        "least": LEAST,
        "confusion": color_confusion(cases).tolist(),
        "terms": TERMS,
        "galleries": [
            ("A sample", "Taken at even distances, not chosen by eye.", sample),
            ("Best", "The highest share of named parts in their color.", best),
            ("Worst", "The lowest.", worst),
        ],
        "guidance": guidance,
        "curves": guidance.table(scores.tried) if guidance else None,
    }
    write_pages(folder, {"report.md": "report.md", "index.html": "index.html"}, context)


def evenly_spaced(cases: Sequence[Case]) -> list[Case]:
    """`SHOWN` cases at even distances, for the page."""
    return list(cases[:: max(1, len(cases) // SHOWN)][:SHOWN])


def colorless_truths(per_sample: PerSample) -> str:
    """A warning if at least half of the ground truth has no color; else "".

    If sketches are used as ground truth by mistake, a model that does nothing gets good scores.
    """
    values = [value for _, value in per_sample.get("colorfulness_of_target", [])]
    grey = sum(value < COLORLESS for value in values)
    if not values or 2 * grey < len(values):
        return ""
    return f"{grey} of {len(values)} true pictures have no color"


def describe_test_set(cases: Sequence[Case]) -> str:
    """Digest of the drawings: ids, prompts, parts and pixels; hex."""
    digest = hashlib.sha256()
    for drawing in (case.drawing for case in cases):
        told = [drawing.sample_id, drawing.id, drawing.prompt, drawing.parts, drawing.sketch.shape]
        digest.update(json.dumps(told).encode())
        for image in (drawing.sketch, drawing.target, drawing.part_map):
            digest.update(b"" if image is None else np.ascontiguousarray(image))
    return digest.hexdigest()[:24]


def describe_versions() -> str:
    """Versions and hardware: "Python 3.11.9, torch 2.13.0, CPU, 2 threads" and so on."""
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    packages = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    python = f"Python {platform.python_version()}"
    return ", ".join([python, *packages, f"{device}, {torch.get_num_threads()} threads"])
