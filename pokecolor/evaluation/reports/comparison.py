"""Compares variants of runs: their metrics, and paired differences on the same drawings."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from pokecolor.core.bootstrap import crossed_interval, set_interval
from pokecolor.core.errors import UserError
from pokecolor.evaluation.metrics.registry import ANSWER_KEY_METRICS, METRICS, SET_METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pokecolor.evaluation.reports.saved_report import SavedReport

COMPARED = (*METRICS, *ANSWER_KEY_METRICS)
"""Metrics of all kinds of reports; compared reports are of one kind."""
OF_SETS = {metric.key for metric in SET_METRICS}


@dataclass(frozen=True)
class Run:
    """One training, or one pipeline."""

    seed: str | None
    """The seed, by which the runs of a variant differ."""
    status: Literal["done", "failed", "unfinished"] = "done"
    error: str | None = None
    optimized_metric: float | None = None
    """The value that training returned."""
    seconds: float | None = None
    """Duration of the training."""
    report: SavedReport | None = None
    """None if it was not evaluated."""


class Difference(NamedTuple):
    """The paired difference of a metric from the reference variant."""

    value: float
    ci95: tuple[float, float]

    @property
    def is_clear(self) -> bool:
        """Whether the interval excludes 0."""
        return self.ci95[0] > 0 or self.ci95[1] < 0


class Cell(NamedTuple):
    """A metric of a variant: the mean over its runs."""

    value: float
    ci95: tuple[float, float]
    """95% interval over drawings, and over runs if there are several."""
    n: int
    """Number of samples of each run."""
    backbone: str | None
    of_runs: tuple[float, ...]
    difference: Difference | None = None


@dataclass
class Variant:
    """Runs that only differ in their seed."""

    label: str
    runs: list[Run]
    cells: dict[str, Cell] = field(default_factory=dict)
    """Metric key => cell; see `measure_variants`."""

    @property
    def measured(self) -> dict[str | None, SavedReport]:
        """Seed => report."""
        return {run.seed: run.report for run in self.runs if run.report is not None}

    @property
    def failed(self) -> list[Run]:
        """The runs that failed."""
        return [run for run in self.runs if run.status == "failed"]

    @property
    def optimized_metric(self) -> float | None:
        """The mean of its runs' values."""
        known = [run.optimized_metric for run in self.runs if run.optimized_metric is not None]
        return float(np.mean(known)) if known else None

    @property
    def state(self) -> str:
        """A description: "3 runs", "2 of 3 runs, 1 failed", and failed pictures."""
        done = sum(run.status == "done" for run in self.runs)
        words = [f"{done} of {len(self.runs)} runs" if done < len(self.runs) else f"{done} runs"]
        if done == len(self.runs) == 1:
            words = ["1 run"]
        if self.failed:
            words.append(f"{len(self.failed)} failed")
        if unfinished := len(self.runs) - done - len(self.failed):
            words.append(f"{unfinished} unfinished")
        settings = [report.setting for report in self.measured.values()]
        return ", ".join([*words, *(each.failures for each in settings if each.failed)])


def measure_variants(variants: Sequence[Variant], reference: str | None = None) -> None:
    """Compute the missing cells of all evaluated variants.

    Args:
        variants: the variants, in any order.
        reference: label of the variant to compare with, on the same drawings and common seeds;
            None for no differences.

    Raises:
        UserError: reports have different drawings or prompts, or there is no such variant.
    """
    _require_one_test_set([report for variant in variants for report in variant.measured.values()])
    against = next((variant for variant in variants if variant.label == reference), None)
    if reference is not None and against is None:
        labels = ", ".join(variant.label for variant in variants)
        raise UserError(f"{reference}: no such variant to compare with; choose from {labels}")
    for variant in variants:
        for metric in COMPARED:
            reports = list(variant.measured.values())
            if not reports or any(not _has(report, metric.key) for report in reports):
                continue
            cell = variant.cells.get(metric.key) or _cell(metric.key, reports)
            if against is not None and variant is not against:
                seeds = [seed for seed in variant.measured if seed in against.measured]
                pairs = [(variant.measured[seed], against.measured[seed]) for seed in seeds]
                if pairs and all(_has(other, metric.key) for _, other in pairs):
                    cell = cell._replace(difference=_difference(metric.key, pairs))
            variant.cells[metric.key] = cell


def rank_variants(variants: Sequence[Variant], key: str) -> list[Variant]:
    """Sort variants, the best first; those without a finite value last.

    Args:
        variants: variants with cells.
        key: key of a metric, or "optimized_metric" for the value that training returned.
    """

    def place(variant: Variant) -> tuple[bool, float]:
        value = value_of(variant, key)
        if value is not None and not math.isfinite(value):  # NaN cannot be sorted
            value = None
        return value is None, (value or 0.0) * (1 if lower_is_better(key) else -1)

    return sorted(variants, key=place)


def value_of(variant: Variant, key: str) -> float | None:
    """The value of a metric, or of "optimized_metric", of a variant; None if it has none."""
    if key == "optimized_metric":
        return variant.optimized_metric
    return variant.cells[key].value if key in variant.cells else None


def lower_is_better(key: str) -> bool:
    """Whether lower is better; the optimized metric of training is a loss."""
    return key == "optimized_metric" or any(
        m.key == key and m.higher_is_better is False for m in COMPARED
    )


def _has(report: SavedReport, key: str) -> bool:
    """Whether a report has a finite value."""
    return key in report.metrics and math.isfinite(report.metrics[key]["value"])


def _require_one_test_set(reports: Sequence[SavedReport]) -> None:
    for report in reports[1:]:
        first = reports[0]
        for what in ("split", "data", "test_set"):
            if getattr(report.setting, what) != getattr(first.setting, what):
                raise UserError(
                    f"{report.folder} and {first.folder} are not of the same drawings and prompts; "
                    "evaluate them with the same version, data, captions and split"
                )


def _cell(key: str, reports: Sequence[SavedReport]) -> Cell:
    measured = [report.metrics[key] for report in reports]
    of_runs = tuple(float(one["value"]) for one in measured)
    interval = tuple(measured[0]["ci95"])  # for one run, the report's own
    if len(reports) > 1:
        if key in OF_SETS:
            interval = set_interval(np.stack([report.resampled[key] for report in reports]))
        else:
            values, drawings = _aligned(key, reports)
            interval = crossed_interval(values, drawings)
    value = float(np.mean(of_runs))
    return Cell(value, interval, measured[0]["n"], measured[0]["backbone"], of_runs)


def _difference(key: str, pairs: Sequence[tuple[SavedReport, SavedReport]]) -> Difference | None:
    ones, others = zip(*pairs, strict=True)
    if ones[0].metrics[key]["backbone"] != others[0].metrics[key]["backbone"]:
        return None
    value = float(np.mean([a.metrics[key]["value"] - b.metrics[key]["value"] for a, b in pairs]))
    if key in OF_SETS:
        of_pairs = [one.resampled[key] - other.resampled[key] for one, other in pairs]
        return Difference(value, set_interval(np.stack(of_pairs)))
    values, drawings = _aligned(key, [*ones, *others])
    return Difference(value, crossed_interval(values[: len(ones)] - values[len(ones) :], drawings))


def _aligned(key: str, reports: Sequence[SavedReport]) -> tuple[np.ndarray, list[str]]:
    """The values of each report's samples, float64 [reports, n], and the drawing of each sample."""
    drawings = reports[0].samples[key][0]
    for report in reports:
        if report.samples[key][0] != drawings:
            raise UserError(f"{report.folder}: {key} is of other samples; evaluate it again")
    return np.stack([report.samples[key][1] for report in reports]), drawings
