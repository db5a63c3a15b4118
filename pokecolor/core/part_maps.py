"""Training targets from part maps: the part that a cell shows, and the weight of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from pokecolor.core.colors import TERMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pokecolor.core.schema import Part

IGNORED = -100
"""The target of cells that losses ignore (`ignore_index` of cross-entropy)."""


def map_targets(
    part_map: torch.Tensor, parts: list[tuple[Part, ...]], names: list[str], size: Sequence[int]
) -> torch.Tensor:
    """The part in the middle of each cell: int64 [batch, *size].

    Args:
        part_map: uint8 [batch, height, width], i where `parts[i - 1]` shows, 0 elsewhere.
        parts: the parts of each image; an image without any is `IGNORED` as a whole.
        names: i in the result stands for `names[i - 1]`; other parts are `IGNORED`.
        size: cells along height and width.
    """
    label = {name: i for i, name in enumerate(names, start=1)}
    tables = [
        [0 if of_image else IGNORED, *(label.get(part.name, IGNORED) for part in of_image)]
        for of_image in parts
    ]
    return _look_up(part_map, tables, size)


def color_targets(
    part_map: torch.Tensor, parts: list[tuple[Part, ...]], size: Sequence[int]
) -> torch.Tensor:
    """The color that the prompt asks for in the middle of each cell: int64 [batch, *size].

    Args:
        part_map: uint8 [batch, height, width], i where `parts[i - 1]` shows, 0 elsewhere.
        parts: the parts of each image; those that the prompt does not name are `IGNORED`.
        size: cells along height and width.

    Returns:
        1 + the index of the color in `TERMS`; 0 outside all parts.
    """
    tables = [
        [
            0 if of_image else IGNORED,
            *(1 + TERMS.index(part.color) if part.named else IGNORED for part in of_image),
        ]
        for of_image in parts
    ]
    return _look_up(part_map, tables, size)


def _look_up(part_map: torch.Tensor, tables: list[list[int]], size: Sequence[int]) -> torch.Tensor:
    """Look up the middle of each cell of the maps [batch, height, width] in each image's table."""
    rows, columns = (
        (torch.arange(cells, device=part_map.device) * pixels // cells) + pixels // cells // 2
        for cells, pixels in zip(size, part_map.shape[1:], strict=True)
    )
    coarse = part_map[:, rows][:, :, columns].long()
    # one table for all images: otherwise there would be a GPU transfer for each
    longest = max(len(table) for table in tables)
    padded = [[*table, *[IGNORED] * (longest - len(table))] for table in tables]
    table = torch.tensor(padded, device=coarse.device)
    return table.gather(1, coarse.flatten(1)).view_as(coarse)


def region_weights(part_map: torch.Tensor, size: Sequence[int]) -> torch.Tensor:
    """Weights of cells that give every region of an image the same weight: float32 [batch, *size].

    A region is a part, or everything outside the parts. A cell's weight is the mean, over the
    image's regions, of the region's share of the cell divided by its share of the image. The
    weights of an image have mean 1.

    Args:
        part_map: uint8 [batch, height, width].
        size: cells along height and width; they divide the map's height and width.
    """
    batch, height, width = part_map.shape
    rows, columns = size
    tall, wide = height // rows, width // columns
    # counting reads and writes twenty times less than averaging one plane per region
    pixels = part_map.reshape(batch, rows, tall, columns, wide).transpose(2, 3).flatten(3).long()
    counts = torch.zeros(batch, rows, columns, int(part_map.max()) + 1, device=part_map.device)
    counts.scatter_add_(3, pixels, torch.ones((), device=part_map.device).expand(pixels.shape))
    cells = counts / (tall * wide)  # [batch, *size, regions]
    area = cells.mean((1, 2), keepdim=True)
    present = (area > 0).sum(3)
    return (cells / area.clamp(min=1e-9)).sum(3) / present
