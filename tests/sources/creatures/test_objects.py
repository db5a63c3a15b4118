import numpy as np

from pokecolor.sources.creatures.objects import MOST_COLORS, draw_object


def figures(count=60):
    return [draw_object(np.random.default_rng(seed)) for seed in range(count)]


def test_colors_are_numbered_from_the_first_to_the_last():
    seen = set()
    for figure in figures():
        regions = {shape.region for shape in figure.walk() if shape.region is not None}
        assert regions == {str(n) for n in range(len(regions))}
        assert len(regions) <= MOST_COLORS
        seen.add(len(regions))
    assert {1, 2, 3} <= seen, "of few colors and of many"


def test_contours_are_finite_and_have_an_area():
    for figure in figures():
        for shape in figure.walk():
            assert np.isfinite(shape.points).all()
            if shape.region is not None:
                assert np.ptp(shape.points, 0).min() > 0


def test_things_differ():
    assert len({shape.points.tobytes() for f in figures() for shape in f.shapes[:1]}) == 60
