import os
import signal

import lightning
import pytest
import torch
from lightning.pytorch.utilities.exceptions import SIGTERMException

from pokecolor.running.sigterm_callback import EndAtSigterm


class Stopped(lightning.LightningModule):
    """Is told to end in its second batch."""

    def __init__(self):
        super().__init__()
        self.batches = []

    def _step(self, batch, number):
        self.batches.append(number)
        if number == 1:
            os.kill(os.getpid(), signal.SIGTERM)
        return torch.zeros(())

    predict_step = validation_step = test_step = _step


@pytest.mark.parametrize("loop", ["predict", "validate", "test"])
def test_an_evaluation_ends_with_the_batch_in_which_sigterm_came(loop):
    module, loader = Stopped(), torch.utils.data.DataLoader(torch.zeros(9, 1))
    trainer = lightning.Trainer(
        accelerator="cpu", logger=False, enable_progress_bar=False, callbacks=[EndAtSigterm()]
    )
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SIGTERMException):
        getattr(trainer, loop)(module, loader)
    assert module.batches == [0, 1]
    assert signal.getsignal(signal.SIGTERM) == before
