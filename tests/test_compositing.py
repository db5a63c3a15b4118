import numpy as np
import pytest
from PIL import Image, ImageDraw

from pokecolor.compositing import background, color_layer, flatten
from pokecolor.lineart import ink_of

RED, BLUE, WHITE = (220, 30, 30), (30, 30, 220), (255, 255, 255)


def scene(size=256, gap=0):
    """The line art of a box in two halves, and its colors: red left, blue right, white around."""
    lines = Image.new("RGB", (size, size), "white")
    pen = ImageDraw.Draw(lines)
    unit = size // 8
    width = max(2, size // 64)
    pen.rectangle((unit, 2 * unit, 7 * unit, 6 * unit), outline="black", width=width)
    pen.line((4 * unit, 2 * unit, 4 * unit, 6 * unit), fill="black", width=width)
    if gap:
        pen.line((2 * unit, 2 * unit, 2 * unit + gap, 2 * unit), fill="white", width=3 * width)
    colors = np.full((size, size, 3), 255, np.uint8)
    colors[2 * unit : 6 * unit, unit : 4 * unit] = RED
    colors[2 * unit : 6 * unit, 4 * unit : 7 * unit] = BLUE
    return ink_of(lines), colors


def painting(ink, colors, size=64):
    """What a model of few pixels makes of it: colors with blurred lines."""
    lined = (colors * (1 - ink[..., None])).astype(np.uint8)
    return np.asarray(Image.fromarray(lined).resize((size, size), Image.Resampling.BOX))


def test_colors_reach_the_lines_and_do_not_cross_them():
    ink, truth = scene()
    layer = color_layer(painting(ink, truth), ink)
    away = ink == 0
    wrong = np.abs(layer.astype(int) - truth).max(-1) > 40
    assert layer.shape == truth.shape
    assert wrong[away].mean() < 0.002
    # right beside the line between the halves, where a blurred painting is neither red nor blue
    assert layer[128, 128 - 5].tolist() == pytest.approx(RED, abs=10)
    assert layer[128, 128 + 6].tolist() == pytest.approx(BLUE, abs=10)


def test_lines_that_the_model_painted_beside_the_sketch_s_are_no_color():
    ink, truth = scene()
    seen = painting(ink, truth).copy()
    seen[18:46, 9] = 0  # in the red half, the pixel beside the outline
    layer = color_layer(seen, ink)
    assert np.abs(layer[80:176, 37:40].astype(int) - RED).max() < 30


def test_small_dark_parts_stay_dark():
    ink, truth = scene()
    pen = Image.fromarray((255 * (1 - ink)).astype(np.uint8))
    ImageDraw.Draw(pen).rectangle((60, 100, 76, 116), outline=0, width=2)  # an eye
    truth[100:117, 60:77] = 20
    ink = 1 - np.asarray(pen, np.float32) / 255
    layer = color_layer(painting(ink, truth), ink)
    assert layer[103:114, 63:74].max() < 40


def test_a_painting_of_nothing_but_lines_is_only_resized():
    layer = color_layer(np.zeros((4, 4, 3), np.uint8), np.ones((16, 12), np.float32))
    assert layer.shape == (16, 12, 3)
    assert layer.max() == 0


@pytest.mark.parametrize("gap", [0, 3])
def test_flat_regions_have_one_color_each_though_the_outline_has_a_gap(gap):
    ink, truth = scene(gap=gap)
    noisy = truth.astype(int) + np.random.default_rng(0).integers(-20, 21, truth.shape)
    noisy[70:80, 40:50] = BLUE  # a blot
    ground = (truth == WHITE).all(-1)
    flat = flatten(np.clip(noisy, 0, 255).astype(np.uint8), ink, ground)
    for rows, columns, color in (
        (slice(70, 186), slice(40, 120), RED),
        (slice(70, 186), slice(136, 216), BLUE),
        (slice(0, 50), slice(0, 256), WHITE),
    ):
        region = flat[rows, columns].reshape(-1, 3)
        assert len(np.unique(region, axis=0)) == 1
        assert region[0].tolist() == pytest.approx(color, abs=20)


def test_a_wide_gap_does_not_wash_what_is_painted_behind_it_away():
    ink, truth = scene(gap=60)
    ground = (truth == WHITE).all(-1)
    flat = flatten(truth, ink, ground)
    assert (flat[70:186, 40:120] == RED).all()
    assert (flat[:50] == WHITE).all()


def test_a_region_of_two_colors_gets_the_commoner_and_no_blend():
    ink, truth = scene()
    truth[:, :90][(truth[:, :90] == RED).all(-1)] = (30, 160, 30)
    flat = flatten(truth, ink, np.zeros(ink.shape, bool))
    assert (flat[70:186, 40:120] == (30, 160, 30)).all()


def test_all_ink_has_no_region_to_flatten():
    colors = np.full((16, 16, 3), 90, np.uint8)
    flat = flatten(colors, np.ones((16, 16), np.float32), np.zeros((16, 16), bool))
    assert (flat == colors).all()


def test_the_background_is_what_lies_around_even_where_it_was_painted_on():
    ink, truth = scene()
    spilled = truth.copy()
    spilled[20:44, :] = RED  # above the box
    spilled[60:64, 32:224] = RED  # and beyond its line
    found = background(spilled, ink)
    outside = (truth.min(-1) == 255) & (ink == 0)
    assert found[outside].mean() > 0.99
    assert found[~outside].mean() < 0.01


def test_a_thin_tail_with_a_broken_outline_is_no_background():
    lines = Image.new("RGB", (256, 256), "white")
    pen = ImageDraw.Draw(lines)
    pen.ellipse((20, 90, 120, 190), outline="black", width=3)
    pen.rectangle((118, 132, 220, 146), outline="black", width=3)
    pen.rectangle((160, 128, 168, 136), fill="white")  # the gap
    ink = ink_of(lines)
    colors = np.full((256, 256, 3), 255, np.uint8)
    colors[136:144, 122:218] = RED
    found = background(colors, ink)
    assert not found[136:143, 124:216].any()
    assert found[20:80].all()


def test_a_shape_that_is_open_keeps_its_color():
    lines = Image.new("RGB", (256, 256), "white")
    ImageDraw.Draw(lines).arc((60, 120, 196, 320), 180, 360, fill="black", width=4)
    inside = Image.new("L", (256, 256))
    ImageDraw.Draw(inside).ellipse((62, 122, 194, 318), fill=255)
    ink, shoulders = ink_of(lines), np.asarray(inside) > 0
    shoulders[230:] = False  # nothing is drawn there
    colors = np.full((256, 256, 3), 255, np.uint8)
    colors[shoulders] = RED
    found = background(colors, ink)
    assert not found[shoulders].any()
    assert found[:, :50].all() and found[240:].all()


def test_a_picture_colored_up_to_its_border_has_no_background():
    ink = np.zeros((32, 48), np.float32)
    assert not background(np.full((32, 48, 3), RED, np.uint8), ink).any()


def test_large_sketches_are_colored_at_their_size():
    ink, truth = scene(size=2304)
    layer = color_layer(painting(ink, truth, 128), ink)
    assert layer.shape == truth.shape
    assert layer[1152, 600].tolist() == pytest.approx(RED, abs=5)
