import numpy as np
import pytest

from pokecolor.core.colors import TERMS
from pokecolor.sources.text.ranked_parts import PART_NAMES, choose_colors, rank_regions


def test_parts_are_ranked_by_the_area_they_show():
    part_map = np.zeros((10, 20), np.uint8)
    part_map[:, :2], part_map[:, 2:9], part_map[0, 9] = 1, 2, 3
    order, renumbered, visible = rank_regions(part_map, 4)
    assert order == [1, 0, 2, 3]
    assert visible == 2, "one pixel of 200 is too little, and the fourth does not show"
    assert (renumbered[:, :2] == 2).all() and (renumbered[:, 2:9] == 1).all()
    assert renumbered[0, 9] == 3 and (renumbered[:, 10:] == 0).all()


def test_the_largest_part_is_the_main_one():
    for seed in range(30):
        coloring = choose_colors(np.random.default_rng(seed), 6, 5, "varied", "cup")
        assert len(coloring.rgb) == len(coloring.parts) == 6
        for number, part in enumerate(coloring.parts):
            assert part.name in PART_NAMES[min(number, 3)]
        named = [part.named for part in coloring.parts]
        assert named[0] and named == sorted(named, reverse=True) and sum(named) <= 4


def test_the_prompt_tells_the_colors_of_the_named_parts():
    told = 0
    for seed in range(40):
        coloring = choose_colors(np.random.default_rng(seed), 3, 3, "varied", "cup")
        for part in coloring.parts:
            if part.named:
                told += 1
                assert part.color in coloring.prompt.lower()
    assert told > 60


def test_one_color_for_each_word_and_the_main_one_for_the_rest():
    unnamed = 0
    for seed in range(40):
        coloring = choose_colors(np.random.default_rng(seed), 5, 3, "typical", None)
        assert "drawing" in coloring.prompt.lower() or " it " in f" {coloring.prompt} ".lower()
        for part in coloring.parts:
            if not part.named:
                unnamed += 1
                assert part.rgb == coloring.rgb[0] and part.color == coloring.parts[0].color
    assert unnamed


def test_own_colors_stay():
    own = [(255, 0, 0), (0, 0, 255)]
    coloring = choose_colors(np.random.default_rng(0), 2, 2, "typical", "cup", own)
    assert list(coloring.rgb) == own
    assert [part.color for part in coloring.parts] == ["red", "blue"]


@pytest.mark.parametrize("palette", ["varied", "typical"])
def test_more_parts_than_terms_get_colors(palette):
    coloring = choose_colors(np.random.default_rng(0), 20, 20, palette, "cup")
    assert len(coloring.parts) == 20 and {part.color for part in coloring.parts} <= set(TERMS)
