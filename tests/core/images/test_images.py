import os
import struct
import zlib

import numpy as np
import pytest
import torch
from broken_files import damage, encode, whole_files
from PIL import Image, PngImagePlugin

from pokecolor.core.images.conversion import (
    MAX_PIXELS,
    ImageError,
    decode_png,
    encode_png,
    grid,
    letterbox,
    load_image,
    placement,
    reduce_blocks,
    remove_letterbox,
    to_tensor,
    to_uint8,
)
from pokecolor.core.images.listing import find_images


def pixel(image: Image.Image, x: int = 0, y: int = 0) -> tuple[int, int, int]:
    return tuple(int(value) for value in np.asarray(image)[y, x])


def huge_png() -> bytes:
    """A PNG of a few bytes whose header promises 65,000 x 65,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 65_000, 65_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_transparency_is_laid_on_white():
    image = Image.new("RGBA", (2, 1), (255, 0, 0, 255))
    image.putpixel((0, 0), (0, 0, 0, 0))
    image.putpixel((1, 0), (0, 0, 0, 51))  # a fifth of black
    loaded = load_image(encode(image))
    assert (loaded.mode, pixel(loaded, 0), pixel(loaded, 1)) == ("RGB", (255,) * 3, (204,) * 3)


def test_transparent_grey_is_laid_on_white():
    image = Image.new("LA", (2, 1), (0, 0))
    image.putpixel((1, 0), (40, 255))
    loaded = load_image(encode(image))
    assert (pixel(loaded, 0), pixel(loaded, 1)) == ((255,) * 3, (40,) * 3)


def test_a_palettes_transparent_color_is_white():
    image = Image.new("P", (2, 1), 0)
    image.putpalette([0, 0, 0, 10, 20, 30])
    image.putpixel((1, 0), 1)
    loaded = load_image(encode(image, transparency=0))
    assert (pixel(loaded, 0), pixel(loaded, 1)) == ((255, 255, 255), (10, 20, 30))


def test_a_transparent_color_of_rgb_is_white():
    image = Image.new("RGB", (2, 1), (1, 2, 3))
    image.putpixel((1, 0), (9, 9, 9))
    loaded = load_image(encode(image, transparency=(1, 2, 3)))
    assert (pixel(loaded, 0), pixel(loaded, 1)) == ((255, 255, 255), (9, 9, 9))


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_scaled_not_clipped(format):
    values = np.array([[0, 257 * 128, 65535]], np.uint16)
    loaded = load_image(encode(Image.fromarray(values), format))
    assert np.asarray(loaded)[0].tolist() == [[0] * 3, [128] * 3, [255] * 3]


@pytest.mark.parametrize(
    ("mode", "color", "expected"),
    [("L", 77, (77, 77, 77)), ("1", 1, (255, 255, 255)), ("RGB", (5, 6, 7), (5, 6, 7))],
)
def test_plain_modes(mode, color, expected):
    assert pixel(load_image(encode(Image.new(mode, (3, 2), color)))) == expected


def test_cmyk():
    loaded = load_image(encode(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG", quality=100))
    red, green, blue = pixel(loaded)
    assert (red > 200, green < 60, blue < 60) == (True, True, True)


def test_text_of_any_length_is_passed_over():
    exif, text = Image.Exif(), PngImagePlugin.PngInfo()
    exif[0x0112] = 6
    text.add_text("workflow", '{"node": 1}' * 300_000, zip=True)
    data = encode(Image.new("RGB", (4, 2), (1, 2, 3)), pnginfo=text, exif=exif)
    loaded = load_image(data)
    assert (loaded.size, pixel(loaded)) == ((2, 4), (1, 2, 3))  # turned, as its EXIF says


@pytest.mark.parametrize(
    "format", ["AVIF", "JPEG2000", "MPO", "TGA", "PCX", "PPM", "ICO", "DDS", "QOI", "ICNS"]
)
def test_what_pillow_decodes_is_read_whatever_the_format(format):
    image = Image.new("RGB", (32, 32), (200, 40, 40))
    red, green, blue = pixel(load_image(encode(image, format)), 16, 16)
    assert red > 180 and max(green, blue) < 60


def test_no_damage_raises_anything_but_our_own_error():
    rng = np.random.default_rng(0)
    files = whole_files()
    for data in files.values():
        assert load_image(data).mode == "RGB"
    read = 0
    for number in range(1500):
        data = list(files.values())[number % len(files)]
        try:
            assert load_image(damage(data, rng), keep_alpha=True).mode in ("RGB", "RGBA")
            read += 1
        except ImageError as error:
            assert str(error).startswith("image: ") and len(str(error).splitlines()) == 1
    assert 300 < read < 1200


def test_a_pipe_is_refused_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(ImageError, match=r"pipe\.png: a pipe or a device, not a file"):
        load_image(tmp_path / "pipe.png")


def test_a_name_that_is_no_text_can_be_read_and_printed(tmp_path):
    path = tmp_path / os.fsdecode("그림.png".encode("cp949"))
    path.write_bytes(encode(Image.new("RGB", (1, 1), (1, 2, 3))))
    assert pixel(load_image(path)) == (1, 2, 3)
    path.write_bytes(b"no image")
    with pytest.raises(ImageError, match=r"\\xb1.*\\xb2\.png: not a readable") as error:
        load_image(path)
    assert str(error.value).encode()


def test_a_path_is_read_and_named_in_errors(tmp_path):
    path = tmp_path / "one.png"
    path.write_bytes(encode(Image.new("RGB", (1, 1), (1, 2, 3))))
    assert pixel(load_image(path)) == (1, 2, 3)
    with pytest.raises(ImageError, match=r"none\.png: no such file"):
        load_image(tmp_path / "none.png")
    with pytest.raises(ImageError, match="a folder, not an image"):
        load_image(tmp_path)


def test_an_svg_is_rendered_on_white_or_on_nothing(tmp_path):
    path = tmp_path / "one.SVG"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"/>')
    assert find_images([tmp_path]) == [path]
    assert load_image(path).size == (1024, 512)
    assert pixel(load_image(path)) == (255, 255, 255)
    assert pixel(load_image(path, keep_alpha=True)) == (0, 0, 0, 0)
    path.write_text("<svg")
    with pytest.raises(ImageError, match=r"one\.SVG: not a readable image \(broken SVG"):
        load_image(path)
    with pytest.raises(ImageError, match="no such file"):
        load_image(tmp_path / "two.svg")


@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_truncated(format):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    data = encode(Image.fromarray(noise), format)
    with pytest.raises(ImageError, match="cut: not a readable image"):
        load_image(data[: len(data) // 2], name="cut")


@pytest.mark.parametrize("data", [b"", b"not an image"])
def test_no_image(data):
    with pytest.raises(ImageError, match="x: not a readable image"):
        load_image(data, name="x")


@pytest.mark.filterwarnings("error")
def test_a_huge_header_is_refused_before_decoding():
    assert 65_000 * 65_000 > MAX_PIXELS
    with pytest.raises(ImageError, match="make it smaller"):
        load_image(huge_png(), name="bomb")


@pytest.mark.filterwarnings("error")
def test_a_large_header_is_refused_without_a_warning(monkeypatch):
    # between the size at which Pillow warns and the one at which it refuses
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 60)
    monkeypatch.setattr("pokecolor.core.images.conversion.MAX_PIXELS", 50)
    with pytest.raises(ImageError, match="make it smaller"):
        load_image(encode(Image.new("L", (10, 10))), name="large")


def test_a_side_of_millions_is_refused_before_decoding():
    # damage that TIFF's decoder passes, and that takes half a minute
    data = encode(Image.new("L", (3, 2)), "TIFF")
    height = struct.pack("<HHLL", 257, 4, 1, 2)
    assert height in data
    data = data.replace(height, struct.pack("<HHLL", 257, 4, 1, 4_000_000))
    with pytest.raises(ImageError, match=r"3 x 4000000 pixels, .* longer than 65,535; make it"):
        load_image(data)


def test_fit_pads_with_white_and_never_squashes():
    fitted = letterbox(Image.new("RGB", (40, 20), (200, 0, 0)), 16)
    assert fitted.shape == (16, 16, 3)
    assert (fitted[:4] == 255).all()
    assert (fitted[12:] == 255).all()
    assert (fitted[4:12] == (200, 0, 0)).all()


def test_fit_keeps_a_circle_round():
    y, x = np.mgrid[:60, :120]
    disk = np.where(((x - 60) ** 2 + (y - 30) ** 2 < 625)[..., None], 0, 255).astype(np.uint8)
    dark = letterbox(Image.fromarray(np.repeat(disk, 3, axis=-1)), 96)[..., 0] < 128
    assert abs(int(dark.any(axis=0).sum()) - int(dark.any(axis=1).sum())) <= 1


def test_fit_enlarges_small_images():
    assert (letterbox(Image.new("RGB", (1, 1), (1, 2, 3)), 8) == (1, 2, 3)).all()


def test_fit_leaves_a_square_of_the_right_size_alone():
    image = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    assert (letterbox(Image.fromarray(image), 8) == image).all()


@pytest.mark.parametrize(("width", "height"), [(1, 1000), (1000, 1), (33, 77), (128, 128)])
def test_unfit_gives_the_first_size_back(width, height):
    image = Image.new("RGB", (width, height), (10, 20, 30))
    back = remove_letterbox(letterbox(image, 64), placement(width, height, 64))
    assert back.size == (width, height)
    assert pixel(back) == (10, 20, 30)


def test_blocks_are_reduced_to_one_value_each():
    values = np.arange(20).reshape(4, 5)
    small, step = reduce_blocks(values, 3, np.max)
    assert step == 2
    assert small.tolist() == [[6, 8, 9], [16, 18, 19]]
    assert reduce_blocks(values, 5, np.max)[0] is values


def test_tensor_range_and_round_trip():
    image = np.arange(256, dtype=np.uint8).repeat(3).reshape(16, 16, 3)
    tensor = to_tensor(image)
    assert tensor.shape == (3, 16, 16)
    assert tensor.dtype == torch.float32
    assert (tensor.min().item(), tensor.max().item()) == (-1.0, 1.0)
    assert (to_uint8(tensor) == image).all()


def test_to_uint8_clips_and_keeps_batches():
    tensor = torch.tensor([-3.0, 0.0, 3.0]).reshape(1, 3, 1, 1)
    assert to_uint8(tensor).tolist() == [[[[0, 128, 255]]]]


def test_png_round_trip():
    rng = np.random.default_rng(0)
    for shape in ((5, 7), (5, 7, 3)):
        image = rng.integers(0, 256, shape, dtype=np.uint8)
        assert (decode_png(encode_png(image)) == image).all()


def test_grid_lays_rows_out():
    black = np.zeros((2, 3, 3), np.uint8)
    canvas = grid([[black, black], [black]], gap=1)
    assert canvas.shape == (7, 9, 3)
    assert (canvas[..., 0] == 0).sum() == 3 * 6
    assert canvas[4, 5, 0] == 224  # nothing is there
