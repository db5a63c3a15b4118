"""Draw docs/sample.png anew: `python tools/sample_picture.py [--model runs/latest/pipeline]`.

Eight of OpenMoji's held-out drawings, two a row, the first in a pseudo-random order, none chosen by
eye: sketch, instruction, what the model makes of it, truth.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from pokecolor.colorizer import Colorizer
from pokecolor.data.openmoji import OpenMojiSource
from pokecolor.data.prepare import select_drawings
from pokecolor.images import grid
from pokecolor.text_panel import text_panel

COUNT, COLUMNS, SIZE = 8, 2, 192


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="mini")
    parser.add_argument("--out", type=Path, default=Path("docs/sample.png"))
    options = parser.parse_args()

    source = OpenMojiSource(size=SIZE)
    drawings = select_drawings(source, COUNT)["test"]
    # the second coloring: the first is the drawing's own, whose colors one might guess
    triplets = [list(source.triplets(drawing))[1] for drawing in drawings]
    colorizer = Colorizer.from_pretrained(options.model)
    cells = []
    for triplet in triplets:
        sketch = Image.fromarray(triplet.original_image)
        result = np.asarray(colorizer.colorize(sketch, triplet.edit_prompt))
        panel = text_panel(triplet.edit_prompt, SIZE)
        cells.append([triplet.original_image, panel, result, triplet.edited_image])
    rows = [
        [image for cell in cells[start : start + COLUMNS] for image in cell]
        for start in range(0, COUNT, COLUMNS)
    ]
    Image.fromarray(grid(rows)).quantize(128).save(options.out, optimize=True)
    print(options.out)


if __name__ == "__main__":
    main()
