import os

import numpy as np
import pytest
from PIL import Image

from pokecolor.captioning.store import CaptionStore
from pokecolor.commands import caption

GREEN, RED = (92, 158, 49), (210, 47, 39)


@pytest.fixture
def pictures(tmp_path):
    """A green and a red square on white, and a file that is no image."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, color in (("green", GREEN), ("red", RED)):
        image = np.full((64, 64, 3), 255, np.uint8)
        image[10:54, 10:54] = color
        Image.fromarray(image).save(folder / f"{name}.png")
    (folder / "torn.png").write_bytes(b"no image")
    return folder


def test_each_image_gets_an_instruction_and_a_torn_one_is_named_and_skipped(run, pictures):
    code, printed, errors = run("caption", pictures)
    assert code == 0
    green, red = printed.splitlines()
    assert green.startswith(f"{pictures / 'green.png'}: Turn it into a green ")
    assert red.startswith(f"{pictures / 'red.png'}: Turn it into a red ")
    assert f"skipped: {pictures / 'torn.png'}: not a readable image" in errors


def test_a_csv_is_gone_on_with(run, pictures, tmp_path):
    table = tmp_path / "captions.csv"
    CaptionStore(table).add({str(pictures / "red.png"): "나의 빨간 그림"})
    code, printed, _ = run("caption", pictures, "--out", table)
    assert code == 0 and len(printed.splitlines()) == 1
    captions = CaptionStore(table).read()
    assert captions[str(pictures / "red.png")] == "나의 빨간 그림"
    assert "green" in captions[str(pictures / "green.png")]


def test_a_name_that_is_no_text_can_be_printed_and_written(run, pictures, tmp_path):
    table = tmp_path / "captions.csv"
    (pictures / "torn.png").unlink()
    (pictures / "red.png").rename(pictures / os.fsdecode("그림.png".encode("cp949")))
    for lines in (2, 0):
        code, printed, _ = run("caption", pictures, "--out", table)
        assert (code, len(printed.splitlines())) == (0, lines)
    assert any("\\xb1" in name for name in CaptionStore(table).read())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--source", "original"], "--source original: writes no captions"),
        (["--source", "clop"], "did you mean caption=clip?"),
        (["--source", "cnn_lstm"], "no CNN-LSTM trained yet"),
    ],
)
def test_a_source_that_cannot_caption_is_told(
    run, pictures, tmp_path, monkeypatch, arguments, message
):
    monkeypatch.chdir(tmp_path)  # nothing is cached here
    code, _, errors = run("caption", pictures / "red.png", *arguments)
    assert code == 2
    assert message in errors and len(errors.splitlines()) == 1


def test_nothing_readable_is_an_error(run, pictures):
    code, _, errors = run("caption", pictures / "torn.png")
    assert code == 2
    assert errors.splitlines()[-1] == "pokecolor: none of these images could be read"


def test_ctrl_c_keeps_the_captions_so_far_and_the_next_run_goes_on(
    run, pictures, tmp_path, monkeypatch
):
    table, read = tmp_path / "captions.csv", caption._read
    (pictures / "torn.png").unlink()

    def interrupted(files):
        if files[0].name == "red.png":
            raise KeyboardInterrupt
        return read(files)

    monkeypatch.setattr(caption, "BATCH_SIZE", 1)
    with monkeypatch.context() as patch:
        patch.setattr(caption, "_read", interrupted)
        assert run("caption", pictures, "--out", table)[0] == 130
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["captions.csv"]
    assert len(CaptionStore(table).read()) == 1
    code, printed, _ = run("caption", pictures, "--out", table)
    assert code == 0 and len(printed.splitlines()) == 1
    assert len(CaptionStore(table).read()) == 2
