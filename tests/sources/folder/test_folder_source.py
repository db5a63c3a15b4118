import contextlib
import logging
import os
import unicodedata

import numpy as np
import pytest
from picture_files import all_triplets, line_drawing, picture, save, write_csv

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import letterbox
from pokecolor.sources.folder.source import PROMPT, FolderSource


def test_csv(root):
    rows = [["lines/1.png", "color1.png", "Turn it red."], ["lines/2.png", "color2.png", ""]]
    write_csv(root / "mine.csv", [["sketch", "color", "caption"], *rows])
    one, two = all_triplets(FolderSource(root, size=48, csv="mine.csv"))
    assert (one.id, one.drawing_id, one.edit_prompt) == ("color1", "color1", "Turn it red.")
    assert two.edit_prompt == PROMPT
    assert (one.original_image == letterbox(line_drawing().convert("RGB"), 48)).all()
    assert (one.edited_image == letterbox(picture(1), 48)).all()


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
    assert (triplet.original_image == letterbox(line_drawing().convert("RGB"), 48)).all()
    assert (triplet.edited_image == letterbox(picture(1), 48)).all()


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
    with pytest.raises(UserError, match=r"mine\.csv: line 3: .*gone\.png: no such image") as error:
        FolderSource(root, csv="mine.csv").drawings()
    assert "\n" not in str(error.value)


def test_what_is_understood_is_counted(root, said):
    rows = [["lines/1.png", "color1.png", "Turn it red."], ["", "color2.png", ""]]
    write_csv(root / "mine.csv", [["sketch", "color", "caption"], *rows])
    line = said(FolderSource(root, csv="mine.csv"))
    assert ": 2 samples in mine.csv, 1 with a caption, 1 with a sketch;" in line
    assert f'where no caption is, it is "{PROMPT}"' in line
    assert "not read: images that no row names: 1 (lines/2.png)" in line


def test_what_is_not_read_is_named(root, said, caplog):
    rows = [[0, "lines/1.png", "color1.png", "Turn it red.", 3], [1, "", "color2.png", "blue", 2]]
    write_csv(root / "mine.csv", [["", "sketch", "color", "caption", "score"], *rows])
    (root / "lines" / "2.png").unlink()
    for name in ("color1.txt", "color2.caption", "README.txt", "more.jsonl", "lines/x.json"):
        (root / name).write_text("words")
    (root / ".hidden.txt").write_text("words")
    line = said(FolderSource(root, csv="mine.csv"))
    assert "not read: columns without a name, score of mine.csv, " in line
    assert "text files of images that have a caption: 2 (color1.txt, color2.caption)" in line
    assert "text files of no color image's name: 1 (README.txt)" in line
    assert "other tables or files of captions: 2 (lines/x.json, more.jsonl)" in line
    assert caplog.records[-1].levelno == logging.WARNING


def test_a_folder_that_is_read_whole_is_no_warning(root, said, caplog):
    for number in (1, 2):
        (root / f"color{number}.txt").write_text(f"Turn it {number}.")
        (root / "lines" / f"{number}.png").unlink()
    line = said(FolderSource(root))
    assert line == f"{root}: 2 samples, 2 with a caption, 0 with a sketch"
    assert caplog.records[-1].levelno == logging.INFO


def test_sketches_of_the_same_names_in_a_folder_are_sketches(tmp_path, said):
    for name in ("1", "2", "3"):
        save(line_drawing(), tmp_path / "sketches" / f"{name}.png")
    for name in ("1", "2", "4"):
        save(picture(int(name)), tmp_path / "colors" / f"{name}.jpg", quality=95)
    source = FolderSource(tmp_path, size=32)
    line = said(source)
    assert ": 3 samples, 0 with a caption, 2 with a sketch" in line
    assert "not read: sketches of no color image's name: 1 (sketches/3.png)" in line
    plain = letterbox(line_drawing().convert("RGB"), 32)
    triplets = all_triplets(source)
    assert [bool((t.original_image == plain).all()) for t in triplets] == [True, True, False]
    assert all(np.ptp(t.edited_image, axis=-1).any() for t in triplets)


def test_a_folder_of_sketches_without_color_images_is_told(root, said):
    line = said(FolderSource(root))
    assert ": 4 samples, " in line
    kind = "as sketches, of no color image's name though in a folder of them"
    assert f"not read: {kind}: 2 (lines/1.png, lines/2.png)" in line


def test_names_that_are_not_utf8_or_have_line_breaks_are_shown(root, said):
    names = [os.fsdecode("그림.png".encode("cp949")), "a\nb.png"]
    for name in names:
        save(picture(1), root / name)
    write_csv(root / "mine.csv", [["color", "no\ntes"], ["color1.png", "a"]])
    line = said(FolderSource(root, csv="mine.csv"))
    line.encode()
    assert "column no tes of mine.csv" in line
    assert "images that no row names: 5 (a b.png, color2.png, lines/1.png, ...)" in line


def test_images_without_captions_are_a_warning(tmp_path, said, caplog):
    save(picture(1), tmp_path / "a.png")
    line = said(FolderSource(tmp_path))
    assert line.endswith(
        f'0 with a caption, 0 with a sketch; where no caption is, it is "{PROMPT}"'
    )
    assert caplog.records[-1].levelno == logging.WARNING


def test_who_asks_for_the_samples_alone_is_told_nothing(root, caplog):
    source = FolderSource(root)
    samples = source.samples()
    assert not caplog.records
    assert samples == {t.id: source.records[t.drawing_id][0].color for t in all_triplets(source)}


def test_other_ranks_of_a_run_say_nothing(root, caplog, monkeypatch):
    monkeypatch.setenv("LOCAL_RANK", "1")
    with caplog.at_level(logging.INFO):
        FolderSource(root).drawings()
    assert not caplog.records


def test_files_of_one_name_are_two_drawings_in_one_split(tmp_path):
    for number in range(8):
        for ending in ("png", "webp"):
            save(picture(number), tmp_path / f"{number}.{ending}")
    source = FolderSource(tmp_path, size=32, val=0.3, test=0.3)
    triplets = all_triplets(source)
    assert len({t.id for t in triplets}) == len({t.drawing_id for t in triplets}) == 16
    for number in range(8):
        same = [d for d in source.drawings() if d.split("-")[0] == str(number)]
        assert len(same) == 2
        assert len({source.split_of(d) for d in same}) == 1


def test_the_second_caption_of_a_drawing_and_another_drawing_have_two_ids(root):
    save(picture(1), root / "color1-1.png")
    rows = [["color1.png", "one"], ["color1.png", "two"], ["color1-1.png", "another"]]
    write_csv(root / "mine.csv", [["color", "caption"], *rows])
    triplets = all_triplets(FolderSource(root, size=32, csv="mine.csv"))
    assert len({t.id for t in triplets}) == 3
    assert {t.id: t.edit_prompt for t in triplets}["color1-1"] == "another"
    samples = FolderSource(root, csv="mine.csv").samples()
    assert samples == {
        t.id: root / ("color1-1.png" if t.edit_prompt == "another" else "color1.png")
        for t in triplets
    }


@pytest.mark.parametrize(("on_disk", "in_table"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_a_name_is_the_same_however_it_is_composed(tmp_path, on_disk, in_table):
    name = unicodedata.normalize(on_disk, "피카츄 é")
    save(picture(1), tmp_path / f"{name}.png")
    save(line_drawing(), tmp_path / "lines" / f"{name}.png")
    named = unicodedata.normalize(in_table, f"{name}.png")
    write_csv(tmp_path / "a.csv", [["sketch", "color"], [f"lines/{named}", named]])
    (triplet,) = all_triplets(FolderSource(tmp_path, size=32))
    save(picture(1), tmp_path / "alone" / f"{unicodedata.normalize(in_table, name)}.png")
    (alone,) = FolderSource(tmp_path / "alone").drawings()
    assert triplet.id == alone


def test_whatever_a_table_says_only_our_own_error_is_raised(root):
    rng = np.random.default_rng(3)
    sample = "sketch,color,caption,split\nlines/1.png,color1.png,red,train\n,color2.png,é,\n"
    read = 0
    for _ in range(400):
        data = bytearray(sample.encode())
        for place in rng.integers(0, len(data), rng.integers(1, 4)):
            data[place] = rng.choice([*b'",\n\r\0./~', rng.integers(256)])
        (root / "mine.csv").write_bytes(bytes(data))
        with contextlib.suppress(UserError):
            source = FolderSource(root, csv="mine.csv")
            read += all(source.split_of(drawing) for drawing in source.drawings())
    assert read > 10


def test_what_may_be_a_mistake_in_a_table_is_counted(root, said):
    rows = [["color", "sketch", "caption"], *[["color1.png", "color1.png", "red"]] * 2]
    rows += [["color1.png", "color1.png", "blue"], ["color2.png", "lines/2.png", "red"]]
    write_csv(root / "pairs.csv", rows)
    line = said(FolderSource(root))
    assert "; 1 of the samples stand there more than once" in line
    assert "; 3 of the samples have the color image as their sketch" in line
    assert len(all_triplets(FolderSource(root, size=32))) == 4
