import io
import sys
from types import SimpleNamespace

import pytest
from PIL import EpsImagePlugin, Image

from pokecolor.core.images import formats
from pokecolor.core.images.conversion import ImageError, load_image
from pokecolor.core.images.formats import (
    UNREAD,
    missing_plugin,
    readable_formats,
    readable_suffixes,
)

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


def test_all_that_pillow_decodes_is_taken():
    expected = (
        ".png .apng .jpg .jpeg .jfif .jpe .webp .avif .gif .bmp .tif .tiff .jp2 .j2k .mpo .svg"
    )
    assert set(expected.split()) <= readable_suffixes()
    assert {".ico", ".tga", ".psd", ".qoi", ".ppm", ".dds"} <= readable_suffixes()


def test_formats_without_a_decoder_are_not_taken():
    assert not readable_suffixes() & {".h5", ".hdf", ".grib", ".wmf", ".mpg", ".eps", ".pdf"}
    assert not readable_suffixes() & set(UNREAD)


def test_no_other_program_is_run(monkeypatch):
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "EPS")
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_: pytest.fail("it was run"))
    with pytest.raises(ImageError, match="of no known format"):
        load_image(buffer.getvalue())


@pytest.mark.parametrize(
    ("start", "plugin"),
    [
        (HEIC, "pillow-heif"),
        (b"\xff\x0a\x10\x20", "pillow-jxl-plugin"),
        (b"\0\0\0\x0cJXL \x0d\x0a\x87\x0a", "pillow-jxl-plugin"),
    ],
)
def test_the_plugin_for_a_file_is_named_by_its_content(start, plugin):
    with pytest.raises(ImageError, match=f"a: not a readable image .*pip install {plugin}"):
        load_image(start, "a")


def test_nothing_is_known_of_other_files():
    assert missing_plugin(b"") is missing_plugin(b"\x89PNG\r\n\x1a\n") is None


def test_installed_plugins_are_used(monkeypatch):
    calls = []
    plugin = SimpleNamespace(register_heif_opener=lambda: calls.append("heif"))
    monkeypatch.setitem(sys.modules, "pillow_heif", plugin)
    monkeypatch.setitem(sys.modules, "pillow_jxl", SimpleNamespace())
    readable_formats.__wrapped__()
    assert calls == ["heif"]
    assert formats.UNREAD[".heif"].endswith("pip install pillow-heif")
