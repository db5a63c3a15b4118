import random

import numpy as np
import pytest
from metric_cases import case, computed

from pokecolor.core.colors import find_color_words
from pokecolor.core.schema import Part
from pokecolor.evaluation.cases import Swapped
from pokecolor.evaluation.metrics.off_target_change import (
    MARGIN,
    off_target_change,
    swap_part_color,
)

PARTS = (
    Part("body", "green", (80, 160, 60), True),
    Part("eyes", "red", (210, 40, 40), True),
    Part("horns", "blue", (40, 90, 200), False),
)


def test_a_swap_gives_one_named_part_a_color_that_is_not_mentioned():
    prompt = "Turn it into a green creature with crimson eyes"
    parts = set()
    for seed in range(20):
        swap = swap_part_color(prompt, PARTS, random.Random(seed))
        words = [term for _, _, term in find_color_words(swap.prompt)]
        assert words[swap.part] == swap.color not in ("green", "red")
        assert words[1 - swap.part] == ("green", "red")[1 - swap.part]
        parts.add(swap.part)
    assert parts == {0, 1}


@pytest.mark.parametrize(
    ("prompt", "parts"),
    [
        ("a red creature with red eyes", PARTS[1:2]),  # which "red" is the eyes'?
        ("a green creature", (*PARTS[:1], Part("head", "green", (80, 160, 60), True))),
        ("a creature", PARTS),
        ("a blue creature", PARTS[2:]),  # known, but not what the instruction is about
    ],
)
def test_what_cannot_be_swapped_without_doubt_is_not(prompt, parts):
    assert swap_part_color(prompt, parts, random.Random(0)) is None


def test_the_share_that_changes_outside_the_part():
    before = np.full((20, 20, 3), 255, np.uint8)
    part = np.zeros((20, 20), bool)
    part[8:12, 8:12] = True
    after = before.copy()
    after[part] = (255, 0, 0)
    assert off_target_change(before, after, part) == 0
    after[:2] = (255, 0, 0)
    outside = 400 - (8 * 8 - 4 * 3)  # the part grown by two steps, without its corners
    assert MARGIN == 2
    assert off_target_change(before, after, part) == pytest.approx(40 / outside)


def test_only_the_pixels_asked_for_are_looked_at():
    before = np.full((20, 20, 3), 255, np.uint8)
    part, among = np.zeros((20, 20), bool), np.zeros((20, 20), bool)
    part[:, :4], among[:, 4:16] = True, True
    after = before.copy()
    after[:10] = (255, 0, 0)
    after[:, 16:] = (255, 0, 0)
    assert off_target_change(before, after, part, among) == pytest.approx(0.5)
    assert off_target_change(before, after, part, part) == 0, "nothing of it is outside"


def test_a_change_that_nobody_sees_is_none():
    before = np.full((8, 8, 3), 128, np.uint8)
    assert off_target_change(before, before + np.uint8(8), np.zeros((8, 8), bool)) == 0
    assert off_target_change(before, before + np.uint8(60), np.zeros((8, 8), bool)) == 1


def test_a_part_that_is_everything_leaks_nowhere():
    before = np.zeros((8, 8, 3), np.uint8)
    assert off_target_change(before, before + np.uint8(255), np.ones((8, 8), bool)) == 0


def test_the_metrics_are_means_over_the_drawings_with_a_color_to_swap():
    before = np.full((8, 8, 3), 128, np.uint8)
    part_map = np.repeat(np.array([1, 1, 0, 0, 0, 0, 2, 2], np.uint8)[None], 8, 0)
    parts = tuple(Part(name, "red", (0, 0, 0), True) for name in ("body", "wing"))
    about = {"parts": parts, "part_map": part_map}
    after = before.copy()
    after[part_map == 2] += 60
    kept, leaked = (case(before, before, swap=Swapped(0, x), **about) for x in (before, after))
    found = computed("off_target_change", [kept, leaked, case(before, before, **about)])
    assert (found.value, found.n) == (0.25, 2)  # half of what is outside changes in one
    assert computed("off_target_change_of_named", [kept, leaked]).value == 0.5
    alone = case(before, before, parts=parts[:1], part_map=part_map % 2, swap=Swapped(0, after))
    assert (
        computed("off_target_change_of_named", [alone]).n == 0
        and computed("off_target_change", [alone]).n == 1
    )


def test_what_changes_nothing_leaks_nothing():
    before = np.full((8, 8, 3), 128, np.uint8)
    one = case(before, before, swap=Swapped(0, before + np.uint8(60)))
    assert computed("off_target_change", [one]).value == 1.0
    assert computed("off_target_change", [one.of("sketch")]).value == 0.0
