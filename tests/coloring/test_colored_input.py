"""Pictures in color are told from drawings, and their lines are found."""

import itertools

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pokecolor.coloring.colored_input import is_colored, lines_of
from pokecolor.coloring.lineart import ink_of
from pokecolor.sources.creatures import CreatureSource


def face(fill, line="black", width=4, page="white", size=240):
    """A disc with two eyes and a mouth."""
    image = Image.new("RGB", (size, size), page)
    draw = ImageDraw.Draw(image)
    draw.ellipse((30, 30, size - 30, size - 30), fill, line, width)
    for x in (85, 155):
        draw.ellipse((x - 12, 90, x + 12, 114), None, line, width)
    draw.arc((80, 120, 160, 180), 20, 160, line, width)
    return image


@pytest.fixture(scope="module")
def creatures():
    source = CreatureSource(size=256, count=24)
    found = (next(source.triplets(drawing)) for drawing in itertools.islice(source.drawings(), 24))
    return list(found)


def test_generated_creatures_in_color_are_told_from_their_sketches(creatures):
    colored = [is_colored(Image.fromarray(each.edited_image)) for each in creatures]
    drawn = [is_colored(Image.fromarray(each.original_image)) for each in creatures]
    assert np.mean(colored) >= 0.8  # some are grey, black or nearly white
    assert not any(drawn)


@pytest.mark.parametrize("fill", ["red", "#c9b3e0", "#8fd14f"])
def test_a_filled_drawing_is_in_color(fill):
    assert is_colored(face(fill))
    assert is_colored(face(fill, size=1200, width=20))


def penguin(body, feet):
    """A body that is all in a tone, and feet that are small."""
    image = face(body)
    draw = ImageDraw.Draw(image)
    for x in (85, 155):
        draw.ellipse((x - 16, 198, x + 16, 222), feet, "black", 4)
    return image


@pytest.mark.parametrize("body", ["#8a8a90", "#202024", "black"])
def test_a_grey_or_black_animal_with_small_parts_in_color_is_in_color(body):
    assert is_colored(penguin(body, "orange"))
    assert not is_colored(penguin(body, body))


def test_a_drawing_with_black_areas_and_strokes_in_color_is_not():
    drawing = face("white")
    draw = ImageDraw.Draw(drawing)
    draw.pieslice((30, 30, 210, 210), 180, 360, "black")  # hair
    assert not is_colored(drawing)
    draw.line((20, 20, 220, 40, 60, 220), "red", 3)
    assert not is_colored(drawing)


def test_a_white_animal_with_black_feet_is_not():
    assert not is_colored(penguin("white", "black"))


@pytest.mark.parametrize(
    "drawing",
    [
        face("white"),
        face("white", line="blue"),
        face("white", line="#5b2a86", width=8),  # a broad felt pen
        face("#e8d8a8", page="#e8d8a8", line="#444444"),  # pencil on yellow paper
        face("#bbbbbb"),
        face("black", line="white", page="black"),
        Image.new("RGB", (50, 60), "white"),
    ],
    ids=["ink", "pen", "broad", "paper", "grey", "inverted", "blank"],
)
def test_drawings_are_not(drawing):
    assert not is_colored(drawing)


def test_the_lines_of_a_picture_in_color_are_those_that_were_drawn():
    lines = np.asarray(lines_of(face("#8fd14f")))
    drawn = np.asarray(face("white"))
    assert lines.shape == drawn.shape
    assert (lines[drawn[..., 0] == 0] < 60).mean() > 0.97
    assert (lines[drawn[..., 0] == 255] > 200).mean() > 0.99


def test_the_lines_of_generated_creatures_are_their_sketches(creatures):
    kept, added = [], []
    for each in creatures:
        found = ink_of(lines_of(Image.fromarray(each.edited_image))) > 0.5
        drawn = ink_of(Image.fromarray(each.original_image)) > 0.5
        kept.append(found[drawn].mean())
        added.append(found[~drawn].mean())
    assert np.median(kept) > 0.7 and np.median(added) < 0.05


def test_black_areas_stay_and_colors_go():
    image = face("yellow")
    ImageDraw.Draw(image).rectangle((100, 180, 140, 205), "black")
    lines = np.asarray(lines_of(image))
    assert (lines[185:200, 105:135] == 0).all()
    assert (lines[..., 0] == lines[..., 2]).all()
