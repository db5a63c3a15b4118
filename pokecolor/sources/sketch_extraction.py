"""Sketches extracted from color images: XDoG, and the look of Sketch2Pokemon's edge detector.

Both styles are pure functions of uint8 [height, width, 3] that return the same shape, black lines
on white. Lengths are in 256ths of the image's longer side, so that a drawing gets the same sketch
at any size from 256 pixels up; below that, lines thinner than a pixel are lost.
"""

from __future__ import annotations

import io
import zlib

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.core.colors import rgb_to_lab

SCALE_RATIO = 1.6
"""k of the difference of Gaussians, which approximates a Laplacian (Marr and Hildreth 1980)."""
HALF_INK = 0.549
"""atanh(0.5), where a soft threshold is half black."""
JPEG_QUALITY = 85


def xdog(
    image: np.ndarray, sigma: float = 0.8, p: float = 40.0, epsilon: float = 0.0, phi: float = 2.7
) -> np.ndarray:
    """The extended difference of Gaussians: clean single lines, as of a pen.

    S(x) = (1 + p) G_sigma(x) - p G_(k sigma)(x), and 1 where S >= epsilon, elsewhere
    1 + tanh(phi (S - epsilon)): equations 7 and 5 of Winnemöller, Kyprianidis and Olsen, "XDoG: An
    eXtended difference-of-Gaussians compendium including advanced image stylization", 2012.

    Args:
        image: uint8 [height, width, 3].
        sigma: the finer Gaussian's width, in 256ths of the longer side.
        p: how strongly edges are sharpened.
        epsilon: the lightness, 0 to 1, below which ink begins; above 0 dark areas are filled.
        phi: how sharply ink begins.

    Returns:
        uint8 [height, width, 3].
    """
    lightness = rgb_to_lab(image)[..., 0] / 100
    sigma = sigma * _unit(image)
    sharpened = (1 + p) * _blur(lightness, sigma) - p * _blur(lightness, SCALE_RATIO * sigma)
    return _paint(np.maximum(np.tanh(phi * (epsilon - sharpened)), 0))


def edges(image: np.ndarray, doubled: float = 0.3) -> np.ndarray:
    """Lines as in Sketch2Pokemon: in places doubled, faint ones broken, grey levels, JPEG.

    An edge detector finds two edges for a drawn line. Where they merge, there is a single stroke,
    elsewhere a double one. Here single strokes are the dark side of a difference of Gaussians plus
    some gradient, double strokes are the gradient, and smooth noise, seeded by the image, chooses
    between them.

    Args:
        image: uint8 [height, width, 3].
        doubled: approximate share of the area with double lines, 0 to 1.

    Returns:
        uint8 [height, width, 3].
    """
    lightness = rgb_to_lab(image)[..., 0]
    sigma = 0.5 * _unit(image)
    # times sigma, the response to a step does not depend on the scale (Lindeberg 1998)
    gradient = sigma * ndimage.gaussian_gradient_magnitude(lightness, sigma, mode="nearest")
    dark_side = _blur(lightness, SCALE_RATIO * sigma) - _blur(lightness, sigma)
    # each is 1 where a stroke is half black
    single = (np.maximum(dark_side, 0) + 0.2 * gradient) / 3.0
    pair = gradient / 5.0
    response = np.where(_patches(image, doubled), pair, single)
    begin = 0.4
    ink = np.tanh(HALF_INK * (response - begin) / (1 - begin))
    return _through_jpeg(_paint(np.maximum(ink, 0)))


VERSION = 1
"""Raised whenever a style gives other sketches, to invalidate caches."""

STYLES = {"edges": edges, "xdog": xdog}
"""The styles by name, as configurations give them."""


def _unit(image: np.ndarray) -> float:
    """A 256th of the longer side, in pixels."""
    return max(image.shape[:2]) / 256


def _blur(values: np.ndarray, sigma: float) -> np.ndarray:
    return ndimage.gaussian_filter(values, sigma, mode="nearest")


def _patches(image: np.ndarray, share: float) -> np.ndarray:
    """Random patches, bool [height, width], that cover about `share` of the area."""
    generator = np.random.default_rng(zlib.crc32(np.ascontiguousarray(image)))
    noise = _blur(generator.standard_normal(image.shape[:2]), 12 * _unit(image))
    return noise > np.quantile(noise, 1 - share)


def _paint(ink: np.ndarray) -> np.ndarray:
    """Ink [height, width] from 0 to 1 to an image, uint8 [height, width, 3]."""
    grey = (255 * (1 - ink)).round().astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=-1)


def _through_jpeg(image: np.ndarray) -> np.ndarray:
    """A gray image after JPEG compression."""
    buffer = io.BytesIO()
    Image.fromarray(image).convert("L").save(buffer, "JPEG", quality=JPEG_QUALITY)
    with Image.open(buffer) as decoded:
        return np.repeat(np.asarray(decoded)[..., None], 3, axis=-1)
