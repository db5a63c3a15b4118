"""`pokecolor compare`: ranks evaluated runs and compares them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.earlier_names import present_metric
from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pokecolor.evaluation.reports.comparison import Run, Variant

FILE_WIDTH = 120
"""Characters in a line of the table where no terminal sets the width."""


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser("compare", help="compare runs and rank them by a metric")
    parser.add_argument(
        "places", nargs="+", type=Path, metavar="PLACE",
        help="a sweep such as multirun/train, or runs, pipelines or reports",
    )  # fmt: skip
    parser.add_argument("--by", help="a metric to rank by, such as region_color or fid")
    parser.add_argument(
        "--reference", metavar="VARIANT", help="what to compare with (default: the best)"
    )
    parser.add_argument("--out", type=Path, help="a folder (default: comparison/ in the sweep)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from pokecolor.running.run_folders import comparison_folder

    out = options.out or comparison_folder([str(place) for place in options.places])
    compare(options.places, out, options.by, options.reference)


def compare(
    places: Sequence[Path], out: Path, by: str | None = None, reference: str | None = None
) -> list[Variant]:
    """Compare runs, print the ranked table, and write the rest to `out`; returns the variants.

    Raises:
        UserError: there is nothing to compare, or it does not compare.
    """
    from rich.console import Console
    from rich.table import Table

    from pokecolor.evaluation.reports.comparison import measure_variants, rank_variants
    from pokecolor.evaluation.reports.comparison_page import (
        label_of,
        ranking_rows,
        write_comparison,
    )

    variants = find_variants(places)
    measure_variants(variants)
    by = _require_metric(by, variants)
    variants = rank_variants(variants, by)
    reference = reference or variants[0].label
    measure_variants(variants, reference)
    title = " and ".join(str(place) for place in places)
    write_comparison(out, title, variants, by, reference)
    table = Table(title=f"{title}, by {label_of(by).lower()}; differences from {reference}")
    header, rows = ranking_rows(variants, by)
    for column in header:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else FILE_WIDTH).print(table)
    for variant in variants:
        for failed in variant.failed:
            print(f"failed: {variant.label}{_seed_of(failed)}: {failed.error}")
    if not any(variant.measured for variant in variants):
        print(f"pictures are not measured yet: pokecolor evaluate pipeline={places[0]}")
    print(f"written to {out / 'index.html'}")
    return variants


def find_variants(places: Sequence[Path]) -> list[Variant]:
    """The variants of sweeps, and single runs, pipelines and reports as variants of one run.

    Raises:
        UserError: a place is none of these.
    """
    from pokecolor.evaluation.reports.comparison import Variant
    from pokecolor.running.sweeps import list_runs

    variants: dict[str, list[Run]] = {}
    for place in places:
        found = list_runs(place)
        for label, seed, folder in found:
            variants.setdefault(label, []).append(_read_run(folder, seed))
        if not found:
            single = _read_run(_run_of(place), None)
            if single.report is None and single.optimized_metric is None:
                raise UserError(f"{place}: no sweep, run, pipeline or report to compare")
            variants.setdefault(_name_of(place), []).append(single)
    return [Variant(label, runs) for label, runs in variants.items()]


def _read_run(folder: Path, seed: str | None) -> Run:
    from pokecolor.evaluation.reports.comparison import Run
    from pokecolor.evaluation.reports.saved_report import load_report
    from pokecolor.running.sweeps import read_outcome

    outcome = read_outcome(folder)
    report = load_report(folder / "report") or load_report(folder)
    if outcome is None:
        return Run(seed, "done" if report else "unfinished", report=report)
    status = "unfinished" if outcome.status == "running" else outcome.status
    value = outcome.optimized_metric
    return Run(seed, status, outcome.error, value, outcome.seconds, report)


def _run_of(place: Path) -> Path:
    """The folder that holds `report/`, of a run, its pipeline or its report."""
    return place.resolve().parent if place.name in ("pipeline", "report") else place


def _name_of(place: Path) -> str:
    return str(place.parent if place.name in ("pipeline", "report") else place)


def _require_metric(by: str | None, variants: Sequence[Variant]) -> str:
    """The metric to rank by: the one asked for, or the first of all measured variants."""
    measured = [variant for variant in variants if variant.cells]
    first = measured[0].cells if measured else {}
    common = [key for key in first if all(key in variant.cells for variant in measured)]
    if by is None:
        return common[0] if common else "optimized_metric"
    if by not in (*common, "optimized_metric"):
        if (today := present_metric(by)) != by:
            raise UserError(f"--by {by}: it is called {today} now")
        raise UserError(f"--by {by}: choose from {', '.join([*common, 'optimized_metric'])}")
    return by


def _seed_of(run: Run) -> str:
    return f", seed {run.seed}" if run.seed is not None else ""
