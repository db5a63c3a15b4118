"""Adds the metrics of a report to the evaluated pipeline's model card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.evaluation.reports.reported_metrics import METRICS

if TYPE_CHECKING:
    from pathlib import Path

    from pokecolor.evaluation.reports.saved_report import SavedReport

CARD = "README.md"


def add_figures(pipeline: Path, report: SavedReport) -> bool:
    """Write a report's metrics to the card's `model-index`, replacing earlier ones.

    Args:
        pipeline: the pipeline's folder.
        report: a report on it.

    Returns:
        whether the folder has a model card.
    """
    from huggingface_hub import EvalResult, ModelCard

    path = pipeline / CARD
    if not path.is_file():
        return False
    card = ModelCard.load(path)
    setting = report.setting
    card.data.model_name = pipeline.parent.name
    card.data.eval_results = [
        EvalResult(
            task_type="image-to-image",
            dataset_type=setting.data,
            dataset_name=setting.data,
            dataset_split=setting.split,
            metric_type=metric.key,
            metric_name=metric.label,
            metric_value=round(report.metrics[metric.key]["value"], 4),
        )
        for metric in METRICS
        if metric.key in report.metrics
    ]
    card.save(path)
    return True
