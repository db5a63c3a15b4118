"""Checks uploaded sketches by their header before decoding, then re-encodes them."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
import threading
import warnings
from typing import TYPE_CHECKING

from PIL import Image

from pokecolor.app.refusals import Refusal
from pokecolor.core.images.conversion import ImageError, load_image

if TYPE_CHECKING:
    from pokecolor.app.limits import Limits
    from pokecolor.app.middleware.body_memory import Claim

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
"""What is taken. SVG and PDF are programs, and TIFF has decoders without number."""
STILL = ("MPO",)
"""Formats whose further frames are no animation. MPO is a JPEG that a phone's preview or map of
depth follows: Pillow opens it as JPEG and names it so afterwards."""
SHARES = {"WEBP": 2 / 3}
"""Of `Limits.upload_pixels`: WebP's decoder holds four copies of an image at once."""
_DATA_URL = re.compile(r"data:image/[a-z0-9.+-]{1,20};base64,", re.ASCII)
_one_at_a_time = threading.Lock()
"""Decoded images are large, and visitors many."""


PLACEHOLDER = "upload:"
"""What stands for an upload in the body of its request."""


class Upload:
    """A picture that was cut out of a request's body: a `data:` URL, as a string of JSON.

    Args:
        data: that string, quotation marks included.
        claim: the memory that it takes.
    """

    def __init__(self, data: bytes, claim: Claim) -> None:
        self._data, self._claim = data, claim

    def read(self, limits: Limits) -> Image.Image:
        """The image, once; see `read_data_url`."""
        data, self._data = self._data, b""
        try:
            text = json.loads(data)
        except ValueError:
            raise Refusal("image_broken" if data else "image_missing") from None
        del data
        try:
            return read_data_url(text, limits)
        finally:
            self._claim.give_back()


def read_data_url(text: str, limits: Limits) -> Image.Image:
    """The image in a `data:image/...;base64,` URL.

    What the URL says of its type is not believed.

    Returns:
        RGB or RGBA, at most `limits.side` along the longer side, without any metadata.

    Raises:
        Refusal: too large, of another type, broken, animated.
    """
    start = _DATA_URL.match(text)
    if not start:
        raise Refusal("image_type")
    if len(text) - start.end() > limits.upload_bytes * 4 // 3 + 4:
        raise Refusal("image_bytes", limit=limits.upload_bytes)
    try:
        data = base64.b64decode(text[start.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise Refusal("image_broken") from None
    return read_image(data, limits)


def read_image(data: bytes, limits: Limits) -> Image.Image:
    """The image in a file's bytes; see `read_data_url`."""
    if len(data) > limits.upload_bytes:
        raise Refusal("image_bytes", limit=limits.upload_bytes)
    _check_header(data, limits)
    with _one_at_a_time:
        try:
            image = load_image(data, keep_alpha=True, side=limits.side)
        except ImageError:
            raise Refusal("image_broken") from None
        # new pixels alone: nothing of the file's metadata goes with them
        return Image.frombytes(image.mode, image.size, image.tobytes())


def _check_header(data: bytes, limits: Limits) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                allowed = int(limits.upload_pixels * SHARES.get(image.format, 1))
                if image.width * image.height > allowed:
                    raise _too_many_pixels(allowed)
                animated = image.format not in STILL and getattr(image, "n_frames", 1) > 1
    except Refusal:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels(limits.upload_pixels) from None
    except Image.UnidentifiedImageError:
        raise Refusal("image_type") from None
    except Exception:  # Pillow's parsers raise whatever a broken header leads them to
        raise Refusal("image_broken") from None
    if animated:
        raise Refusal("image_animated")


def _too_many_pixels(allowed: int) -> Refusal:
    return Refusal("image_pixels", limit=allowed)
