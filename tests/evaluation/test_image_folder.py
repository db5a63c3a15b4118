import pytest
from PIL import Image

from pokecolor.core.errors import UserError
from pokecolor.evaluation.image_folder import ImageFolder, file_stem


@pytest.mark.parametrize("plain", ["frog", "frog-2_b", "개구리"])
def test_a_picture_is_called_by_its_drawings_id(plain):
    assert file_stem(plain) == plain


@pytest.mark.parametrize(
    "ids", [("a b", "a_b", "a/b", "a.b", "a?b"), ("Frog", "frog"), ("x" * 300, "x" * 301)]
)
def test_no_two_ids_share_a_file(ids):
    stems = [file_stem(drawing_id) for drawing_id in ids]
    assert len({stem.lower() for stem in stems}) == len(ids)
    assert all("/" not in stem and len(stem.encode()) < 200 for stem in stems)


def put(path, size=(8, 8), mode="RGB", color=9):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, color).save(path)


def test_an_image_is_found_by_the_first_name_that_is_there(tmp_path):
    put(tmp_path / "frog.jpg", color=(0, 255, 0))
    put(tmp_path / "swapped" / "frog.png", color=(255, 0, 0))
    images = ImageFolder(tmp_path)
    assert images.load("frog-0", "frog").size == (8, 8)
    assert images.load("swapped/frog").getpixel((0, 0)) == (255, 0, 0)
    assert images.load("pig") is None and images.load("swapped/pig") is None
    assert images.has("swapped/") and not images.has("main_color/red/")


def test_transparency_is_kept(tmp_path):
    put(tmp_path / "frog.png", mode="RGBA", color=(9, 9, 9, 0))
    assert ImageFolder(tmp_path).load("frog").mode == "RGBA"


@pytest.mark.parametrize("content", [b"", b"no image", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_image_is_an_error_that_names_it(tmp_path, content):
    (tmp_path / "frog.png").write_bytes(content)
    with pytest.raises(UserError, match=r"frog\.png: .*images called <drawing id>\.png"):
        ImageFolder(tmp_path).load("frog")


def test_a_text_of_an_images_name_is_an_error_and_others_are_not_looked_at(tmp_path):
    (tmp_path / "frog.txt").write_text("a green frog")
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / ".DS_Store").write_text("x")
    images = ImageFolder(tmp_path)
    with pytest.raises(UserError, match=r"frog\.txt"):
        images.load("frog")
    assert images.load("pig") is None


def test_two_images_of_a_name_are_refused(tmp_path):
    put(tmp_path / "frog.png")
    put(tmp_path / "frog.jpg")
    with pytest.raises(UserError, match=r"frog\.jpg and frog\.png are of the same name; keep one"):
        ImageFolder(tmp_path).load("frog")


def test_an_image_is_saved_whole_with_what_it_was_made_from(tmp_path):
    images = ImageFolder(tmp_path)
    images.save("swapped/frog", Image.new("RGB", (8, 8), (1, 2, 3)), "abc")
    assert images.holds("swapped/frog", "abc") and not images.holds("swapped/frog", "abd")
    assert not images.holds("frog", "abc")
    assert [path.name for path in (tmp_path / "swapped").iterdir()] == ["frog.png"]
    with pytest.raises(UserError, match="cannot be written"):
        ImageFolder(tmp_path / "swapped" / "frog.png").save("x", Image.new("RGB", (1, 1)), "abc")
