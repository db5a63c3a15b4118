"""The first half of an evaluation: generates the images of a test set to a folder."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import lightning
import torch
from PIL import Image

from pokecolor.core.images.failed_pictures import NoPicture

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from pokecolor.coloring.colored_sketch import ColoredSketch
    from pokecolor.evaluation.image_folder import ImageFolder
    from pokecolor.evaluation.picture_set import PictureSet
    from pokecolor.evaluation.settings import Settings

COLORS_NOTHING = (
    "app", "captioning", "commands", "data", "diffusion", "evaluation", "pretraining", "running",
    "sources", "weights",
)  # fmt: skip
"""Packages whose code does not affect images."""


@dataclass(frozen=True)
class Request:
    """An image to generate."""

    name: str
    """Its name in the folder of images, such as "frog" or "swapped/frog"."""
    sketch: Image.Image
    prompt: str
    seed: int
    scales: Mapping[str, float] = field(default_factory=dict)
    """Sampling settings that replace the defaults."""


class Generator(lightning.LightningModule):
    """For `trainer.predict`: generates the images of a test set that a folder does not contain yet.

    Each PNG contains a digest of everything that it depends on: weights, code, library versions,
    sampler, sketch, prompt, seed and settings. So an interrupted evaluation continues, images of
    other weights are never reused, and parallel processes need no communication. Failed images are
    generated again.

    Args:
        settings: the model and the settings of the images.
        images: target folder.
        test_set: the test set; each process generates its share.
    """

    def __init__(self, settings: Settings, images: ImageFolder, test_set: PictureSet) -> None:
        super().__init__()
        self.colorizer = settings.colorizer
        self.settings, self.images, self.test_set = settings, images, test_set
        self.generated: set[str] = set()
        """Names of the newly generated images."""
        self.total = 0
        """At the end: number of images that all processes have generated."""
        self._model = [code_digest(), *self.colorizer.engine.fingerprint(), settings.look]

    def on_predict_start(self) -> None:
        """Check that everything can be scored, before generating anything."""
        _ = self.test_set.setup
        self.colorizer.engine.to(self.trainer.strategy.root_device)

    def predict_step(self, batch: Any, batch_idx: int) -> int:
        """Generate a batch; returns its number of samples."""
        samples = self.test_set.samples(batch)
        for requests in self.test_set.requests(samples):
            self.generate(requests)
        return len(samples)  # Lightning warns if it is None

    def on_predict_end(self) -> None:
        """Generate the images of the guidance curves, and wait for the other processes."""
        for requests in self.test_set.last_requests():
            self.generate(requests)
        strategy, count = self.trainer.strategy, len(self.generated)
        total = strategy.reduce(torch.tensor(count, device=strategy.root_device), reduce_op="sum")
        self.total = int(total)  # the reduction also waits for all processes

    def generate(self, requests: Sequence[Request]) -> None:
        """Save an image for each request, or the reason why there is none.

        Args:
            requests: requests with the same `scales`.
        """
        digests = {request.name: self._digest(request) for request in requests}
        missing = [r for r in requests if not self.images.holds(r.name, digests[r.name])]
        if not missing:
            return
        colorings = self.colorizer.paint(
            [request.sketch for request in missing],
            [request.prompt for request in missing],
            [request.seed for request in missing],
            **{**self.settings.sampling, **missing[0].scales},
        )
        for request, coloring in zip(missing, colorings, strict=True):
            self.images.save(request.name, self._finished(coloring), digests[request.name])
            self.generated.add(request.name)

    def _finished(self, coloring: ColoredSketch) -> Image.Image | NoPicture:
        """The image as users get it: colors transferred to the sketch, with its own lines."""
        if coloring.is_blank:
            return NoPicture("blank")
        try:
            return coloring.image(self.settings.look)
        except NoPicture as missing:
            return missing

    def _digest(self, request: Request) -> str:
        sketch = request.sketch
        pixels = f"{sketch.mode} {sketch.size}".encode() + sketch.tobytes()
        settings = {**self.settings.sampling, **request.scales}
        of_this = [settings, request.prompt, hashlib.sha256(pixels).hexdigest(), request.seed]
        text = json.dumps([*self._model, *of_this], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@functools.cache
def code_digest() -> str:
    """Digest of this package's code and tables that color sketches, hex."""
    digest = hashlib.sha256()
    for path in _files(files("pokecolor"), COLORS_NOTHING):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable, left_out: Sequence[str] = ()) -> list[Traversable]:
    found: list[Traversable] = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.is_dir():
            found += [] if path.name in left_out else _files(path)
        elif path.name.endswith((".py", ".tsv", ".txt")):
            found.append(path)
    return found


def generate(
    settings: Settings, images: ImageFolder, test_set: PictureSet, trainer: lightning.Trainer
) -> int:
    """Generate the images of a test set that a folder does not contain yet; all processes call it.

    Args:
        settings: the model and the settings of the images.
        images: target folder.
        test_set: the test set.
        trainer: a trainer with one device or several.

    Returns:
        the number of generated images.
    """
    generator = Generator(settings, images, test_set)
    trainer.predict(generator, **test_set.loaders(trainer), return_predictions=False)
    return generator.total
