import io
import os
import threading
from pathlib import Path

import pytest
from PIL import Image

from pokecolor.commands.picture_files import (
    keeps_transparency,
    save_picture,
    writable_suffixes,
)
from pokecolor.commands.sketch_files import STANDARD
from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import load_image


@pytest.fixture
def clear():
    """Black that cannot be seen."""
    return Image.new("RGBA", (8, 4))


def test_formats_are_tried_not_listed():
    assert {".png", ".jpg", ".webp", ".tif", ".bmp", ".gif", ".pdf", ".avif"} <= writable_suffixes()
    assert not {".blp", ".xbm", ".h5", ".wmf", ".svg"} & writable_suffixes()
    kept = [end for end in (".png", ".webp", ".TIF", ".gif", ".jpg", ".ppm", ".pdf") if
            keeps_transparency(end)]  # fmt: skip
    assert kept == [".png", ".webp", ".TIF", ".gif"]


@pytest.mark.parametrize("ending", [".jpg", ".JPEG", ".ppm", ".bmp", ".pdf", ".png", ".webp"])
def test_a_transparent_picture_is_white_where_a_format_has_no_transparency(tmp_path, clear, ending):
    path = tmp_path / f"out{ending}"
    save_picture(clear, path, None)
    if ending != ".pdf":
        assert load_image(path).getpixel((0, 0)) == (255, 255, 255)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_standard_output_takes_a_png_and_nothing_else(clear, capsys):
    output = io.BytesIO()
    save_picture(clear, STANDARD, output)
    assert Image.open(io.BytesIO(output.getvalue())).mode == "RGBA"
    assert capsys.readouterr().out == ""


def test_a_closed_pipe_is_one_line(clear):
    read, write = os.pipe()
    os.close(read)
    with open(write, "wb") as output:
        with pytest.raises(UserError, match="its reader has closed the pipe"):
            save_picture(clear, STANDARD, output)


def test_devices_are_written_to_not_replaced(tmp_path, clear, capsys):
    save_picture(clear, Path(os.devnull), None)
    assert Path(os.devnull).is_char_device()
    os.mkfifo(tmp_path / "pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    save_picture(clear, tmp_path / "pipe", None)
    reader.join(10)
    assert read[0].startswith(b"\x89PNG")
    assert capsys.readouterr().out.splitlines() == [os.devnull, str(tmp_path / "pipe")]


def test_a_name_that_is_no_text_is_printed(tmp_path, clear, capsys):
    save_picture(clear, tmp_path / os.fsdecode(b"\xb1.png"), None)
    assert capsys.readouterr().out.endswith("\\xb1.png\n")


def test_a_name_as_long_as_the_disk_takes_is_written(tmp_path, clear):
    path = tmp_path / f"{'가' * 83}.png"  # 253 bytes
    save_picture(clear, path, None)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_what_a_format_cannot_hold_is_one_line(tmp_path):
    with pytest.raises(UserError, match=r"a\.webp: cannot be written .*; name a \.png") as error:
        save_picture(Image.new("RGB", (17000, 1)), tmp_path / "a.webp", None)
    assert len(str(error.value).splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
