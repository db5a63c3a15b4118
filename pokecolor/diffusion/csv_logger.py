"""`metrics.csv` in the run's own folder."""

from __future__ import annotations

from pathlib import Path

from lightning.pytorch.loggers import CSVLogger
from lightning.pytorch.loggers.csv_logs import ExperimentWriter
from lightning.pytorch.loggers.logger import rank_zero_experiment


class RunCSVLogger(CSVLogger):
    """Lightning's logger without `lightning_logs/version_0/`, and quiet about other files there.

    Args:
        folder: the run's folder.
        flush_every: how many rows are held back between two writes.
    """

    def __init__(self, folder: str | Path, flush_every: int = 10) -> None:
        super().__init__(folder, name="", version="", flush_logs_every_n_steps=flush_every)

    @property
    @rank_zero_experiment
    def experiment(self) -> ExperimentWriter:
        """What writes the file; made on first use."""
        if self._experiment is None:
            Path(self.log_dir).mkdir(parents=True, exist_ok=True)
            self._experiment = _Writer(log_dir=self.log_dir)
        return self._experiment


class _Writer(ExperimentWriter):
    def _check_log_dir_exists(self) -> None:
        """The folder holds Hydra's records, samples and checkpoints; none of it is in the way."""
