"""Evaluates a pipeline on a test set and writes the report."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from pokecolor.evaluation import report
from pokecolor.evaluation.painting import PaintingModule
from pokecolor.evaluation.saved_report import Setting

if TYPE_CHECKING:
    from pathlib import Path

    import lightning

    from pokecolor.evaluation.colorings import Colorings
    from pokecolor.evaluation.guidance import GuidanceCurves
    from pokecolor.measuring import Measurement


def measure_pipeline(
    colorings: Colorings,
    trainer: lightning.Trainer,
    data: lightning.LightningDataModule,
    folder: Path,
    guidance: GuidanceCurves | None,
    **about: str,
) -> dict[str, Measurement] | None:
    """Have all processes paint, and the first one measure and write the report.

    Args:
        colorings: whose colorizer keeps what it paints.
        trainer: one device or several.
        data: a `pokecolor.data.datamodule.TripletDataModule`.
        folder: of the report.
        guidance: curves to measure, too; None to leave them out.
        **about: the `pipeline`, `command` and `config` of the report's `Setting`.

    Returns:
        the figures by the metrics' keys; None in all processes but the first.
    """
    start = time.monotonic()
    trainer.predict(PaintingModule(colorings), datamodule=data, return_predictions=False)
    if not trainer.is_global_zero:
        return None
    console, split = Console(stderr=True), data.predict_split
    batches = track(data.batches(split), "Measuring", console=console)
    colorings.take(batches, data.triplets("train"))
    curves = None
    if guidance:
        curves = guidance.measure(report.spread(colorings.cases), colorings.color, console)
    results = colorings.results()
    kept = colorings.colorizer.engine
    setting = Setting(
        data=data.name,
        split=split,
        test_set=report.describe_test_set(colorings.cases),
        seconds=time.monotonic() - start,
        asked=len(kept.asked),
        painted=kept.painted,
        versions=report.describe_versions(),
        failed=dict(Counter(colorings.failed.values())),
        **about,
    )
    report.write_report(folder, colorings, results, setting, guidance, curves)
    return results
