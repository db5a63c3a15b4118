"""The metrics of a report with their values and baselines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pokecolor.evaluation.metrics.metric import NEEDS
from pokecolor.evaluation.metrics.registry import METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pokecolor.core.scoring import MetricResult
    from pokecolor.evaluation.metrics.metric import ImageMetric


@dataclass(frozen=True)
class ReportedMetric:
    """A metric with its value."""

    metric: ImageMetric
    measured: MetricResult
    target: MetricResult | None
    """Score of the ground truth, the upper bound."""
    sketch: MetricResult | None
    """Score of the bare sketches, the lower bound."""


def reported_metrics(results: Mapping[str, MetricResult]) -> list[ReportedMetric]:
    """The computed metrics, in the order of `METRICS`; `results` has their keys."""
    return [
        ReportedMetric(
            metric,
            results[metric.key],
            results.get(f"{metric.key}_of_target"),
            results.get(f"{metric.key}_of_sketch"),
        )
        for metric in METRICS
        if metric.key in results
    ]


def skipped(taken: Sequence[ReportedMetric]) -> list[tuple[str, str]]:
    """The labels of the skipped metrics, and a description of what each needs."""
    keys = {figure.metric.key for figure in taken}
    return [
        (metric.label, " and ".join(NEEDS[need] for need in metric.needs))
        for metric in METRICS
        if metric.key not in keys
    ]


def format_value(measured: MetricResult | None) -> str:
    """ "0.772", with a suitable number of digits; "-" for None."""
    if measured is None:
        return "-"
    return digits(measured["value"])


def format_interval(measured: MetricResult) -> str:
    """ "0.731 to 0.813", with as many digits as the value."""
    return " to ".join(digits(end, measured["value"]) for end in measured["ci95"])


def digits(value: float, like: float | None = None) -> str:
    """Format a number with a suitable number of digits, or with that of `like`: "0.772", "51.8"."""
    size = abs(value if like is None else like)
    return f"{value:.{1 if size >= 10 else 4 if 0 < size < 0.01 else 3}f}"
