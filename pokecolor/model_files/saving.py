"""Writes the folder of a pipeline atomically."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError

from pokecolor.core.atomic_files import partial_path, remove_left
from pokecolor.core.atomic_folders import replace_folder
from pokecolor.core.errors import UserError
from pokecolor.model_files.pipeline import INDEX


def require_replaceable(folder: Path) -> None:
    """Check that a folder may be replaced by a pipeline.

    Raises:
        UserError: it exists, and is neither a pipeline nor an empty folder.
    """
    empty = folder.is_dir() and not any(folder.iterdir())
    if folder.exists() and not empty and not (folder / INDEX).is_file():
        raise UserError(
            f"{folder}: is no pipeline, and would be replaced by one; move it away, or name another"
        )


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder, which replaces the target if the block does not raise.

    Raises:
        UserError: it cannot be written, as on a full disk, or the target is something else.
    """
    require_replaceable(folder)
    remove_left(folder.parent)
    partial = partial_path(folder)
    try:
        yield partial
        replace_folder(partial, folder)
    except (OSError, SafetensorError) as error:
        raise UserError(
            f"{folder}: cannot be written ({error}); what it is made of is kept: make room, then "
            "run pokecolor export on it"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
