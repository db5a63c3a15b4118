import numpy as np
import pytest
from metric_cases import case, computed

from pokecolor.core.schema import Part
from pokecolor.evaluation.metrics.region_color import (
    region_color_hits,
    region_medians,
)

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
    assert region_medians(image, part_map, PARTS)[0].tolist() == list(GREEN)
    assert region_color_hits(image, part_map, PARTS)[0].found == "green"
    image[4:, 1:11] = RED
    assert region_color_hits(image, part_map, PARTS)[0].found == "red"


def test_a_part_that_hardly_shows_has_no_color():
    _, eyes, horns, tooth = region_medians(*drawing(), PARTS)
    assert eyes.tolist() == horns.tolist() == list(BLUE)
    assert tooth is None


def test_named_parts_that_show_are_judged():
    image, part_map = drawing()
    body = int((part_map == 1).sum())
    hits = region_color_hits(image, part_map, PARTS)
    assert [hit[:4] for hit in hits] == [
        ("body", "green", "green", body),
        ("eyes", "red", "blue", 9),
    ]
    assert [hit.hit for hit in region_color_hits(image, part_map, PARTS)] == [True, False]


def test_the_distance_is_that_of_the_colors_in_cielab():
    image, part_map = drawing()
    image[part_map == 1] = (0, 0, 0)
    parts = (Part("body", "white", (255, 255, 255), True), *PARTS[1:])
    body, eyes = region_color_hits(image, part_map, parts)
    assert body.distance == pytest.approx(100, abs=0.1)  # from black to white
    assert eyes.distance > 50
    assert region_color_hits(*drawing(), PARTS)[0].distance == 0


def test_the_metrics_count_the_parts_of_all_pictures_alike():
    image, part_map = drawing()
    one = case(image, image, parts=PARTS, part_map=part_map)  # one of two
    other = case(image, image, parts=PARTS[:1], part_map=part_map * (part_map == 1))  # one of one
    found = computed("region_color", [one], [other])
    assert (found.value, found.n) == (pytest.approx(2 / 3), 3)
    assert computed("main_region_color", [one, other, case()])[:3:2] == (1.0, 2)
    hits = [*one.hits, *other.hits]
    distance = sum(hit.distance for hit in hits) / len(hits)
    assert computed("region_color_distance", [one, other]).value == pytest.approx(distance)


def test_a_picture_that_failed_has_no_part_right():
    image, part_map = drawing()
    failed = case(None, image, parts=PARTS, part_map=part_map)
    assert computed("region_color", [failed]).scores == (0.0, 0.0)
    assert computed("main_region_color", [failed]).scores == (0.0,)
    assert computed("region_color_distance", [failed]).n == 0
