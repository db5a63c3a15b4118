import numpy as np
import pytest
from icon_package import save_package

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError
from pokecolor.sources.color_areas import SIDE
from pokecolor.sources.labeled.clip_art import ClipArt
from pokecolor.sources.openmoji_drawing import drawing_files

SHADOW = '<path fill="#45413c" d="M2 22h20v2H2z" opacity=".15"/>'
DOT = '<circle fill="#f00" cx="12" cy="8" r="6"/>'


@pytest.fixture
def root(tmp_path):
    (tmp_path / "icons").mkdir()
    save_package(tmp_path / "icons" / "iconify-json-dots-1.0.tgz", {"dot": SHADOW + DOT}, {})
    (tmp_path / "openclipart" / "shapes").mkdir(parents=True)
    # lengths in millimeters and no view box, as Inkscape wrote them
    (tmp_path / "openclipart" / "shapes" / "square.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm">'
        '<rect x="100" y="100" width="300" height="300" fill="#00f"/></svg>'
    )
    return tmp_path


def test_sets_that_are_there_are_known(root):
    sets = ClipArt(root)
    assert sets.has("openmoji")
    assert sets.has("openclipart")
    assert sets.has("dots")
    assert not sets.has("streamline-emojis")
    assert not ClipArt(root / "icons").has("openclipart")


def test_pictures_of_all_sets_fill_a_page(root):
    sets = ClipArt(root)
    drawing = next(iter(drawing_files()))
    for picture_id in ("dots/dot", "openclipart/shapes/square.svg", f"openmoji/{drawing}"):
        picture = sets.picture(picture_id)
        assert picture.shape == (SIDE, SIDE, 3)
        assert (picture.min(-1) < 200).mean() > 0.02


def test_a_shadow_on_the_ground_is_left_out(root):
    picture = ClipArt(root).picture("dots/dot")
    assert (picture[SIDE // 2, SIDE // 2] == (255, 0, 0)).all()
    red = (picture == (255, 0, 0)).all(-1)
    assert np.ptp(np.nonzero(red)[0]) == pytest.approx(np.ptp(np.nonzero(red)[1]), abs=2)


@pytest.mark.parametrize("picture_id", ["dots/nothing", "openclipart/nothing.svg", "openmoji/0"])
def test_a_picture_that_is_not_there_is_named(root, picture_id):
    with pytest.raises(ImageError, match=picture_id):
        ClipArt(root).picture(picture_id)


def test_a_broken_package_is_named(tmp_path):
    (tmp_path / "iconify-json-dots-1.0.tgz").write_bytes(b"no archive")
    with pytest.raises(UserError, match=r"iconify-json-dots-1\.0\.tgz"):
        ClipArt(tmp_path).picture("dots/dot")
