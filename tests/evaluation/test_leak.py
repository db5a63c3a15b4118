import random

import numpy as np
import pytest

from pokecolor.colors import find_color_words
from pokecolor.evaluation.leak import MARGIN, Leak, leak, swap_part_color
from pokecolor.schema import Part

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
    assert leak(before, after, part) == 0
    after[:2] = (255, 0, 0)
    outside = 400 - (8 * 8 - 4 * 3)  # the part grown by two steps, without its corners
    assert MARGIN == 2
    assert leak(before, after, part) == pytest.approx(40 / outside)


def test_only_the_pixels_asked_for_are_looked_at():
    before = np.full((20, 20, 3), 255, np.uint8)
    part, among = np.zeros((20, 20), bool), np.zeros((20, 20), bool)
    part[:, :4], among[:, 4:16] = True, True
    after = before.copy()
    after[:10] = (255, 0, 0)
    after[:, 16:] = (255, 0, 0)
    assert leak(before, after, part, among) == pytest.approx(0.5)
    assert leak(before, after, part, part) == 0, "nothing of it is outside"


def test_a_change_that_nobody_sees_is_none():
    before = np.full((8, 8, 3), 128, np.uint8)
    assert leak(before, before + np.uint8(8), np.zeros((8, 8), bool)) == 0
    assert leak(before, before + np.uint8(60), np.zeros((8, 8), bool)) == 1


def test_a_part_that_is_everything_leaks_nowhere():
    before = np.zeros((8, 8, 3), np.uint8)
    assert leak(before, before + np.uint8(255), np.ones((8, 8), bool)) == 0


def test_the_metric_is_the_mean():
    before, nowhere = np.full((8, 8, 3), 128, np.uint8), np.zeros((8, 8), bool)
    metric = Leak()
    metric.update([before, before], [before, before + np.uint8(60)], [nowhere, nowhere])
    assert float(metric.compute()) == 0.5
