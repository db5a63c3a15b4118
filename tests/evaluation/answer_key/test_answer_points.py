from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pokecolor.evaluation.answer_key.key import KeyDrawing, KeyPart
from pokecolor.evaluation.answer_key.points import PROTOTYPES, look, nearest_color_name

FROG = KeyDrawing(
    "frog",
    Path("frog.png"),
    "creature",
    "a green frog with yellow eyes",
    (
        KeyPart("body", ("green",), ((0.5, 0.7), (0.4, 0.7), (0.6, 0.7))),
        KeyPart("eyes", ("yellow", "orange"), ((0.35, 0.3), (0.65, 0.3))),
        KeyPart("background", ("white",), ((0.03, 0.03), (0.97, 0.03))),
    ),
)


def frog(body="#4caf50", eyes="#ffd600", page="white", mode="RGB"):
    image = Image.new(mode, (200, 100), page)
    draw = ImageDraw.Draw(image)
    draw.ellipse((40, 10, 160, 95), fill=body, outline="black", width=3)
    for x in (60, 120):
        draw.ellipse((x, 20, x + 20, 40), fill=eyes, outline="black", width=2)
    return image


SKETCH = frog("white", "white")


def test_a_picture_painted_as_told_is_right():
    seen = look(frog(), FROG, SKETCH)
    assert seen.all_right
    assert seen.wrong == []
    assert [part.name for part in seen.parts] == ["body", "eyes"]
    assert seen.lines_kept == 1.0


def test_the_bare_sketch_has_nothing_but_its_background():
    seen = look(SKETCH, FROG, SKETCH)
    assert seen.wrong == ["body", "eyes"]
    assert seen.background_right
    assert not seen.all_right


def test_a_wrong_part_is_named_with_the_color_that_is_there():
    seen = look(frog(eyes="#d22f27"), FROG, SKETCH)
    assert seen.wrong == ["eyes"]
    assert {point.name for point in seen.parts[1].points} == {"red"}


def test_half_of_the_points_is_not_enough():
    picture = frog()
    ImageDraw.Draw(picture).ellipse((120, 20, 140, 40), fill="#d22f27")
    assert look(picture, FROG, SKETCH).wrong == ["eyes"]


def test_paint_beside_the_lines_is_seen():
    picture = frog()
    ImageDraw.Draw(picture).rectangle((0, 0, 30, 30), fill="#4caf50")
    seen = look(picture, FROG, SKETCH)
    assert seen.background_points == [False, True]
    assert not seen.background_right
    assert not seen.all_right


def test_transparency_lies_on_white_and_other_sizes_are_resized():
    seen = look(frog(page=(0, 0, 0, 0), mode="RGBA"), FROG, SKETCH)
    assert seen.all_right
    assert look(frog().resize((400, 200)), FROG, SKETCH).all_right


def test_lines_that_are_painted_over_are_not_kept():
    picture = frog()
    ImageDraw.Draw(picture).rectangle((0, 0, 100, 100), fill="#4caf50")
    assert look(picture, FROG, SKETCH).lines_kept == pytest.approx(0.5, abs=0.05)


def test_each_prototype_bears_its_name():
    for name, colors in PROTOTYPES.items():
        for color in colors.split():
            rgb = np.array([int(color[i : i + 2], 16) for i in (0, 2, 4)])
            assert nearest_color_name(rgb) == name


@pytest.mark.parametrize(
    ("rgb", "name"), [((0, 0, 255), "blue"), ((0, 0, 128), "blue"), ((255, 0, 0), "red")]
)
def test_primary_colors_have_the_names_that_people_give_them(rgb, name):
    assert nearest_color_name(np.array(rgb)) == name
