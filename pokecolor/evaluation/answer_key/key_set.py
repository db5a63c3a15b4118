"""An answer key as a test set: each of its drawings with each of its seeds."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pokecolor.evaluation.answer_key.flood_fill import flood_fill
from pokecolor.evaluation.answer_key.page import write_answer_page
from pokecolor.evaluation.answer_key.points import SeenDrawing, look
from pokecolor.evaluation.generate import Request
from pokecolor.evaluation.image_folder import file_stem
from pokecolor.evaluation.metrics.metric import Setup
from pokecolor.evaluation.metrics.registry import ANSWER_KEY_METRICS
from pokecolor.evaluation.reports.saved_report import save_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import lightning
    from PIL import Image

    from pokecolor.evaluation.answer_key.key import AnswerKey, KeyDrawing
    from pokecolor.evaluation.reports.saved_report import Setting
    from pokecolor.evaluation.score import ImageReader, Scores
    from pokecolor.evaluation.settings import Settings


@dataclass(frozen=True, eq=False)
class KeyCase:
    """A drawing of a key, and a model's output for one seed."""

    drawing: KeyDrawing
    sketch: Image.Image
    picture: Image.Image | None
    """None if the model failed."""
    index: int
    """Index of this drawing and seed in the test set."""

    @cached_property
    def seen(self) -> SeenDrawing:
        """The colors at the key's points in the picture, or in the sketch if there is no
        picture.
        """
        return look(self.picture or self.sketch, self.drawing, self.sketch)

    def of(self, what: str) -> KeyCase:
        """The case of a baseline: the bare "sketch", or a "flood" fill with one color."""
        picture = self.sketch
        if what == "flood":
            picture = flood_fill(self.sketch, self.drawing.instruction)
        return dataclasses.replace(self, picture=picture)

    @property
    def bare(self) -> KeyCase:
        """The case itself; the report needs all of it."""
        return self


class KeySet:
    """The drawings of an answer key, each with all seeds.

    Images are scored at the size of their drawing, as users get them. If the model failed, all
    points count as wrong.

    Args:
        data: the key.
        settings: settings of the images.
        guidance: not used: guidance curves are not made for answer keys.
    """

    metrics, baselines = ANSWER_KEY_METRICS, ("sketch", "flood")
    split = "test"

    def __init__(self, data: AnswerKey, settings: Settings, guidance: object = None) -> None:
        self.data, self.settings, self.name = data, settings, data.name

    def loaders(self, trainer: lightning.Trainer) -> dict[str, Any]:
        """Arguments of `trainer.predict`: the indices of drawings, divided among processes."""
        return {"dataloaders": _Share(len(self.data.drawings), trainer)}

    @cached_property
    def setup(self) -> Setup:
        """Properties of the test set for the metrics."""
        drawings = [drawing.id for drawing in self.data.drawings for _ in self.data.seeds]
        return Setup(drawings, frozenset({"key"}))

    def samples(self, place: int) -> list[int]:
        """The index of a drawing."""
        return [place]

    def requests(self, places: Sequence[int]) -> Iterator[list[Request]]:
        """Yield the images to generate for some drawings."""
        for drawing in (self.data.drawings[place] for place in places):
            sketch, stem = drawing.load(), file_stem(drawing.id)
            yield [
                Request(f"{place}{stem}", sketch, drawing.instruction, seed)
                for place, seed in zip(self._places, self.data.seeds, strict=True)
            ]

    def last_requests(self) -> Iterable[list[Request]]:
        """No further images."""
        return ()

    def cases(self, places: Sequence[int], reader: ImageReader) -> list[KeyCase]:
        """The drawings with their images; images of further seeds may be absent."""
        cases = []
        for number, drawing in ((place, self.data.drawings[place]) for place in places):
            sketch, names = drawing.load(), [file_stem(drawing.id), drawing.id]
            for seed, place in enumerate(self._places):
                if not place or reader.has(place):
                    picture = reader.find(names, place)
                    index = number * len(self._places) + seed
                    cases.append(KeyCase(drawing, sketch, picture, index))
        return cases

    def baseline(self, cases: Sequence[KeyCase], what: str) -> list[KeyCase]:
        """The "sketch" or the "flood", once for each drawing."""
        return [case.of(what) for case in self._first(cases)]

    def tried(self, places: Sequence[int], reader: ImageReader) -> Iterable[Any]:
        """No guidance scales are compared."""
        return ()

    def write(self, folder: Path, scores: Scores, setting: Setting) -> None:
        """Write the report."""
        save_report(folder, setting, scores.results, scores.per_sample, None, [])
        shown = self._first(scores.cases)
        write_answer_page(folder, setting, scores.results, shown, len(scores.cases) // len(shown))

    def digest(self, cases: Sequence[KeyCase]) -> str:
        """Digest of the key, its drawings' files and the seeds, hex."""
        return self.data.fingerprint

    @property
    def _places(self) -> list[str]:
        """The folder of each seed's images; those of the first seed have no folder of their own."""
        return ["", *(f"seed-{seed}/" for seed in self.data.seeds[1:])]

    def _first(self, cases: Sequence[KeyCase]) -> list[KeyCase]:
        return [case for case in cases if case.index % len(self._places) == 0]


class _Share:
    """This process's share of the indices below `count`."""

    def __init__(self, count: int, trainer: lightning.Trainer) -> None:
        self._count, self._trainer = count, trainer

    def __iter__(self) -> Iterator[int]:
        rank, ranks = self._trainer.global_rank, self._trainer.world_size
        return itertools.islice(range(self._count), rank, None, ranks)

    def __len__(self) -> int:
        rank, ranks = self._trainer.global_rank, self._trainer.world_size
        return len(range(rank, self._count, ranks))
