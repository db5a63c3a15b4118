"""Renders report templates: self-contained HTML pages and Markdown tables."""

from __future__ import annotations

import base64
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2

from pokecolor.core.colors import EXEMPLARS
from pokecolor.core.images.conversion import encode_png
from pokecolor.evaluation.reports.reported_metrics import digits, format_interval, format_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np


def write_pages(folder: Path, pages: Mapping[str, str], context: Mapping[str, Any]) -> None:
    """Write files from templates.

    Args:
        folder: target folder; created if needed.
        pages: file name => name of the template, without ".jinja".
        context: variables of the templates.
    """
    folder.mkdir(parents=True, exist_ok=True)
    environment = _environment()
    for name, template in pages.items():
        text = environment.get_template(f"{template}.jinja").render(context)
        (folder / name).write_text(text, encoding="utf-8")


def _environment() -> jinja2.Environment:
    templates = files("pokecolor.evaluation") / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (templates / name).read_text("utf-8")),
        autoescape=lambda name: bool(name) and (".html" in name or ".svg" in name),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"value": format_value, "interval": format_interval, "uri": _uri}
    environment.globals |= {
        "paint": lambda term: f"#{EXEMPLARS[term][0]}" if term in EXEMPLARS else "transparent",
        "mix": _mix,
        "number": digits,
        "signed": lambda value, like=None: f"{'−' if value < 0 else '+'}{digits(abs(value), like)}",
        "percent": lambda share: f"{100 * share:.1f}%",
        "arrow": lambda metric: {True: " ↑", False: " ↓", None: ""}[metric.higher_is_better],
    }
    return environment


def _uri(image: np.ndarray) -> str:
    return f"data:image/png;base64,{base64.b64encode(encode_png(image)).decode()}"


def _mix(share: float, color: Sequence[int]) -> str:
    """A CSS color between white, at 0, and a color, at 1."""
    mixed = [round(255 + (channel - 255) * share) for channel in color]
    return f"rgb({', '.join(map(str, mixed))})"
