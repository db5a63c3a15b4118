"""Evaluates a pipeline with an answer key."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from pokecolor.evaluation.answer_key_page import Shown, write_answer_page
from pokecolor.evaluation.answer_points import SeenDrawing, look, look_at_nothing
from pokecolor.evaluation.flood_fill import flood_fill
from pokecolor.evaluation.report import describe_versions
from pokecolor.evaluation.saved_report import Setting, save_report
from pokecolor.measuring import PerSample, summarize
from pokecolor.no_picture import NoPicture

if TYPE_CHECKING:
    from pathlib import Path

    import lightning
    from PIL import Image

    from pokecolor.answer_key import AnswerKey, KeyDrawing
    from pokecolor.evaluation.colorings import Colorings
    from pokecolor.measuring import Measurement

BY_KIND = ("parts", "all_right")
"""Metrics that are given by kind of drawing, too: "parts/creature"."""

FLOORS: dict[str, Callable[[Image.Image, str], Image.Image]] = {
    "sketch": lambda sketch, instruction: sketch,
    "flood": flood_fill,
}
"""What no work at all gets, and what one color for everything does."""


@dataclass(frozen=True)
class _Run:
    drawing: KeyDrawing
    seen: SeenDrawing


def measure_answer_key(
    colorings: Colorings,
    trainer: lightning.Trainer,
    data: AnswerKey,
    folder: Path,
    guidance: object,
    **about: str,
) -> dict[str, Measurement] | None:
    """Color the drawings of an answer key, each with its seeds, and write the report.

    Each drawing is judged at its own size, as a user gets it. Where the model failed to paint a
    picture, all points are wrong. The figures are means over the parts,
    or over the pictures, with intervals over drawings.

    Args:
        colorings: whose colorizer keeps what it paints; and the look.
        trainer: one process; others do nothing.
        data: the key.
        folder: of the report.
        guidance: curves over guidance scales are not taken of a key.
        **about: the `pipeline`, `command` and `config` of the report's `Setting`.

    Returns:
        the figures by name; None in all processes but the first.
    """
    if not trainer.is_global_zero:
        return None
    start = time.monotonic()
    per_sample: PerSample = defaultdict(list)
    shown: list[Shown] = []
    failed: Counter[str] = Counter()
    for drawing in track(data.drawings, "Measuring", console=Console(stderr=True)):
        sketch = drawing.load()
        count = len(data.seeds)
        pictures: list[Image.Image | None] = []
        for coloring in colorings.colorizer.paint(
            [sketch] * count, [drawing.instruction] * count, data.seeds, **colorings.settings
        ):
            try:
                pictures.append(colorings.finished(coloring))
            except NoPicture as missing:
                failed[missing.kind] += 1
                pictures.append(None)
        runs = [_Run(drawing, _look(picture, drawing, sketch)) for picture in pictures]
        for name, value in _all_values(runs):
            per_sample[name].append((drawing.id, value))
        for floor, paint in FLOORS.items():
            seen = look(paint(sketch, drawing.instruction), drawing, sketch)
            for name, value in _values(_Run(drawing, seen)):
                per_sample[f"{name}_of_{floor}"].append((drawing.id, value))
        shown.append(Shown(drawing, sketch, pictures[0], runs[0].seen))
    results = summarize(per_sample, {})
    kept = colorings.colorizer.engine
    setting = Setting(
        data=data.name,
        split="test",
        test_set=data.fingerprint,
        seconds=time.monotonic() - start,
        asked=len(kept.asked),
        painted=kept.painted,
        versions=describe_versions(),
        failed=dict(failed),
        **about,
    )
    save_report(folder, setting, results, per_sample, None, [])
    write_answer_page(folder, setting, results, shown, len(data.seeds))
    return results


def _look(picture: Image.Image | None, drawing: KeyDrawing, sketch: Image.Image) -> SeenDrawing:
    if picture is None:
        return look_at_nothing(drawing, sketch)
    return look(picture, drawing, sketch)


def _all_values(runs: list[_Run]) -> Iterator[tuple[str, float]]:
    for run in runs:
        for name, value in _values(run):
            yield name, value
            if name in BY_KIND:
                yield f"{name}/{run.drawing.kind}", value


def _values(run: _Run) -> Iterator[tuple[str, float]]:
    """Name and value of each metric of a picture."""
    seen = run.seen
    for number, part in enumerate(seen.parts):
        yield "parts", float(part.right)
        yield "first_part" if number == 0 else "other_parts", float(part.right)
    yield "all_right", float(seen.all_right)
    if seen.background:
        yield "background", float(seen.background_right)
        yield "every_background_point", float(all(seen.background_points))
    if seen.lines_kept is not None:
        yield "lines_kept", seen.lines_kept
