"""OpenRaster files: layered pictures that Krita, GIMP and MyPaint open."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image

MULTIPLIED = ("shade",)
"""Layers of these names multiply what lies below them; others cover it."""
THUMBNAIL = 256
"""Longest side of the preview, as the format asks."""


def write_openraster(path: Path, layers: Sequence[tuple[str, Image.Image]]) -> None:
    """Write layers, topmost first, as the OpenRaster 0.0.3 specification has it.

    Args:
        path: the file to write, `.ora`.
        layers: name and picture, RGBA, of each; all of one size. See `MULTIPLIED`.
    """
    width, height = layers[0][1].size
    image = ElementTree.Element("image", version="0.0.3", w=str(width), h=str(height))
    stack = ElementTree.SubElement(image, "stack")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:  # PNG is compressed already
        file.writestr("mimetype", "image/openraster")  # first, for those who look at bytes
        for number, (name, layer) in enumerate(layers):
            source = f"data/layer{number}.png"
            entry = ElementTree.SubElement(stack, "layer", name=name, src=source, x="0", y="0")
            if name in MULTIPLIED:
                entry.set("composite-op", "svg:multiply")
            file.writestr(source, _png(layer))
        merged = merge(layers)
        file.writestr("stack.xml", ElementTree.tostring(image, "utf-8", xml_declaration=True))
        file.writestr("mergedimage.png", _png(merged))
        merged.thumbnail((THUMBNAIL, THUMBNAIL))
        file.writestr("Thumbnails/thumbnail.png", _png(merged))


def merge(layers: Sequence[tuple[str, Image.Image]]) -> Image.Image:
    """What layers, topmost first, look like together: RGBA."""
    merged = Image.new("RGBA", layers[0][1].size)
    for name, layer in reversed(layers):
        merged.alpha_composite(_multiplied(layer, merged) if name in MULTIPLIED else layer)
    return merged


def _multiplied(layer: Image.Image, below: Image.Image) -> Image.Image:
    """A layer that, laid over what is below it, multiplies that.

    Over nothing it is as it is: Compositing and Blending Level 1 (W3C 2015), section 5.1.
    """
    values, under = (np.asarray(image, np.float32) / 255 for image in (layer, below))
    share = under[..., 3:]
    color = values[..., :3] * (1 - share + share * under[..., :3])
    return Image.fromarray(np.round(255 * np.dstack([color, values[..., 3]])).astype(np.uint8))


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
