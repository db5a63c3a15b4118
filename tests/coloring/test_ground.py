import numpy as np
from PIL import Image, ImageDraw

from pokecolor.coloring.cells import Cells
from pokecolor.coloring.ground import find_ground
from pokecolor.coloring.lineart import ink_of

RED = (220, 30, 30)


def blank():
    lines = Image.new("RGB", (256, 256), "white")
    return lines, ImageDraw.Draw(lines), np.full((256, 256, 3), 255, np.uint8)


def ground(lines, colors):
    painted = np.asarray(Image.fromarray(colors).resize((64, 64), Image.Resampling.BOX))
    return find_ground(Cells.over(painted, ink_of(lines)))


def test_the_background_is_what_lies_around_even_where_it_was_painted_on():
    lines, pen, colors = blank()
    pen.rectangle((32, 64, 224, 192), outline="black", width=4)
    colors[64:192, 32:224] = RED
    outside = (colors.min(-1) == 255) & (ink_of(lines) == 0)
    colors[20:44, :] = RED  # above the box
    colors[60:64, 32:224] = RED  # and beyond its line
    found = ground(lines, colors)
    assert found[outside].mean() > 0.99
    assert not found[70:186, 40:216].any()


def test_a_thin_tail_with_a_broken_outline_is_no_background():
    lines, pen, colors = blank()
    pen.ellipse((20, 90, 120, 190), outline="black", width=3)
    pen.rectangle((118, 130, 220, 148), outline="black", width=3)
    pen.rectangle((160, 126, 166, 134), fill="white")  # the gap
    colors[132:148, 120:220] = RED
    found = ground(lines, colors)
    assert not found[134:145, 124:216].any()
    assert found[20:80].all()


def test_a_corner_outside_of_the_outline_is_background():
    lines, pen, colors = blank()
    pen.polygon([(100, 40), (128, 160), (156, 40), (216, 200), (40, 200)], outline="black", width=3)
    colors[120:154, 112:144] = (190, 190, 190)  # spilled between the two tips
    assert ground(lines, colors)[120:140, 126:131].all()


def test_a_shape_that_is_open_keeps_its_color():
    lines, pen, colors = blank()
    pen.arc((60, 120, 196, 320), 180, 360, fill="black", width=4)
    inside = Image.new("L", (256, 256))
    ImageDraw.Draw(inside).ellipse((64, 124, 192, 316), fill=255)
    shoulders = np.asarray(inside) > 0
    shoulders[230:] = False  # nothing is drawn there
    colors[shoulders] = RED
    found = ground(lines, colors)
    assert not found[shoulders].any()
    assert found[:, :50].all() and found[240:].all()


def test_a_picture_colored_up_to_its_border_has_no_background():
    lines = Image.new("RGB", (48, 32), "white")
    assert not find_ground(Cells.over(np.full((32, 48, 3), RED, np.uint8), ink_of(lines))).any()
