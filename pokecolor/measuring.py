"""Modules that are measured sample by sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import lightning

if TYPE_CHECKING:
    from torch import Tensor

    from pokecolor.schema import Batch


class MeasuredModule(lightning.LightningModule):
    """Keeps what validation and test say of each sample, for intervals over drawings."""

    def __init__(self) -> None:
        super().__init__()
        self.per_sample: dict[str, list[tuple[str, float]]] = {}
        """Of the latest validation or test: metric => (drawing_id, value) of each sample."""

    def measure(self, batch: Batch) -> Iterator[tuple[str, Sequence[str], Tensor]]:
        """Metrics of a batch: each one's name, the drawings measured, their values [n]."""
        raise NotImplementedError

    def on_validation_epoch_start(self) -> None:
        self.per_sample.clear()

    on_test_epoch_start = on_validation_epoch_start

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        self._keep(batch, "val")

    def test_step(self, batch: Batch, batch_idx: int) -> None:
        self._keep(batch, "test")

    def _keep(self, batch: Batch, stage: str) -> None:
        for metric, drawings, values in self.measure(batch):
            name = f"{stage}/{metric}"
            self.log(name, values.mean(), prog_bar=True, sync_dist=True, batch_size=len(values))
            pairs = zip(drawings, values.tolist(), strict=True)
            self.per_sample.setdefault(name, []).extend(pairs)
