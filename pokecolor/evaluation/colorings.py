"""The evaluator: colors a test set and scores the pictures."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from pokecolor.colors import TERMS
from pokecolor.evaluation.cases import Case
from pokecolor.evaluation.clip_metrics import clip_metrics
from pokecolor.evaluation.copies import Copies
from pokecolor.evaluation.drawing import drawings_of
from pokecolor.evaluation.judging import judge
from pokecolor.evaluation.leak import leak, swap_part_color
from pokecolor.evaluation.prompt_color import has_main_color
from pokecolor.measuring import summarize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pokecolor.colorizer import Coloring, Colorizer
    from pokecolor.compositing import Look
    from pokecolor.evaluation.drawing import Drawing
    from pokecolor.evaluation.features import Features, TextFeatures
    from pokecolor.evaluation.set_metrics import SetMetrics
    from pokecolor.measuring import Measurement, PerSample
    from pokecolor.schema import Batch, Triplet


class Colorings:
    """Measures how a model colors.

    What is measured is what a user gets: colors carried to the sketch, its own lines over them.
    Beside each metric stand its values for the true pictures, which no model can be expected to
    exceed, and for the bare sketches, where these say anything. Region color and leak need drawings
    whose parts are known, directional similarity a prompt that names colors, and without true
    pictures all that compares with them is left out.

    The seed of a picture, and the color that is swapped, depend on its sample's id alone.

    Args:
        colorizer: the model at work.
        template: a prompt with "{color}" in it. Each sketch is colored by it in every basic color,
            to see whether that becomes its main one; None to leave that out.
        clip: judges each picture beside its prompt; None to leave that out.
        features: what FID and KID compare; `clip`'s if None, and neither of them without any.
        set_metrics: takes FID and KID; None to leave them out.
        find_copies: look at all training images of the data for the nearest to each picture.
        look: how colors are carried to the sketch, see `compositing.LOOKS`.
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
        look: Look = "clean",
        **settings: float,
    ) -> None:
        self.colorizer, self.template, self.settings = colorizer, template, settings
        self.clip, self.features = clip, features or clip
        self.set_metrics = set_metrics if self.features else None
        self.find_copies, self.look = find_copies, look
        self.cases: list[Case] = []
        """All pictures that were measured."""
        self.per_sample: PerSample = {}
        """What was measured of each."""
        self.copies: Copies | None = None
        """If asked for; `nearest` are the pairs it found."""
        self._backbones: dict[str, str] = {}

    def require(self, drawings: Sequence[str], have_truth: bool) -> None:
        """Check what can be checked before anything is colored.

        Args:
            drawings: the drawing of each sample of the test set.
            have_truth: whether the true pictures are known.

        Raises:
            UserError: a network cannot be had, or there are too few samples for a metric.
        """
        for network in filter(None, {self.clip, self.features}):
            network.image_features([np.zeros((32, 32, 3), np.uint8)])
        if self.set_metrics and have_truth:
            self.set_metrics.require(drawings)

    def paint(self, batch: Batch) -> None:
        """Have the colorizer paint all that `measure` will ask it for."""
        drawings = drawings_of(batch)
        self.color(drawings, [drawing.prompt for drawing in drawings])
        self._color_swapped(drawings)
        if self.template:
            for term in TERMS:
                self._color_by_template(drawings, term)

    def take(self, batches: Iterable[Batch], training: Iterable[Triplet]) -> None:
        """Measure a test set.

        Args:
            batches: all of it.
            training: all training samples, looked at if copies are to be found.
        """
        if self.find_copies and self.features:
            self.copies = Copies(training, self.features)
        for batch in batches:
            for name, drawings, values in self.measure(batch):
                pairs = zip(drawings, values.tolist(), strict=True)
                self.per_sample.setdefault(name, []).extend(pairs)

    def results(self) -> dict[str, Measurement]:
        """The figures of all that was measured, by metric."""
        found = summarize(self.per_sample, self._backbones)
        if self.set_metrics:
            found |= self.set_metrics.results(self.features.name)
        return found

    def measure(self, batch: Batch) -> Iterator[tuple[str, list[str], torch.Tensor]]:
        """All metrics that can be taken of a batch: name, drawings, their values [n]."""
        drawings = drawings_of(batch)
        colored = self.color(drawings, [drawing.prompt for drawing in drawings])
        self.cases += map(Case, drawings, colored)
        found: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for drawing, picture in zip(drawings, colored, strict=True):
            for name, value in judge(picture, drawing, by_part=True):
                found[name].append((drawing.id, value))
            for what, other in (("truth", drawing.truth), ("sketch", drawing.sketch)):
                for name, value in judge(other, drawing) if other is not None else ():
                    found[f"{name}_of_{what}"].append((drawing.id, value))
        for name, drawing, value in self._leaks(drawings, colored):
            found[name].append((drawing, value))
        found["main_color"] = self._main_colors(drawings) if self.template else []
        for name, measured in found.items():
            if measured:
                ids, values = zip(*measured, strict=True)
                yield name, list(ids), torch.tensor(values, dtype=torch.float32)
        yield from self._see(drawings, colored)

    def color(
        self, drawings: Sequence[Drawing], prompts: Sequence[str], **settings: float
    ) -> list[np.ndarray]:
        """The finished pictures, uint8 [height, width, 3] each.

        Args:
            drawings: what to color.
            prompts: of each.
            **settings: in place of this object's own.
        """
        colorings = self.colorizer.paint(
            [Image.fromarray(drawing.sketch) for drawing in drawings],
            prompts,
            [drawing.seed for drawing in drawings],
            **{**self.settings, **settings},
        )
        return [np.asarray(self.finished(coloring)) for coloring in colorings]

    def finished(self, coloring: Coloring) -> Image.Image:
        """The picture that is measured: in the look that was asked for."""
        return coloring.image(self.look)

    def _see(
        self, drawings: Sequence[Drawing], colored: Sequence[np.ndarray]
    ) -> Iterator[tuple[str, list[str], torch.Tensor]]:
        """What CLIP says of each picture; what is seen is kept for the metrics of the set."""
        pictures = {"output": colored, "sketch": [drawing.sketch for drawing in drawings]}
        if drawings[0].truth is not None:  # then all of a set have one
            pictures["truth"] = [drawing.truth for drawing in drawings]
        ids = [drawing.id for drawing in drawings]
        seen = {}
        if self.clip:
            seen = {what: self.clip.image_features(of_it) for what, of_it in pictures.items()}
            yield from self._by(self.clip, clip_metrics(self.clip, seen, drawings))
        if self.features and "truth" in pictures:
            if self.features is not self.clip:
                seen = {what: self.features.image_features(of) for what, of in pictures.items()}
            if self.set_metrics:
                self.set_metrics.add(ids, seen)
            if self.copies:
                yield from self._by(self.features, self.copies.measure(ids, seen))

    def _by(
        self, backbone: Features, measured: Iterator[tuple[str, list[str], torch.Tensor]]
    ) -> Iterator[tuple[str, list[str], torch.Tensor]]:
        """The same, and what it is measured with is noted."""
        for name, ids, values in measured:
            self._backbones[name] = backbone.name
            yield name, ids, values

    def _leaks(
        self, drawings: Sequence[Drawing], colored: Sequence[np.ndarray]
    ) -> Iterator[tuple[str, str, float]]:
        """Metric, drawing and leak of each that has a color to swap.

        Parts that nobody names may well follow the main color; the other named parts may not.
        """
        for i, swapped, after in self._color_swapped(drawings):
            drawing, before = drawings[i], colored[i]
            part = drawing.part_map == swapped + 1
            yield "leak", drawing.id, leak(before, after, part)
            others = [k + 1 for k, p in enumerate(drawing.parts) if p.named and k != swapped]
            named = np.isin(drawing.part_map, others)
            if named.any():
                yield "leak_to_named", drawing.id, leak(before, after, part, named)

    def _color_swapped(self, drawings: Sequence[Drawing]) -> list[tuple[int, int, np.ndarray]]:
        """Those with a color to swap: index of the drawing, index of the part, new picture."""
        swaps = [swap_part_color(d.prompt, d.parts, random.Random(d.seed)) for d in drawings]
        rows = [i for i, swap in enumerate(swaps) if swap]
        again = self.color([drawings[i] for i in rows], [swaps[i].prompt for i in rows])
        return [(i, swaps[i].part, after) for i, after in zip(rows, again, strict=True)]

    def _main_colors(self, drawings: Sequence[Drawing]) -> list[tuple[str, float]]:
        """Drawing and success for each drawing and basic color."""
        return [
            (drawing.id, float(has_main_color(picture, term, drawing.left_out(picture))))
            for term in TERMS
            for drawing, picture in zip(
                drawings, self._color_by_template(drawings, term), strict=True
            )
        ]

    def _color_by_template(self, drawings: Sequence[Drawing], term: str) -> list[np.ndarray]:
        return self.color(drawings, [self.template.format(color=term)] * len(drawings))
