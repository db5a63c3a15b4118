import numpy as np
import pytest

from pokecolor.sources.creatures.figure import Figure
from pokecolor.sources.creatures.plans import PLANS
from pokecolor.sources.creatures.style import PAGE, draw_lines, pose
from pokecolor.sources.creatures.svg import CreatureSvg


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.draw.__name__)
def test_every_kind_has_a_body_and_varies(plan):
    sketches = set()
    for seed in range(6):
        figure = Figure(np.random.default_rng(seed))
        plan.draw(figure)
        pose(figure)
        assert "body" in {shape.region for shape in figure.walk()}
        assert all(np.isfinite(shape.points).all() for shape in figure.walk())
        points = np.vstack([shape.points for shape in figure.shapes])
        assert points.min() > 0 and points.max() < PAGE, "it lies on the page"
        sketches.add(CreatureSvg(figure, draw_lines(figure.rng)).sketch())
    assert len(sketches) == 6
