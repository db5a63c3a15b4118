import numpy as np
import pytest

from pokecolor.sources.labeled.strokes import Pen, draw_strokes, redraw, stroke_width

NOTHING = np.zeros((64, 64), bool)


def bar(width):
    ink = NOTHING.copy()
    ink[:, 30 : 30 + width] = True
    return ink


@pytest.mark.parametrize("width", [1, 3, 7, 11])
def test_the_width_of_strokes_is_found(width):
    assert stroke_width(bar(width)) == pytest.approx(width, abs=1)


@pytest.mark.parametrize("had", [1, 3, 9])
@pytest.mark.parametrize("wanted", [2, 5])
def test_strokes_are_brought_to_a_width(had, wanted):
    strokes = redraw(bar(had), NOTHING, wanted)
    assert strokes[32].sum() == pytest.approx(wanted, abs=1)
    assert strokes[32, 30 + had // 2]


def test_an_edge_without_a_stroke_gets_one_and_an_edge_beside_one_does_not():
    edges = NOTHING.copy()
    edges[:, 10] = True
    edges[:, 33] = True
    strokes = redraw(bar(3), edges, 3)
    assert strokes[32, 10]
    assert strokes[32, 25:45].sum() == pytest.approx(3, abs=1)


def test_thinning_leaves_no_gap_in_a_line_of_two_widths():
    ink = bar(9)
    ink[:20] = bar(3)[:20]
    edges = NOTHING.copy()
    edges[:20, 31], edges[20:, 34] = True, True
    assert redraw(ink, edges, 2).any(1).all()


def test_ink_is_black_and_a_pencil_is_uneven():
    strokes = bar(5)
    rng = np.random.default_rng(0)
    ink = draw_strokes(strokes, Pen(5, breaks=0, grain=0, darkness=1), rng)
    assert (ink == strokes).all()
    pencil = draw_strokes(strokes, Pen(5, breaks=0, grain=0.8, darkness=0.7), rng)
    assert pencil[~strokes].max() == 0
    assert 0 < pencil[strokes].std()
    assert pencil.max() <= 0.7 + 1e-6


def test_breaks_are_gaps_in_the_strokes():
    strokes = bar(3)
    broken = draw_strokes(strokes, Pen(3, breaks=2, grain=0, darkness=1), np.random.default_rng(0))
    rows = broken.any(1)
    assert 0.5 < rows.mean() < 1


def test_pens_are_as_wide_as_their_range_says():
    rng = np.random.default_rng(0)
    widths = np.array([Pen.sample(rng, pixel=2).width for _ in range(200)])
    assert 1.2 <= widths.min() < 1.6
    assert 3.5 < widths.max() <= 4
