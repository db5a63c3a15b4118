"""A data set as a test set: the images to generate, and the cases to score."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image

from pokecolor.core.colors import TERMS
from pokecolor.core.finite import require_finite
from pokecolor.evaluation.cases import Case, Swapped
from pokecolor.evaluation.drawing import drawings_of
from pokecolor.evaluation.feature_sets import require_samples
from pokecolor.evaluation.generate import Request
from pokecolor.evaluation.image_folder import file_stem
from pokecolor.evaluation.metrics.directional_similarity import uncolored
from pokecolor.evaluation.metrics.metric import OF_EACH_DRAWING, Setup
from pokecolor.evaluation.metrics.neighbor import nearest_neighbors, training_features
from pokecolor.evaluation.metrics.off_target_change import swap_part_color
from pokecolor.evaluation.metrics.registry import METRICS
from pokecolor.evaluation.reports.report import describe_test_set, evenly_spaced, write_report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import lightning

    from pokecolor.core.schema import Batch
    from pokecolor.evaluation.drawing import Drawing
    from pokecolor.evaluation.features import Features
    from pokecolor.evaluation.guidance import GuidanceCurves
    from pokecolor.evaluation.metrics.off_target_change import Swap
    from pokecolor.evaluation.reports.saved_report import Setting
    from pokecolor.evaluation.score import ImageReader, Scores
    from pokecolor.evaluation.settings import Settings

Tried = tuple[int, tuple[float, ...], float | None]

SWAPPED, BY_COLOR, TRIED = "swapped/", "main_color/{}/", "guidance/{}-{}/"
"""Subfolders for images with other prompts or settings than the drawing's own."""


class PictureSet:
    """The drawings of a data set, with their prompts, ground truth and parts.

    Region color and off-target change need known parts, directional similarity needs prompts with
    colors; without ground truth, metrics that need it are skipped.

    Args:
        data: a `pokecolor.data.datamodule.TripletDataModule`; its `predict_split` is used.
        settings: settings of the images and the scoring networks.
        guidance: guidance scales to compare on some drawings; None to skip this.
    """

    metrics = METRICS

    def __init__(
        self,
        data: lightning.LightningDataModule,
        settings: Settings,
        guidance: GuidanceCurves | None = None,
    ) -> None:
        self.data, self.settings, self.guidance = data, settings, guidance
        self.name, self.split = data.name, data.predict_split
        self._tried: list[Drawing] = []

    def loaders(self, trainer: lightning.Trainer) -> dict[str, Any]:
        """Arguments of `trainer.predict`."""
        self._tried.clear()
        return {"datamodule": self.data}

    @cached_property
    def setup(self) -> Setup:
        """Properties of the test set for the metrics; needs prepared data.

        Raises:
            UserError: a network is not available, or there are too few samples for a metric.
        """
        settings, black = self.settings, np.zeros((32, 32, 3), np.uint8)
        networks = {"clip": settings.clip, "features": settings.features}
        networks = {name: network for name, network in networks.items() if network is not None}
        widths = {
            name: require_finite(network.image_features([black]), network.name).shape[1]
            for name, network in networks.items()
        }
        sets = settings.set_metrics or {}
        met = {
            "template": settings.template, "target": self.data.has_target, "sets": sets,
            "kid": sets.get("kid_subset_size"), "copies": settings.find_copies, **networks,
        }  # fmt: skip
        setup = Setup(
            drawings=[sample["drawing_id"] for sample in self._index],
            available=OF_EACH_DRAWING | {name for name, value in met.items() if value},
            backbones={name: network.name for name, network in networks.items()},
            feature_width=widths.get("features", 0),
            **sets,
        )
        if setup.available >= {"sets", "features", "target"}:
            require_samples(setup.drawings, setup.kid_subset_size)
        return setup

    @property
    def baselines(self) -> tuple[str, ...]:
        """The baselines that are scored."""
        return ("target", "sketch") if "target" in self.setup.available else ("sketch",)

    def samples(self, batch: Batch) -> list[Drawing]:
        """The drawings of a batch."""
        return drawings_of(batch)

    def requests(self, drawings: Sequence[Drawing]) -> Iterator[list[Request]]:
        """Yield the images to generate for some drawings, grouped by settings."""
        yield [self._request(drawing, "", drawing.prompt) for drawing in drawings]
        swaps = [(drawing, swap_of(drawing)) for drawing in drawings]
        yield [self._request(drawing, SWAPPED, swap.prompt) for drawing, swap in swaps if swap]
        for term in TERMS if self.settings.template else ():
            prompt = self.settings.template.format(color=term)
            yield [self._request(drawing, BY_COLOR.format(term), prompt) for drawing in drawings]
        if self.guidance:
            self._tried += [each for each in drawings if self._place(each) in self._places_tried]

    def last_requests(self) -> Iterator[list[Request]]:
        """Yield the images of the guidance curves, which are generated at the end."""
        for place, scales in self._pairs():
            yield [self._request(each, place, each.prompt, **scales) for each in self._tried]

    def cases(self, drawings: Sequence[Drawing], reader: ImageReader) -> list[Case]:
        """The drawings with their images and the images' features."""
        cases = []
        for drawing in drawings:
            names, like = self._names(drawing), drawing.sketch.shape[1::-1]
            picture = reader.read(names, like)
            swap, after = swap_of(drawing), None
            if swap is not None and reader.has(SWAPPED):
                after = reader.read(names, like, SWAPPED)
            by_color = {}
            for term in TERMS if self.settings.template else ():
                if reader.has(place := BY_COLOR.format(term)):
                    by_color[term] = reader.read(names, like, place)
            swapped = None if after is None else Swapped(swap.part, after)
            cases.append(Case(drawing, picture, self._place(drawing), swapped, by_color))
        return self._with_features(cases)

    def baseline(self, cases: Sequence[Case], what: str) -> list[Case]:
        """The cases of a baseline, "target" or "sketch"."""
        return [case.of(what) for case in cases]

    def tried(self, drawings: Sequence[Drawing], reader: ImageReader) -> Iterator[Tried]:
        """Yield index, scales and score of these drawings for each pair of guidance scales."""
        for drawing in drawings:
            if not self.guidance or self._place(drawing) not in self._places_tried:
                continue
            for place, scales in self._pairs():
                if not place or reader.has(place):
                    names, like = self._names(drawing), drawing.sketch.shape[1::-1]
                    picture = reader.read(names, like, place, counts=False)
                    yield self._place(drawing), tuple(scales.values()), Case(drawing, picture).score

    def write(self, folder: Path, scores: Scores, setting: Setting) -> None:
        """Write the report."""
        write_report(folder, scores, setting, self.guidance)

    def digest(self, cases: Sequence[Case]) -> str:
        """Digest of the drawings, their pixels and their prompts, hex."""
        return describe_test_set(cases)

    @cached_property
    def _index(self) -> list[dict[str, str]]:
        return self.data.folder.index(self.split)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {sample["id"]: place for place, sample in enumerate(self._index)}

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(sample["drawing_id"] for sample in self._index)

    @cached_property
    def _places_tried(self) -> set[int]:
        return set(evenly_spaced(range(len(self._index)))[: self.guidance.count])

    @cached_property
    def _training(self) -> torch.Tensor:
        return training_features(self.data.triplets("train"), self.settings.features)

    def _place(self, drawing: Drawing) -> int:
        return self._places[drawing.sample_id]

    def _names(self, drawing: Drawing) -> list[str]:
        """Possible file names of an image; the drawing's id counts if it has a single sample."""
        ids = [drawing.sample_id]
        if self._counts[drawing.id] == 1:
            ids.append(drawing.id)
        return list(dict.fromkeys(name for each in ids for name in (file_stem(each), each)))

    def _request(self, drawing: Drawing, place: str, prompt: str, **scales: float) -> Request:
        name = f"{place}{file_stem(drawing.sample_id)}"
        return Request(name, Image.fromarray(drawing.sketch), prompt, drawing.seed, scales)

    def _pairs(self) -> Iterator[tuple[str, dict[str, float]]]:
        """The folder of each pair of scales; the default pair has the folder of the other
        images.
        """
        for scales in self.guidance.pairs if self.guidance else ():
            is_own = scales.items() <= self.settings.sampling.items()
            yield "" if is_own else TRIED.format(*scales.values()), scales

    def _with_features(self, cases: list[Case]) -> list[Case]:
        """Add features to cases."""
        available = self.setup.available
        pictures: dict[str, list[np.ndarray]] = {
            # a placeholder for failed images, whose features are not used
            "output": [c.drawing.sketch if c.picture is None else c.picture for c in cases],
            "sketch": [case.drawing.sketch for case in cases],
        }
        if "target" in available:
            pictures["target"] = [case.drawing.target for case in cases]
        seen: list[dict[str, dict[str, Any]]] = [{} for _ in cases]
        clip, features = self.settings.clip, self.settings.features
        by_clip = _features_of(clip, pictures) if clip else []
        if clip:
            prompts = clip.text_features([case.drawing.prompt for case in cases])
            before = [uncolored(case.drawing.prompt) for case in cases]
            told = [text for text in before if text is not None]
            texts = iter(clip.text_features(told) if told else ())
            for row, of_it in enumerate(by_clip):
                seen[row]["clip"] = {**of_it, "prompt": prompts[row]}
                if before[row] is not None:
                    seen[row]["clip"]["uncolored"] = next(texts)
        if features and "target" in available:
            found = by_clip if features is clip else _features_of(features, pictures)
            for row, of_it in enumerate(found):
                seen[row]["features"] = of_it
            if "copies" in available:
                for what in ("output", "target"):
                    these = torch.stack([each[what] for each in found])
                    nearest = nearest_neighbors(these, self._training).similarity
                    for row, of_it in enumerate(nearest.tolist()):
                        seen[row].setdefault("nearest", {})[what] = of_it
        return [replace(case, seen=of_it) for case, of_it in zip(cases, seen, strict=True)]


def swap_of(drawing: Drawing) -> Swap | None:
    """The color swap of a drawing; depends only on the sample's id."""
    return swap_part_color(drawing.prompt, drawing.parts, random.Random(drawing.seed))


def _features_of(
    network: Features, pictures: dict[str, list[np.ndarray]]
) -> list[dict[str, torch.Tensor]]:
    """A network's features of each kind of picture, case by case."""
    seen = {
        what: require_finite(network.image_features(of_it), network.name)
        for what, of_it in pictures.items()
    }
    return [dict(zip(seen, row, strict=True)) for row in zip(*seen.values(), strict=True)]
