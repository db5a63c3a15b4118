"""OpenRaster files: layered pictures that Krita, GIMP and MyPaint open."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image

THUMBNAIL = 256
"""Longest side of the preview, as the format asks."""


def write_openraster(path: Path, layers: Sequence[tuple[str, Image.Image]]) -> None:
    """Write layers, topmost first, as the OpenRaster 0.0.3 specification has it.

    Args:
        path: the file to write, `.ora`.
        layers: name and picture, RGBA, of each; all of one size.
    """
    width, height = layers[0][1].size
    merged = Image.new("RGBA", (width, height))
    image = ElementTree.Element("image", version="0.0.3", w=str(width), h=str(height))
    stack = ElementTree.SubElement(image, "stack")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:  # PNG is compressed already
        file.writestr("mimetype", "image/openraster")  # first, for those who look at bytes
        for number, (name, layer) in enumerate(layers):
            source = f"data/layer{number}.png"
            ElementTree.SubElement(stack, "layer", name=name, src=source, x="0", y="0")
            file.writestr(source, _png(layer))
        for _, layer in reversed(layers):
            merged.alpha_composite(layer)
        file.writestr("stack.xml", ElementTree.tostring(image, "utf-8", xml_declaration=True))
        file.writestr("mergedimage.png", _png(merged))
        merged.thumbnail((THUMBNAIL, THUMBNAIL))
        file.writestr("Thumbnails/thumbnail.png", _png(merged))


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
