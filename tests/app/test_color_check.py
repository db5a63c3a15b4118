import numpy as np
import pytest
from PIL import Image, ImageDraw

from pokecolor.app.color_check import check_parts
from pokecolor.coloring.instruction import read_instruction

SIZE = 200
RED, BLUE, WHITE, NONE = (210, 47, 39, 255), (30, 80, 160, 255), (255, 255, 255, 255), (0, 0, 0, 0)
EYES = [(70, 70), (130, 70)]


def drawing(eyes="open", size=SIZE):
    """A face with two eyes: its lines on white."""
    image = Image.new("RGB", (SIZE, SIZE), "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((20, 20, 180, 180), outline="black", width=3)
    for x, y in EYES:
        box = (x - 9, y - 9, x + 9, y + 9)
        pen.ellipse(box, outline="black", width=3, fill="black" if eyes == "solid" else None)
    return image.resize((size, size), Image.Resampling.NEAREST)


def colored(body=RED, eyes=WHITE, belly=None, size=SIZE):
    """The layer of colors below it."""
    image = Image.new("RGBA", (SIZE, SIZE), NONE)
    pen = ImageDraw.Draw(image)
    pen.ellipse((20, 20, 180, 180), fill=body)
    if belly:
        pen.ellipse((70, 110, 130, 160), fill=belly)
    for x, y in EYES:
        pen.ellipse((x - 9, y - 9, x + 9, y + 9), fill=eyes)
    return image.resize((size, size), Image.Resampling.NEAREST)


def check(prompt, colors, lines=None):
    verdicts = check_parts(colors, lines or drawing(), read_instruction(prompt))
    return {verdict.part: verdict.state for verdict in verdicts}


@pytest.mark.parametrize(
    ("prompt", "colors", "states"),
    [
        ("a red fox with blue eyes", colored(eyes=BLUE), {"": "right", "eyes": "present"}),
        ("a red fox with blue eyes", colored(), {"": "right", "eyes": "absent"}),
        ("a blue fox with red eyes", colored(WHITE, RED), {"": "wrong", "eyes": "present"}),
        # a color that two parts have tells nothing of either
        ("a red fox with red eyes", colored(eyes=RED), {"": "right", "eyes": "unmeasured"}),
        ("fox: red eyes and red tail", colored(body=BLUE), {"eyes": "absent", "tail": "absent"}),
        # white paper is white
        ("a red fox with a white belly", colored(belly=NONE), {"": "right", "belly": "present"}),
        ("a white fox", colored(body=NONE, eyes=NONE), {"": "right"}),
        ("a white fox", colored(), {"": "wrong"}),
        # of two colors of the whole each has its half
        ("a red and blue fox", colored(body=RED, belly=BLUE), {"": "wrong"}),
        ("something nice", colored(), {}),
    ],
)  # fmt: skip
def test_each_part_is_right_or_not(prompt, colors, states):
    assert check(prompt, colors) == states


def test_what_another_part_asked_for_does_not_count_against_the_whole():
    colors = colored(body=BLUE)
    ImageDraw.Draw(colors).rectangle((0, 60, 200, 200), fill=NONE)
    ImageDraw.Draw(colors).rectangle((40, 60, 160, 165), fill=RED)
    verdicts = check_parts(colors, drawing(), read_instruction("a blue fox with a red belly"))
    assert verdicts[0].state == "right" and 0.5 < verdicts[0].share < 1
    assert verdicts[1].share is None


def test_eyes_of_solid_ink_take_no_color():
    solid = drawing("solid")
    assert check("a red fox with blue eyes", colored(), solid) == {"": "right", "eyes": "ink"}
    assert check("a red fox with red eyes", colored(), solid) == {"": "right", "eyes": "ink"}
    assert check("a red fox with black eyes", colored(), solid) == {"": "right", "eyes": "present"}
    # a tail is not drawn so
    assert check("a red fox with a blue tail", colored(), solid) == {"": "right", "tail": "absent"}
    # a picture that has the color nevertheless, as where solid pupils are within the eyes
    assert check("a red fox with blue eyes", colored(belly=BLUE), solid)["eyes"] == "present"


def test_a_color_by_value_is_looked_for_as_what_it_looks_like():
    assert check("a #d22f27 fox", colored()) == {"": "right"}
    assert check("a #0000ff fox", colored()) == {"": "wrong"}
    (verdict,) = check_parts(colored(), drawing(), read_instruction("a #d22f27 fox"))
    assert verdict.hex == "#d22f27"


@pytest.mark.parametrize("size", [100, 1200])
def test_large_pictures_are_judged_as_small_ones_are(size):
    prompt = "a red fox with blue eyes"
    small, other = (
        check_parts(colored(eyes=BLUE, size=s), drawing(size=s), read_instruction(prompt))
        for s in (SIZE, size)
    )
    assert [v.state for v in small] == [v.state for v in other]
    assert small[0].share == pytest.approx(other[0].share, abs=0.02)


def test_an_empty_sheet_is_judged_too():
    blank = Image.fromarray(np.full((64, 64, 3), 255, np.uint8))
    nothing = Image.new("RGBA", (64, 64), NONE)
    assert check("a red fox with blue eyes", nothing, blank) == {"": "wrong", "eyes": "absent"}
