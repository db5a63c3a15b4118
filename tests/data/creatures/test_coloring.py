from collections import Counter

import numpy as np

from pokecolor.colors import TERMS, name_color
from pokecolor.data.creatures.coloring import BODY, HABITS, color_parts

REGIONS = ["tail", BODY, "eyes", "belly", "horn"]


def colorings(count):
    return [color_parts(REGIONS, REGIONS, np.random.default_rng(seed)) for seed in range(count)]


def test_every_part_has_a_color_that_bears_its_term():
    for coloring in colorings(50):
        assert set(coloring.terms) == set(coloring.rgb) == set(REGIONS)
        assert all(name_color(coloring.rgb[r]) == coloring.terms[r] for r in REGIONS)


def test_the_body_is_nearly_always_named_and_first():
    named = [coloring.named for coloring in colorings(300)]
    assert all(names and len(set(names)) == len(names) for names in named)
    assert np.mean([names[0] == BODY for names in named]) > 0.9
    assert all(BODY not in names[1:] for names in named)


def test_every_named_part_takes_every_term():
    many = colorings(600)
    for region in REGIONS:
        seen = Counter(c.terms[region] for c in many if region in c.named)
        assert set(seen) == set(TERMS), region


def test_a_part_too_small_is_never_named():
    for seed in range(100):
        coloring = color_parts(REGIONS, [BODY, "eyes"], np.random.default_rng(seed))
        assert set(coloring.named) <= {BODY, "eyes"}


def test_habits_are_about_known_terms():
    assert all(set(weights) <= set(TERMS) for weights in HABITS.values())
