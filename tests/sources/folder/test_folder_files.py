import json
import os

import pytest
from picture_files import all_triplets, line_drawing, picture, save, write_csv

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import letterbox
from pokecolor.sources.folder.files import find_layout
from pokecolor.sources.folder.source import FolderSource


@pytest.mark.parametrize("table", ["metadata.csv", "metadata.jsonl", "pairs.csv"])
def test_splits_that_are_given_by_folders_are_kept(tmp_path, table, said):
    for folder in ("train", "validation"):
        rows = [["original_image_file_name", "edited_image_file_name", "edit_prompt"]]
        for number in range(4):
            save(line_drawing(), tmp_path / folder / f"s{number}.png")
            save(picture(number), tmp_path / folder / f"c{number}.png")
            rows.append([f"s{number}.png", f"c{number}.png", f"{folder} {number}"])
        if table.endswith("csv"):
            write_csv(tmp_path / folder / table, rows)
        else:
            objects = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
            (tmp_path / folder / table).write_text("\n".join(map(json.dumps, objects)))
    source = FolderSource(tmp_path, size=32, val=0.3, test=0.3)
    assert f": 8 samples in train/{table}, validation/{table}, 8 with a caption, 8 with a" in said(
        source
    )
    for triplet in all_triplets(source):
        split = {"train": "train", "val": "validation"}[source.split_of(triplet.drawing_id)]
        assert triplet.edit_prompt.startswith(split)
    assert "not read" not in said(FolderSource(tmp_path))


def test_the_only_table_that_tells_of_images_is_read(root, said):
    write_csv(
        root / "some.csv",
        [["image", "conditioning_image", "text"], ["color1.png", "lines/1.png", "red"]],
    )
    write_csv(root / "captions.csv", [["id", "caption", "file"], ["color1", "blue", "color1.png"]])
    write_csv(root / "labels.csv", [["file_name", "label"], ["color1.png", 3]])
    (root / "broken.csv").write_text('"')
    source = FolderSource(root, size=32)
    line = said(source)
    assert "1 samples in some.csv, 1 with a caption, 1 with a sketch" in line
    assert "other tables or files of captions: 3 (broken.csv, captions.csv, labels.csv)" in line
    (triplet,) = all_triplets(source)
    assert (triplet.id, triplet.edit_prompt) == ("color1", "red")
    assert (triplet.original_image == letterbox(line_drawing().convert("RGB"), 32)).all()


def test_where_two_tables_tell_of_images_one_must_be_named(root):
    for name in ("a.csv", "b.csv"):
        write_csv(root / name, [["color", "caption"], ["color1.png", "red"]])
    with pytest.raises(UserError, match=r"2 tables .* a\.csv and b\.csv; name one by data\.source"):
        FolderSource(root).drawings()
    assert list(FolderSource(root, csv="a.csv").drawings()) == ["color1"]
    for name in ("metadata.csv", "metadata.jsonl"):
        (root / "a.csv").rename(root / name)
        (root / "b.csv").rename(root / "a.csv") if (root / "b.csv").exists() else None
    with pytest.raises(UserError, match=r"both metadata\.csv and metadata\.jsonl name the images"):
        FolderSource(root).drawings()


def test_a_table_that_nobody_named_and_is_broken_is_refused(root):
    (root / "mine.csv").write_text("color,caption\ncolor1.png,red, with green eyes\n")
    with pytest.raises(UserError, match=r"mine\.csv: line 2: 3 cells"):
        FolderSource(root).drawings()


def test_the_layout_of_another_source_is_told(tmp_path):
    for folder in ("trainA", "trainB"):
        save(picture(1), tmp_path / folder / "a.png")
    with pytest.raises(UserError, match="Sketch2Pokemon's layout; train with data=sketch2pokemon"):
        FolderSource(tmp_path).drawings()


def test_tables_in_linked_folders_are_read_once(tmp_path, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for folder in (elsewhere, tmp_path / "train"):
        save(picture(1), folder / "a.png")
        write_csv(folder / "metadata.csv", [["file_name", "text"], ["a.png", folder.name]])
    (tmp_path / "validation").symlink_to(elsewhere)
    (tmp_path / "again").symlink_to(tmp_path / "train")
    (tmp_path / "train" / "loop").symlink_to(tmp_path)
    tables = find_layout(tmp_path).tables
    assert tables == tuple(tmp_path / name / "metadata.csv" for name in ("train", "validation"))
    assert [t.edit_prompt for t in all_triplets(FolderSource(tmp_path, size=32))] == [
        "train",
        elsewhere.name,
    ]


def test_hidden_files_and_pipes_are_not_tables(tmp_path):
    (tmp_path / ".cache").mkdir()
    (tmp_path / "@eaDir").mkdir()
    for name in (".a.csv", ".cache/metadata.csv", "@eaDir/metadata.csv"):
        (tmp_path / name).write_text("color,caption\n")
    os.mkfifo(tmp_path / "pipe.csv")
    layout = find_layout(tmp_path)
    assert (layout.tables, layout.texts, layout.others) == ((), (), ())


def test_a_table_is_not_said_to_be_unread_by_another_name(root):
    write_csv(root / "mine.csv", [["color"], ["color1.png"]])
    named = root / "lines" / ".." / "mine.csv"
    assert find_layout(root, named).others == ()


def test_tables_that_are_called_as_splits_give_them(tmp_path):
    for number in range(4):
        save(picture(number), tmp_path / f"{number}.png")
    for name, numbers in (("train.csv", (0, 1)), ("Validation.csv", (2,)), ("test.csv", (3,))):
        write_csv(tmp_path / name, [["image", "text"], *([f"{n}.png", name] for n in numbers)])
    source = FolderSource(tmp_path)
    splits = [source.split_of(str(number)) for number in range(4)]
    assert splits == ["train", "train", "val", "test"]
    write_csv(tmp_path / "mine.csv", [["image", "text"], ["0.png", ""]])
    with pytest.raises(UserError, match="4 tables name images in it"):
        FolderSource(tmp_path).drawings()


def test_lines_of_json_in_controlnets_example_are_read(tmp_path, said):
    for folder in ("source", "target"):
        save(picture(1), tmp_path / folder / "0.png")
    row = {"source": "source/0.png", "target": "target/0.png", "prompt": "red"}
    (tmp_path / "prompt.json").write_text(json.dumps(row) + "\n")
    (tmp_path / "pretty.json").write_text(json.dumps(row, indent=1))
    line = said(FolderSource(tmp_path))
    assert "1 samples in prompt.json, 1 with a caption, 1 with a sketch; not read: other" in line
