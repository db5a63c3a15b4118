import io
import zlib

import pytest
from broken_files import SRGB, encode
from PIL import Image, PngImagePlugin

from pokecolor.core.images.metadata import without_metadata

RED = Image.new("RGB", (4, 2), (255, 0, 0))


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.fixture
def exif():
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def test_a_png_loses_its_text_first_then_all_else(exif):
    text = PngImagePlugin.PngInfo()
    text.add_text("workflow", "x")
    text.add_itxt("title", "y")
    text.add_text("packed", "z", zip=True)
    told = {"exif": exif, "icc_profile": SRGB, "transparency": (255, 0, 0)}
    first, second = (opened(each) for each in without_metadata(encode(RED, pnginfo=text, **told)))
    assert not first.text and first.getexif()[0x0112] == 6 and first.info["icc_profile"] == SRGB
    assert set(second.info) == {"transparency"}
    assert first.tobytes() == second.tobytes() == RED.tobytes()


def test_a_jpeg_loses_its_comments_first_then_all_but_how_it_is_coded(exif):
    told = {"exif": exif, "icc_profile": SRGB, "comment": b"hello", "xmp": b"<x/>"}
    whole = encode(RED.convert("CMYK"), "JPEG", **told)
    first, second = (opened(each) for each in without_metadata(whole))
    assert not {"comment", "xmp"} & set(first.info)
    assert first.getexif()[0x0112] == 6 and first.info["icc_profile"] == SRGB
    assert not {"exif", "icc_profile"} & set(second.info)
    # Adobe's segment is kept, without which the inks would be inverted
    assert opened(whole).tobytes() == first.tobytes() == second.tobytes()


def test_a_broken_chunk_is_left_out():
    data = encode(RED, icc_profile=SRGB)
    at = data.index(b"iCCP")
    broken = data[: at + 30] + bytes([data[at + 30] ^ 1]) + data[at + 31 :]
    assert zlib.crc32(data) != zlib.crc32(broken)
    with pytest.raises(Image.UnidentifiedImageError):
        opened(broken)
    assert opened(list(without_metadata(broken))[-1]).tobytes() == RED.tobytes()


@pytest.mark.parametrize("data", [b"", b"GIF89a", encode(RED, "WEBP")])
def test_other_formats_are_left_alone(data):
    assert list(without_metadata(data)) == []


@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_files_that_are_cut_off_end_where_they_end(format):
    whole = encode(RED, format)
    for length in range(len(whole)):
        for barer in without_metadata(whole[:length]):
            assert len(barer) <= length
