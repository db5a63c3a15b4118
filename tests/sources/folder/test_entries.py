import json

import pytest
from picture_files import all_triplets, picture, save, write_csv

from pokecolor.core.errors import UserError
from pokecolor.core.extras import hint
from pokecolor.sources.folder.source import PROMPT, FolderSource


def test_text_files_beside_color_images_are_captions(tmp_path, said):
    # named on a Mac, in another case, of several lines, with a byte order mark, blank
    texts = {"a.txt": "one", "b.caption": "two", "\u00e9.TXT": "three\nlines ", "d.txt": " \n"}
    for name in ("a.png", "b.webp", "e\u0301.jpg", "d.png", "in/a.png"):
        save(picture(1), tmp_path / name)
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8-sig")
    source = FolderSource(tmp_path, size=32)
    assert ", 3 with a caption, 0 with a sketch" in said(source)
    prompts = sorted(t.edit_prompt for t in all_triplets(source))
    assert prompts == sorted(["one", "two", "three lines", PROMPT, PROMPT])


def test_a_text_file_fills_an_empty_cell_of_the_table(root, said):
    write_csv(root / "mine.csv", [["color", "caption"], ["color1.png", ""], ["color2.png", "two"]])
    (root / "color1.txt").write_text("one")
    (root / "color2.txt").write_text("not this")
    source = FolderSource(root, size=32, csv="mine.csv")
    assert "text files of images that have a caption: 1 (color2.txt)" in said(source)
    assert [t.edit_prompt for t in all_triplets(source)] == ["one", "two"]


def test_json_lines_of_an_imagefolder(root, said):
    rows = [{"file_name": f"color{n}.png", "text": f"Turn it {n}.", "tags": ["a"]} for n in (1, 2)]
    (root / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)))
    source = FolderSource(root, size=32)
    assert [t.edit_prompt for t in all_triplets(source)] == ["Turn it 1.", "Turn it 2."]
    line = said(FolderSource(root))
    assert "2 with a caption, 0 with a sketch; not read: column tags of metadata.jsonl, " in line


def test_a_text_that_is_a_list_is_refused(root):
    (root / "metadata.jsonl").write_text('{"file_name": "color1.png", "text": ["a", "b"]}')
    with pytest.raises(UserError, match=r"metadata\.jsonl: text holds lists or objects"):
        FolderSource(root).drawings()


def test_splits_that_are_given_by_a_column_are_kept(root):
    save(picture(3), root / "color3.png")
    rows = [["color1.png", "validation"], ["color2.png", "Test"], ["color3.png", "train"]]
    write_csv(root / "metadata.csv", [["file_name", "split"], *rows])
    source = FolderSource(root)
    assert [source.split_of(f"color{n}") for n in (1, 2, 3)] == ["val", "test", "train"]
    write_csv(root / "metadata.csv", [["file_name", "split"], *rows[:2], ["color3.png", "other"]])
    with pytest.raises(UserError, match=r"metadata\.csv: line 4: split other: no such split"):
        FolderSource(root).drawings()


def test_a_drawing_in_two_splits_is_refused(root):
    rows = [["color1.png", "train"], ["color1.png", "test"]]
    write_csv(root / "metadata.csv", [["file_name", "split"], *rows])
    with pytest.raises(UserError, match=r"color1\.png: it is given to train and to test"):
        FolderSource(root).drawings()


@pytest.mark.parametrize(("name", "separator"), [("pairs.csv", ";"), ("pairs.tsv", "\t")])
def test_tables_with_semicolons_and_tabs(root, said, name, separator):
    rows = [("image", "conditioning_image", "text"), ("color1.png", "lines/1.png", "red, and blue")]
    (root / name).write_text("\n".join(map(separator.join, rows)))
    source = FolderSource(root, size=32)
    assert f"1 samples in {name}, 1 with a caption, 1 with a sketch" in said(source)
    assert [t.edit_prompt for t in all_triplets(source)] == ["red, and blue"]


def test_parquet_of_an_imagefolder(root, said, monkeypatch):
    pa, pq = (pytest.importorskip(name) for name in ("pyarrow", "pyarrow.parquet"))
    columns = {"file_name": ["color1.png"], "text": ["red"]}
    pq.write_table(pa.table(columns), root / "metadata.parquet")
    line = said(FolderSource(root, size=32))
    assert "1 samples in metadata.parquet, 1 with a caption" in line
    (root / "metadata.parquet").rename(root / "mine.parquet")
    assert "1 samples in mine.parquet, 1 with a caption" in said(FolderSource(root, size=32))
    pq.write_table(pa.table({**columns, "file_name": [{"bytes": b""}]}), root / "mine.parquet")
    assert "other tables or files of captions: 1 (mine.parquet)" in said(FolderSource(root))
    monkeypatch.setattr("pokecolor.sources.folder.source.find_spec", lambda name: None)
    expected = f"Parquet files, which need {hint('hub')}: 1 (mine.parquet)"
    assert expected in said(FolderSource(root))
