"""A cache of generated pictures, so that an interrupted evaluation continues."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image

from pokecolor.errors import UserError
from pokecolor.fingerprint import image_model_fingerprint, text_encoder_fingerprint
from pokecolor.images import ImageError, load_image

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from diffusers import StableDiffusionInstructPix2PixPipeline

    from pokecolor.colorizer import Colorizer

PACKAGES = ("diffusers", "torch", "transformers")
"""Another version of these may paint another picture."""


class Painted(NamedTuple):
    """As diffusers' pipelines answer."""

    images: list[Image.Image]


class KeptPaintings:
    """A pipeline that looks a picture up before it paints it.

    A picture is kept under a digest of all that it depends on: the weights, the versions of the
    libraries, the sampler, the sketch, the prompt, the seed and the settings. So no other picture
    can ever be taken for it, and processes that paint side by side need not know of each other.

    Args:
        pipeline: paints what is missing.
        folder: where PNG files are kept.
    """

    def __init__(self, pipeline: StableDiffusionInstructPix2PixPipeline, folder: Path) -> None:
        self._pipeline, self._folder = pipeline, folder
        self.asked: set[str] = set()
        """Digests of all pictures that were asked for."""
        self.painted = 0
        """How many of these were painted now."""
        versions = [importlib.metadata.version(name) for name in PACKAGES]
        models = [image_model_fingerprint(model) for model in (pipeline.unet, pipeline.vae)]
        text = text_encoder_fingerprint(pipeline.text_encoder, pipeline.tokenizer)
        self._model = [*versions, *models, text]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # not there yet while a copy is made
            raise AttributeError(name)
        return getattr(self._pipeline, name)

    def __call__(
        self,
        prompt: Sequence[str],
        image: Sequence[Image.Image],
        generator: Sequence[torch.Generator],
        **settings: Any,
    ) -> Painted:
        """See `StableDiffusionInstructPix2PixPipeline`; each picture has a generator of its own."""
        sampler = self._pipeline.scheduler
        common = [*self._model, type(sampler).__name__, dict(sampler.config), settings]
        paths = [
            self._path([*common, text, _digest_of(sketch), source.initial_seed()])
            for text, sketch, source in zip(prompt, image, generator, strict=True)
        ]
        self.asked.update(path.stem for path in paths)
        missing = [row for row, path in enumerate(paths) if not path.exists()]
        if missing:
            painted = self._pipeline(
                [prompt[row] for row in missing],
                image=[image[row] for row in missing],
                generator=[generator[row] for row in missing],
                **settings,
            )
            self.painted += len(missing)
            for row, picture in zip(missing, painted.images, strict=True):
                _save(picture.convert("RGB"), paths[row])
        return Painted([_load(path) for path in paths])

    def _path(self, depends: list[Any]) -> Path:
        text = json.dumps(depends, sort_keys=True, default=str)
        name = hashlib.sha256(text.encode()).hexdigest()[:32]
        return self._folder / name[:2] / f"{name}.png"


def keep_paintings(colorizer: Colorizer, folder: str | Path) -> Colorizer:
    """Have a colorizer's pipeline keep what it paints; returns the colorizer."""
    colorizer.pipeline = KeptPaintings(colorizer.pipeline, Path(folder))
    return colorizer


def _digest_of(sketch: Image.Image) -> str:
    return hashlib.sha256(f"{sketch.mode} {sketch.size}".encode() + sketch.tobytes()).hexdigest()


def _save(picture: Image.Image, path: Path) -> None:
    partial = path.with_name(f".{path.stem}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(partial, "PNG", compress_level=3)
        partial.replace(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        partial.unlink(missing_ok=True)


def _load(path: Path) -> Image.Image:
    try:
        return load_image(path)
    except ImageError as error:
        path.unlink(missing_ok=True)
        raise UserError(f"{error}; it is deleted, so the same command paints it anew") from error
