"""A folder of its own for each run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hydra.experimental.callback import Callback
from omegaconf import open_dict, read_write

from pokecolor.running.run_folders import claim_folder

if TYPE_CHECKING:
    from omegaconf import DictConfig


class RunFolder(Callback):
    """For Hydra, which would put two runs that begin in the same second into one folder.

    A folder that the command line names, as Lightning does for the processes that it starts, is
    taken as it is, and so is that of several processes that something else has started.
    """

    def on_run_start(self, config: DictConfig, **kwargs: object) -> None:
        named = any("hydra.run.dir=" in word for word in config.hydra.overrides.hydra)
        if named or os.environ.keys() & {"LOCAL_RANK", "WORLD_SIZE"}:
            return
        folder = claim_folder(Path(config.hydra.run.dir))
        with read_write(config), open_dict(config):
            config.hydra.run.dir = str(folder)
