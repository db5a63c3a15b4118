import csv

import numpy as np
import pytest
from picture_files import line_drawing, picture, save

from pokecolor.data.folder import PROMPT, FolderSource, find_columns
from pokecolor.errors import UserError
from pokecolor.images import fit


def write_csv(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def all_triplets(source):
    return [triplet for id_ in source.drawings() for triplet in source.triplets(id_)]


@pytest.fixture
def root(tmp_path):
    for number in (1, 2):
        save(picture(number), tmp_path / f"color{number}.png")
        save(line_drawing(), tmp_path / "lines" / f"{number}.png")
    return tmp_path


def test_csv(root):
    rows = [["lines/1.png", "color1.png", "Turn it red."], ["lines/2.png", "color2.png", ""]]
    write_csv(root / "mine.csv", [["sketch", "color", "caption"], *rows])
    one, two = all_triplets(FolderSource(root, size=48, csv="mine.csv"))
    assert (one.id, one.drawing_id, one.edit_prompt) == ("color1", "color1", "Turn it red.")
    assert two.edit_prompt == PROMPT
    assert (one.original_image == fit(line_drawing().convert("RGB"), 48)).all()
    assert (one.edited_image == fit(picture(1), 48)).all()


def test_csv_elsewhere(root, tmp_path_factory):
    table = tmp_path_factory.mktemp("tables") / "mine.csv"
    write_csv(table, [["color"], [str(root / "color1.png")]])
    (triplet,) = all_triplets(FolderSource(root, size=48, csv=table))
    assert triplet.id == "color1"


def test_rows_that_share_a_color_image_are_one_drawing(root):
    rows = [["lines/1.png", "color1.png", "one"], ["lines/2.png", "color1.png", "two"]]
    write_csv(root / "mine.csv", [["sketch", "color", "caption"], *rows])
    source = FolderSource(root, size=48, csv="mine.csv")
    assert list(source.drawings()) == ["color1"]
    assert [(t.id, t.drawing_id, t.edit_prompt) for t in all_triplets(source)] == [
        ("color1", "color1", "one"),
        ("color1-1", "color1", "two"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        ["original_image", "edited_image", "edit_prompt"],
        ["input_image", "edited_image", "edit_prompt"],
        ["original_image_file_name", "edited_image_file_name", "edit_prompt"],
        ["original_image", "file_name", "text"],
        ["file_name", "edited_image", "edit_prompt"],
    ],
)
def test_imagefolder(root, header):
    write_csv(root / "metadata.csv", [header, ["lines/1.png", "color1.png", "Turn it red."]])
    (triplet,) = all_triplets(FolderSource(root, size=48))
    assert triplet.edit_prompt == "Turn it red."
    assert (triplet.original_image == fit(line_drawing().convert("RGB"), 48)).all()
    assert (triplet.edited_image == fit(picture(1), 48)).all()


def test_imagefolder_of_color_images_and_captions(root):
    write_csv(root / "metadata.csv", [["file_name", "text"], ["color1.png", "Turn it red."]])
    (triplet,) = all_triplets(FolderSource(root, size=48))
    assert triplet.edit_prompt == "Turn it red."
    assert 0.02 < (triplet.original_image < 220).mean() < 0.4


def test_color_images_alone(tmp_path):
    save(picture(1, 90, 60), tmp_path / "a.jpg")
    save(picture(2), tmp_path / "in" / "b c.png")
    triplets = all_triplets(FolderSource(tmp_path, size=64))
    assert [t.id[:6] for t in triplets] == ["a", "in-b-c"]
    for triplet in triplets:
        assert triplet.edit_prompt == PROMPT
        assert (np.ptp(triplet.original_image, axis=-1) == 0).all()
        assert (triplet.original_image < 128).any()


def test_missing_folder(tmp_path):
    with pytest.raises(UserError, match=r"nowhere: no such folder; set data\.root"):
        FolderSource(tmp_path / "nowhere").drawings()


def test_empty_folder(tmp_path):
    with pytest.raises(UserError, match="no images in it"):
        FolderSource(tmp_path).drawings()


@pytest.mark.parametrize("missing", ["sketch", "color"])
def test_a_row_whose_image_is_missing(root, missing):
    row = {"sketch": "lines/1.png", "color": "color1.png", missing: "gone.png"}
    good = ["lines/2.png", "color2.png"]
    write_csv(root / "mine.csv", [["sketch", "color"], good, [row["sketch"], row["color"]]])
    with pytest.raises(UserError, match=r"mine\.csv: row 3: .*gone\.png: no such image") as error:
        FolderSource(root, csv="mine.csv").drawings()
    assert "\n" not in str(error.value)


def test_columns_that_name_no_color_image(tmp_path):
    with pytest.raises(UserError, match=r"no column names the color images \(found a, b\)"):
        find_columns(tmp_path, ["a", "b"])
