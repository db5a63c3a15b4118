import numpy as np
import pytest
from metric_cases import case, computed

from pokecolor.evaluation.metrics.line_f1 import line_f1


def sketch():
    """A box drawn with lines two pixels wide."""
    image = np.full((64, 64, 3), 255, np.uint8)
    image[16:48, 16:48] = 0
    image[18:46, 18:46] = 255
    return image


@pytest.mark.parametrize("fill", [(200, 40, 40), (255, 255, 255), (0, 0, 0)])
def test_the_strokes_over_any_fill_are_kept(fill):
    picture = sketch()
    picture[18:46, 18:46] = fill
    assert line_f1(picture, sketch()) == 1.0


@pytest.mark.parametrize("color", [(0, 0, 0), (200, 0, 0), (255, 255, 255)])
def test_a_picture_of_one_color_shows_no_stroke(color):
    assert line_f1(np.full((64, 64, 3), color, np.uint8), sketch()) == 0


def test_strokes_may_be_off_by_a_pixel_but_not_by_three():
    assert line_f1(np.roll(sketch(), 1, axis=1), sketch()) == 1.0
    assert line_f1(np.roll(sketch(), 3, axis=(0, 1)), sketch()) < 0.2


def test_lost_and_added_strokes_cost():
    lost, added = sketch(), sketch()
    lost[:, 32:] = 255
    assert line_f1(lost, sketch()) == pytest.approx(2 / 3, abs=0.02)  # half of the recall
    added[4:6, :] = 0
    drawn = (sketch() == 0).all(-1).sum()
    precision = drawn / (drawn + 128)
    assert line_f1(added, sketch()) == pytest.approx(2 * precision / (1 + precision), abs=0.01)


def test_an_empty_sketch_has_no_lines_to_keep():
    blank = np.full((32, 32, 3), 255, np.uint8)
    assert line_f1(sketch()[:32, :32], blank) is None


def test_the_metric_leaves_out_sketches_without_lines():
    blank = np.full((64, 64, 3), 255, np.uint8)
    assert computed("visible_line_f1", [case(sketch(), sketch()), case(sketch(), blank)])[:3:2] == (
        1.0,
        1,
    )
