"""Labels by hand: points on the parts of other people's drawings."""

from __future__ import annotations

import functools
import json
from collections import Counter
from dataclasses import dataclass
from importlib import resources

from pokecolor.model_files.mini import mini_part_names

BACKGROUND = "background"
"""Name of the paper, around the drawing and in enclosed areas of it."""


@dataclass(frozen=True)
class Label:
    """The label of a drawing."""

    id: str
    """Set and name: "openclipart/animals/birds/duck_01", "openmoji/1F98A"."""
    subject: str
    """Its subject in everyday words."""
    parts: dict[str, tuple[tuple[float, float], ...]]
    """Part name => points inside its regions, as shares of the page's width and height; see
    `color_areas.fit_picture`."""


@functools.cache
def load_labels() -> tuple[Label, ...]:
    """All labels, from the lines of `tables/labels.jsonl`, whose coordinates are thousandths."""
    table = resources.files("pokecolor.sources") / "tables" / "labels.jsonl"
    return tuple(map(_label, table.read_text(encoding="utf-8").splitlines()))


def _label(line: str) -> Label:
    record = json.loads(line)
    parts = {
        name: tuple((x / 1000, y / 1000) for x, y in points)
        for name, points in record["parts"].items()
    }
    return Label(record["id"], record["subject"], parts)


def part_names(least: int = 8) -> list[str]:
    """Names of parts of at least `least` labeled drawings, and of creatures."""
    counts = Counter(name for label in load_labels() for name in label.parts)
    del counts[BACKGROUND]
    often = [name for name, count in counts.items() if count >= least]
    return list(dict.fromkeys([*mini_part_names(), *sorted(often)]))
