import pytest

from pokecolor.core.errors import UserError
from pokecolor.sources.folder.sidecars import find_sidecars, read_sidecar


def test_files_of_an_image_have_its_name_and_lie_beside_it(tmp_path):
    images = [tmp_path / name for name in ("a.png", "a.webp", "in/a.png", "e\u0301.png", "b.png")]
    texts = [tmp_path / name for name in ("a.caption", "a.txt", "\u00e9.TXT", "c.txt", "in/b.txt")]
    a, a_text, e, *_ = texts
    assert find_sidecars(images, texts) == {
        images[0]: [a_text, a],
        images[1]: [a_text, a],
        images[3]: [e],
    }


def test_a_caption_is_one_line(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffTurn it  into a 피카츄,\r\nwith red eyes\n".encode())
    assert read_sidecar(path) == "Turn it into a 피카츄, with red eyes"


def test_what_is_no_text_is_named(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("피카츄".encode("cp949"))
    with pytest.raises(UserError, match=r"a\.txt: not text in UTF-8 .* save it as such"):
        read_sidecar(path)
    with pytest.raises(UserError, match=r"b\.txt: cannot be read"):
        read_sidecar(tmp_path / "b.txt")
