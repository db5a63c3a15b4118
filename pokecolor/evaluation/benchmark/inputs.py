"""What another program needs to color the benchmark's drawings: files in place of a function."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.evaluation.drawing import Drawing
from pokecolor.evaluation.image_folder import file_stem
from pokecolor.evaluation.picture_set import swap_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pokecolor.core.schema import Triplet

COLUMNS = ("id", "seed", "prompt", "swapped_prompt", "swapped_part")


def write_inputs(folder: Path, triplets: Iterable[Triplet]) -> int:
    """Write `sketches/<id>.png`, `masks/<id>.png` and `prompts.csv`.

    A mask is gray: i where part i shows, counted from 1, and 0 elsewhere. Where `swapped_prompt` is
    not empty, one color word is replaced, that of part `swapped_part`.

    Returns:
        how many drawings there are.
    """
    for name in ("sketches", "masks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / "prompts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for it in triplets:
            mask = it.part_map
            if mask is None:
                mask = np.zeros(it.original_image.shape[:2], np.uint8)
            drawing = Drawing(
                it.drawing_id, it.original_image, it.edited_image, it.edit_prompt, it.parts, mask,
                it.id,
            )  # fmt: skip
            stem, swap = file_stem(it.id), swap_of(drawing)
            Image.fromarray(it.original_image).save(folder / "sketches" / f"{stem}.png")
            Image.fromarray(mask).save(folder / "masks" / f"{stem}.png")
            swapped = (swap.prompt, swap.part + 1) if swap else ("", "")
            writer.writerow((stem, drawing.seed, it.edit_prompt, *swapped))
            count += 1
    return count
