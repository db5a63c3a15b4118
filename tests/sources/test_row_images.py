import unicodedata

import pytest

from pokecolor.core.errors import UserError
from pokecolor.sources.row_images import find_row_image


@pytest.mark.parametrize("name", ["none.png", "a\0b.png", 300 * "x", "파.png", "é/" + 300 * "é"])
def test_a_row_without_its_image_is_named(tmp_path, name):
    with pytest.raises(UserError, match=r"t\.csv: line 7: .*: no such image"):
        find_row_image(tmp_path / "t.csv", 7, name)


def test_an_empty_cell_is_told(tmp_path):
    with pytest.raises(UserError, match=r"t\.csv: line 7: no image is named; name one or delete"):
        find_row_image(tmp_path / "t.csv", 7, "")


@pytest.mark.parametrize(("on_disk", "in_table"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_composed_and_decomposed_names_are_one(tmp_path, on_disk, in_table):
    there, named = (
        unicodedata.normalize(form, "그림 café/피카츄é.png") for form in (on_disk, in_table)
    )
    path = tmp_path / there
    path.parent.mkdir()
    path.write_bytes(b"")
    assert there != named
    assert find_row_image(tmp_path / "t.csv", 2, named) == path
    assert find_row_image(tmp_path / "t.csv", 2, there) == path


def test_a_file_that_came_later_is_found(tmp_path):
    with pytest.raises(UserError):
        find_row_image(tmp_path / "t.csv", 2, "é.png")
    path = tmp_path / unicodedata.normalize("NFD", "é.png")
    path.write_bytes(b"")
    assert find_row_image(tmp_path / "t.csv", 2, unicodedata.normalize("NFC", "é.png")) == path


def test_two_ways_to_name_an_image_are_one(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "c.png").write_bytes(b"")
    assert find_row_image(tmp_path / "t.csv", 2, "a/../c.png") == tmp_path / "c.png"
    # a link's parent is not where the link is
    (tmp_path / "far" / "there").mkdir(parents=True)
    (tmp_path / "far" / "c.png").write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "far" / "there")
    found = find_row_image(tmp_path / "t.csv", 2, "link/../c.png")
    assert found.samefile(tmp_path / "far" / "c.png")


def test_paths_of_windows_are_read_and_addresses_are_not(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "c.png").write_bytes(b"")
    assert find_row_image(tmp_path / "t.csv", 2, r"a\c.png") == tmp_path / "a" / "c.png"
    (tmp_path / r"b\c.png").write_bytes(b"")
    assert find_row_image(tmp_path / "t.csv", 2, r"b\c.png") == tmp_path / r"b\c.png"
    for missing in (r"C:\x\c.png", r"\\x\c.png", "\\"):
        with pytest.raises(UserError, match="no such image"):
            find_row_image(tmp_path / "t.csv", 2, missing)
    with pytest.raises(UserError, match=r"line 2: https://x\.org/c\.png is an address; download"):
        find_row_image(tmp_path / "t.csv", 2, "https://x.org/c.png")
