"""Applies the EXIF orientation of images."""

from __future__ import annotations

from PIL import ExifTags, Image

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation => the transposition that turns an image upright."""


def upright(image: Image.Image) -> Image.Image:
    """Turn an image by its EXIF orientation, if that is present and readable."""
    try:
        turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
    except Exception:  # Pillow's parsers raise many kinds of errors for broken files
        return image
    return image if turn is None else image.transpose(turn)
