"""Generates the pictures of a test set, divided among processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lightning

if TYPE_CHECKING:
    from pokecolor.evaluation.colorings import Colorings
    from pokecolor.schema import Batch


class PaintingModule(lightning.LightningModule):
    """For `trainer.predict`: has `Colorings` paint what it is going to measure.

    The pictures are handed on by what keeps them (see `pokecolor.evaluation.paintings`), so that
    one process can measure what several have painted, and a run that was stopped goes on.
    """

    def __init__(self, colorings: Colorings) -> None:
        super().__init__()
        self.colorings = colorings

    def on_predict_start(self) -> None:
        """Check that all can be measured, before anything is painted."""
        data = self.trainer.datamodule
        samples = data.folder.index(data.predict_split)
        self.colorings.require([sample["drawing_id"] for sample in samples], data.has_truth)
        self.colorings.colorizer.engine.to(self.trainer.strategy.root_device)

    def predict_step(self, batch: Batch, batch_idx: int) -> int:
        """How many drawings were painted."""
        self.colorings.paint(batch)
        return len(batch["id"])  # of nothing Lightning would warn

    def on_predict_end(self) -> None:
        """Wait for the other processes."""
        self.trainer.strategy.barrier()
