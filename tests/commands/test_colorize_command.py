import dataclasses
import io
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from filled_in import FillIn
from PIL import Image

from pokecolor import cli
from pokecolor.core.images.conversion import load_image
from pokecolor.core.images.failed_pictures import NoPicture


def test_a_missing_sketch_is_told_before_the_model_is_read(run, tmp_path):
    gone = tmp_path / "gone.png"
    code, _, error = run("colorize", gone, "--prompt", "x", "--model", tmp_path)
    assert (code, error) == (2, f"pokecolor: {gone}: no such file\n")


def test_a_folder_without_a_pipeline_is_told(run, sketch, tmp_path):
    code, _, error = run("colorize", sketch, "--prompt", "x", "--model", tmp_path)
    assert code == 2
    assert error.startswith(f"pokecolor: {tmp_path}: no pipeline there")
    assert len(error.splitlines()) == 1


def test_colorize_writes_each_sketch_at_its_own_size(run, fill_in, tmp_path, sketch):
    tall = tmp_path / "tall.png"
    Image.new("L", (30, 90), 255).save(tall)
    out = tmp_path / "out"
    code, printed, _ = run("colorize", sketch, tall, "--prompt", "x", "--out", out)
    assert code == 0
    assert printed.splitlines() == [str(out / "sketch-color.png"), str(out / "tall-color.png")]
    sizes = [load_image(path).size for path in printed.splitlines()]
    assert sizes == [(40, 20), (30, 90)]


def test_colorize_takes_folders_and_gives_variants_of_following_seeds(
    run, fill_in, tmp_path, sketch
):
    (tmp_path / "notes.txt").write_text("no image")
    code, printed, _ = run(
        "colorize", tmp_path, "--prompt", "x", "--seed", 3, "--variants", 2, "--raw",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert code == 0
    names = [tmp_path / "out" / f"sketch-color-{number}.png" for number in (1, 2)]
    assert printed.splitlines() == [str(name) for name in names]
    assert [load_image(name).getpixel((0, 0)) for name in names] == [(30,) * 3, (40,) * 3]


def test_colorize_writes_layers(run, fill_in, tmp_path, sketch):
    code, printed, _ = run("colorize", sketch, "--prompt", "x", "--layers")
    assert code == 0
    endings = ["color.png", "color-lines.png", "color-colors.png", "color.ora"]
    assert printed.splitlines() == [str(tmp_path / f"sketch-{ending}") for ending in endings]
    assert all(Path(line).is_file() for line in printed.splitlines())


def test_shade_has_layers_of_its_own(run, fill_in, sketch):
    code, printed, _ = run("colorize", sketch, "--prompt", "x", "--layers", "--shade")
    assert code == 0
    names = ["lines", "highlights", "shade", "colors"]
    assert [Path(line).stem.rpartition("-")[2] for line in printed.splitlines()[1:-1]] == names


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--prompt", " "], "--prompt: empty"),
        (["--prompt", "x", "--raw", "--shade"], "--shade: not with --raw"),
        (["--prompt", "x", "--raw", "--layers"], "--layers: not with --raw"),
        (["--prompt", "x", "--out", "{}/out.xyz"], "cannot be written"),
        (["--prompt", "x", "--out", "{}/sketch.png"], "would overwrite a sketch"),
        (["--prompt", "x", "--out", "-", "--layers"], "--layers: several files"),
        (["--prompt", "x", "--out", "/dev/null", "--layers"], "--layers: several files"),
        (["--prompt", "x", "--seed", "-2"], "--seed -2: give 0 to 18446744073709551615, or -1"),
        (["--prompt", "x", "--seed", str(2**64)], f"--seed {2**64}: give 0 to"),
        (["--prompt", "x", "--seed", str(2**64 - 1), "--variants", "2"], f"0 to {2**64 - 2},"),
    ],
)
def test_colorize_refuses_in_one_line_before_any_painting(
    run, monkeypatch, tmp_path, sketch, arguments, message
):
    monkeypatch.setattr(
        "pokecolor.coloring.colorizer.Colorizer.from_pretrained",
        lambda *_: pytest.fail("it paints"),
    )
    arguments = [argument.format(tmp_path) for argument in arguments]
    code, _, error = run("colorize", sketch, *arguments)
    assert code == 2
    assert len(error.splitlines()) == 1 and message in error
    assert [path.name for path in tmp_path.iterdir()] == ["sketch.png"]


def test_layers_overwrite_no_sketch(run, tmp_path, sketch):
    sketch.rename(tmp_path / "color-lines.png")
    code, _, error = run(
        "colorize", tmp_path / "color-lines.png", "--prompt", "x", "--layers",
        "--out", tmp_path / "color.png",
    )  # fmt: skip
    assert code == 2 and "color-lines.png: the result would overwrite a sketch" in error


def test_the_folder_of_the_sketches_is_no_place_for_results(run, tmp_path, sketch):
    for out in (tmp_path, f"{tmp_path}/", tmp_path / "x" / ".."):
        code, _, error = run("colorize", tmp_path, "--prompt", "x", "--out", out)
        assert code == 2 and "the folder of the sketches; name another" in error
        assert len(error.splitlines()) == 1


def test_results_beside_sketches_are_not_colored_the_next_time(run, fill_in, tmp_path, sketch):
    for _ in range(2):
        every = sorted(tmp_path.glob("*.png"))  # as a shell writes *.png out
        code, printed, error = run("colorize", *every, "--prompt", "x", "--layers")
        assert (code, len(printed.splitlines())) == (0, 4)
    assert f"left out {tmp_path}/sketch-color-colors.png and 2 more" in error
    assert len(list(tmp_path.iterdir())) == 5


def test_sketches_that_differ_in_their_ending_are_both_colored(run, fill_in, tmp_path, sketch):
    Image.new("RGB", (8, 8), "white").save(tmp_path / "sketch.webp")
    code, printed, _ = run("colorize", tmp_path, "--prompt", "x", "--out", tmp_path / "v2.0")
    assert code == 0
    names = ["sketch-png-color.png", "sketch-webp-color.png"]
    assert printed.splitlines() == [str(tmp_path / "v2.0" / name) for name in names]
    assert [load_image(path).size for path in printed.splitlines()] == [(40, 20), (8, 8)]


def test_a_transparent_sketch_gives_a_jpeg_on_white(run, fill_in, tmp_path):
    Image.new("RGBA", (40, 20)).save(tmp_path / "clear.png")
    out = tmp_path / "out.jpg"
    assert run("colorize", tmp_path / "clear.png", "--prompt", "x", "--out", out)[0] == 0
    assert load_image(out).size == (40, 20)


def test_standard_input_to_standard_output(fill_in, monkeypatch, sketch, capsysbinary):
    stdin = SimpleNamespace(buffer=io.BytesIO(sketch.read_bytes()), isatty=lambda: False)
    monkeypatch.setattr("sys.stdin", stdin)
    paint = FillIn.paint
    monkeypatch.setattr(FillIn, "paint", lambda *given, **_: print("noise") or paint(*given))
    assert cli.main(["colorize", "-", "--prompt", "x", "--out", "-"]) == 0
    output, error = capsysbinary.readouterr()
    assert Image.open(io.BytesIO(output)).size == (40, 20)
    assert output.startswith(b"\x89PNG") and output.endswith(b"IEND\xae\x42\x60\x82")
    assert b"noise" in error and b"warning: no color found" in error


def test_no_picture_is_written_to_a_terminal(run, tmp_path, sketch, monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    code, _, error = run("colorize", sketch, "--prompt", "x", "--out", "-")
    assert code == 2 and "standard output is a terminal" in error


def test_svg_sketches_are_rendered(run, fill_in, tmp_path):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"/>'
    (tmp_path / "one.svg").write_text(svg)
    code, printed, _ = run("colorize", tmp_path / "one.svg", "--prompt", "x")
    assert code == 0
    assert load_image(printed.strip()).size == (1024, 512)


@pytest.mark.parametrize("phase", ["paint", "picture", "layers"])
def test_ctrl_c_leaves_whole_files_or_none(run, fill_in, tmp_path, sketch, monkeypatch, phase):
    def stop(*_, **__):
        raise KeyboardInterrupt

    earlier = tmp_path / "sketch-color.ora"
    earlier.write_text("an earlier result")
    what = {"paint": (FillIn, "paint"), "picture": (Image.Image, "save"),
            "layers": (zipfile.ZipFile, "writestr")}[phase]  # fmt: skip
    monkeypatch.setattr(*what, stop)
    code, _, error = run("colorize", sketch, "--prompt", "x", "--layers")
    assert code == 130 and error.splitlines()[-1] == "pokecolor: interrupted"
    assert earlier.read_text() == "an earlier result"
    assert not any("partial" in path.name for path in tmp_path.iterdir())
    monkeypatch.undo()
    for path in tmp_path.glob("*.png"):
        assert load_image(path).size == (40, 20)


def test_a_picture_in_color_is_named(run, fill_in, sketch, monkeypatch):
    paint = FillIn.paint

    def in_color(*given, **named):
        return [dataclasses.replace(each, in_color=True) for each in paint(*given, **named)]

    monkeypatch.setattr(FillIn, "paint", in_color)
    code, _, error = run("colorize", sketch, "--prompt", "a red box", "--variants", "2")
    assert code == 0 and error.count(f"{sketch}: is in color already; its lines are kept") == 1


@pytest.fixture
def breaks_tall(monkeypatch):
    """A colorizer whose second picture of a tall sketch is not finite."""

    class BreaksTall(FillIn):
        def paint(self, sketches, prompt, seeds, *sampling, negative_prompt=""):
            found = super().paint(sketches, prompt, seeds, *sampling)
            if sketches[0].height > sketches[0].width:
                found[-1] = dataclasses.replace(found[-1], fault=NoPicture("not_finite"))
            return found

    monkeypatch.setattr("pokecolor.coloring.colorizer.Colorizer", BreaksTall)


def test_nothing_is_written_of_a_sketch_that_is_not_painted(run, breaks_tall, tmp_path):
    tall = tmp_path / "tall.png"
    Image.new("RGB", (20, 40), "white").save(tall)
    code, printed, error = run("colorize", tall, "--prompt", "red", "--variants", 2)
    assert (code, printed) == (2, "")
    (line,) = [line for line in error.splitlines() if not line.startswith("understood")]
    assert line.startswith(f"pokecolor: {tall}: the model's answer is not finite")
    assert [path.name for path in tmp_path.iterdir()] == ["tall.png"]


def test_the_other_sketches_of_a_folder_are_colored(run, breaks_tall, sketch, tmp_path):
    for name in ("a", "z"):
        Image.new("RGB", (20, 40), "white").save(tmp_path / f"{name}.png")
    out = tmp_path / "out"
    code, printed, error = run("colorize", tmp_path, "--prompt", "red", "--out", out, "--layers")
    assert code == 2
    assert "2 of 3 sketches are not colored, such as " in error and "a.png: " in error
    assert {path.name.split("-")[0] for path in out.iterdir()} == {"sketch"}
    assert len(printed.splitlines()) == 4


def test_a_file_that_cannot_be_replaced_is_kept(run, fill_in, tmp_path, sketch):
    notes = tmp_path / "notes.txt"
    notes.write_text("precious")
    code, _, error = run("colorize", sketch, "--prompt", "x", "--out", notes)
    assert code == 2 and "cannot be written" in error
    assert notes.read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "sketch.png"]


def test_a_folder_needs_another_for_its_results(run, tmp_path, sketch):
    code, _, error = run("colorize", tmp_path, "--prompt", "x")
    assert code == 2 and "by --out" in error
    assert len(error.splitlines()) == 1


def test_a_folder_without_images_is_told(run, tmp_path):
    code, _, error = run("colorize", tmp_path, "--prompt", "x", "--out", tmp_path / "out")
    assert (code, error) == (2, f"pokecolor: {tmp_path}: no image in this folder\n")
