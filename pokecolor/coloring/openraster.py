"""Writes OpenRaster files: layered pictures for Krita, GIMP and MyPaint."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image

MULTIPLIED = ("shade",)
"""Layers with the blend mode "multiply"; others have "normal"."""
THUMBNAIL = 256
"""Longer side of the preview, as the format requires."""


def write_openraster(path: Path, layers: Sequence[tuple[str, Image.Image]]) -> None:
    """Write layers, topmost first, by the OpenRaster 0.0.3 specification.

    Args:
        path: the file to write, `.ora`.
        layers: name and RGBA image of each; all of one size. See `MULTIPLIED`.
    """
    width, height = layers[0][1].size
    image = ElementTree.Element("image", version="0.0.3", w=str(width), h=str(height))
    stack = ElementTree.SubElement(image, "stack")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:  # PNG is already compressed
        file.writestr("mimetype", "image/openraster")  # first, as the format requires
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
    """Composite layers, topmost first: RGBA."""
    merged = Image.new("RGBA", layers[0][1].size)
    for name, layer in reversed(layers):
        merged.alpha_composite(_multiplied(layer, merged) if name in MULTIPLIED else layer)
    return merged


def _multiplied(layer: Image.Image, below: Image.Image) -> Image.Image:
    """A layer that, composited normally over `below`, multiplies it.

    See Compositing and Blending Level 1 (W3C 2015), section 5.1.
    """
    values, under = (np.asarray(image, np.float32) / 255 for image in (layer, below))
    share = under[..., 3:]
    color = values[..., :3] * (1 - share + share * under[..., :3])
    return Image.fromarray(np.round(255 * np.dstack([color, values[..., 3]])).astype(np.uint8))


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
