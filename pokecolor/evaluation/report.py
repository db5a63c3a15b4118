"""The report on a pipeline: a page to look at, a table to paste, the figures to compute with."""

from __future__ import annotations

import base64
import importlib.metadata
import json
import platform
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import jinja2
import torch

from pokecolor.colors import EXEMPLARS, TERMS
from pokecolor.evaluation.cases import best_and_worst
from pokecolor.evaluation.confusion import accuracy_by, color_confusion
from pokecolor.evaluation.figures import figures, in_words, interval_in_words, left_out
from pokecolor.images import encode_png

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np

    from pokecolor.evaluation.colorings import ColoringsModule
    from pokecolor.evaluation.guidance import GuidanceCurves

SHOWN = 12
"""Pictures of the grid, spread over the test set."""
EXTREMES = 6
"""Best and worst cases."""
LEAST = 5
"""Parts that come up less often are not plotted."""
PACKAGES = ("pokecolor", "torch", "diffusers", "transformers", "lightning", "torchmetrics")


@dataclass(frozen=True)
class Setting:
    """What was measured, and how."""

    pipeline: str
    data: str
    split: str
    command: str
    config: str
    """YAML."""
    seconds: float
    """Wall time of the measuring."""


def write_report(
    folder: Path, module: ColoringsModule, setting: Setting, guidance: GuidanceCurves | None
) -> None:
    """Write `metrics.json`, `report.md` and `index.html`, which needs nothing beside it.

    Args:
        folder: made if need be.
        module: after a test or a validation.
        setting: what to say of it.
        guidance: curves to measure, too; None to leave them out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    results = module.results()
    (folder / "metrics.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    taken = figures(results, setting.split)
    cases = module.cases
    best, worst = best_and_worst(cases, EXTREMES)
    step = max(1, len(cases) // SHOWN)
    sample = cases[::step][:SHOWN]
    context = {
        "setting": setting,
        "count": len({case.drawing.id for case in cases}),
        "pictures": len(cases),
        "figures": taken,
        "left_out": left_out(taken, module.set_metrics.kid_subset_size),
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
        "curves": guidance.measure(sample, module.color) if guidance and cases else None,
        "versions": _versions(),
    }
    for name in ("report.md", "index.html"):
        text = _environment().get_template(f"{name}.jinja").render(context)
        (folder / name).write_text(text, encoding="utf-8")


def _environment() -> jinja2.Environment:
    templates = files("pokecolor.evaluation") / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (templates / name).read_text("utf-8")),
        autoescape=lambda name: bool(name) and ".html" in name,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"value": in_words, "interval": interval_in_words, "uri": _uri}
    environment.globals |= {"paint": lambda term: f"#{EXEMPLARS[term][0]}", "mix": _mix}
    return environment


def _uri(image: np.ndarray) -> str:
    return f"data:image/png;base64,{base64.b64encode(encode_png(image)).decode()}"


def _mix(share: float, color: Sequence[int]) -> str:
    """A CSS color between white, at 0, and a color, at 1."""
    mixed = [round(255 + (channel - 255) * share) for channel in color]
    return f"rgb({', '.join(map(str, mixed))})"


def _versions() -> str:
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    packages = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    python = f"Python {platform.python_version()}"
    return ", ".join([python, *packages, f"{device}, {torch.get_num_threads()} threads"])
