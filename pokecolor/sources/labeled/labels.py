"""Hand-made labels: points on the parts of other people's drawings."""

from __future__ import annotations

import functools
import json
from collections import Counter
from dataclasses import dataclass
from importlib import resources

from pokecolor.model_files.mini import mini_part_names

BACKGROUND = "background"
"""The part that is paper: around the drawing, and in closed pockets of it."""


@dataclass(frozen=True)
class Label:
    """What is on a drawing."""

    id: str
    """Its set and its name there, "openclipart/animals/birds/duck_01", "openmoji/1F98A"."""
    subject: str
    """What a person would call it."""
    parts: dict[str, tuple[tuple[float, float], ...]]
    """For each part's name points within its regions, as shares of the page's width and height; see
    `color_areas.fit_picture`."""


@functools.cache
def load_labels() -> tuple[Label, ...]:
    """All labels, one a line of `tables/labels.jsonl`: its coordinates are thousandths."""
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
    """What parts are called on so many labeled drawings or more, and on creatures."""
    counts = Counter(name for label in load_labels() for name in label.parts)
    del counts[BACKGROUND]
    often = [name for name, count in counts.items() if count >= least]
    return list(dict.fromkeys([*mini_part_names(), *sorted(often)]))
