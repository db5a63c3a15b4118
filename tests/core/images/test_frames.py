import pytest
from PIL import Image

from pokecolor.core.images.frames import frame_count


@pytest.mark.parametrize(
    ("ending", "count"),
    [("gif", 3), ("png", 3), ("webp", 3), ("tif", 3), ("mpo", 1)],
)
def test_frames_and_pages_are_counted(tmp_path, ending, count):
    path = tmp_path / f"moving.{ending}"
    first, *others = [Image.new("RGB", (40, 30), color) for color in ("red", "green", "blue")]
    first.save(path, save_all=True, append_images=others)
    assert frame_count(path) == frame_count(path.read_bytes()) == count


def test_any_other_file_has_one(tmp_path):
    for name, data in (("a.svg", b"<svg/>"), ("b.png", b""), ("c.gif", b"GIF89a")):
        (tmp_path / name).write_bytes(data)
        assert frame_count(tmp_path / name) == 1
