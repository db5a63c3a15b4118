import numpy as np
import pytest
from broken_files import SRGB, encode
from PIL import Image, ImageCms

from pokecolor.core.images.color_profiles import to_srgb
from pokecolor.core.images.conversion import load_image


def profile_with_swapped_colorants() -> bytes:
    """sRGB's profile with the primaries of red and green exchanged: a known answer."""
    table = SRGB.index(b"rXYZ"), SRGB.index(b"gXYZ")
    swapped = bytearray(SRGB)
    for at, name in zip(table, (b"gXYZ", b"rXYZ"), strict=True):
        swapped[at : at + 4] = name
    return bytes(swapped)


SWAPPED = profile_with_swapped_colorants()


@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP"])
def test_colors_are_read_by_the_profile(format):
    image = Image.new("RGB", (4, 4), (250, 30, 60))
    options = {"lossless": True} if format == "WEBP" else {}
    loaded = load_image(encode(image, format, icc_profile=SWAPPED, **options))
    assert np.abs(np.subtract(loaded.getpixel((0, 0)), (30, 250, 60))).max() <= 2


def test_srgb_is_left_as_it_is():
    values = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    image = Image.fromarray(values)
    image.info["icc_profile"] = SRGB
    assert np.abs(np.asarray(to_srgb(image), int) - values).max() <= 1


def test_transparency_stays():
    image = Image.new("RGBA", (2, 1), (250, 30, 60, 255))
    image.putpixel((1, 0), (250, 30, 60, 80))
    loaded = load_image(encode(image, icc_profile=SWAPPED), keep_alpha=True)
    assert [loaded.getpixel((x, 0))[3] for x in (0, 1)] == [255, 80]
    assert loaded.getpixel((1, 0))[1] > 240
    palette = Image.new("P", (2, 1), 0)
    palette.putpalette([250, 30, 60, 0, 0, 0])
    loaded = load_image(encode(palette, icc_profile=SWAPPED, transparency=1))
    assert loaded.getpixel((0, 0))[1] > 240


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_grey_stays_grey(mode):
    image = Image.new(mode, (1, 1), (100, 255)[: len(mode)])
    loaded = load_image(encode(image, icc_profile=SRGB))
    assert np.abs(np.subtract(loaded.getpixel((0, 0)), 100)).max() <= 1


@pytest.mark.parametrize("profile", [b"no profile", SRGB[:200], SRGB.replace(b"RGB ", b"CMYK")])
def test_a_broken_or_foreign_profile_changes_nothing(profile):
    data = encode(Image.new("RGB", (1, 1), (10, 200, 30)), icc_profile=profile)
    assert load_image(data).getpixel((0, 0)) == (10, 200, 30)


def test_a_profile_of_another_mode_changes_nothing():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for mode, data in (("CMYK", SRGB), ("RGB", lab), ("1", SRGB)):
        image = Image.new(mode, (1, 1))
        image.info["icc_profile"] = data
        assert to_srgb(image) is image
