"""Draw the pictures of the README and of mini's card: `python tools/card_pictures.py`.

- docs/sample.png: eight of OpenMoji's held-out drawings, the first in a pseudo-random order, none
  chosen by eye;
- docs/cases.png: of 100 creatures that nothing was trained on the four of which most follows the
  instruction, and the four of which least does.

Each is sketch, instruction, what the model makes of it, truth; two in a row.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from rich.progress import track

from pokecolor.colorizer import Colorizer
from pokecolor.data.creatures.source import CreatureSource
from pokecolor.data.openmoji import OpenMojiSource
from pokecolor.data.prepare import select_drawings
from pokecolor.evaluation.region_color import region_color_hits
from pokecolor.images import grid
from pokecolor.text_panel import text_panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pokecolor.schema import Triplet

SIZE = 192
COUNT, COLUMNS = 8, 2
CREATURES = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="mini", help="mini, or the folder of a pipeline")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="a folder")
    options = parser.parse_args()
    colorizer = Colorizer.from_pretrained(options.model)

    source = OpenMojiSource(size=SIZE)
    drawings = select_drawings(source, COUNT)["test"]
    # the second coloring: the first is the drawing's own, whose colors one might guess
    triplets = [list(source.triplets(drawing))[1] for drawing in drawings]
    draw([(one, paint(colorizer, one)) for one in triplets], options.out / "sample.png")

    source = CreatureSource(size=SIZE, count=0, test_count=CREATURES, colorings=1)
    creatures = [next(source.triplets(drawing)) for drawing in source.drawings()]
    painted = [(one, paint(colorizer, one)) for one in track(creatures, "Coloring")]
    # of equal shares the one with more parts tells more
    ranked = sorted(
        painted, key=lambda case: (share_right(*case), len(case[0].parts)), reverse=True
    )
    worst_first = sorted(painted, key=lambda case: (share_right(*case), -len(case[0].parts)))
    cases = ranked[: COUNT // 2] + worst_first[: COUNT // 2]
    draw(cases, options.out / "cases.png")


def paint(colorizer: Colorizer, triplet: Triplet) -> np.ndarray:
    """What the model makes of a triplet's sketch."""
    sketch = Image.fromarray(triplet.original_image)
    return np.asarray(colorizer.colorize(sketch, triplet.edit_prompt))


def share_right(triplet: Triplet, picture: np.ndarray) -> float:
    """The share of the named parts that have their color."""
    hits = region_color_hits(picture, triplet.part_map, triplet.parts)
    return sum(hit.hit for hit in hits) / max(1, len(hits))


def draw(cases: Sequence[tuple[Triplet, np.ndarray]], path: Path) -> None:
    """Write a grid of triplets and their pictures."""
    cells = [
        [
            triplet.original_image,
            text_panel(triplet.edit_prompt, SIZE),
            picture,
            triplet.edited_image,
        ]
        for triplet, picture in cases
    ]
    rows = [
        [image for cell in cells[start : start + COLUMNS] for image in cell]
        for start in range(0, len(cells), COLUMNS)
    ]
    Image.fromarray(grid(rows)).quantize(128).save(path, optimize=True)
    print(path)


if __name__ == "__main__":
    main()
