"""The interface of modules that are evaluated sample by sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NotRequired, TypedDict

import lightning
import torch

from pokecolor.core.bootstrap import bootstrap_interval

if TYPE_CHECKING:
    from torch import Tensor

    from pokecolor.core.schema import Batch


class MetricResult(TypedDict):
    """The value of a metric."""

    value: float
    ci95: tuple[float, float]
    """95% bootstrap interval over drawings."""
    n: int
    """Number of samples."""
    backbone: str | None
    """The network that the metric uses; None if it uses none."""
    subset_size: NotRequired[int]
    """Subset size of KID."""


PerSample = dict[str, list[tuple[str, float]]]
"""Metric => (drawing_id, value) of each sample, in order."""


def summarize(per_sample: PerSample) -> dict[str, MetricResult]:
    """The mean of each metric, with its bootstrap interval over drawings."""
    found: dict[str, MetricResult] = {}
    for name, measured in per_sample.items():
        drawings, values = zip(*measured, strict=True)
        found[name] = {
            "value": sum(values) / len(values),
            "ci95": bootstrap_interval(values, drawings),
            "n": len(values),
            "backbone": None,
        }
    return found


class ScoredModule(lightning.LightningModule):
    """Keeps the validation and test metrics of each sample, for intervals over drawings."""

    def __init__(self) -> None:
        super().__init__()
        self.per_sample: PerSample = {}
        """Values of the latest validation or test, by names such as "test/psnr"."""

    def on_fit_start(self) -> None:
        # PyTorch's cuDNN attention gives NaN gradients where all scores of a row are far below 0
        # (pytorch/pytorch#196678): in one step of five on an H200; with the other kernels in none
        # of 763.
        torch.backends.cuda.enable_cudnn_sdp(False)

    def compute_metrics(self, batch: Batch) -> Iterator[tuple[str, Sequence[str], Tensor]]:
        """Yield each metric of a batch: its name, the drawing ids, and their values [n]."""
        raise NotImplementedError

    def results(self) -> dict[str, MetricResult]:
        """The metrics of the latest validation or test: "test/psnr" and so on."""
        return summarize(self.per_sample)

    def on_validation_epoch_start(self) -> None:
        self.per_sample.clear()

    def on_test_epoch_start(self) -> None:
        self.per_sample.clear()

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        self._keep(batch, "val")

    def test_step(self, batch: Batch, batch_idx: int) -> None:
        self._keep(batch, "test")

    def _keep(self, batch: Batch, stage: str) -> None:
        for metric, drawings, values in self.compute_metrics(batch):
            name = f"{stage}/{metric}"
            self.log(name, values.mean(), prog_bar=True, sync_dist=True, batch_size=len(values))
            pairs = zip(drawings, values.tolist(), strict=True)
            self.per_sample.setdefault(name, []).extend(pairs)
