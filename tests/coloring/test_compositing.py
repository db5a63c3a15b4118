import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from pokecolor.coloring.compositing import LOOKS, color_layer
from pokecolor.coloring.lineart import ink_of
from pokecolor.core.colors import name_color, rgb_to_lab

RED, BLUE, WHITE, YELLOW = (220, 30, 30), (30, 30, 220), (255, 255, 255), (250, 220, 30)
CELLS = 64


def blank(size=256):
    lines = Image.new("RGB", (size, size), "white")
    return lines, ImageDraw.Draw(lines)


def scene(size=256, gap=0):
    """The line art of a box in two halves, and its colors: red left, blue right, white around."""
    lines, pen = blank(size)
    unit = size // 8
    width = max(2, size // 64)
    pen.rectangle((unit, 2 * unit, 7 * unit, 6 * unit), outline="black", width=width)
    pen.line((4 * unit, 2 * unit, 4 * unit, 6 * unit), fill="black", width=width)
    if gap:
        pen.line((2 * unit, 2 * unit, 2 * unit + gap, 2 * unit), fill="white", width=3 * width)
    colors = np.full((size, size, 3), 255, np.uint8)
    colors[2 * unit : 6 * unit, unit : 4 * unit] = RED
    colors[2 * unit : 6 * unit, 4 * unit : 7 * unit] = BLUE
    return lines, colors


def layer(lines, colors, look="clean", blur=0.0):
    """The color layer of what a model of few pixels paints: colors with blurred lines."""
    ink = ink_of(lines)
    lined = Image.fromarray((colors * (1 - ink[..., None])).astype(np.uint8))
    if blur:
        lined = lined.filter(ImageFilter.GaussianBlur(blur))
    painted = np.asarray(lined.resize((CELLS, CELLS), Image.Resampling.BOX))
    return np.asarray(color_layer(painted, ink, look))


def used(colors):
    return {tuple(color) for color in np.unique(colors.reshape(-1, 3), axis=0).tolist()}


@pytest.mark.parametrize("look", LOOKS)
def test_colors_reach_the_lines_and_do_not_cross_them(look):
    lines, target = scene()
    found = layer(lines, target, look)
    open_ = ink_of(lines) == 0
    assert found.shape == (256, 256, 4)
    wrong = np.abs(found[..., :3].astype(int) - target).max(-1) > 12
    assert not wrong[open_].any()
    assert (found[open_ & (target == WHITE).all(-1), 3] == 0).all()
    assert (found[open_ & (target != WHITE).any(-1), 3] == 255).all()


@pytest.mark.parametrize("look", LOOKS)
def test_a_thin_line_through_a_cell_leaves_no_block_beside_it(look):
    """One pixel wide, where a cell of the painting has 8: the line is in its color all the same."""
    lines, pen = blank(512)
    pen.rectangle((50, 50, 460, 460), outline="black", width=3)
    pen.line((60, 70, 440, 431), fill="black")
    target = np.full((512, 512, 3), 255, np.uint8)
    target[50:460, 50:460] = YELLOW
    found = layer(lines, target, look, blur=4)[..., :3].astype(int)
    inside = np.zeros((512, 512), bool)
    inside[56:456, 56:456] = True
    assert np.abs(found[inside] - YELLOW).max() <= (40 if look == "soft" else 12)


def test_the_outer_half_of_an_outline_lies_on_the_background():
    lines, pen = blank()
    pen.rectangle((60, 60, 196, 196), outline="black", width=8)
    target = np.full((256, 256, 3), 255, np.uint8)
    target[64:192, 64:192] = RED
    alpha = layer(lines, target)[128, :, 3]
    assert (alpha[:63] == 0).all() and (alpha[65:190] == 255).all()


def test_a_belly_without_a_line_has_one_smooth_edge_and_no_third_color():
    lines, pen = blank(512)
    pen.ellipse((50, 50, 462, 462), outline="black", width=5)
    fills = Image.new("RGB", (512, 512), "white")
    brush = ImageDraw.Draw(fills)
    brush.ellipse((50, 50, 462, 462), fill=BLUE)
    brush.ellipse((176, 220, 336, 420), fill=YELLOW)
    found = layer(lines, np.asarray(fills), blur=8)[..., :3]
    belly = Image.new("L", (512, 512))
    ImageDraw.Draw(belly).ellipse((176, 220, 336, 420), fill=255)
    is_yellow = found[..., 2] < 125
    differs = is_yellow != (np.asarray(belly) > 0)
    assert differs.sum() < 0.06 * is_yellow.sum()
    inside = found[100:440, 160:360]
    mixed = (np.abs(inside.astype(int) - YELLOW).max(-1) > 15) & (
        np.abs(inside.astype(int) - BLUE).max(-1) > 15
    )
    edge = np.pi * (80 + 100)  # pixels along it
    assert mixed.sum() < 3 * edge
    assert len(used(layer(lines, np.asarray(fills), "flat", blur=8)[100:400, 200:300, :3])) == 1


def test_specks_and_clouds_are_no_color():
    lines, target = scene()
    noisy = target.astype(int) + np.random.default_rng(0).integers(-20, 21, target.shape)
    noisy[70:78, 40:48] = BLUE  # a blot
    noisy[180:188, 60:120] = (150, 60, 60)  # a smear along a line
    found = layer(lines, np.clip(noisy, 0, 255).astype(np.uint8))
    assert len(used(found[70:186, 40:120, :3])) == 1
    assert len(used(found[70:186, 136:216, :3])) == 1


@pytest.mark.parametrize("gap", [3, 60])
def test_a_gap_in_an_outline_neither_leaks_nor_washes_out(gap):
    lines, target = scene(gap=gap)
    found = layer(lines, target)
    assert np.abs(found[74:186, 40:120, :3].astype(int) - RED).max() <= 12
    assert (found[:56, :, 3] == 0).all()


def test_a_closed_pocket_of_paper_stays_white():
    """Such as between a tail and a body; the model spilled a little into it."""
    lines, pen = blank()
    pen.ellipse((40, 60, 160, 200), outline="black", width=3)
    pen.arc((120, 90, 220, 190), 200, 160, fill="black", width=3)
    pen.arc((134, 104, 206, 176), 215, 145, fill="black", width=3)
    target = np.full((256, 256, 3), 255, np.uint8)
    fills = Image.fromarray(target)
    brush = ImageDraw.Draw(fills)
    brush.ellipse((120, 90, 220, 190), fill=RED)
    brush.ellipse((134, 104, 206, 176), fill="white")
    brush.ellipse((40, 60, 160, 200), fill=RED)
    brush.rectangle((164, 150, 172, 158), fill=RED)  # the spill
    for look in ("clean", "flat"):
        found = layer(lines, np.asarray(fills), look)
        assert used(found[130:155, 168:196, :3]) == {WHITE}
        assert np.abs(found[100:160, 60:140, :3].astype(int) - RED).max() <= 12


def test_lines_that_the_model_painted_beside_the_sketch_s_are_no_color():
    lines, target = scene()
    target[72:184, 36:40] = 0  # in the red half, beside the outline
    found = layer(lines, target, "soft")
    assert np.abs(found[80:176, 37:40, :3].astype(int) - RED).max() < 30


def test_small_dark_parts_stay_dark():
    lines, target = scene()
    ImageDraw.Draw(lines).rectangle((60, 100, 76, 116), outline="black", width=2)  # an eye
    target[100:117, 60:77] = 20
    for look in LOOKS:
        assert layer(lines, target, look)[103:114, 63:74, :3].max() < 45


@pytest.mark.parametrize("look", LOOKS)
def test_lines_stay_visible_on_a_black_body(look):
    lines, target = scene()
    target[(target == RED).all(-1)] = (8, 8, 10)
    found = layer(lines, target, look)[80:180, 45:115, :3]
    assert rgb_to_lab(found)[..., 0].min() >= 20
    assert {name_color(color) for color in used(found)} == {"black"}


def test_a_region_smaller_than_a_cell_has_the_color_around_it():
    lines, target = scene()
    pen = ImageDraw.Draw(lines)
    pen.ellipse((70, 110, 76, 116), outline="black")
    found = layer(lines, target)
    assert np.abs(found[112:115, 72:75, :3].astype(int) - RED).max() <= 12


def test_a_picture_of_nothing_but_ink_is_no_error():
    for look in LOOKS:
        found = np.asarray(color_layer(np.zeros((4, 4, 3), np.uint8), np.ones((16, 12)), look))
        assert found.shape == (16, 12, 4)


def test_a_sketch_smaller_than_the_painting_keeps_its_size():
    lines, target = scene(40)
    found = layer(lines, target)
    assert found.shape == (40, 40, 4)
    assert np.abs(found[20, 12, :3].astype(int) - RED).max() <= 12
