"""The report of a pipeline: an HTML page, a Markdown table, and JSON."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from typing import TYPE_CHECKING

import torch

from pokecolor.colors import TERMS
from pokecolor.evaluation.cases import best_and_worst
from pokecolor.evaluation.confusion import accuracy_by, color_confusion
from pokecolor.evaluation.figures import figures, left_out
from pokecolor.evaluation.page import write_pages
from pokecolor.evaluation.saved_report import Setting, save_report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pokecolor.evaluation.cases import Case
    from pokecolor.evaluation.colorings import Colorings
    from pokecolor.evaluation.guidance import GuidanceCurves
    from pokecolor.measuring import Measurement

SHOWN = 12
"""Pictures of the grid, spread over the test set."""
EXTREMES = 6
"""Best and worst cases."""
LEAST = 5
"""Parts that come up less often are not plotted."""
PACKAGES = ("pokecolor", "torch", "diffusers", "transformers", "lightning", "torchmetrics")


def write_report(
    folder: Path,
    colorings: Colorings,
    results: Mapping[str, Measurement],
    setting: Setting,
    guidance: GuidanceCurves | None,
    curves: list[list[float | None]] | None,
) -> None:
    """Write `index.html`, which needs nothing beside it, `report.md`, and what is computed with.

    Args:
        folder: made if need be.
        colorings: after it has measured a test set.
        results: its figures.
        setting: what to say of them.
        guidance: the scales that were tried; None for none.
        curves: what it has measured.
    """
    cases = colorings.cases
    sets = colorings.set_metrics.sets() if colorings.set_metrics else None
    sample = spread(cases)
    save_report(folder, setting, results, colorings.per_sample, sets, sample)
    taken = figures(results)
    best, worst = best_and_worst(cases, EXTREMES)
    context = {
        "setting": setting,
        "count": len({case.drawing.id for case in cases}),
        "pictures": len(cases),
        "figures": taken,
        "left_out": left_out(taken),
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
        "curves": curves,
    }
    write_pages(folder, {"report.md": "report.md", "index.html": "index.html"}, context)


def spread(cases: Sequence[Case]) -> list[Case]:
    """Those that a page shows: `SHOWN` at even distances."""
    return list(cases[:: max(1, len(cases) // SHOWN)][:SHOWN])


def describe_test_set(cases: Sequence[Case]) -> str:
    """A digest of the drawings and their prompts, hex."""
    pairs = [(case.drawing.id, case.drawing.prompt) for case in cases]
    return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()[:24]


def describe_versions() -> str:
    """What it was made with: "Python 3.11.9, torch 2.13.0, CPU, 2 threads" and so on."""
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    packages = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    python = f"Python {platform.python_version()}"
    return ", ".join([python, *packages, f"{device}, {torch.get_num_threads()} threads"])
