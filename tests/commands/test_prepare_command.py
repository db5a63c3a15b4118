from pathlib import Path

import numpy as np
from PIL import Image


def test_prepare_renders_and_needs_no_model(run, tmp_path):
    code, printed, _ = run("prepare", "data=openmoji", "data.limit=1", f"paths.cache={tmp_path}")
    assert code == 0
    folder = Path(printed.splitlines()[-1])
    assert (folder / "manifest.json").is_file()
    assert folder.is_relative_to(tmp_path)


def test_prepare_refuses_a_mistyped_override(run):
    code, _, error = run("prepare", "seeed=1")
    assert code == 2
    assert "did you mean seed?" in error
    assert len(error.splitlines()) == 1


def test_prepare_says_what_it_found_in_a_folder(run, tmp_path, caplog):
    for number in range(3):
        image = Image.fromarray(np.full((32, 32, 3), 60 * number, np.uint8))
        image.save(tmp_path / f"{number}.png")
        (tmp_path / f"{number}.txt").write_text("Turn it grey.")
    code, _, _ = run("prepare", "data=folder", f"data.root={tmp_path}", f"paths.cache={tmp_path}/c")
    assert code == 0
    assert f"{tmp_path}: 3 samples, 3 with a caption, 0 with a sketch" in caplog.text
