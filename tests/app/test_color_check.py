import numpy as np
import pytest
from PIL import Image, ImageDraw
from quick_service import box

from pokecolor.app.color_check import check_colors
from pokecolor.core.palette import prompt_color_f1

LINES = Image.fromarray(box(200))


def painted():
    """The box red, a small square in it blue."""
    picture = LINES.copy()
    ImageDraw.floodfill(picture, (100, 100), (210, 47, 39))
    ImageDraw.Draw(picture).rectangle((90, 90, 106, 106), fill=(30, 80, 160))
    return picture


def test_each_named_color_is_found_a_little_or_not():
    prompt = "a red box with a blue dot and green spots, very red"
    judgment = check_colors(painted(), LINES, prompt, prompt_color_f1)
    assert [(color.term, color.found) for color in judgment.colors] == [
        ("red", "yes"), ("blue", "little"), ("green", "no"),
    ]  # fmt: skip
    assert judgment.colors[0].share == pytest.approx(1 - judgment.colors[1].share, abs=0.02)
    assert judgment.score == pytest.approx(0.5)  # red alone counts, of three named


def test_a_prompt_without_colors_is_not_judged():
    judgment = check_colors(painted(), LINES, "something nice", prompt_color_f1)
    assert judgment.colors == () and judgment.score is None


def test_large_pictures_are_judged_as_small_ones_are():
    large = [image.resize((1600, 1600), Image.Resampling.NEAREST) for image in (painted(), LINES)]
    small = check_colors(painted(), LINES, "red and blue", prompt_color_f1)
    big = check_colors(*large, "red and blue", prompt_color_f1)
    assert np.allclose([c.share for c in small.colors], [c.share for c in big.colors], atol=0.01)
