"""The benchmark's results: a table a set, with all rows that a folder has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.evaluation.benchmark.color_binding import METRICS, VERSION
from pokecolor.evaluation.reports.comparison import (
    Cell,
    Run,
    Variant,
    measure_variants,
    rank_variants,
)
from pokecolor.evaluation.reports.comparison_page import label_of, write_comparison
from pokecolor.evaluation.reports.saved_report import load_report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pokecolor.evaluation.reports.saved_report import SavedReport

RESULTS = "results.md"
"""The file with all tables."""


def find_rows(out: Path) -> list[str]:
    """The names of the rows that a folder of results has."""
    return sorted({path.parents[1].name for path in out.glob("*/*/setting.json")})


def write_results(out: Path, sets: Sequence[str], reference: str | None = None) -> str:
    """Write a table a set to `RESULTS`, and a page with intervals and pictures beside it.

    Args:
        out: has a folder a row, in it a report a set.
        sets: names of those to compare.
        reference: the row that others are compared with; None for the best of each set.

    Returns:
        the tables, markdown.

    Raises:
        UserError: rows are of other drawings, or there is no row of that name.
    """
    tables = [f"# Color binding on line art, version {VERSION}"]
    for name in sets:
        reports = {
            path.parents[1].name: load_report(path.parent)
            for path in sorted(out.glob(f"*/{name}/setting.json"))
        }
        rows = [Variant(row, [Run(None, report=report)]) for row, report in reports.items()]
        measure_variants(rows)
        rows = rank_variants(rows, METRICS[0])
        against = reference or rows[0].label
        measure_variants(rows, against)
        write_comparison(out / f"{name}.comparison", name, rows, METRICS[0], against)
        tables.append(_table(name, rows, against, next(iter(reports.values()))))
    text = "\n\n".join(tables) + "\n"
    (out / RESULTS).write_text(text, encoding="utf-8")
    return text


def _table(name: str, rows: Sequence[Variant], reference: str, report: SavedReport) -> str:
    keys = [key for key in METRICS if any(key in row.cells for row in rows)]
    count = max(rows[0].cells[key].n for key in keys)
    lines = [
        f"## {name}",
        f"Data digest {report.setting.test_set[:16]}, N up to {count}. A star: other than "
        f"{reference} by the paired 95% interval.",
        "",
        f"| | {' | '.join(label_of(key) for key in keys)} |",
        "|---" * (len(keys) + 1) + "|",
    ]
    for row in rows:
        cells = (_cell(row.cells.get(key)) for key in keys)
        lines.append(f"| {row.label} | {' | '.join(cells)} |")
    ceiling = (_of_target(report, key) for key in keys)
    lines.append(f"| ground truth | {' | '.join(ceiling)} |")
    return "\n".join([lines[0], "", *lines[1:]])


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "-"
    star = "*" if cell.difference and cell.difference.is_clear else ""
    return f"{cell.value:.3f} ({cell.ci95[0]:.3f} to {cell.ci95[1]:.3f}){star}"


def _of_target(report: SavedReport, key: str) -> str:
    """The ceiling: what the true pictures score."""
    measured = report.metrics.get(f"{key}_of_target")
    return "-" if measured is None else f"{measured['value']:.3f}"
