"""metrics.csv lies in the run's folder, beside whatever else is there."""

from __future__ import annotations

import warnings

from pokecolor.core.training.csv_logger import RunCSVLogger


def test_metrics_lie_in_the_folder_itself_without_a_warning(tmp_path):
    (tmp_path / "samples").mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        logger = RunCSVLogger(tmp_path)
        logger.log_metrics({"loss": 0.5}, step=1)
        logger.save()
    assert (tmp_path / "metrics.csv").read_text().splitlines() == ["loss,step", "0.5,1"]
