import numpy as np
from PIL import Image, ImageDraw

from pokecolor.evaluation.answer_key.flood_fill import flood_fill
from pokecolor.evaluation.answer_key.points import nearest_color_name


def circle(page="white", line="black"):
    image = Image.new("RGB", (100, 100), page)
    ImageDraw.Draw(image).ellipse((20, 20, 80, 80), outline=line, width=3)
    return image


def test_what_lines_enclose_has_the_first_color_and_the_rest_is_white():
    picture = np.asarray(flood_fill(circle(), "a red ball with blue stripes"))
    assert nearest_color_name(picture[50, 50]) == "red"
    assert (picture[2, 2] == 255).all()
    assert picture[50, 20:24].min() < 60


def test_grey_paper_becomes_white():
    picture = np.asarray(flood_fill(circle((200, 200, 200), (60, 60, 60)), "blue"))
    assert (picture[2, 2] >= 250).all()
    assert nearest_color_name(picture[50, 50]) == "blue"


def test_without_a_color_it_stays_white():
    assert np.asarray(flood_fill(circle(), "a ball"))[50, 50].min() == 255


def test_the_first_color_may_be_named_in_korean():
    picture = np.asarray(flood_fill(circle(), "빨간 공, 줄무늬는 파란색"))
    assert nearest_color_name(picture[50, 50]) == "red"
