"""Shapes of as many pixels as a square has, and the pictures that get them."""

import numpy as np
import pytest
from picture_files import line_drawing, picture, save
from PIL import Image

from pokecolor.core.errors import UserError
from pokecolor.sources.buckets import nearest_shape, shapes
from pokecolor.sources.folder.source import FolderSource


@pytest.mark.parametrize("size", [256, 512, 768])
def test_shapes_are_of_at_most_the_squares_pixels_and_fit_the_unet(size):
    found = shapes(size)
    assert (size, size) in found and len(found) > 4
    for height, width in found:
        assert height % 64 == 0 and width % 64 == 0
        assert 0.7 * size**2 < height * width <= size**2
        assert (width, height) in found


@pytest.mark.parametrize(
    ("picture_size", "shape"),
    [((100, 100), (512, 512)), ((160, 100), (384, 640)), ((100, 160), (640, 384)),
     ((1000, 10), (256, 1024))],
)  # fmt: skip
def test_a_picture_gets_the_shape_nearest_to_its_own(picture_size, shape):
    assert nearest_shape(picture_size, 512) == shape


@pytest.mark.parametrize("with_sketch", [True, False])
def test_pictures_of_a_folder_keep_their_ratio_and_lie_on_their_sketches(tmp_path, with_sketch):
    save(picture(1, 96, 60), tmp_path / "colors" / "a.png")
    if with_sketch:
        save(line_drawing(96, 60), tmp_path / "sketches" / "a.png")
    source = FolderSource(tmp_path, size=256, buckets=True)
    (triplet,) = source.triplets(source.drawings()[0])
    assert triplet.edited_image.shape == triplet.original_image.shape == (192, 320, 3)
    inked = np.argwhere(triplet.original_image.min(-1) < 128)
    painted = np.argwhere(triplet.edited_image.min(-1) < 128)
    assert abs(inked.min(0) - painted.min(0)).max() <= 3
    assert abs(inked.max(0) - painted.max(0)).max() <= 3


def test_a_square_picture_is_what_it_is_without_buckets_under_another_fingerprint(tmp_path):
    Image.new("RGB", (300, 300), (200, 30, 30)).save(tmp_path / "a.png")
    plain, bucketed = (FolderSource(tmp_path, size=256, buckets=on) for on in (False, True))
    (one,), (other,) = plain.triplets("a"), bucketed.triplets("a")
    assert (one.edited_image == other.edited_image).all()
    assert plain.fingerprint != bucketed.fingerprint


@pytest.mark.parametrize("size", [128, 300])
def test_a_size_without_shapes_is_refused(tmp_path, size):
    with pytest.raises(UserError, match=f"data.source.size={size} leaves none") as caught:
        FolderSource(tmp_path, size=size, buckets=True)
    assert "\n" not in str(caught.value)
