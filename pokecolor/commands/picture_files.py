"""Pictures that `pokecolor colorize` writes: whole or not at all, in any format."""

from __future__ import annotations

import contextlib
import functools
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image

from pokecolor.commands.sketch_files import STANDARD
from pokecolor.core.atomic_files import written_whole
from pokecolor.core.errors import UserError
from pokecolor.core.file_names import printable
from pokecolor.core.images.conversion import has_alpha, to_rgb

if TYPE_CHECKING:
    from collections.abc import Iterator


@functools.cache
def writable_suffixes() -> frozenset[str]:
    """The endings, in lower case, of formats that hold a color picture and that Pillow writes."""
    Image.init()
    endings = Image.registered_extensions()
    return frozenset(end for end, name in endings.items() if _written("RGB", name) is not None)


@functools.cache
def keeps_transparency(suffix: str) -> bool:
    """Whether a picture of the format with this ending comes back transparent where it was."""
    data = _written("RGBA", Image.registered_extensions()[suffix.lower()])
    try:
        with Image.open(io.BytesIO(data or b"")) as image:
            return has_alpha(image) and image.convert("RGBA").getpixel((8, 8))[3] == 0
    except Exception:  # one that is written alone, such as PDF
        return False


@functools.cache
def _written(mode: str, format: str) -> bytes | None:
    """A small picture, transparent if it can be, in a format; None if that cannot hold it."""
    if format not in Image.SAVE:
        return None
    buffer = io.BytesIO()
    try:
        Image.new(mode, (16, 16)).save(buffer, format)
    except Exception:  # each format refuses in its own way
        return None
    return buffer.getvalue()


def save_picture(picture: Image.Image, path: Path, output: BinaryIO | None) -> None:
    """Write a picture in the format of the path's ending, and say where.

    Where the format has no transparency, white is laid below. Devices take PNG.

    Args:
        picture: RGB or RGBA.
        path: the file; `STANDARD` for `output`.
        output: takes PNG in place of standard output; None where no path is `STANDARD`.

    Raises:
        UserError: it cannot be written.
    """
    if path == STANDARD:
        _write_to(output, _png(picture))
        return
    with telling(path):
        if is_device(path):
            path.write_bytes(_png(picture))
        else:
            format = Image.registered_extensions()[path.suffix.lower()]
            picture = picture if keeps_transparency(path.suffix) else to_rgb(picture)
            with written_whole(path) as partial:
                picture.save(partial, format)
    print(printable(path))


def is_device(path: Path) -> bool:
    """Whether something is there that can be written to and is no file, such as /dev/null."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


@contextlib.contextmanager
def telling(path: Path) -> Iterator[None]:
    """Say in one line why a picture cannot be written.

    Raises:
        UserError: the block raised an error of the disk, or of the format.
    """
    try:
        yield
    except (ValueError, OSError) as error:  # a picture too large for the format; a full disk
        reason = " ".join(str(error).split())
        raise UserError(
            f"{printable(path)}: cannot be written ({reason}); name a .png elsewhere"
        ) from error


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _write_to(output: BinaryIO, data: bytes) -> None:
    try:
        output.write(data)
        output.flush()
    except BrokenPipeError:
        # or Python would write what is left, and fail once more, when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
        raise UserError("--out -: its reader has closed the pipe") from None
