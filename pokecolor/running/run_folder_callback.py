"""A Hydra callback that gives each run its own folder."""

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
    """Prevents two runs that start in the same second from sharing a folder.

    A folder on the command line is used as it is, such as by Lightning's child processes, and so
    is the folder of several processes that another launcher has started.
    """

    def on_run_start(self, config: DictConfig, **kwargs: object) -> None:
        named = any("hydra.run.dir=" in word for word in config.hydra.overrides.hydra)
        if named or os.environ.keys() & {"LOCAL_RANK", "WORLD_SIZE"}:
            return
        folder = claim_folder(Path(config.hydra.run.dir))
        with read_write(config), open_dict(config):
            config.hydra.run.dir = str(folder)
