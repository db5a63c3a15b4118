"""An answer key as a test set: each of its drawings with each of its seeds."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pokecolor.evaluation.answer_key_page import Shown, write_answer_page
from pokecolor.evaluation.answer_points import SeenDrawing, look, look_at_nothing
from pokecolor.evaluation.flood_fill import flood_fill
from pokecolor.evaluation.generate import Request
from pokecolor.evaluation.image_folder import file_stem
from pokecolor.evaluation.metric import Setup
from pokecolor.evaluation.metrics import ANSWER_KEY_METRICS
from pokecolor.evaluation.saved_report import save_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import lightning
    from PIL import Image

    from pokecolor.answer_key import AnswerKey, KeyDrawing
    from pokecolor.evaluation.saved_report import Setting
    from pokecolor.evaluation.score import ImageReader, Scores
    from pokecolor.evaluation.settings import Settings


@dataclass(frozen=True)
class KeyCase:
    """A drawing of a key, and what a model made of it with a seed."""

    drawing: KeyDrawing
    sketch: Image.Image
    picture: Image.Image | None
    """None where the model failed to generate one."""
    index: int
    """Of the drawing and the seed in the test set."""
    is_first: bool
    """Whether it is of the first seed."""
    seen: SeenDrawing

    def of(self, what: str) -> KeyCase:
        """What no work at all gets, the "sketch", or one color for everything, a "flood"."""
        picture = self.sketch
        if what == "flood":
            picture = flood_fill(self.sketch, self.drawing.instruction)
        seen = look(picture, self.drawing, self.sketch)
        return dataclasses.replace(self, picture=picture, seen=seen)

    @property
    def bare(self) -> KeyCase:
        """The case itself, all of which the page shows."""
        return self


class KeySet:
    """The drawings of an answer key, each with all seeds.

    Images are scored at the size of their drawing, as a user gets them. Where the model failed to
    generate one, all points are wrong.

    Args:
        data: the key.
        settings: what is asked for of the images.
        guidance: not used: curves over guidance scales are not taken of a key.
    """

    metrics, baselines = ANSWER_KEY_METRICS, ("sketch", "flood")
    split = "test"

    def __init__(self, data: AnswerKey, settings: Settings, guidance: object = None) -> None:
        self.data, self.settings, self.name = data, settings, data.name
        self._there: list[int] | None = None

    def loaders(self, trainer: lightning.Trainer) -> dict[str, Any]:
        """What `trainer.predict` goes through: places of drawings, divided among processes."""
        return {"dataloaders": _Share(len(self.data.drawings), trainer)}

    @cached_property
    def setup(self) -> Setup:
        """What metrics are told."""
        drawings = [drawing.id for drawing in self.data.drawings for _ in self.data.seeds]
        return Setup(drawings, frozenset({"key"}))

    def samples(self, place: int) -> list[int]:
        """The place of a drawing."""
        return [place]

    def requests(self, places: Sequence[int]) -> Iterator[list[Request]]:
        """What is generated of some drawings."""
        for drawing in (self.data.drawings[place] for place in places):
            sketch = drawing.load()
            yield [
                Request(file_stem(name), sketch, drawing.instruction, seed)
                for name, seed in zip(self._names(drawing), self.data.seeds, strict=True)
            ]

    def last_requests(self) -> Iterable[list[Request]]:
        """Nothing more."""
        return ()

    def cases(self, places: Sequence[int], reader: ImageReader) -> list[KeyCase]:
        """The drawings with their images, and what these show at the key's points."""
        cases = []
        for place in places:
            drawing = self.data.drawings[place]
            sketch = drawing.load()
            for number, name in enumerate(self._names(drawing)):
                if number not in self._seeds_there(reader):
                    continue
                picture = reader.find([file_stem(name), name])
                seen = (
                    look_at_nothing(drawing, sketch)
                    if picture is None
                    else look(picture, drawing, sketch)
                )
                index = place * len(self.data.seeds) + number
                cases.append(KeyCase(drawing, sketch, picture, index, number == 0, seen))
        return cases

    def baseline(self, cases: Sequence[KeyCase], what: str) -> list[KeyCase]:
        """The "sketch" or the "flood", once for each drawing."""
        return [case.of(what) for case in cases if case.is_first]

    def tried(self, places: Sequence[int], reader: ImageReader) -> Iterable[Any]:
        """No scales are tried."""
        return ()

    def write(self, folder: Path, scores: Scores, setting: Setting) -> None:
        """Write the report."""
        save_report(folder, setting, scores.results, scores.per_sample, None, [])
        first = [case for case in scores.cases if case.is_first]
        shown = [Shown(case.drawing, case.sketch, case.picture, case.seen) for case in first]
        seeds = len(scores.cases) // max(1, len(first))
        write_answer_page(folder, setting, scores.results, shown, seeds)

    def digest(self, cases: Sequence[KeyCase]) -> str:
        """Of the key, its drawings' files and the seeds, hex."""
        return self.data.fingerprint

    def _seeds_there(self, reader: ImageReader) -> Sequence[int]:
        """Numbers of seeds: another program's folder may have those of the first alone."""
        if self._there is None:
            names = [self._names(drawing) for drawing in self.data.drawings]
            self._there = [
                number
                for number in range(len(self.data.seeds))
                if number == 0
                or any(reader.images.finds(file_stem(n[number]), n[number]) for n in names)
            ]
        return self._there

    def _names(self, drawing: KeyDrawing) -> list[str]:
        """Of the images of a drawing: the first seed's has the drawing's own."""
        return [
            f"{drawing.id}-seed-{seed}" if number else drawing.id
            for number, seed in enumerate(self.data.seeds)
        ]


class _Share:
    """The places of this process, of `count`."""

    def __init__(self, count: int, trainer: lightning.Trainer) -> None:
        self._count, self._trainer = count, trainer

    def __iter__(self) -> Iterator[int]:
        rank, ranks = self._trainer.global_rank, self._trainer.world_size
        return itertools.islice(range(self._count), rank, None, ranks)

    def __len__(self) -> int:
        rank, ranks = self._trainer.global_rank, self._trainer.world_size
        return len(range(rank, self._count, ranks))
