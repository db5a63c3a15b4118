import numpy as np

from pokecolor.sources.creatures.style import FINE, draw_lines

ALL = [draw_lines(np.random.default_rng(seed)) for seed in range(200)]


def test_fine_lines_are_below_the_strokes_and_strokes_grow_no_thicker():
    for lines in ALL:
        fine = lines.fine()
        assert fine.width == FINE <= lines.width
        assert 0.5 <= fine.sketch_width <= lines.sketch_width
        assert (fine.breaks, fine.specks, fine.core) == (lines.breaks, lines.specks, lines.core)


def test_the_two_edges_of_a_thick_line_stay_as_they_are():
    doubled = [lines for lines in ALL if lines.core]
    assert doubled
    assert all(lines.fine().sketch_width == lines.sketch_width for lines in doubled)
