"""Maps the pixels ("cells") of the model's small output to a sketch, and weights reliable ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image
from scipy import ndimage, sparse

from pokecolor.coloring.regions import LINE
from pokecolor.core.colors import name_colors, rgb_to_lab
from pokecolor.core.images.conversion import resize

PAINTED_LINE, PAINTED_WIDTH = 40, 5
"""A structure beside a line of the sketch that is darker than its surroundings by the first value,
of 255, in all channels and thinner than the second, in cells, is the line as the model drew it."""
DOUBT = 1e-3
"""Weight of a cell that a line crosses: it only matters where there is no other cell."""


@dataclass(frozen=True)
class Cells:
    """The model's output, aligned with a sketch."""

    colors: np.ndarray
    """uint8 [h, w, 3], the model's output."""
    ink: np.ndarray
    """float32 [height, width], 0 to 1, the ink of the sketch."""

    @classmethod
    def over(cls, painted: np.ndarray, ink: np.ndarray) -> Cells:
        """Align an output, uint8 [h, w, 3], with ink [height, width]; cells have at least one
        pixel.
        """
        shape = tuple(min(pair) for pair in zip(painted.shape[:2], ink.shape, strict=True))
        return cls(resize(painted, shape, Image.Resampling.BOX), ink)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of cells."""
        return self.colors.shape[:2]

    @property
    def size(self) -> float:
        """The area of a cell in pixels of the sketch."""
        return self.ink.size / (self.shape[0] * self.shape[1])

    @cached_property
    def lab(self) -> np.ndarray:
        """The cells' colors in CIELAB, [h * w, 3]."""
        return rgb_to_lab(self.colors.reshape(-1, 3))

    @cached_property
    def names(self) -> np.ndarray:
        """The cells' basic color terms, as indices into `TERMS`, [h * w]."""
        return name_colors(self.colors).ravel()

    @cached_property
    def trust(self) -> np.ndarray:
        """How reliably a cell shows the color of the fill: float [h, w], 0 to 1.

        1 where neither the sketch nor the model's output has a line.
        """
        rows, columns = (
            -(-np.arange(cells) * pixels // cells)
            for cells, pixels in zip(self.shape, self.ink.shape, strict=True)
        )
        # the maximum, not the mean: even a thin line changes the color of the cell
        most = np.maximum.reduceat(np.maximum.reduceat(self.ink, rows, 0), columns, 1)
        clear = most < LINE
        mean = resize(self.ink, self.shape, Image.Resampling.BOX)
        return np.where(
            clear & ~_painted_lines(self.colors, clear), 1.0, DOUBT * (1.02 - mean) ** 2
        )

    def at_pixels(self, values: np.ndarray) -> np.ndarray:
        """Values of cells, [h, w], at the pixels of the sketch: [height, width]."""
        rows, columns = self._cells_of_pixels
        return values[rows[:, None], columns]

    def counts(self, regions: np.ndarray, open_: np.ndarray) -> sparse.csr_array:
        """Number of pixels of each region in each cell: sparse [regions + 1, h * w].

        Args:
            regions: int32 [height, width], region numbers.
            open_: bool [height, width], the pixels to count.
        """
        rows, columns = self._cells_of_pixels
        cell = (rows[:, None] * self.shape[1] + columns).astype(np.int32)
        of, at = regions[open_], cell[open_]
        shape = (int(regions.max()) + 1, self.shape[0] * self.shape[1])
        return sparse.coo_array((np.ones(len(of), np.float32), (of, at)), shape).tocsr()

    @cached_property
    def _cells_of_pixels(self) -> tuple[np.ndarray, ...]:
        """The row of cells of each row of pixels, and likewise the columns."""
        return tuple(
            np.arange(pixels) * cells // pixels
            for cells, pixels in zip(self.shape, self.ink.shape, strict=True)
        )


def _painted_lines(painted: np.ndarray, clear: np.ndarray) -> np.ndarray:
    """Lines that the model drew slightly beside those of the sketch: bool [h, w].

    Args:
        painted: uint8 [h, w, 3].
        clear: bool [h, w], where the sketch has no line.
    """
    lightness = painted.max(-1).astype(np.int16)  # a bright color is not a line
    around = ndimage.grey_closing(lightness, (PAINTED_WIDTH, PAINTED_WIDTH))
    beside = ndimage.binary_dilation(~clear, np.ones((3, 3)))
    lines = clear & beside & (around - lightness > PAINTED_LINE)
    # a shape that is dark everywhere is a dark fill
    shapes, count = ndimage.label(clear)
    lit = np.bincount(shapes[clear & ~lines], minlength=count + 1) > 0
    return lines & lit[shapes]
