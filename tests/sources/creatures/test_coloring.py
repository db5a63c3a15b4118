from collections import Counter

import numpy as np

from pokecolor.core.colors import TERMS, find_color_words, name_color
from pokecolor.sources.creatures.coloring import (
    BODY,
    HABITS,
    OWN,
    SECOND,
    color_parts,
    color_parts_typically,
)

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


def test_typically_words_and_parts_tell_every_color():
    """Who knows the words and the parts' names can say what each part looks like."""
    known = {}
    for seed in range(400):
        coloring = color_parts_typically(REGIONS, REGIONS, np.random.default_rng(seed))
        assert set(coloring.terms) == set(coloring.rgb) == set(REGIONS)
        assert all(name_color(coloring.rgb[r]) == coloring.terms[r] for r in REGIONS)
        for region in coloring.named:
            word = coloring.words[region]
            assert find_color_words(word)[0][2] == coloring.terms[region]
            assert known.setdefault(word, coloring.rgb[region]) == coloring.rgb[region]
        if "tail" not in coloring.named:
            assert coloring.rgb["tail"] == coloring.rgb[BODY]
        if "eyes" not in coloring.named:
            # as paper, on which a pupil's lines can be seen
            as_drawn = "black" if coloring.terms[BODY] == "white" else "white"
            assert coloring.terms["eyes"] == as_drawn


def test_typically_a_body_that_is_not_named_is_left_white():
    """Who asks for red eyes and no more gets no body of a color that nobody asked for."""
    many = [
        color_parts_typically(REGIONS, REGIONS, np.random.default_rng(seed)) for seed in range(400)
    ]
    bare = [coloring for coloring in many if BODY not in coloring.named]
    assert 25 < len(bare) < 65
    for coloring in bare:
        assert coloring.rgb[BODY] == (255, 255, 255)
    asked = [coloring for coloring in many if BODY in coloring.named]
    plain = np.mean([coloring.words[BODY] in TERMS for coloring in asked])
    assert 0.5 < plain < 0.7  # the others are shades, such as "dark green"


def test_what_keeps_its_own_color_has_one():
    assert set(OWN) <= set(HABITS)


def test_typically_a_part_without_another_color_takes_the_bodys():
    regions = [BODY, "leaf"]  # a leaf is green, whatever else
    rng = np.random.default_rng(0)
    many = [color_parts_typically(regions, [BODY], rng) for _ in range(100)]
    assert {coloring.terms["leaf"] for coloring in many} == {"green"}


def test_a_creature_of_two_colors_has_the_second_where_second_colors_are():
    said = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        coloring = color_parts_typically(REGIONS, REGIONS, rng, two_colors=1.0)
        if BODY not in coloring.named or "belly" in coloring.named:
            assert " and " not in coloring.words[BODY]
            continue
        said += 1
        first, second = coloring.words[BODY].split(" and ")
        assert find_color_words(first)[0][2] == coloring.terms[BODY]
        assert find_color_words(second)[0][2] == coloring.terms["belly"]
        assert coloring.terms["belly"] != coloring.terms[BODY]
        if "tail" not in coloring.named:
            assert coloring.rgb["tail"] == coloring.rgb[BODY]
    assert said > 20


def test_nothing_has_two_colors_where_nothing_has_a_second():
    assert "tail" not in SECOND
    for seed in range(20):
        rng = np.random.default_rng(seed)
        coloring = color_parts_typically(["tail", BODY], [BODY, "tail"], rng, two_colors=1.0)
        assert " and " not in coloring.words[BODY]
