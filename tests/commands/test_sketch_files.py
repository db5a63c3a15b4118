import io
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from pokecolor.commands.sketch_files import STANDARD, SketchReader, find_sketches
from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"/>'


def add(folder, *names):
    folder.mkdir(exist_ok=True)
    for name in names:
        Image.new("L", (4, 2), 255).save(folder / name)
    return [str(folder / name) for name in names]


def pipe(monkeypatch, data, terminal=False):
    stdin = SimpleNamespace(buffer=io.BytesIO(data), isatty=lambda: terminal)
    monkeypatch.setattr("sys.stdin", stdin)


def png():
    buffer = io.BytesIO()
    Image.new("LA", (4, 2)).save(buffer, "PNG")
    return buffer.getvalue()


def test_earlier_results_are_left_out_and_counted(tmp_path, capsys):
    names = ("a.png", "a-color.png", "a-color-2.png", "a-color-lines.png", "b-color.png", "c.png")
    given = add(tmp_path, *names, "a-png-color.png", "c-color-1-shade.png")
    assert [path.name for path in find_sketches(given)] == ["a.png", "b-color.png", "c.png"]
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"left out {tmp_path}/a-color.png and 4 more: named as results")


def test_a_result_may_be_colored_by_itself(tmp_path, capsys):
    given = add(tmp_path, "a-color.png")
    assert find_sketches(given) == [Path(given[0])]
    assert capsys.readouterr().err == ""


def test_a_sketch_given_twice_is_one(tmp_path):
    given = add(tmp_path / "in", "a.png")
    assert len(find_sketches([*given, str(tmp_path / "in")])) == 1


def test_a_dash_is_standard_input_and_no_file(tmp_path, monkeypatch):
    assert find_sketches(["-"]) == find_sketches(["/dev/stdin"]) == [STANDARD]
    with pytest.raises(UserError, match="standard input holds one sketch"):
        find_sketches(["-", "-"])
    monkeypatch.chdir(tmp_path)
    assert find_sketches(["./-"]) == [tmp_path / "-"]


@pytest.mark.parametrize(("data", "size"), [(png(), (4, 2)), (b"\n" + SVG, (1024, 512))])
def test_standard_input_is_read_once_and_may_be_svg(monkeypatch, data, size):
    pipe(monkeypatch, data)
    reader = SketchReader()
    for _ in range(2):
        image = reader.read(STANDARD)
        assert (image.mode, image.size) == ("RGBA", size)


@pytest.mark.parametrize(
    ("data", "error"), [(b"", ImageError), (b"x", ImageError), (b"<svg", UserError)]
)
def test_what_is_piped_in_may_be_no_image(monkeypatch, data, error):
    pipe(monkeypatch, data)
    with pytest.raises(error, match="standard input: not a readable image"):
        SketchReader().read(STANDARD)


def test_a_terminal_is_not_waited_for(monkeypatch):
    pipe(monkeypatch, b"", terminal=True)
    with pytest.raises(UserError, match="nothing is piped in"):
        SketchReader().read(STANDARD)


def test_files_are_read_with_their_transparency(tmp_path):
    Image.new("RGBA", (4, 2)).save(tmp_path / "a.png")
    assert SketchReader().read(tmp_path / "a.png").mode == "RGBA"
    with pytest.raises(ImageError, match="no such file"):
        SketchReader().read(tmp_path / os.fsdecode(b"\xb1.png"))


def test_of_a_moving_image_the_first_frame_is_read_and_that_is_said_once(tmp_path, capsys):
    path = tmp_path / "moving.gif"
    first, *others = [Image.new("RGB", (40, 30), color) for color in ("red", "green")]
    first.save(path, save_all=True, append_images=others)
    reader = SketchReader()
    assert reader.read(path).getpixel((0, 0)) == reader.read(path).getpixel((9, 9)) == (255, 0, 0)
    assert capsys.readouterr().err == f"{path}: has 2 frames; the first is taken\n"
