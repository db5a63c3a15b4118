import copy

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from pokecolor.coloring.colored_sketch import ColoredSketch
from pokecolor.coloring.colorizer import Colorizer
from pokecolor.core.images.conversion import to_rgb
from pokecolor.core.images.failed_pictures import NoPicture

NAN, INFINITE = float("nan"), float("inf")


def sketch():
    image = Image.new("RGB", (60, 60), "white")
    ImageDraw.Draw(image).rectangle((10, 10, 50, 50), outline="black", width=3)
    return image


@pytest.fixture(scope="module")
def whole():
    return Colorizer.from_pretrained(engine="diffusers")


@pytest.fixture
def colorizer(whole):
    """A copy that a test may break."""
    return copy.deepcopy(whole)


def paint(colorizer, count=1):
    return colorizer.paint([sketch()] * count, ["a red box"] * count, range(count), steps=1)


@pytest.mark.parametrize(
    ("part", "value"),
    [("unet.conv_out", NAN), ("unet.conv_out", INFINITE), ("vae.decoder.conv_out", INFINITE)],
)
def test_an_answer_that_is_not_finite_is_no_picture(colorizer, part, value):
    model, _, layer = part.partition(".")
    getattr(colorizer.engine.pipeline, model).get_submodule(layer).bias.data.fill_(value)
    (coloring,) = paint(colorizer)
    assert coloring.fault.kind == "not_finite"
    for use in (coloring.image, coloring.layers, lambda: coloring.raw):
        with pytest.raises(NoPicture, match="not finite"):
            use()
    with pytest.raises(NoPicture, match="not finite"):
        colorizer.colorize(sketch(), "a red box", steps=1)


def test_of_a_batch_the_others_are_painted_as_ever(colorizer):
    expected = paint(colorizer, 3)

    def break_the_second(module, args, output):
        output[0][1::3] = NAN  # in each branch of the guidance

    colorizer.engine.pipeline.unet.register_forward_hook(break_the_second)
    found = paint(colorizer, 3)
    assert [coloring.fault is None for coloring in found] == [True, False, True]
    for number in (0, 2):
        np.testing.assert_allclose(found[number].painted, expected[number].painted, atol=1)


def test_what_a_safety_checker_withholds_is_no_picture(colorizer):
    def withhold(image, device, dtype):
        return torch.zeros_like(image), [True] * len(image)

    colorizer.engine.pipeline.run_safety_checker = withhold
    (coloring,) = paint(colorizer)
    assert coloring.fault.kind == "withheld"
    with pytest.raises(NoPicture, match="safety checker"):
        coloring.image()


@pytest.mark.parametrize(
    ("drawn", "painted", "blank"),
    [
        (sketch(), np.full((16, 16, 3), 255, np.uint8), True),
        (sketch(), np.full((16, 16, 3), 0, np.uint8), True),
        (sketch(), np.tile(np.uint8([[[90, 20, 20]], [[97, 20, 20]]]), (8, 16, 1)), True),
        (sketch(), np.tile(np.uint8([[[90, 20, 20]], [[0, 0, 0]]]), (8, 16, 1)), False),
        (Image.new("RGB", (60, 60), "white"), np.full((16, 16, 3), 255, np.uint8), False),
    ],
)
def test_one_color_all_over_a_drawing_is_blank(drawn, painted, blank):
    assert ColoredSketch(drawn, to_rgb(drawn), painted).is_blank == blank
