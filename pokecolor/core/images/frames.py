"""Counts the images in a file."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image


def frame_count(source: str | Path | bytes) -> int:
    """The frames of a moving image, or the pages of a document; 1 of any other file.

    The second image in a photo of a phone (MPO) is none that anyone has drawn.

    Args:
        source: a path, or the bytes of a file.
    """
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
            return 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
    except Exception:  # Pillow's parsers raise whatever a broken file leads them to
        return 1
