"""A CSV logger that writes `metrics.csv` to the run's folder."""

from __future__ import annotations

import csv
from pathlib import Path

from lightning.pytorch.loggers import CSVLogger
from lightning.pytorch.loggers.csv_logs import ExperimentWriter
from lightning.pytorch.loggers.logger import rank_zero_experiment

ROWS_HELD = 10
"""Rows between two writes to the disk."""


class RunCSVLogger(CSVLogger):
    """Lightning's logger without `lightning_logs/version_0/`, and quiet about other files there.

    Args:
        folder: the run's folder.
    """

    def __init__(self, folder: str | Path) -> None:
        super().__init__(folder, name="", version="", flush_logs_every_n_steps=ROWS_HELD)

    @property
    @rank_zero_experiment
    def experiment(self) -> ExperimentWriter:
        """The writer of the file, created on first use."""
        if self._experiment is None:
            Path(self.log_dir).mkdir(parents=True, exist_ok=True)
            self._experiment = _Writer(log_dir=self.log_dir)
        return self._experiment


class _Writer(ExperimentWriter):
    """Appends to the existing file of a resumed run."""

    def __init__(self, log_dir: str) -> None:
        super().__init__(log_dir)
        self._goes_on = Path(self.metrics_file_path).exists()

    def _check_log_dir_exists(self) -> None:
        """Do not warn that the folder is not empty."""

    def log_metrics(self, metrics_dict: dict[str, float], step: int | None = None) -> None:
        if self._goes_on:
            self._goes_on = False
            self._take_over(step or 0)
        super().log_metrics(metrics_dict, step)

    def _take_over(self, step: int) -> None:
        """Keep the rows before a step; those after it will be written again."""
        with open(self.metrics_file_path, encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = [row for row in reader if int(row["step"] or 0) < step]
        self.metrics_keys = list(reader.fieldnames or [])
        with open(self.metrics_file_path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, self.metrics_keys)
            writer.writeheader()
            writer.writerows(rows)
