import os
from pathlib import Path

import pytest
from PIL import Image

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError, load_image
from pokecolor.core.images.listing import find_images, list_images


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "folder"
    add(folder / "good.png")
    return folder


def add(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (2, 2)).save(path, "PNG")


def listed(folder):
    return [path.relative_to(folder).as_posix() for path in list_images(folder)]


def test_images_are_listed_by_name_without_hidden_files(folder, caplog):
    for name in ("b.png", "a/c.JPG", ".hidden.png", ".cache/d.png"):
        add(folder / name)
    (folder / "notes.txt").write_text("no image")
    assert listed(folder) == ["a/c.JPG", "b.png", "good.png"]
    assert not caplog.records


@pytest.mark.parametrize("name", ["a.avif", "b.jfif", "c.jp2", "d.apng", "e.mpo", "f.svg", "g.TGA"])
def test_every_format_that_is_read_is_listed(folder, name):
    add(folder / name)
    assert name in listed(folder)
    assert folder / name in find_images([folder])


def make_folder(path):
    path.mkdir()


def make_link_to_nothing(path):
    path.symlink_to("nowhere")


def make_loop(path):
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("name", "make", "why"),
    [
        ("export.png", make_folder, "a folder, not an image"),
        ("link.png", make_link_to_nothing, "a link to nothing"),
        ("loop.png", make_loop, "a link to nothing"),
        ("pipe.png", os.mkfifo, "a pipe or a device"),
        ("@eaDir", make_folder, "a folder of thumbnails or deleted files"),
        ("a.heic", add, "HEIC: pip install pillow-heif"),
        ("a.JXL", add, "JPEG XL: pip install pillow-jxl-plugin"),
        ("a.eps", add, "not read: save as PNG"),
    ],
)
@pytest.mark.parametrize("find", [lambda folder: find_images([folder]), list_images])
def test_what_cannot_be_read_is_left_out_and_named(folder, caplog, name, make, why, find):
    make(folder / name)
    assert find(folder) == [folder / "good.png"]
    assert [record.message for record in caplog.records] == [
        f"{folder}: left out 1: {name} ({why})"
    ]


def test_all_that_is_left_out_is_counted_in_one_line(folder, caplog):
    for name in ("a.heic", "b.heic", "c.heif", "d.jxl"):
        add(folder / name)
    list_images(folder)
    (record,) = caplog.records
    assert record.message == (
        f"{folder}: left out 4: a.heic and 2 more (HEIC: pip install pillow-heif); "
        "d.jxl (JPEG XL: pip install pillow-jxl-plugin)"
    )


def test_nothing_but_unread_images_is_an_error(tmp_path):
    add(tmp_path / "a.heic")
    with pytest.raises(UserError, match=r"no image in it can be read; left out 1: a\.heic"):
        list_images(tmp_path)
    assert list_images(tmp_path, required=False) == []
    with pytest.raises(ImageError, match=r"no image in this folder can be read; left out 1"):
        find_images([tmp_path])


def test_no_images_are_none(tmp_path):
    assert list_images(tmp_path) == list_images(tmp_path / "nowhere") == []
    with pytest.raises(ImageError, match=r"no image in this folder$"):
        find_images([tmp_path])


def test_a_path_that_no_system_takes_is_no_folder():
    for path in (Path("x" * 300), Path("a\0b")):
        assert list_images(path) == []
        assert find_images([path]) == [path]
        with pytest.raises(ImageError, match="not a readable image"):
            load_image(path)


def test_thumbnails_of_storage_devices_are_no_drawings(folder):
    add(folder / "@eaDir" / "good.png" / "SYNOPHOTO_THUMB_M.png")
    assert listed(folder) == ["good.png"]


def test_a_folder_named_like_an_image_is_searched(folder, caplog):
    add(folder / "export.png" / "inside.png")
    assert listed(folder) == ["export.png/inside.png", "good.png"]
    assert not caplog.records


def test_links_to_folders_are_followed_once(folder, tmp_path):
    add(tmp_path / "elsewhere" / "far.png")
    add(folder / "z" / "near.png")
    (folder / "far").symlink_to(tmp_path / "elsewhere")
    (folder / "again").symlink_to(tmp_path / "elsewhere")
    (folder / "a").symlink_to(folder / "z")  # it is read under its own name
    (folder / "up").symlink_to(folder)
    (tmp_path / "elsewhere" / "back").symlink_to(folder)
    assert listed(folder) == ["again/far.png", "good.png", "z/near.png"]


def test_a_folder_that_cannot_be_opened_is_named(folder, caplog, monkeypatch):
    add(folder / "shut" / "a.png")
    scan = os.scandir

    def refuse(path):
        if os.path.basename(path) == "shut":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert listed(folder) == ["good.png"]
    assert "shut (a folder that cannot be opened: Permission denied)" in caplog.text


def test_names_that_are_no_text_are_listed(folder, caplog):
    name = os.fsdecode("그림".encode("cp949"))
    add(folder / f"{name}.png")
    add(folder / f"{name}.heic")
    assert len(list_images(folder)) == 2
    assert r"\xb2.heic" in caplog.records[0].message
    assert caplog.records[0].message.encode()
