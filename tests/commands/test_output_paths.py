import os
from pathlib import Path

import pytest

from pokecolor.commands.output_paths import output_paths, require_writable
from pokecolor.commands.sketch_files import STANDARD
from pokecolor.core.errors import UserError


def test_outputs_lie_beside_the_sketches_or_where_out_says(tmp_path):
    a, b = tmp_path / "a.png", tmp_path / "b.jpg"
    assert output_paths([a, b], None) == [[tmp_path / "a-color.png"], [tmp_path / "b-color.png"]]
    assert output_paths([a], tmp_path / "x.webp") == [[tmp_path / "x.webp"]]
    folder = tmp_path / "new"
    assert output_paths([a], folder, variants=2) == [
        [folder / "a-color-1.png", folder / "a-color-2.png"]
    ]


def test_no_result_overwrites_another(tmp_path):
    with pytest.raises(UserError, match="2 pictures need a folder"):
        output_paths([tmp_path / "a.png", tmp_path / "b.png"], tmp_path / "x.png")
    with pytest.raises(UserError, match="2 pictures need a folder"):
        output_paths([tmp_path / "a.png"], tmp_path / "x.png", variants=2)
    with pytest.raises(UserError, match="two sketches would be written there"):
        output_paths([tmp_path / "1" / "a.png", tmp_path / "2" / "a.png"], tmp_path / "out")


@pytest.mark.parametrize("name", ["v2.0", "run-2024.11.30", "new", "new.png/", "new.xyz/"])
def test_a_version_or_a_slash_is_no_ending(tmp_path, name):
    folder = f"{tmp_path}/{name}"
    assert output_paths([tmp_path / "a.png"], folder) == [[Path(folder) / "a-color.png"]]


def test_what_is_a_folder_is_one_whatever_its_name(tmp_path):
    (tmp_path / "pictures.png").mkdir()
    (path,) = output_paths([tmp_path / "a.png"], tmp_path / "pictures.png")[0]
    assert path == tmp_path / "pictures.png" / "a-color.png"


def test_several_pictures_go_to_a_folder_with_any_ending_but_an_images(tmp_path):
    paths = output_paths([tmp_path / "a.png"], tmp_path / "my.sketches", variants=2)
    assert paths[0][0] == tmp_path / "my.sketches" / "a-color-1.png"


@pytest.mark.parametrize("name", ["x.png", "x.JPG", "x.webp", "x.avif", "x.tif", "x.pdf"])
def test_an_ending_that_can_be_written_is_a_file(tmp_path, name):
    assert output_paths([tmp_path / "a.png"], tmp_path / name) == [[tmp_path / name]]


@pytest.mark.parametrize("name", ["x.pngg", "x.h5", "x.blp", "x.svg"])
def test_an_ending_that_cannot_be_written_is_told(tmp_path, name):
    with pytest.raises(UserError, match=r"cannot be written, \.\w+ is no format .* as .*/$"):
        output_paths([tmp_path / "a.png"], tmp_path / name)


def test_a_file_without_an_ending_is_no_folder(tmp_path):
    (tmp_path / "notes").touch()
    for count in (1, 2):
        with pytest.raises(UserError, match=r"no ending is no format .* name a \.png$"):
            output_paths([tmp_path / "a.png"], tmp_path / "notes", variants=count)


def test_sketches_that_differ_in_their_ending_keep_it(tmp_path):
    sketches = [tmp_path / name for name in ("a.png", "a.webp", "b.png")]
    names = ["a-png-color.png", "a-webp-color.png", "b-color.png"]
    for out in (None, tmp_path / "out"):
        paths = [path.name for (path,) in output_paths(sketches, out)]
        assert paths == names
    with pytest.raises(UserError, match="two sketches would be written there"):
        output_paths([*sketches, tmp_path / "a-webp.jpg"], tmp_path / "out")


def test_names_that_differ_in_case_alone_are_one_file_on_some_disks(tmp_path):
    with pytest.raises(UserError, match="two sketches would be written there"):
        output_paths([tmp_path / "1" / "a.png", tmp_path / "2" / "A.png"], tmp_path / "out")


def test_devices_and_standard_output_take_one_picture_and_null_any_number(tmp_path):
    sketch = tmp_path / "a.png"
    assert output_paths([sketch], "-") == output_paths([sketch], "/dev/stdout") == [[STANDARD]]
    assert output_paths([sketch], os.devnull, variants=2) == [[Path(os.devnull)] * 2]
    os.mkfifo(tmp_path / "pipe")
    assert output_paths([sketch], tmp_path / "pipe") == [[tmp_path / "pipe"]]
    for out in ("-", tmp_path / "pipe"):
        with pytest.raises(UserError, match="2 pictures need a folder"):
            output_paths([sketch], out, variants=2)


def test_standard_input_has_no_place_of_its_own(tmp_path):
    with pytest.raises(UserError, match="-: say by --out where the result goes"):
        output_paths([STANDARD], None)
    assert output_paths([STANDARD], tmp_path / "out") == [[tmp_path / "out" / "sketch-color.png"]]


def test_no_sketch_is_overwritten(tmp_path):
    sketch, link = tmp_path / "a.png", tmp_path / "link"
    sketch.touch()
    link.symlink_to(tmp_path, target_is_directory=True)
    for path in (sketch, tmp_path / "x" / ".." / "a.png", link / "a.png"):
        with pytest.raises(UserError, match=r"a\.png: the result would overwrite a sketch"):
            require_writable([sketch], [tmp_path / "b.png", path])
    require_writable([sketch, STANDARD], [tmp_path / "b.png", STANDARD, Path(os.devnull)])


def test_what_cannot_be_written_is_told_and_nothing_is_made(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    (tmp_path / "taken.png").mkdir()
    assert output_paths([], f"{tmp_path}/{'x' * 300}") == []
    for path, why in (
        (tmp_path / "file" / "deep" / "a.png", "file is no folder"),
        (tmp_path / "taken.png", "a folder of this name is there"),
        (tmp_path / f"{'x' * 300}.png", "its name is too long"),
    ):
        with pytest.raises(UserError, match=f"cannot be written .*{why}"):
            require_writable([], [path])
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(UserError, match="is read-only"):
        require_writable([], [tmp_path / "new" / "a.png"])
    assert not (tmp_path / "new").exists()
