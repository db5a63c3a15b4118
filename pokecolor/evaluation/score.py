"""The second half of an evaluation: scores a folder of images."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lightning
import numpy as np
import torch
from PIL import Image
from torchmetrics import MetricCollection

from pokecolor.core.images.conversion import to_rgb
from pokecolor.core.images.failed_pictures import NoPicture
from pokecolor.core.scoring import PerSample, summarize
from pokecolor.evaluation.feature_sets import FeatureSets
from pokecolor.evaluation.reports.report import describe_versions
from pokecolor.evaluation.reports.saved_report import Setting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pokecolor.core.scoring import MetricResult
    from pokecolor.evaluation.cases import Case
    from pokecolor.evaluation.image_folder import ImageFolder
    from pokecolor.evaluation.metrics.metric import Estimate
    from pokecolor.evaluation.picture_set import PictureSet, Tried


@dataclass
class Scores:
    """The scores of a folder of images."""

    cases: list[Case]
    """All cases, in the order of the test set."""
    results: dict[str, MetricResult]
    """Metric key => result, without withheld metrics."""
    per_sample: PerSample
    """The score of each sample, in the order of the test set."""
    sets: FeatureSets | None
    """The features for FID and KID."""
    tried: dict[tuple[float, ...], list[float | None]]
    """Guidance scales => the score of each drawing."""
    counts: dict[str, Any]
    """`asked`, `failed`, `missing` and `scaled` of the report's `Setting`."""


class ImageReader:
    """Reads images, and counts failed and missing ones."""

    def __init__(self, images: ImageFolder) -> None:
        self.images, self.has = images, images.has
        self.asked: set[str] = set()
        self.failed: dict[str, str] = {}
        """Name => kind of a `NoPicture`, or "missing"; without images of guidance curves."""
        self.scaled: set[str] = set()

    def find(
        self, names: Sequence[str], place: str = "", counts: bool = True
    ) -> Image.Image | None:
        """The image with the first of these names that exists; None if none exists.

        Args:
            names: names without suffix.
            place: subfolder, with a slash at its end.
            counts: whether a missing image counts as a failure.
        """
        names = [f"{place}{name}" for name in names]
        self.asked.add(names[0])
        found = self.images.load(*names)
        if found is None or isinstance(found, NoPicture):
            if counts:
                self.failed[names[0]] = found.kind if found else "missing"
            return None
        return found

    def read(
        self, names: Sequence[str], size: tuple[int, int], place: str = "", counts: bool = True
    ) -> np.ndarray | None:
        """Like `find`, as uint8 [height, width, 3], scaled to `size` (width, height) of its
        sketch.
        """
        found = self.find(names, place, counts)
        if found is None:
            return None
        if found.size != size:
            self.scaled.add(f"{place}{names[0]}")
            found = found.resize(size, Image.Resampling.LANCZOS)
        return np.asarray(to_rgb(found))


class ScoreModule(lightning.LightningModule):
    """For `trainer.predict`: each process scores its share of a test set.

    A failed or missing image gets the worst score of a metric. Metrics without a worst score (see
    `ImageMetric`) are withheld, because the mean over the other images, or over black images in
    their place, would flatter the model.
    """

    def __init__(self, images: ImageFolder, test_set: PictureSet) -> None:
        super().__init__()
        self.reader, self.test_set = ImageReader(images), test_set
        self.scores: Scores | None = None
        """Set in the first process at the end."""
        self._cases: list[Case] = []
        self._tried: list[Tried] = []
        self._group: Any = None
        self._collections: dict[str, MetricCollection] = {}

    def on_predict_start(self) -> None:
        """Build the metrics."""
        if self.trainer.world_size > 1:  # on the CPU, independent of the device of the networks
            self._group = torch.distributed.new_group(backend="gloo")
        setup = dataclasses.replace(self.test_set.setup, process_group=self._group)
        for what in ("output", *self.test_set.baselines):
            chosen = {
                metric.key: metric.of(setup)
                for metric in self.test_set.metrics
                if setup.available.issuperset(metric.needs)
                and (what == "output" or what in metric.baselines)
            }
            # compute groups would merge metrics that have equal values at first
            self._collections[what] = MetricCollection(chosen, compute_groups=False)

    def predict_step(self, batch: Any, batch_idx: int) -> int:
        """Score a batch; returns its number of samples."""
        samples = self.test_set.samples(batch)
        cases = self.test_set.cases(samples, self.reader)
        for what, collection in self._collections.items():
            of_it = cases if what == "output" else self.test_set.baseline(cases, what)
            collection.update(of_it)
        self._cases += [case.bare for case in cases]
        self._tried += list(self.test_set.tried(samples, self.reader))
        return len(samples)  # Lightning warns if it is None

    def on_predict_epoch_end(self) -> None:
        """Gather the scores of all processes."""
        reader = self.reader
        shares = _gather([(reader.asked, reader.failed, reader.scaled)], self._group)
        failed = {name: kind for _, of_it, _ in shares for name, kind in of_it.items()}
        withheld = {
            metric.key for metric in self.test_set.metrics if failed and metric.worst is None
        }
        computed = self._compute(withheld)
        cases, tried = _gather(self._cases, self._group), _gather(self._tried, self._group)
        if not self.trainer.is_global_zero:
            return
        cases.sort(key=lambda case: case.index)
        of_scales: dict[tuple[float, ...], list[float | None]] = {}
        for _, scales, score in sorted(tried, key=lambda each: each[0]):
            of_scales.setdefault(scales, []).append(score)
        results, per_sample = self._results(computed, cases)
        self.scores = Scores(
            cases=cases,
            results=results,
            per_sample=per_sample,
            sets=self._sets(),
            tried=of_scales,
            counts={
                "asked": len(set().union(*(asked for asked, *_ in shares))),
                "failed": dict(Counter(failed.values())),
                "missing": sorted(name for name, kind in failed.items() if kind == "missing"),
                "scaled": sum(len(scaled) for *_, scaled in shares),
            },
        )

    def _compute(self, withheld: set[str]) -> dict[str, Estimate]:
        """Compute all metrics, and those of baselines, such as "psnr_of_sketch"."""
        computed: dict[str, Estimate] = {}
        for what, collection in self._collections.items():
            kept = {k: metric for k, metric in collection.items() if k not in withheld}
            postfix = None if what == "output" else f"_of_{what}"
            computed |= MetricCollection(kept, postfix=postfix, compute_groups=False).compute()
        return {name: estimate for name, estimate in computed.items() if estimate.n}

    def _results(
        self, computed: dict[str, Estimate], cases: Sequence[Case]
    ) -> tuple[dict[str, MetricResult], PerSample]:
        """The results, and the scores of each sample, also by names such as a part's."""
        results: dict[str, MetricResult] = {}
        per_sample: PerSample = {}
        setup, metrics = self.test_set.setup, dict(self._collections["output"].items())
        for name, estimate in computed.items():
            metric = metrics[name.partition("_of_")[0]]
            results[name] = {
                "value": estimate.value,
                "ci95": estimate.ci95,
                "n": estimate.n,
                "backbone": metric.backbone,
            }
            if "kid" in metric.needs:
                results[name]["subset_size"] = setup.kid_subset_size
            if not estimate.scores:
                continue
            pairs = zip(estimate.samples, estimate.scores, strict=True)
            per_sample[name] = [(setup.drawings[place], score) for place, score in pairs]
            if name in metrics and metric.names:
                names = [each for case in cases for each in metric.names(case)]
                by_name: PerSample = {}
                for of_score, pair in zip(names, per_sample[name], strict=True):
                    by_name.setdefault(f"{name}/{of_score}", []).append(pair)
                per_sample |= by_name
                results |= summarize(by_name)
        return results, per_sample

    def _sets(self) -> FeatureSets | None:
        """The features for FID, with those of the sketches."""
        found = [
            self._collections[what]["fid"].sets
            for what in ("output", "sketch")
            if "fid" in self._collections[what]
        ]
        if not found or None in found:
            return None
        output, sketch = found
        return dataclasses.replace(output, seen={**output.seen, "sketch": sketch.seen["output"]})


def _gather(found: list[Any], group: Any) -> list[Any]:
    """Gather lists from all processes, in the order of ranks."""
    if group is None:
        return found
    shares: list[Any] = [None] * torch.distributed.get_world_size(group)
    torch.distributed.all_gather_object(shares, found, group)
    return [each for share in shares for each in share]


def score(
    images: ImageFolder,
    test_set: PictureSet,
    trainer: lightning.Trainer,
    folder: Path,
    start: float,
    **about: Any,
) -> dict[str, MetricResult] | None:
    """Score a folder of images and write the report; all processes call it, the first one writes.

    Args:
        images: the images to score.
        test_set: their test set.
        trainer: a trainer with one device or several.
        folder: folder of the report.
        start: `time.monotonic()` at the start of the evaluation.
        **about: other fields of the report's `Setting`.

    Returns:
        metric key => result; None in all processes but the first.
    """
    module = ScoreModule(images, test_set)
    trainer.predict(module, **test_set.loaders(trainer), return_predictions=False)
    scores = module.scores
    if scores is None:
        return None
    setting = Setting(
        data=test_set.name,
        split=test_set.split,
        test_set=test_set.digest(scores.cases),
        seconds=time.monotonic() - start,
        versions=describe_versions(),
        **scores.counts,
        **about,
    )
    test_set.write(folder, scores, setting)
    return scores.results
