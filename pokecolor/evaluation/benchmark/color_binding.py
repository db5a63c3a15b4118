"""What the color-binding benchmark measures: its version, its drawings and its metrics."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pokecolor.core.atomic_files import written_whole
from pokecolor.core.errors import UserError

VERSION = 1
"""Raised whenever the drawings, instructions, seeds or metrics change: then no results compare."""
ABOUT = "benchmark.json"
"""In the folder of results; says of which version they are."""
METRICS = (
    "region_color", "main_region_color", "off_target_change", "off_target_change_of_named",
    "white_background", "visible_line_f1",
)  # fmt: skip
"""The keys of what is reported, the first to rank by."""


@dataclass(frozen=True)
class BenchmarkSet:
    """Drawings with an instruction each, and the part that each pixel belongs to."""

    name: str
    overrides: tuple[str, ...]
    """Settings of `evaluate.py` that give the data."""
    needs_root: bool = False
    """Whether `data.root` must be given: what it has is not distributed with pokecolor."""


SETS = (
    BenchmarkSet("creatures", ("data=creatures_test", "data.source.test_count=200")),
    BenchmarkSet("openmoji", ("data=openmoji_test",)),
    BenchmarkSet("icons", ("data=icons", "data.source.recolorings=1"), needs_root=True),
)
"""Generated creatures, OpenMoji's held-out drawings, icons of held-out subjects."""


def require_version(folder: Path) -> None:
    """Check that results in a folder are of this version; an empty folder becomes one of it.

    Raises:
        UserError: they are of another version.
    """
    path = folder / ABOUT
    if not path.exists():
        with written_whole(path) as partial:
            partial.write_text(json.dumps({"version": VERSION}) + "\n", encoding="utf-8")
        return
    try:
        version = json.loads(path.read_text(encoding="utf-8"))["version"]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path}: cannot be read ({error}); name another folder by --out") from None
    if version != VERSION:
        raise UserError(
            f"{path}: results of version {version} of the benchmark, and this is version "
            f"{VERSION}; name another folder by --out"
        )
