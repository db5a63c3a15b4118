"""Has any function color sketches in an evaluation, in the place of a `Colorizer`."""

from __future__ import annotations

import functools
import hashlib
import importlib
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from PIL import Image

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import to_rgb
from pokecolor.core.images.failed_pictures import NoPicture
from pokecolor.model_files.sampling import Sampling

Function = Callable[[Image.Image, str, int], Image.Image]
"""Takes a sketch, RGB, an instruction and a seed; returns a picture of any size."""


@dataclass(frozen=True)
class FunctionPicture:
    """What a function made of a sketch; see `ColoredSketch`."""

    picture: Image.Image | NoPicture
    is_blank: bool = False

    def image(self, look: str = "clean") -> Image.Image:
        """The picture, whatever the look.

        Raises:
            NoPicture: the function raised it in place of an answer.
        """
        if isinstance(self.picture, NoPicture):
            raise self.picture
        return self.picture


class FunctionColorizer:
    """See `Colorizer`; steps and scales are the function's own.

    Args:
        name: "module:function". The module is looked for in the current folder, too.

    Raises:
        UserError: there is no such module or function.
    """

    sampling = Sampling(1, 1.0, 1.0)

    def __init__(self, name: str) -> None:
        self.name = name
        self.function = find_function(name)
        self.engine = SimpleNamespace(fingerprint=self.fingerprint, to=lambda device: None)

    def fingerprint(self) -> list[str]:
        """Its name and a digest of its module, by which images of other code are made again."""
        source = inspect.getsourcefile(self.function)
        data = Path(source).read_bytes() if source else b""
        settings = os.environ.get("MODEL", "")  # what adapters read
        return [self.name, hashlib.sha256(data).hexdigest(), settings]

    def paint(
        self,
        sketches: Sequence[Image.Image],
        prompts: Sequence[str],
        seeds: Sequence[int],
        **_: Any,
    ) -> list[FunctionPicture]:
        """Color sketches one by one.

        Raises:
            UserError: the function failed, or returned something else than a picture.
        """
        return [self._color(*each) for each in zip(sketches, prompts, seeds, strict=True)]

    def _color(self, sketch: Image.Image, prompt: str, seed: int) -> FunctionPicture:
        try:
            picture = self.function(to_rgb(sketch), prompt, seed)
        except NoPicture as missing:
            return FunctionPicture(missing)
        except Exception as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            raise UserError(f"--colorizer {self.name}: failed on {prompt!r} ({reason})") from error
        if isinstance(picture, np.ndarray):
            picture = Image.fromarray(picture)
        if not isinstance(picture, Image.Image):
            raise UserError(
                f"--colorizer {self.name}: returned a {type(picture).__name__}; return a PIL image"
            )
        return FunctionPicture(to_rgb(picture))


@functools.cache
def find_function(name: str) -> Function:
    """The function that "module:function" names.

    Raises:
        UserError: there is none.
    """
    module, _, attribute = name.partition(":")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise UserError(f"--colorizer {name}: not found ({error}); give module:function") from error
    if not callable(found):
        raise UserError(f"--colorizer {name}: is no function")
    return found
