"""Strips metadata from image files, to read those whose pixels are intact but metadata are not.

Pillow reads all metadata before any pixel and fails if one is broken or too large, such as the
workflow of 3 MB that ComfyUI writes into its PNG files.
"""

from __future__ import annotations

from collections.abc import Iterator

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
_TEXT = (b"tEXt", b"zTXt", b"iTXt")
_PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_JFIF, _EXIF, _PROFILE, _ADOBE, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_SCAN = 0xDA


def without_metadata(data: bytes) -> Iterator[bytes]:
    """Yield a PNG or JPEG file with less and less metadata; nothing for other formats.

    First without text and other data that do not change how the picture looks, then also without
    its orientation and color profile.
    """
    if data.startswith(PNG):
        yield _png(data, lambda kind: kind not in _TEXT)
        yield _png(data, lambda kind: kind in _PIXELS)
    elif data.startswith(JPEG):
        told = (_JFIF, _ADOBE)
        yield _jpeg(data, lambda kind, start: kind in told or _affects_look(kind, start))
        yield _jpeg(data, lambda kind, start: kind in told)


def _affects_look(kind: int, start: bytes) -> bool:
    """Whether a segment contains the orientation or the color profile."""
    return (kind == _EXIF and start.startswith(b"Exif")) or (
        kind == _PROFILE and start.startswith(b"ICC_PROFILE")
    )


def _png(data: bytes, keeps) -> bytes:
    kept, at = [PNG], len(PNG)
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4])  # length, kind, content, checksum
        if keeps(data[at + 4 : at + 8]):
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def _jpeg(data: bytes, keeps) -> bytes:
    kept, at = [JPEG], len(JPEG)
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != _SCAN:
        kind, end = data[at + 1], at + 2 + int.from_bytes(data[at + 2 : at + 4])
        is_application = _JFIF <= kind <= 0xEF or kind == _COMMENT
        if not is_application or keeps(kind, data[at + 4 : at + 16]):
            kept.append(data[at:end])
        at = end
    return b"".join([*kept, data[at:]])
