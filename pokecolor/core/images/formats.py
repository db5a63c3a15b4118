"""The image formats that are read: those that Pillow decodes, by itself or with a plugin."""

from __future__ import annotations

import contextlib
import functools

from PIL import Image, ImageFile

OTHER_PROGRAMS = ("EPS",)
"""Formats that are not read because Pillow would run Ghostscript: an EPS file is a program."""
WITHOUT_PIXELS = ("MPEG",)
"""Formats of which Pillow reads the header only; its own stubs are recognized by their class."""
ADOPTED = {".mpo": "JPEG"}
"""Extensions that Pillow registers for writing only; it opens such files as another format."""

HEIC, JXL = "HEIC: pip install pillow-heif", "JPEG XL: pip install pillow-jxl-plugin"
CONVERT = "not read: save as PNG"
UNREAD = {
    ".heic": HEIC, ".heif": HEIC, ".hif": HEIC, ".jxl": JXL,
    ".arw": CONVERT, ".clip": CONVERT, ".cr2": CONVERT, ".cr3": CONVERT, ".dng": CONVERT,
    ".emf": CONVERT, ".eps": CONVERT, ".exr": CONVERT, ".hdr": CONVERT, ".jxr": CONVERT,
    ".kra": CONVERT, ".nef": CONVERT, ".svgz": CONVERT, ".wmf": CONVERT, ".xcf": CONVERT,
}  # fmt: skip
"""Extensions of images that Pillow does not read by itself, and what the user can do."""
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_JXL_STARTS = (b"\xff\x0a", b"\0\0\0\x0cJXL ")


@functools.cache
def readable_formats() -> tuple[str, ...]:
    """Pillow's names of the formats that it decodes, including those of installed plugins."""
    Image.init()
    with contextlib.suppress(ImportError):
        import pillow_heif

        pillow_heif.register_heif_opener()
    with contextlib.suppress(ImportError):
        import pillow_jxl  # noqa: F401 - it registers itself
    return tuple(name for name, (factory, _) in Image.OPEN.items() if _decodes(name, factory))


def _decodes(name: str, factory: object) -> bool:
    stub = isinstance(factory, type) and issubclass(factory, ImageFile.StubImageFile)
    return not stub and name not in (*OTHER_PROGRAMS, *WITHOUT_PIXELS)


@functools.cache
def readable_suffixes() -> frozenset[str]:
    """The extensions, in lower case, of files that are read as images: `.svg` and Pillow's."""
    formats = readable_formats()
    endings = {**Image.registered_extensions(), **ADOPTED}
    return frozenset({".svg", *(end for end, name in endings.items() if name in formats)})


def missing_plugin(start: bytes) -> str | None:
    """The plugin to install for a file that starts with these bytes; None if it is not known."""
    if start[4:8] == b"ftyp" and start[8:12] in _HEIC_BRANDS:
        return HEIC
    if start.startswith(_JXL_STARTS):
        return JXL
    return None
