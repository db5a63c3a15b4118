"""Tiny image files of the common formats, with metadata, and random damage to files."""

import io
import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def encode(image: Image.Image, format: str = "PNG", **options) -> bytes:
    """The bytes of an image file."""
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def whole_files() -> dict[str, bytes]:
    """Image files by what they are: modes, compressions and kinds of metadata."""
    values = np.random.default_rng(0).integers(0, 256, (12, 10, 4), np.uint8)
    rgba = Image.fromarray(values)
    rgb, grey = rgba.convert("RGB"), rgba.convert("L")
    grey16 = Image.fromarray(values[..., 0].astype(np.uint16) * 257)
    real = Image.fromarray(values[..., 0].astype(np.float32) / 255)
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a camera"
    exif.get_ifd(0x8769)[0x9003] = "2020:01:01 00:00:00"
    text = PngImagePlugin.PngInfo()
    text.add_text("workflow", "{}" * 40, zip=True)
    told = {"exif": exif, "icc_profile": SRGB}
    return {
        "png": encode(rgb, pnginfo=text, exif=exif),
        "png with a profile": encode(rgba, icc_profile=SRGB),
        "palette png": encode(rgb.quantize(8), transparency=0),
        "16-bit png": encode(grey16),
        "moving png": encode(rgb, save_all=True, append_images=[rgb.rotate(90)]),
        "jpeg": encode(rgb, "JPEG", **told),
        "progressive jpeg": encode(grey, "JPEG", progressive=True),
        "cmyk jpeg": encode(rgb.convert("CMYK"), "JPEG"),
        "mpo": encode(rgb, "MPO", save_all=True, append_images=[rgb]),
        "webp": encode(rgba, "WEBP", lossless=True, **told),
        "lossy webp": encode(rgb, "WEBP"),
        "gif": encode(rgb, "GIF", save_all=True, append_images=[rgb.rotate(180)]),
        "tiff": encode(rgb, "TIFF", **told),
        "lzw tiff": encode(rgba, "TIFF", compression="tiff_lzw"),
        "jpeg tiff": encode(rgb, "TIFF", compression="jpeg"),
        "bilevel tiff": encode(rgb.convert("1"), "TIFF", compression="group4"),
        "float tiff": encode(real, "TIFF"),
        "bmp": encode(rgb, "BMP"),
        "palette bmp": encode(rgb.quantize(8), "BMP"),
    }


def damage(data: bytes, rng: np.random.Generator) -> bytes:
    """A file with one to four bytes changed, cut off, repeated or moved."""
    changed = bytearray(data)
    for _ in range(rng.integers(1, 5)):
        at, length = int(rng.integers(len(changed) or 1)), int(rng.integers(1, 9))
        kind = rng.integers(6)
        if kind <= 1:
            changed[at : at + 1] = rng.bytes(1)
        elif kind == 2:
            changed[at : at + 1] = bytes(
                byte ^ 1 << int(rng.integers(8)) for byte in changed[at : at + 1]
            )
        elif kind == 3:
            changed[at : at + length] = bytes([rng.choice([0, 255, 127, 128])]) * length
        elif kind == 4:
            changed[at:at] = changed[at : at + length]
        else:
            del changed[at : at + (length if rng.integers(4) else len(changed))]
    return bytes(changed)


def flip_silently(path: Path) -> None:
    """Flip a bit in the middle of a file as a disk does: its size and times stay."""
    status = path.stat()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
