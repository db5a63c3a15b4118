import numpy as np
import pytest
from metric_cases import case, computed

from pokecolor.core.palette import prompt_color_f1
from pokecolor.evaluation.metrics.prompt_color import has_main_color

WHITE = np.full((20, 20, 3), 255, np.uint8)
RED, BLUE = (210, 40, 40), (40, 90, 200)


def picture():
    """Red in 75 and blue in 24 of 100 pixels, one green."""
    image = np.full((20, 20, 3), 255, np.uint8)
    image[5:15, 5:15] = RED
    image[5:11, 5:9] = BLUE
    image[14, 14] = (80, 160, 60)
    return image


@pytest.mark.parametrize(
    ("prompt", "f1"),
    [
        ("a red creature with blue eyes", 1.0),
        ("a crimson creature", 2 / 3),  # blue is there and not named
        ("a red creature with blue eyes and a green tail", 4 / 5),  # one pixel is not there
        ("a yellow creature", 0.0),
        ("a creature", None),
    ],
)
def test_named_colors_against_those_that_are_there(prompt, f1):
    assert prompt_color_f1(picture(), prompt) == (f1 if f1 is None else pytest.approx(f1))


def test_the_main_color_is_the_most_frequent():
    assert has_main_color(picture(), "red")
    assert not has_main_color(picture(), "blue")
    assert not has_main_color(np.full((4, 4, 3), 255, np.uint8), "white")


def test_the_metric_leaves_out_prompts_without_colors():
    prompts = ("a red and blue fox", "a yellow fox", "a fox")
    cases = [case(picture(), WHITE, picture(), prompt) for prompt in prompts]
    assert computed("prompt_color_f1", cases)[:3:2] == (0.5, 2)


def test_each_color_of_a_template_is_a_score_and_one_that_failed_is_0():
    by_color = {"red": picture(), "blue": picture(), "green": None}
    one = case(None, WHITE, picture(), by_color=by_color)  # without the picture itself
    assert computed("main_color", [one]).scores == (1.0, 0.0, 0.0)
