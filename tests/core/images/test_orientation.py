import struct

import numpy as np
import pytest
from broken_files import encode
from PIL import Image, ImageOps

from pokecolor.core.images.conversion import load_image


@pytest.mark.parametrize("orientation", range(1, 9))
def test_images_are_turned_as_pillow_turns_them(orientation):
    values = np.random.default_rng(0).integers(0, 256, (3, 5, 3), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(values)
    image.getexif()[0x0112] = orientation
    turned = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(np.asarray(load_image(encode(image, exif=exif))), turned)


def test_exif_rotation_is_applied():
    image = Image.new("RGB", (4, 2), "white")
    image.putpixel((0, 0), (0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: show rotated by 90 degrees, clockwise
    loaded = load_image(encode(image, exif=exif))
    assert loaded.size == (2, 4)
    assert loaded.getpixel((1, 0)) == (0, 0, 0)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_broken_exif_turns_nothing_and_spares_the_pixels(format):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "maker"
    whole = exif.tobytes()
    # the type of the first entry, then the offset of the next directory, lead nowhere
    for broken in (whole.replace(b"\x0f\x01\x02", b"\x0f\x01\x0c"), whole[:20], b"Exif\0\0MM"):
        data = encode(Image.new("RGB", (4, 2), (255, 0, 0)), format, exif=broken)
        loaded = load_image(data)
        assert sorted(loaded.size) == [2, 4] and loaded.getpixel((0, 0))[0] > 240


def test_an_orientation_that_is_no_number_is_none(monkeypatch):
    for broken in (struct.error("argument out of range"), KeyError(1)):

        def raises(image, error=broken):
            raise error

        monkeypatch.setattr(Image.Image, "getexif", raises)
        assert load_image(encode(Image.new("RGB", (4, 2)), "JPEG")).size == (4, 2)
