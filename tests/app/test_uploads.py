"""Images as attackers and phones send them."""

import base64
import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import psutil
import pytest
from PIL import Image, PngImagePlugin
from running_service import data_url

from pokecolor.app.limits import Limits
from pokecolor.app.refusals import Refusal
from pokecolor.app.uploads import read_data_url, read_image

LIMITS = Limits()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(mode="RGB", size=(60, 40)):
    image = Image.new("RGB", size, "white")
    image.paste("black", (10, 10, 30, 30))
    return image.convert(mode)


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width, height, rows=b"", bits=8):
    """A grey PNG whose header says so."""
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def bomb():
    """A real 13,000 x 13,000 PNG, 169 megapixels in some 20 kB."""
    return png_of(13000, 13000, bytes(13000 // 8 + 1) * 13000, bits=1)


def animated(kind):
    frames = [picture(), Image.new("RGB", (60, 40), "red")]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:])


def webp_of(width, height):
    """A WebP whose extended header claims a canvas of that size."""
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    extended = b"VP8X" + struct.pack("<I", 10) + bytes(4) + canvas
    still = encoded(picture(), "WEBP")[12:]
    body = b"WEBP" + extended + still
    return b"RIFF" + struct.pack("<I", len(body)) + body


ATTACKS = {
    "empty": (b"", "image_type"),
    "text": (b"hello", "image_type"),
    "svg": (SVG, "image_type"),
    "html": (b"<!doctype html><script>alert(1)</script>", "image_type"),
    "pdf": (b"%PDF-1.7\n1 0 obj", "image_type"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "image_type"),
    "zip": (b"PK\x03\x04" + bytes(100), "image_type"),
    "tiff": (encoded(picture(), "TIFF"), "image_type"),
    "icon": (encoded(picture(), "ICO"), "image_type"),
    "netpbm": (b"P6 40000 40000 255\n", "image_type"),
    "png header alone": (b"\x89PNG\r\n\x1a\n", "image_type"),
    "png of no pixels": (png_of(0, 0), ("image_type", "image_broken")),
    "png of 2^31 pixels a side": (png_of(2**31 - 1, 2**31 - 1), "image_pixels"),
    "png of 20,000 x 20,000": (png_of(20000, 20000), "image_pixels"),
    "png of 1 x 20,000,000": (png_of(20_000_000, 1), "image_pixels"),
    "169 megapixels": (bomb(), "image_pixels"),
    "bmp of 30,000 x 30,000": (
        encoded(picture(), "BMP").replace(
            struct.pack("<ii", 60, 40), struct.pack("<ii", 30000, 30000)
        ),
        "image_pixels",
    ),
    "gif of 65,535 x 65,535": (
        encoded(picture(), "GIF").replace(
            struct.pack("<HH", 60, 40), struct.pack("<HH", 65535, 65535), 1
        ),
        "image_pixels",
    ),
    "webp of 16,383 x 16,383": (
        webp_of(16383, 16383), ("image_pixels", "image_broken", "image_type"),
    ),
    "truncated png": (encoded(picture())[:-40], "image_broken"),
    "truncated jpeg": (encoded(picture(size=(600, 400)), "JPEG")[:2000], "image_broken"),
    "truncated webp": (
        encoded(picture(size=(600, 400)), "WEBP")[:60], ("image_broken", "image_type"),
    ),
    "png with a broken checksum": (
        encoded(picture()).replace(b"IDAT", b"IDAU"), "image_type",
    ),
    "animated gif": (animated("GIF"), "image_animated"),
    "animated png": (animated("PNG"), "image_animated"),
    "animated webp": (animated("WEBP"), "image_animated"),
    "more bytes than allowed": (bytes(LIMITS.upload_bytes + 1), "image_bytes"),
}  # fmt: skip


def test_the_bomb_is_one():
    assert len(bomb()) < 30_000
    with pytest.warns(Image.DecompressionBombWarning):
        assert Image.open(io.BytesIO(bomb())).size == (13000, 13000)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_by_its_kind_and_costs_no_memory(name):
    data, kinds = ATTACKS[name]
    process = psutil.Process()
    before = process.memory_info().rss
    with pytest.raises(Refusal) as refused:
        read_image(data, LIMITS)
    assert refused.value.kind in (kinds if isinstance(kinds, tuple) else (kinds,))
    assert process.memory_info().rss - before < 200e6


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "image_type"),
        ("/etc/passwd", "image_type"),
        ("file:///etc/passwd", "image_type"),
        ("http://169.254.169.254/latest/meta-data", "image_type"),
        ("data:text/html;base64,PGI+", "image_type"),
        ("data:image/png,plain", "image_type"),
        ("data:image/png;base64,###", "image_broken"),
        ("data:image/png;base64,AAA", "image_broken"),
        ("data:image/svg+xml;base64," + base64.b64encode(SVG).decode(), "image_type"),
        ("data:image/png;base64," + "A" * (LIMITS.upload_bytes * 4 // 3 + 8), "image_bytes"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_only_data_urls_of_images_are_read(text, kind):
    with pytest.raises(Refusal) as refused:
        read_data_url(text, LIMITS)
    assert refused.value.kind == kind


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("CMYK", "JPEG"), ("L", "PNG"), ("P", "PNG"), ("1", "PNG"), ("LA", "PNG"), ("RGB", "WEBP")],
)
def test_any_mode_becomes_the_same_picture(mode, kind):
    read = read_image(encoded(picture(mode), kind), LIMITS)
    pixels = np.asarray(read.convert("RGB"), int)
    assert read.size == (60, 40)
    assert pixels[20, 20].max() < 40 and pixels[5, 5].min() > 215


def test_16_bits_become_8():
    values = np.full((40, 60), 65535, np.uint16)
    values[10:30, 10:30] = 0
    read = np.asarray(read_image(encoded(Image.fromarray(values)), LIMITS).convert("L"))
    assert read[20, 20] == 0 and read[5, 5] == 255


def test_metadata_and_what_follows_the_image_are_dropped():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "secret")
    exif = Image.Exif()
    exif[0x010F] = "secret"
    polyglot = encoded(picture(), pnginfo=notes, exif=exif) + b"<script>secret</script>"
    read = read_image(polyglot, LIMITS)
    assert not read.info and b"secret" not in encoded(read)


def test_transparency_stays_and_large_images_become_smaller():
    read = read_data_url(data_url(Image.new("RGBA", (4000, 1000), (0, 0, 0, 0))), LIMITS)
    assert read.mode == "RGBA" and read.size == (1536, 384)


def test_a_phones_photograph_is_read_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    read = read_image(encoded(picture(size=(60, 40)), "JPEG", exif=exif), LIMITS)
    assert read.size == (40, 60)


def test_a_photograph_with_a_preview_behind_it_is_read_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    photo, preview = picture(size=(60, 40)), Image.new("RGB", (30, 20), "red")
    data = encoded(photo, "MPO", save_all=True, append_images=[preview], exif=exif)
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.n_frames) == ("MPO", 2)
    read = read_image(data, LIMITS)
    assert read.size == (40, 60) and read.getpixel((38, 2)) > (230, 230, 230)


def test_a_large_image_is_reduced_to_the_same_picture_in_any_mode():
    lines = np.full((600, 900), 255, np.uint8)
    lines[300:330] = lines[:, 400:430] = 0
    grey = Image.fromarray(lines)
    expected = np.asarray(grey.resize((300, 200), Image.Resampling.BOX), int)
    limits = Limits(side=300)
    palette = grey.quantize(8)
    transparent = grey.convert("RGB")
    for data in (
        encoded(grey), encoded(grey.convert("1")), encoded(palette), encoded(grey, "GIF"),
        encoded(Image.fromarray(lines.astype(np.uint16) * 257)), encoded(grey, "JPEG"),
        encoded(grey.convert("CMYK"), "JPEG"), encoded(grey.convert("LA")),
        encoded(transparent, transparency=(1, 2, 3)), encoded(transparent, "WEBP", lossless=True),
    ):  # fmt: skip
        read = read_image(data, limits)
        assert read.size == (300, 200)
        assert np.abs(np.asarray(read.convert("L"), int) - expected).mean() < 2


def test_a_transparent_color_is_still_one_when_the_image_is_reduced():
    image = Image.new("RGB", (900, 600), (255, 0, 255))
    image.paste("black", (300, 0, 600, 600))
    read = read_image(encoded(image, transparency=(255, 0, 255)), Limits(side=300))
    assert read.mode == "RGBA"
    assert read.getpixel((50, 50))[3] == 0 and read.getpixel((150, 50)) == (0, 0, 0, 255)


COST = """
import sys
from pathlib import Path
from pokecolor.app.limits import Limits
from pokecolor.app.uploads import read_data_url

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

url = sys.stdin.read()
before = peak()
read_data_url(url, Limits())
print(peak() - before)
"""
PHONE = (4096, 3072)
LARGEST = {
    "palette": (Image.new("P", PHONE), "PNG", {"transparency": 0}),
    "16 bits": (Image.new("I;16", PHONE), "PNG", {}),
    "transparent color": (Image.new("RGB", PHONE), "PNG", {"transparency": (0, 0, 0)}),
    "alpha": (Image.new("RGBA", PHONE), "PNG", {}),
    "progressive": (Image.new("RGB", PHONE), "JPEG", {"progressive": True}),
    "webp": (Image.new("RGBA", (3360, 2500)), "WEBP", {}),
}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_image_costs_at_most_200_mb(name):
    image, kind, options = LARGEST[name]
    counted = subprocess.run(
        [sys.executable, "-c", COST], input=data_url(image, kind, **options),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert 10 < float(counted.stdout) < 200


def test_webp_may_have_fewer_pixels():
    limits = Limits(upload_pixels=60 * 40)
    assert read_image(encoded(picture(size=(60, 40))), limits).size == (60, 40)
    with pytest.raises(Refusal) as refused:
        read_image(encoded(picture(size=(60, 40)), "WEBP"), limits)
    assert refused.value.kind == "image_pixels"
