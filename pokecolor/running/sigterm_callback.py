"""Ends an evaluation at SIGTERM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightning.pytorch.callbacks import Callback
from lightning.pytorch.utilities.exceptions import SIGTERMException

if TYPE_CHECKING:
    import lightning


class EndAtSigterm(Callback):
    """Raises SIGTERMException after the batch in which SIGTERM came.

    Lightning's trainer takes the signal, and looks at it in `fit` alone: `predict`, `validate` and
    `test` would go on to their end.
    """

    def on_predict_batch_end(self, trainer: lightning.Trainer, *_: object) -> None:
        _end(trainer)

    def on_validation_batch_end(self, trainer: lightning.Trainer, *_: object) -> None:
        _end(trainer)

    def on_test_batch_end(self, trainer: lightning.Trainer, *_: object) -> None:
        _end(trainer)


def _end(trainer: lightning.Trainer) -> None:
    if trainer.received_sigterm:
        raise SIGTERMException
