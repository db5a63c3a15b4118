import numpy as np

from pokecolor.coloring.cells import DOUBT, Cells


def test_a_cell_that_a_thin_line_crosses_is_not_trusted():
    ink = np.zeros((80, 80), np.float32)
    ink[:, 34] = 1  # a tenth of the fourth column of cells
    trust = Cells.over(np.full((8, 8, 3), 200, np.uint8), ink).trust
    assert (trust[:, 3] <= DOUBT * 1.1).all()
    assert (np.delete(trust, 3, 1) == 1).all()


def test_pixels_are_counted_in_the_cells_that_cover_them():
    ink = np.zeros((7, 10), np.float32)
    cells = Cells.over(np.zeros((3, 4, 3), np.uint8), ink)
    regions = np.ones((7, 10), np.int32)
    regions[:, 5:] = 2
    open_ = np.ones((7, 10), bool)
    open_[0] = False
    counts = cells.counts(regions, open_).toarray()
    assert counts.shape == (3, 12)
    assert counts[1].sum() == counts[2].sum() == 30
    assert (counts[1].reshape(3, 4)[:, 2:] == 0).all()
    assert (counts[2].reshape(3, 4)[:, :2] == 0).all()


def test_no_cell_is_smaller_than_a_pixel():
    cells = Cells.over(np.zeros((128, 64, 3), np.uint8), np.zeros((40, 80), np.float32))
    assert cells.shape == (40, 64)
    assert cells.trust.shape == (40, 64)
