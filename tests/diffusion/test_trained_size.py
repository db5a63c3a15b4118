"""Whatever shapes a UNet was trained on, its configuration names the square they are of."""

import pytest
from tiny_model import tiny_unet

from pokecolor.diffusion.trained_size import note_size
from pokecolor.sources.buckets import shapes


@pytest.mark.parametrize("size", [256, 320, 512, 768])
def test_all_shapes_of_a_square_give_its_side(size):
    for height, width in shapes(size):
        unet = tiny_unet()
        note_size(unet, height // 8, width // 8)
        assert unet.config.sample_size == size // 8, (height, width)


def test_a_square_of_any_size_is_taken_as_it_is():
    unet = tiny_unet()
    note_size(unet, 13, 13)
    assert unet.config.sample_size == 13
