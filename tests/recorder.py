"""A model that learns nothing and remembers what it was given, and what it takes to fit it."""

import lightning
import torch
from tiny_encoder import TinyEncoder
from tiny_source import TinySource

from pokecolor.data.datamodule import TripletDataModule


class Stopped(Exception):
    """Stands for a kill."""


class Recorder(lightning.LightningModule):
    """Records the ids of each training and validation batch.

    Args:
        stop_at: raise `Stopped` in the training step of this number; None for never.
    """

    def __init__(self, stop_at=None):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(()))
        self.encoder = TinyEncoder()
        self.stop_at = stop_at
        self.trained, self.validated, self.predicted, self.batches = [], [], [], []

    def training_step(self, batch, batch_idx):
        if len(self.trained) == self.stop_at:
            raise Stopped
        self.trained.append(batch["id"])
        self.batches.append(batch)
        return self.weight * 0

    def validation_step(self, batch, batch_idx):
        self.validated.append(batch["id"])

    def predict_step(self, batch, batch_idx):
        self.predicted.append(batch["id"])
        return len(batch["id"])

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


def tiny_data(tmp_path, **options):
    """A data module on `TinySource`: 60 training samples, so 8 batches of 7 an epoch."""
    cache = tmp_path / "cache"
    return TripletDataModule(TinySource(), cache_dir=cache, **{"batch_size": 7, **options})


def trainer(tmp_path, **options):
    """A quiet trainer."""
    quiet = {
        "logger": False,
        "enable_checkpointing": False,
        "enable_progress_bar": False,
        "enable_model_summary": False,
        "num_sanity_val_steps": 0,
        "accelerator": "cpu",
        "max_epochs": 1,
    }
    return lightning.Trainer(default_root_dir=tmp_path, **{**quiet, **options})
