import math

import numpy as np
import pytest
from metric_cases import case, computed

from pokecolor.evaluation.metrics.colorfulness import colorfulness


def plain(*colors):
    """Stripes of equal width."""
    return np.array([colors] * 4, np.uint8)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_grey_has_none(level):
    assert colorfulness(plain([level] * 3)) == 0


def test_a_single_color_has_only_its_distance_from_grey():
    # red - green = 255, (red + green) / 2 - blue = 127.5
    assert colorfulness(plain([255, 0, 0])) == pytest.approx(0.3 * math.hypot(255, 127.5))


def test_two_colors_have_their_spread_besides():
    # red: (255, 127.5), green: (-255, 127.5): spread 255 and 0, means 0 and 127.5
    image = plain([255, 0, 0], [0, 255, 0])
    assert colorfulness(image) == pytest.approx(255 + 0.3 * 127.5)


def test_sums_over_pixels_agree():
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    pixels = [tuple(map(float, pixel)) for row in image for pixel in row]
    total = []
    for values in ([r - g for r, g, _ in pixels], [(r + g) / 2 - b for r, g, b in pixels]):
        mean = sum(values) / len(values)
        total.append((mean**2, sum((v - mean) ** 2 for v in values) / len(values)))
    (m1, v1), (m2, v2) = total
    assert colorfulness(image) == pytest.approx(math.sqrt(v1 + v2) + 0.3 * math.sqrt(m1 + m2))


def test_the_metric_is_the_mean_over_images():
    images = [plain([255, 0, 0]), plain([9, 9, 9], [0, 0, 255])]
    found = computed("colorfulness", [case(images[0])], [case(images[1])])
    assert found.value == pytest.approx(sum(map(colorfulness, images)) / 2)
