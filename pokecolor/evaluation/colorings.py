"""Colors a test set and measures the pictures."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from pokecolor.colors import TERMS
from pokecolor.evaluation.background import white_background
from pokecolor.evaluation.cases import Case
from pokecolor.evaluation.clip_metrics import clip_metrics
from pokecolor.evaluation.colorfulness import colorfulness
from pokecolor.evaluation.copies import Copies
from pokecolor.evaluation.drawing import drawings_of
from pokecolor.evaluation.fidelity import psnr, ssim
from pokecolor.evaluation.leak import leak, swap_part_color
from pokecolor.evaluation.line_f1 import line_f1
from pokecolor.evaluation.prompt_color import has_main_color, prompt_color_f1
from pokecolor.evaluation.region_color import region_color_hits
from pokecolor.evaluation.set_metrics import SetMetrics
from pokecolor.measuring import MeasuredModule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pokecolor.colorizer import Colorizer
    from pokecolor.evaluation.drawing import Drawing
    from pokecolor.evaluation.features import Features, TextFeatures
    from pokecolor.measuring import Measurement
    from pokecolor.schema import Batch


class ColoringsModule(MeasuredModule):
    """Measures how a model colors.

    What is measured is what a user gets: colors carried to the sketch, its own lines over them.
    Beside each metric stand its values for the true pictures, which no model can be expected to
    exceed, and for the bare sketches, where these say anything. Region color and leak need drawings
    whose parts are known, directional similarity a prompt that names colors.

    The seed of a picture, and the color that is swapped, depend on its sample's id alone.

    Args:
        colorizer: the model at work.
        template: a prompt with "{color}" in it. Each sketch is colored by it in every basic color,
            to see whether that becomes its main one; None to leave that out.
        clip: judges each picture beside its prompt; None to leave that out.
        features: what FID and KID compare; `clip`'s if None, and neither of them without any.
        set_metrics: takes FID and KID; None for its defaults.
        find_copies: look at all training images of the data for the nearest to each picture.
        **settings: of `Colorizer.paint`: steps and guidance.
    """

    def __init__(
        self,
        colorizer: Colorizer,
        template: str | None = None,
        clip: TextFeatures | None = None,
        features: Features | None = None,
        set_metrics: SetMetrics | None = None,
        find_copies: bool = False,
        **settings: float,
    ) -> None:
        super().__init__()
        self.colorizer, self.template, self.settings = colorizer, template, settings
        self.clip, self.features = clip, features or clip
        self.set_metrics = set_metrics or SetMetrics()
        self.find_copies = find_copies
        self.cases: list[Case] = []
        """All pictures of the latest validation or test."""
        self.copies: Copies | None = None
        """Of the latest validation or test, if asked for; `nearest` are the pairs it found."""

    def setup(self, stage: str) -> None:
        """Have the networks look once: what cannot be had is told before anything is colored."""
        for network in filter(None, {self.clip, self.features}):
            network.image_features([np.zeros((32, 32, 3), np.uint8)])

    def measure(self, batch: Batch) -> Iterator[tuple[str, list[str], torch.Tensor]]:
        """All metrics that can be taken of the batch."""
        drawings = drawings_of(batch)
        colored = self.color(drawings, [drawing.prompt for drawing in drawings])
        self.cases += map(Case, drawings, colored)
        found: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for drawing, picture in zip(drawings, colored, strict=True):
            for name, value in _judge(picture, drawing, by_part=True):
                found[name].append((drawing.id, value))
            for what, other in (("truth", drawing.truth), ("sketch", drawing.sketch)):
                for name, value in _judge(other, drawing):
                    found[f"{name}_of_{what}"].append((drawing.id, value))
        found["leak"] = self._leaks(drawings, colored)
        found["main_color"] = self._main_colors(drawings) if self.template else []
        for name, measured in found.items():
            if measured:
                ids, values = zip(*measured, strict=True)
                yield name, list(ids), torch.tensor(values, dtype=torch.float32)
        yield from self._see(drawings, colored)

    def measure_sets(self) -> dict[str, Measurement]:
        """FID and KID, where there are enough drawings."""
        return self.set_metrics.results(self.features.name) if self.features else {}

    def forget(self) -> None:
        """See `MeasuredModule`."""
        super().forget()
        self.set_metrics.forget()
        self.cases.clear()
        self.copies = None
        if self.find_copies and self.features:
            self.copies = Copies(self.trainer.datamodule.triplets("train"), self.features)

    def color(
        self, drawings: Sequence[Drawing], prompts: Sequence[str], **settings: float
    ) -> list[np.ndarray]:
        """The finished pictures, uint8 [height, width, 3] each.

        Args:
            drawings: what to color.
            prompts: of each.
            **settings: in place of the module's own.
        """
        colorings = self.colorizer.paint(
            [Image.fromarray(drawing.sketch) for drawing in drawings],
            prompts,
            [drawing.seed for drawing in drawings],
            **{**self.settings, **settings},
        )
        return [np.asarray(coloring.image()) for coloring in colorings]

    def _see(
        self, drawings: Sequence[Drawing], colored: Sequence[np.ndarray]
    ) -> Iterator[tuple[str, list[str], torch.Tensor]]:
        """What CLIP says of each picture; what is seen is kept for the metrics of the set."""
        pictures = {
            "output": colored,
            "truth": [drawing.truth for drawing in drawings],
            "sketch": [drawing.sketch for drawing in drawings],
        }
        ids = [drawing.id for drawing in drawings]
        seen = {}
        if self.clip:
            seen = {what: self.clip.image_features(of_it) for what, of_it in pictures.items()}
            yield from self._by(self.clip, clip_metrics(self.clip, seen, drawings))
        if self.features:
            if self.features is not self.clip:
                seen = {what: self.features.image_features(of) for what, of in pictures.items()}
            self.set_metrics.add(ids, seen)
            if self.copies:
                yield from self._by(self.features, self.copies.measure(ids, seen))

    def _by(
        self, backbone: Features, measured: Iterator[tuple[str, list[str], torch.Tensor]]
    ) -> Iterator[tuple[str, list[str], torch.Tensor]]:
        """The same, and what it is measured with is noted."""
        for name, ids, values in measured:
            self.backbones[name] = backbone.name
            yield name, ids, values

    def _leaks(
        self, drawings: Sequence[Drawing], colored: Sequence[np.ndarray]
    ) -> list[tuple[str, float]]:
        """Drawing and leak of each that has a color to swap."""
        swaps = [swap_part_color(d.prompt, d.parts, random.Random(d.seed)) for d in drawings]
        rows = [i for i, swap in enumerate(swaps) if swap]
        again = self.color([drawings[i] for i in rows], [swaps[i].prompt for i in rows])
        return [
            (drawings[i].id, leak(colored[i], after, drawings[i].part_map == swaps[i].part + 1))
            for i, after in zip(rows, again, strict=True)
        ]

    def _main_colors(self, drawings: Sequence[Drawing]) -> list[tuple[str, float]]:
        """Drawing and success for each drawing and basic color."""
        hits = []
        for term in TERMS:
            colored = self.color(drawings, [self.template.format(color=term)] * len(drawings))
            hits += [
                (drawing.id, float(has_main_color(picture, term, drawing.left_out)))
                for drawing, picture in zip(drawings, colored, strict=True)
            ]
        return hits


def _judge(
    picture: np.ndarray, drawing: Drawing, by_part: bool = False
) -> Iterator[tuple[str, float]]:
    """Metrics of one picture of a drawing, those that can be taken."""
    hits = region_color_hits(picture, drawing.part_map, drawing.parts)
    for hit in hits:
        yield "region_color", float(hit.hit)
        if by_part:
            yield f"region_color/{hit.part}", float(hit.hit)
    if hits:  # of the largest named part, which makes up most of the picture
        yield "main_region_color", float(max(hits, key=lambda hit: hit.pixels).hit)
    others = {
        "prompt_color_f1": prompt_color_f1(picture, drawing.prompt, drawing.left_out),
        "line_f1": line_f1(picture, drawing.sketch),
        "white_background": white_background(picture, drawing.truth),
        "colorfulness": colorfulness(picture),
    }
    if picture is not drawing.truth:
        others["psnr"] = psnr(picture, drawing.truth)
        others["ssim"] = ssim(picture, drawing.truth)
    yield from ((name, value) for name, value in others.items() if value is not None)
