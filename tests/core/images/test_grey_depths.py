import numpy as np
import pytest
from broken_files import encode
from PIL import Image

from pokecolor.core.images import grey_depths
from pokecolor.core.images.conversion import load_image


def test_the_transparent_grey_of_sixteen_bits_is_white():
    data = encode(Image.fromarray(np.array([[300, 40 * 257]], np.uint16)), transparency=300)
    assert [load_image(data).getpixel((x, 0)) for x in (0, 1)] == [(255,) * 3, (40,) * 3]
    clear = load_image(data, keep_alpha=True)
    assert [clear.getpixel((x, 0)) for x in (0, 1)] == [(1, 1, 1, 0), (40, 40, 40, 255)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 0.5, 1], [0, 128, 255]),
        ([-0.1, 0.2, 1.1], [0, 51, 255]),  # as a filter leaves them
        ([0, 51, 255], [0, 51, 255]),
        ([0, 13107, 65535], [0, 51, 255]),
        ([0, 2e5, 1e6], [0, 51, 255]),
        ([0, np.nan, np.inf], [0, 255, 255]),
    ],
)
def test_floating_point_grey_is_scaled_by_its_largest_number(values, expected):
    image = Image.fromarray(np.array([values], np.float32))
    loaded = load_image(encode(image, "TIFF"))
    assert np.asarray(loaded)[0].tolist() == [[value] * 3 for value in expected]


@pytest.mark.parametrize("white", [255, 65535, 10**6])
def test_whole_numbers_of_32_bits_are_scaled(white):
    image = Image.fromarray(np.array([[0, white // 5, white]], np.int32))
    loaded = load_image(encode(image, "TIFF"))
    assert np.asarray(loaded)[0, :, 0].tolist() == [0, 51, 255]


def test_bands_are_scaled_alike(monkeypatch):
    image = Image.fromarray(np.arange(35, dtype=np.float32).reshape(7, 5) / 34)
    whole = np.asarray(grey_depths.to_8_bits(image))
    monkeypatch.setattr(grey_depths, "BAND", 8)
    assert (np.asarray(grey_depths.to_8_bits(image)) == whole).all()
    assert (whole[0, 0], whole[-1, -1]) == (0, 255)
