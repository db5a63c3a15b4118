"""Draw the pictures of the README and of mini's card: `python tools/card_pictures.py`.

- docs/sample.png: eight of OpenMoji's held-out drawings, the first in a pseudo-random order, none
  chosen by eye;
- docs/cases.png: of 100 creatures that nothing was trained on the four of which most follows the
  instruction, and the four of which least does.

Each is sketch, instruction, what the model makes of it, ground truth; two in a row.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from rich.progress import track

from pokecolor.coloring.colorizer import Colorizer
from pokecolor.core.images.conversion import grid
from pokecolor.core.images.text_panel import text_panel
from pokecolor.data.prepare import select_drawings
from pokecolor.evaluation.cases import Case, best_and_worst
from pokecolor.evaluation.drawing import Drawing
from pokecolor.sources.creatures.source import CreatureSource
from pokecolor.sources.openmoji import OpenMojiSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pokecolor.core.schema import Triplet

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
    write_grid(
        [color_triplet(colorizer, triplet) for triplet in triplets], options.out / "sample.png"
    )

    source = CreatureSource(size=SIZE, count=0, test_count=CREATURES, colorings=1)
    creatures = [next(source.triplets(drawing)) for drawing in source.drawings()]
    cases = [color_triplet(colorizer, creature) for creature in track(creatures, "Coloring")]
    best, worst = best_and_worst(cases, COUNT // 2)
    write_grid(best + worst, options.out / "cases.png")


def color_triplet(colorizer: Colorizer, triplet: Triplet) -> Case:
    """What the model makes of a triplet's sketch."""
    picture = colorizer.colorize(Image.fromarray(triplet.original_image), triplet.edit_prompt)
    drawing = Drawing(
        triplet.drawing_id,
        triplet.original_image,
        triplet.edited_image,
        triplet.edit_prompt,
        triplet.parts,
        triplet.part_map,
        triplet.id,
    )
    return Case(drawing, np.asarray(picture))


def write_grid(cases: Sequence[Case], path: Path) -> None:
    """Write a grid of drawings and their pictures."""
    cells = [
        [of.sketch, text_panel(of.prompt, SIZE), case.picture, of.target]
        for case, of in ((case, case.drawing) for case in cases)
    ]
    rows = [
        [image for cell in cells[start : start + COLUMNS] for image in cell]
        for start in range(0, len(cells), COLUMNS)
    ]
    Image.fromarray(grid(rows)).quantize(128).save(path, optimize=True)
    print(path)


if __name__ == "__main__":
    main()
