"""The saved files of a report, which comparisons read.

These are `metrics.json`; `samples.csv`, the scores of each sample; `features.safetensors`, the
features for FID and KID; `pictures/`, the pictures of the page; and `setting.json`.
"""

from __future__ import annotations

import csv
import dataclasses
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pokecolor.core.earlier_names import present_metric
from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import encode_png, load_image
from pokecolor.evaluation.feature_sets import FeatureSets
from pokecolor.evaluation.metrics.registry import SET_METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pokecolor.core.scoring import MetricResult, PerSample
    from pokecolor.evaluation.cases import Case

METRICS, SAMPLES, SETTING = "metrics.json", "samples.csv", "setting.json"
FEATURES, PICTURES = "features.safetensors", "pictures"
EARLIER_TARGET = "truth"
"""Earlier name of "target"."""
NAMED = 10
"""Missing images that are named; others are counted."""


@dataclass(frozen=True)
class Setting:
    """What was evaluated, and how."""

    pipeline: str
    data: str
    split: str
    test_set: str
    """Digest of the drawings, their pixels and their prompts; only reports with the same digest are
    comparable."""
    command: str
    config: str
    """YAML."""
    seconds: float
    """Wall time of both halves."""
    asked: int
    """Number of images."""
    painted: int
    """Number of images that were generated in this time; the others existed before."""
    versions: str
    failed: dict[str, int] = field(default_factory=dict)
    """Number of failed images by reason: a kind of `NoPicture`, or "missing"."""
    missing: list[str] = field(default_factory=list)
    """Names of the images that are missing from the folder."""
    scaled: int = 0
    """Number of images that were scaled to the size of their sketch."""

    @property
    def missing_in_words(self) -> str:
        """ "frog.png, pig.png and 3 more"; "" if none is missing."""
        if not self.missing:
            return ""
        shown = ", ".join(f"{name}.png" for name in self.missing[:NAMED])
        more = len(self.missing) - NAMED
        return f"{shown} and {more} more" if more > 0 else shown

    @property
    def failures(self) -> str:
        """ "3 of 32 pictures failed: 2 not finite, 1 blank"; "" if none failed."""
        if not self.failed:
            return ""
        kinds = (f"{count} {kind.replace('_', ' ')}" for kind, count in self.failed.items())
        return f"{sum(self.failed.values())} of {self.asked} pictures failed: {', '.join(kinds)}"


class Shown(NamedTuple):
    """A picture of the page; arrays are uint8 [height, width, 3]."""

    prompt: str
    sketch: np.ndarray
    output: np.ndarray
    target: np.ndarray | None


@dataclass(frozen=True)
class SavedReport:
    """A report in a folder."""

    folder: Path
    setting: Setting
    metrics: dict[str, MetricResult]
    """Metric key => result."""

    @cached_property
    def samples(self) -> dict[str, tuple[list[str], np.ndarray]]:
        """Metric => the drawing of each sample, and its values float64 [n]."""
        found: dict[str, tuple[list[str], list[float]]] = {}
        with (self.folder / SAMPLES).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                drawings, values = found.setdefault(present_metric(row["metric"]), ([], []))
                drawings.append(row["drawing_id"])
                values.append(float(row["value"]))
        return {name: (drawings, np.array(v)) for name, (drawings, v) in found.items()}

    @cached_property
    def sets(self) -> FeatureSets | None:
        """The features for FID and KID; None if they were left out."""
        path = self.folder / FEATURES
        return FeatureSets.load(path) if path.exists() else None

    @cached_property
    def resampled(self) -> dict[str, np.ndarray]:
        """The `resample_set` of FID and KID, if they were computed.

        Reports on the same drawings have the same resamples, so that differences are paired.
        """
        if self.sets is None:
            return {}
        return {
            metric.key: metric.resample(self.sets)
            for metric in SET_METRICS
            if metric.key in self.metrics
        }

    @cached_property
    def pictures(self) -> list[Shown]:
        """The pictures of its page."""
        folder = self.folder / PICTURES
        prompts = json.loads((folder / "prompts.json").read_text(encoding="utf-8"))
        found = []
        for number, prompt in enumerate(prompts):
            seen = {
                what: np.asarray(load_image(path)) if path.exists() else None
                for what in (*Shown._fields[1:], EARLIER_TARGET)
                for path in [folder / f"{number:03d}-{what}.png"]
            }
            earlier = seen.pop(EARLIER_TARGET)
            found.append(
                Shown(prompt, **seen | ({"target": earlier} if earlier is not None else {}))
            )
        return found


def save_report(
    folder: Path,
    setting: Setting,
    results: Mapping[str, MetricResult],
    per_sample: PerSample,
    sets: FeatureSets | None,
    sample: Sequence[Case],
) -> None:
    """Write the files that `load_report` reads.

    Args:
        folder: target folder; created if needed.
        setting: what was evaluated, and how.
        results: metric key => result; the file has keys with the split as prefix.
        per_sample: the scores of each sample, without those of the baselines.
        sets: the features for FID and KID; None if they were left out.
        sample: the pictures to save.
    """
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    named = {f"{setting.split}/{name}": measured for name, measured in results.items()}
    (folder / METRICS).write_text(json.dumps(named, indent=2) + "\n", encoding="utf-8")
    about = json.dumps(dataclasses.asdict(setting), indent=2, ensure_ascii=False)
    (folder / SETTING).write_text(about + "\n", encoding="utf-8")
    with (folder / SAMPLES).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["metric", "drawing_id", "value"])
        for name, measured in per_sample.items():
            if not name.endswith(("_of_target", "_of_sketch")):
                writer.writerows([name, drawing, value] for drawing, value in measured)
    (folder / FEATURES).unlink(missing_ok=True)
    if sets is not None:
        sets.save(folder / FEATURES)
    for old in (folder / PICTURES).glob("*.png"):
        old.unlink()
    for number, case in enumerate(sample):
        shown = Shown(case.drawing.prompt, case.drawing.sketch, case.shown, case.drawing.target)
        for what in Shown._fields[1:]:
            if (image := getattr(shown, what)) is not None:
                path = folder / PICTURES / f"{number:03d}-{what}.png"
                path.write_bytes(encode_png(image))
    prompts = json.dumps([case.drawing.prompt for case in sample], ensure_ascii=False, indent=2)
    (folder / PICTURES / "prompts.json").write_text(prompts + "\n", encoding="utf-8")


def load_report(folder: Path) -> SavedReport | None:
    """Read the files of `save_report`; None if the folder has no report on pictures.

    Raises:
        UserError: the report cannot be read, as of another version.
    """
    path = folder / SETTING
    if not path.exists():
        return None
    try:
        setting = Setting(**json.loads(path.read_text(encoding="utf-8")))
        named = json.loads((folder / METRICS).read_text(encoding="utf-8"))
    except (TypeError, ValueError, OSError) as error:
        raise UserError(f"{folder}: no report that can be read ({error}); evaluate again") from None
    prefix = f"{setting.split}/"
    metrics = {
        present_metric(name.removeprefix(prefix)): measured for name, measured in named.items()
    }
    return SavedReport(folder, setting, metrics)
