import numpy as np
from PIL import Image, ImageDraw

from pokecolor.coloring.lineart import ink_of
from pokecolor.coloring.regions import find_neighbors, find_regions, split_off_background


def two_rooms(gap):
    """Two rooms of a box, side by side, with a door in the wall between them."""
    lines = Image.new("RGB", (200, 200), "white")
    pen = ImageDraw.Draw(lines)
    pen.rectangle((20, 60, 180, 140), outline="black", width=3)
    pen.line((100, 60, 100, 140), fill="black", width=3)
    if gap:
        pen.rectangle((98, 80, 102, 80 + gap), fill="white")
    return ink_of(lines)


def test_small_gaps_are_closed_and_wide_ones_are_not():
    for gap, apart in ((0, True), (4, True), (50, False)):
        numbers, wide = find_regions(two_rooms(gap), 1 / 25)
        assert (numbers[100, 60] != numbers[100, 140]) == apart
        assert numbers.min() > 0 and numbers[5, 5] not in (numbers[100, 60], numbers[100, 140])
        assert wide[100, 60] and not wide[60, 60]


def test_a_room_too_small_for_a_ball_is_a_region():
    ink = two_rooms(0)
    ink[100:110, 40:50] = 1
    ink[102:108, 42:48] = 0
    numbers, wide = find_regions(ink, 1 / 10)
    assert numbers[105, 45] != numbers[80, 60] and not wide[105, 45]


def test_neighbors_are_those_that_no_line_parts():
    for gap in (0, 4):
        ink = two_rooms(gap)
        numbers, _ = find_regions(ink, 1 / 25)
        pair = sorted((numbers[100, 60], numbers[100, 140]))
        assert find_neighbors(numbers, ink < 0.25).tolist() == ([pair] if gap else [])


def test_what_is_painted_behind_a_wide_gap_is_a_region_of_its_own():
    ink = two_rooms(50)
    numbers, _ = find_regions(ink, 1 / 25)
    ground = np.zeros(ink.shape, bool)
    ground[62:139, 102:179] = True
    parted = split_off_background(numbers, ink, ground)
    assert parted[100, 60] != parted[100, 140]
    assert sorted(np.unique(parted)) == list(range(1, parted.max() + 1))


def test_a_picture_of_ink_alone_is_one_region():
    numbers, wide = find_regions(np.ones((9, 12), np.float32), 1 / 10)
    assert (numbers == 1).all() and not wide.any()
