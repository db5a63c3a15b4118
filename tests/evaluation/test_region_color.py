import numpy as np
import pytest

from pokecolor.evaluation.region_color import (
    RegionColorAccuracy,
    region_color_hits,
    region_colors,
)
from pokecolor.schema import Part

RED, GREEN, BLUE = (210, 40, 40), (80, 160, 60), (40, 90, 200)
PARTS = (
    Part("body", "green", GREEN, True),
    Part("eyes", "red", RED, True),
    Part("horns", "blue", BLUE, False),
    Part("tooth", "white", (255, 255, 255), True),
)


def drawing():
    """A green body with a blue eye and blue horns; the tooth has two pixels."""
    part_map = np.zeros((16, 16), np.uint8)
    part_map[4:, 1:15] = 1
    part_map[6:9, 4:7] = 2
    part_map[:4, 2:4] = 3
    part_map[15, 7:9] = 4
    palette = np.array([(255, 255, 255), GREEN, BLUE, BLUE, GREEN], np.uint8)
    return palette[part_map], part_map


def test_a_part_is_called_by_its_median_color():
    image, part_map = drawing()
    image[4:, 1:6] = RED  # less than half of the body
    assert region_colors(image, part_map, PARTS)[0] == "green"
    image[4:, 1:11] = RED
    assert region_colors(image, part_map, PARTS)[0] == "red"


def test_a_part_that_hardly_shows_has_no_color():
    assert region_colors(*drawing(), PARTS)[1:] == ["blue", "blue", None]


def test_named_parts_that_show_are_judged():
    image, part_map = drawing()
    body = int((part_map == 1).sum())
    assert region_color_hits(image, part_map, PARTS) == [
        ("body", "green", "green", body),
        ("eyes", "red", "blue", 9),
    ]
    assert [hit.hit for hit in region_color_hits(image, part_map, PARTS)] == [True, False]


def test_the_metric_counts_the_parts_of_all_pictures_alike():
    image, part_map = drawing()
    metric = RegionColorAccuracy()
    metric.update([image], [part_map], [PARTS])  # one of two
    metric.update([image], [part_map * (part_map == 1)], [PARTS[:1]])  # one of one
    assert float(metric.compute()) == pytest.approx(2 / 3)
