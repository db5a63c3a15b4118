"""A cache of generated pictures, so that an interrupted evaluation continues."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from pokecolor.errors import UserError
from pokecolor.images import ImageError, load_image
from pokecolor.no_picture import NoPicture

if TYPE_CHECKING:
    from pokecolor.colorizer import Colorizer
    from pokecolor.engines import Engine
    from pokecolor.sampling import Sampling


class KeptPaintings:
    """An engine that looks a picture up before it paints it.

    A picture is kept under a digest of all that it depends on: the weights, the versions of the
    libraries, the sampler, the sketch, the prompt, the seed and the settings. So no other picture
    can ever be taken for it, and processes that paint side by side need not know of each other.

    What could not be painted is not kept, and neither is a black picture, which earlier versions
    kept in its place: it is painted again whenever it is asked for.

    Args:
        engine: paints what is missing.
        folder: where PNG files are kept.
    """

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine, self._folder = engine, folder
        self.asked: set[str] = set()
        """Digests of all pictures that were asked for."""
        self._painted: set[str] = set()
        self._model = engine.fingerprint()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # not there yet while a copy is made
            raise AttributeError(name)
        return getattr(self._engine, name)

    @property
    def painted(self) -> int:
        """How many of the pictures that were asked for were painted now."""
        return len(self._painted)

    def paint(
        self,
        prompts: Sequence[str],
        squares: Sequence[np.ndarray],
        seeds: Sequence[int],
        sampling: Sampling,
        on_step: Callable[[float], None] | None = None,
    ) -> list[np.ndarray | NoPicture]:
        """See `Engine.paint`."""
        common = [*self._model, *dataclasses.astuple(sampling)]
        paths = [
            self._path([*common, text, _digest_of(square), seed])
            for text, square, seed in zip(prompts, squares, seeds, strict=True)
        ]
        self.asked.update(path.stem for path in paths)
        found = {row: _load(path) for row, path in enumerate(paths) if path.exists()}
        images: dict[int, np.ndarray | NoPicture] = {
            row: picture for row, picture in found.items() if picture.any()
        }
        missing = [row for row in range(len(paths)) if row not in images]
        if missing:
            painted = self._engine.paint(
                [prompts[row] for row in missing],
                [squares[row] for row in missing],
                [seeds[row] for row in missing],
                sampling,
                on_step,
            )
            self._painted.update(paths[row].stem for row in missing)
            for row, picture in zip(missing, painted, strict=True):
                images[row] = picture
                if not isinstance(picture, NoPicture):
                    _save(picture, paths[row])
        return [images[row] for row in range(len(paths))]

    def _path(self, depends: list[Any]) -> Path:
        text = json.dumps(depends, sort_keys=True, default=str)
        name = hashlib.sha256(text.encode()).hexdigest()[:32]
        return self._folder / name[:2] / f"{name}.png"


def keep_paintings(colorizer: Colorizer, folder: str | Path) -> Colorizer:
    """Have a colorizer's engine keep what it paints; returns the colorizer."""
    colorizer.engine = KeptPaintings(colorizer.engine, Path(folder))
    return colorizer


def _digest_of(square: np.ndarray) -> str:
    return hashlib.sha256(f"{square.shape} {square.dtype}".encode() + square.tobytes()).hexdigest()


def _save(picture: np.ndarray, path: Path) -> None:
    partial = path.with_name(f".{path.stem}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(partial, "PNG", compress_level=3)
        partial.replace(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        partial.unlink(missing_ok=True)


def _load(path: Path) -> np.ndarray:
    try:
        return np.asarray(load_image(path))
    except ImageError as error:
        path.unlink(missing_ok=True)
        raise UserError(f"{error}; it is deleted, so the same command paints it anew") from error
