import numpy as np

from pokecolor.sources.creatures.contours import blob, limb
from pokecolor.sources.creatures.figure import Figure
from pokecolor.sources.creatures.style import PAGE, draw_lines, pose


def new_figure():
    return Figure(np.random.default_rng(0))


def test_a_joined_limb_has_no_line_at_its_root():
    figure = new_figure()
    body = figure.add("body", blob((0, 0), (10, 10)))
    arm = figure.add("body", limb([(5, 0), (30, 0)], [2, 2], points=20), joined=body)
    first, last = arm.line
    line = arm.points[first:last]
    assert first > 0 and last < len(arm.points)
    assert line[0][0] < 10 < line[2][0], "the line starts just inside the body"


def test_a_limb_apart_has_its_whole_line():
    figure = new_figure()
    body = figure.add("body", blob((0, 0), (10, 10)))
    assert figure.add("arms", limb([(20, 0), (30, 0)], [2, 2]), joined=body).line is None


def test_children_move_with_the_figure():
    figure = new_figure()
    body = figure.add("body", blob((0, 0), (10, 10)))
    spot = figure.add("spots", blob((0, 0), (2, 2)), on=body)
    figure.move(lambda points: points + 5)
    assert np.allclose(spot.points.mean(0), 5)
    assert list(figure.walk()) == [body, spot]


def test_a_placed_figure_lies_on_the_page():
    for seed in range(20):
        figure = Figure(np.random.default_rng(seed))
        figure.add("body", blob((50, -30), (40, 5)))
        pose(figure)
        points = figure.shapes[0].points
        assert points.min() > 0 and points.max() < PAGE


def test_all_kinds_of_lines_occur():
    rng = np.random.default_rng(0)
    lines = [draw_lines(rng) for _ in range(200)]
    assert all(0.9 <= line.width <= 2.4 for line in lines)
    assert any(line.core for line in lines) and any(line.breaks for line in lines)
    assert any(line.specks for line in lines) and any(not line.breaks for line in lines)
