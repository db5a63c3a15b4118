"""Converts images with an ICC color profile to sRGB."""

from __future__ import annotations

import functools
import io

from PIL import Image, ImageCms

_MODES = {"RGB": ("RGB",), "GRAY": ("L",), "CMYK": ("CMYK",)}
"""The modes that a profile of each color space describes."""


def to_srgb(image: Image.Image) -> Image.Image:
    """An image in the colors of its profile (`info["icc_profile"]`) as RGB or RGBA in sRGB.

    Without a profile, or with one that is broken or describes another kind of image, it stays as
    it is, as in browsers.
    """
    data = image.info.get("icc_profile")
    if not data or image.mode not in ("L", "LA", "P", "PA", "RGB", "RGBA", "CMYK"):
        return image
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        space = profile.profile.xcolor_space.strip()
        alpha, bare = _apart(image)
        if space == "RGB" and bare.mode == "L":
            bare = bare.convert("RGB")
        if bare.mode not in _MODES.get(space, ()):
            return image
        converted = ImageCms.profileToProfile(bare, profile, _srgb(), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError, AttributeError):
        return image
    if alpha is not None:
        converted.putalpha(alpha)
    for key in ("icc_profile", "transparency"):
        converted.info.pop(key, None)
    return converted


def _apart(image: Image.Image) -> tuple[Image.Image | None, Image.Image]:
    """The alpha channel, if any, and the colors alone."""
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        grey = image.mode in ("L", "LA")
        whole = image.convert("LA" if grey else "RGBA")
        return whole.getchannel("A"), whole.convert("L" if grey else "RGB")
    return None, image.convert("RGB") if image.mode == "P" else image


@functools.cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
