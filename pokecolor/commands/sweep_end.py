"""The end of a sweep: its ranked table, and an exit code that counts failed runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hydra.experimental.callback import Callback

from pokecolor.commands.compare import compare
from pokecolor.core.errors import UserError
from pokecolor.running.program_name import program_name

if TYPE_CHECKING:
    from omegaconf import DictConfig


class SweepEnd(Callback):
    """For Hydra, which tells it when all runs have been tried."""

    def on_multirun_end(self, config: DictConfig, **kwargs: object) -> None:
        if os.environ.get("LOCAL_RANK", "0") != "0":
            return
        folder = Path(config.hydra.sweep.dir)
        try:
            variants = compare([folder], folder / "comparison")
        except UserError as error:  # of which Hydra would make a warning
            _exit(2, str(error), error)
        failed = sum(len(variant.failed) for variant in variants)
        if failed:
            total = sum(len(variant.runs) for variant in variants)
            _exit(1, f"{failed} of {total} runs failed; the same command tries them again")


def _exit(code: int, message: str, cause: Exception | None = None) -> None:
    print(f"{program_name()}: {message}", file=sys.stderr)
    raise SystemExit(code) from cause
