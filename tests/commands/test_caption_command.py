import os

import numpy as np
import pytest
from PIL import Image

from pokecolor.captioning.store import CaptionStore
from pokecolor.captioning.stored import StoredCaptions
from pokecolor.commands import caption
from pokecolor.data.captions import prepare_captions, sample_ids
from pokecolor.data.prepare import prepare
from pokecolor.sources.folder.source import FolderSource

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


@pytest.mark.parametrize("inside", [False, True])
def test_a_csv_is_gone_on_with(run, pictures, tmp_path, inside):
    table = (pictures if inside else tmp_path) / "captions.csv"
    CaptionStore(table).add({"red": "나의 빨간 그림"}, {"red": "red.png"})
    code, printed, _ = run("caption", pictures, "--out", table)
    assert code == 0 and len(printed.splitlines()) == 1
    captions = CaptionStore(table).read()
    assert captions["red"] == "나의 빨간 그림"
    assert "green" in captions["green"]
    name = "green.png" if inside else "pictures/green.png"
    assert table.read_text(encoding="utf-8").splitlines()[-1].endswith(f",{name}")


def test_what_it_writes_fits_the_folder_that_is_trained_on(run, pictures, tmp_path):
    (pictures / "torn.png").unlink()
    (pictures / "in").mkdir()
    for name in ("in/초록.png", "green.webp", "green-1.png"):
        Image.open(pictures / "green.png").save(pictures / name)
    rows = ["green.png,a", "green.png,b", *(f"{n},c" for n in ("green.webp", "green-1.png"))]
    (pictures / "pairs.csv").write_text("\n".join(["color,caption", *rows, "in/초록.png,d"]))
    for root, images, samples in ((pictures, 4, 5), (pictures / "in", 1, 1)):
        table = tmp_path / f"{root.name}.csv"
        code, printed, _ = run("caption", root, "--out", table)
        assert code == 0
        assert printed.count(": Turn it into") == images  # each once, however many rows it has
        assert len(CaptionStore(table).read()) == samples
        shards = prepare(FolderSource(root, size=32, val=0.5, test=0), tmp_path / "cache")
        captions = StoredCaptions(csv=table)
        prepare_captions(captions, shards)
        captions.load("", sample_ids(shards))
        assert len(set(sample_ids(shards))) == samples
        assert all("green" in captions.prompt(sample, "") for sample in sample_ids(shards))


def test_a_file_has_the_id_that_it_has_in_its_folder(run, pictures, tmp_path):
    Image.open(pictures / "red.png").save(pictures / "red.webp")
    (pictures / "red.caption").write_text("red")
    ids = set(FolderSource(pictures).samples())
    for name in ("red.png", "red.webp", "green.png"):
        assert run("caption", pictures / name, "--out", tmp_path / "captions.csv")[0] == 0
    assert len(CaptionStore(tmp_path / "captions.csv").read()) == 3
    assert set(CaptionStore(tmp_path / "captions.csv").read()) < ids


def test_a_name_that_is_not_utf8_is_shown(run, pictures, tmp_path):
    name = os.fsdecode("초록.png".encode("cp949"))
    (pictures / "green.png").rename(pictures / name)
    code, printed, _ = run("caption", pictures, "--out", tmp_path / "captions.csv")
    assert code == 0
    assert r"/\xc3" in printed and r"\xcf.png: Turn it into a green" in printed
    assert set(CaptionStore(tmp_path / "captions.csv").read()) < set(
        FolderSource(pictures).samples()
    )


def test_images_of_one_id_do_not_share_a_row(run, pictures, tmp_path):
    (pictures / "in").mkdir()
    Image.open(pictures / "green.png").save(pictures / "in" / "red.png")
    arguments = ("caption", pictures / "red.png", pictures / "in")
    code, _, errors = run(*arguments, "--out", tmp_path / "captions.csv")
    assert code == 2
    assert "have the same id, red; write the captions of each folder to a CSV" in errors
    assert not (tmp_path / "captions.csv").exists()
    assert run(*arguments)[0] == 0


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
