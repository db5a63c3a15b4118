"""All conversions of an image's mode, range and size."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.core.file_names import printable
from pokecolor.core.images.color_profiles import to_srgb
from pokecolor.core.images.formats import missing_plugin, readable_formats
from pokecolor.core.images.grey_depths import to_8_bits
from pokecolor.core.images.metadata import without_metadata
from pokecolor.core.images.orientation import upright
from pokecolor.core.images.vector import svg_to_png

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

MAX_PIXELS, MAX_SIDE = 64_000_000, 65_535
"""Larger images are refused after reading their header: a small file can decode to gigabytes."""

READER = 2
"""Version of `load_image`, raised when it reads other pixels from the same files."""

WHITE = (255, 255, 255)


class ImageError(Exception):
    """An image that cannot be read. The message is one line and names the file."""


@dataclass(frozen=True)
class Placement:
    """The position of an image of `width` x `height` in a padded square, in its pixels."""

    width: int
    height: int
    left: int
    top: int
    inner_width: int
    inner_height: int


def load_image(
    source: str | Path | bytes,
    name: str | None = None,
    keep_alpha: bool = False,
    side: int | None = None,
) -> Image.Image:
    """Read an image file as RGB in sRGB: turned by its EXIF tag, transparency on white.

    Of animations the first frame is read. Broken metadata is ignored. SVG files are rendered with
    a longer side of 1,024 px.

    Args:
        source: a path, or the bytes of a file; for SVG only a path.
        name: its name in messages; by default the path.
        keep_alpha: return an image with transparency as RGBA.
        side: reduce a larger image to so many pixels along its longer side as early as possible,
            to save memory.

    Raises:
        ImageError: missing, empty, truncated, too large, or no image at all.
    """
    name = name or ("image" if isinstance(source, bytes) else printable(source))
    try:
        if not isinstance(source, bytes):
            _require_file(source, name)
            if Path(source).suffix.lower() == ".svg":
                source = svg_to_png(Path(source).read_bytes())
        return _decode(source, name, keep_alpha, side)
    except ImageError:
        raise
    except FileNotFoundError:
        raise ImageError(f"{name}: no such file") from None
    except Image.DecompressionBombError:
        raise ImageError(f"{name}: too many pixels; make it smaller") from None
    except Exception as error:  # Pillow's parsers raise many kinds of errors for broken files
        return _load_bare(source, name, keep_alpha, side, error)


def _load_bare(
    source: str | Path | bytes, name: str, keep_alpha: bool, side: int | None, error: Exception
) -> Image.Image:
    """Read the image without its metadata, or raise an `ImageError` with the first error."""
    data = b""
    with contextlib.suppress(OSError, ValueError):
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
    for barer in without_metadata(data):
        with contextlib.suppress(Exception):
            return _decode(barer, name, keep_alpha, side)
    raise ImageError(f"{name}: not a readable image ({_reason(error, data[:32])})") from None


def _require_file(path: str | Path, name: str) -> None:
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        raise ImageError(f"{name}: a folder, not an image")
    if not stat.S_ISREG(mode):  # reading one may block for ever
        raise ImageError(f"{name}: a pipe or a device, not a file")


def _decode(
    source: str | Path | bytes, name: str, keep_alpha: bool, side: int | None
) -> Image.Image:
    with warnings.catch_warnings():
        # Pillow warns of broken metadata, which is not needed, and of large images, checked below
        warnings.filterwarnings("ignore", module="PIL")
        opened = Image.open(
            io.BytesIO(source) if isinstance(source, bytes) else source, formats=readable_formats()
        )
        with opened as image:
            if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
                raise ImageError(
                    f"{name}: {image.width} x {image.height} pixels, more than "
                    f"{MAX_PIXELS // 1_000_000} million, or longer than {MAX_SIDE:,}; "
                    "make it smaller"
                )
            if side:
                # only JPEG can be decoded at a half, a quarter or an eighth of its size
                image.draft(None, size_within(image.size, side))
            image.load()  # verify() would pass a truncated JPEG
            grey = to_8_bits(image)
            loaded = to_srgb(upright(reduce_to(grey, side) if side else grey))
            return loaded.convert("RGBA") if keep_alpha and has_alpha(loaded) else to_rgb(loaded)


def _reason(error: Exception, start: bytes) -> str:
    """Why a file with this start cannot be read, in one line."""
    if isinstance(error, Image.UnidentifiedImageError):
        return missing_plugin(start) or "of no known format, or broken"
    text = str(error).encode("utf-8", "backslashreplace").decode()
    return " ".join(text.split())[:200] or type(error).__name__


def has_alpha(image: Image.Image) -> bool:
    """Whether an image has transparency."""
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def size_within(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Scale width and height so that the longer one is at most `side` pixels."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def reduce_to(image: Image.Image, side: int) -> Image.Image:
    """Reduce a decoded image of any mode to at most `side` pixels along its longer side.

    Palette colors are looked up, a transparent color becomes alpha; metadata stays.
    """
    size = size_within(image.size, side)
    if size == image.size:
        return image
    if has_alpha(image):
        if image.mode not in ("RGBA", "LA", "La", "RGBa"):
            image = image.convert("RGBA")
    elif image.mode in ("P", "1"):
        image = image.convert("RGB" if image.mode == "P" else "L")
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def to_rgb(image: Image.Image) -> Image.Image:
    """Convert any Pillow mode to RGB, transparency on white; see `grey_depths`."""
    image = to_8_bits(image)
    if has_alpha(image):
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, (*WHITE, 255))
        image = Image.alpha_composite(ground, image)
    return image.convert("RGB")


def placement(width: int, height: int, size: int | tuple[int, int]) -> Placement:
    """Where `letterbox` puts an image of `width` x `height`; `size` as there."""
    rows, columns = (size, size) if isinstance(size, int) else size
    scale = min(rows / height, columns / width)
    inner_width = max(1, min(columns, round(width * scale)))
    inner_height = max(1, min(rows, round(height * scale)))
    left, top = (columns - inner_width) // 2, (rows - inner_height) // 2
    return Placement(width, height, left, top, inner_width, inner_height)


def letterbox(image: Image.Image, size: int | tuple[int, int]) -> np.ndarray:
    """Resize an RGB image into a square, or a (height, width), and pad it with white: uint8."""
    place = placement(image.width, image.height, size)
    if (place.inner_width, place.inner_height) != image.size:
        # reducing_gap keeps large reductions fast without visible loss
        image = image.resize(
            (place.inner_width, place.inner_height), Image.Resampling.LANCZOS, reducing_gap=3.0
        )
    rows, columns = (size, size) if isinstance(size, int) else size
    canvas = Image.new("RGB", (columns, rows), WHITE)
    canvas.paste(image, (place.left, place.top))
    return np.asarray(canvas)


def remove_letterbox(image: np.ndarray, place: Placement) -> Image.Image:
    """Undo `letterbox`: cut the padding off uint8 [size, size, 3] and resize to the first size."""
    inner = Image.fromarray(cut_padding(image, place))
    return inner.resize((place.width, place.height), Image.Resampling.LANCZOS)


def cut_padding(image: np.ndarray, place: Placement) -> np.ndarray:
    """Cut the padding off uint8 [size, size, 3]: [inner_height, inner_width, 3]."""
    return image[
        place.top : place.top + place.inner_height, place.left : place.left + place.inner_width
    ]


def resize(
    values: np.ndarray, shape: tuple[int, int], how: Image.Resampling = Image.Resampling.BILINEAR
) -> np.ndarray:
    """Resize uint8 [h, w, 3], or float32 or int32 [h, w], to height and width `shape`."""
    if values.shape[:2] == tuple(shape):
        return values.copy()
    return np.array(Image.fromarray(values).resize(shape[::-1], how))


def reduce_blocks(
    values: np.ndarray, side: int, how: Callable[..., np.ndarray]
) -> tuple[np.ndarray, int]:
    """Reduce each square block of [height, width] to one value.

    Args:
        values: numbers or booleans.
        side: the largest number of blocks along the longer side.
        how: `numpy.max`, `numpy.mean` or another function with `axis`.

    Returns:
        the values, and the width of a block in pixels.
    """
    step = -(-max(values.shape) // side)
    if step == 1:
        return values, 1
    height, width = values.shape
    padded = np.pad(values, ((0, -height % step), (0, -width % step)), mode="edge")
    rows, columns = padded.shape[0] // step, padded.shape[1] // step
    return how(padded.reshape(rows, step, columns, step), axis=(1, 3)), step


def to_tensor(image: np.ndarray) -> torch.Tensor:
    """uint8 [..., height, width, 3] to float32 [..., 3, height, width] in [-1, 1]."""
    import torch

    # torch warns about read-only arrays, such as views of image files
    writable = np.require(image, requirements=["C", "W"])
    tensor = torch.from_numpy(writable).movedim(-1, -3)
    return tensor.to(torch.float32).div_(127.5).sub_(1.0)


def to_uint8(tensor: torch.Tensor) -> np.ndarray:
    """float [..., 3, height, width] in [-1, 1] to uint8 [..., height, width, 3]; clips."""
    import torch

    scaled = tensor.detach().to(torch.float32).clamp(-1, 1).add(1.0).mul(127.5).round()
    return scaled.to(torch.uint8).movedim(-3, -1).cpu().numpy()


def encode_png(image: np.ndarray) -> bytes:
    """uint8 [height, width] or [height, width, 3] to the bytes of a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def decode_png(data: bytes) -> np.ndarray:
    """The bytes of a PNG file written by `encode_png` back to the same array."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def grid(rows: list[list[np.ndarray]], gap: int = 4) -> np.ndarray:
    """Arrange uint8 [height, width, 3] images in rows of equal cells on a light gray background."""
    height, width = (max(image.shape[axis] for row in rows for image in row) for axis in (0, 1))
    columns = max(len(row) for row in rows)
    shape = (len(rows) * (height + gap) + gap, columns * (width + gap) + gap, 3)
    canvas = np.full(shape, 224, np.uint8)
    for r, row in enumerate(rows):
        for c, image in enumerate(row):
            top, left = gap + r * (height + gap), gap + c * (width + gap)
            canvas[top : top + image.shape[0], left : left + image.shape[1]] = image
    return canvas
