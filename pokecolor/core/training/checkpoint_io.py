"""Writes and reads checkpoints."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch.plugins import TorchCheckpointIO

from pokecolor.core.atomic_files import remove_left, written_whole
from pokecolor.core.errors import UserError
from pokecolor.core.training.archive import find_damage

SETTINGS = "settings"
"""Key of a checkpoint: the configuration of the run that wrote it."""


class AtomicCheckpointIO(TorchCheckpointIO):
    """Writes checkpoints atomically: to a temporary file, which is then renamed.

    Lightning's own writer and reader hold the whole file in memory; a full-size checkpoint has
    14 GB. This one streams to the file and memory-maps it.
    """

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: str | Path, storage_options: Any = None
    ) -> None:
        """Write a checkpoint atomically.

        Raises:
            UserError: it cannot be written, as on a full disk. An existing file stays.
        """
        target = Path(path)
        remove_left(target.parent)
        try:
            with written_whole(target, synced=True) as partial, partial.open("wb") as file:
                torch.save(checkpoint, file)
        except (OSError, RuntimeError) as error:
            # torch raises an error of its own while handling that of a full disk
            reason = error if isinstance(error, OSError) else error.__context__
            if not isinstance(reason, OSError):
                raise
            raise UserError(
                f"{target}: cannot be written ({reason.strerror}); earlier checkpoints are kept: "
                "make room or set paths.runs to another disk, then go on with ckpt_path=latest"
            ) from error

    def load_checkpoint(
        self, path: str | Path, map_location: Any = "cpu", weights_only: bool | None = None
    ) -> dict[str, Any]:
        """Memory-map a checkpoint. Only tensors and plain values are unpickled.

        Raises:
            UserError: the file is missing, damaged, or not the checkpoint of a run.
        """
        if not Path(path).exists():
            raise UserError(f"ckpt_path={path}: no such file; give a checkpoint's path")
        if damage := find_damage(Path(path)):
            raise UserError(
                f"ckpt_path={path}: not a whole checkpoint ({damage}); try ckpt_path=latest"
            )
        try:
            # always on the CPU: weights and optimizer state are copied from here into place
            checkpoint = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        except (RuntimeError, pickle.UnpicklingError) as error:
            reason = str(error).splitlines()[0]
            raise UserError(f"ckpt_path={path}: cannot be read ({reason})") from error
        if not isinstance(checkpoint, dict) or "pytorch-lightning_version" not in checkpoint:
            raise UserError(
                f"ckpt_path={path}: weights, but no checkpoint of a run; to start from a model's "
                "weights, set model.components.checkpoint instead"
            )
        return checkpoint


def read_settings(path: Path) -> dict[str, Any]:
    """Read the configuration of the run that wrote a checkpoint, without reading its tensors.

    Empty if the checkpoint has none, as those of earlier versions, or cannot be read; loading it
    then raises the error.
    """
    try:
        checkpoint = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        return dict(checkpoint.get(SETTINGS, {}))
    except (RuntimeError, OSError, EOFError, ValueError, AttributeError, pickle.UnpicklingError):
        return {}
