import numpy as np
import pytest
from PIL import Image
from triplet_digest import triplet_digest

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError
from pokecolor.sources.avatars import KEY_COLORS, AvatarSource, read_avatar
from pokecolor.sources.color_areas import SIDE

BUST = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
<rect x="20" y="70" width="60" height="30" fill="#8001ff"/>
<circle cx="50" cy="45" r="28" fill="#ff8001"/>
<rect x="60" y="20" width="18" height="50" fill="#000" opacity="0.1"/>
<path d="M22 40 A28 28 0 0 1 78 40 Z" fill="#01ff80"/>
<rect x="42" y="56" width="16" height="6" fill="#fff"/>
<path d="M22 40 H78" stroke="#000" stroke-width="2"/></svg>"""


@pytest.fixture
def folder(tmp_path):
    for n in range(3):
        (tmp_path / f"bust-{n}.svg").write_text(BUST)
    return tmp_path


def test_a_variant_shows_each_named_part_in_its_color(folder):
    source = AvatarSource(folder, size=64, recolorings=6)
    triplets = list(source.triplets("avatar-bust-0"))
    assert len(triplets) == 6
    assert len({t.edit_prompt for t in triplets}) > 1
    for triplet in triplets:
        assert {part.name for part in triplet.parts} <= {"face", "skin", "hair", "shirt"}
        for number, part in enumerate(triplet.parts, 1):
            if part.named and (triplet.part_map == number).sum() > 30:
                shown = np.median(triplet.edited_image[triplet.part_map == number], axis=0)
                assert np.abs(shown - part.rgb).max() < 6


def test_the_sketch_has_lines_and_no_colors(folder):
    triplet = next(AvatarSource(folder, size=64).triplets("avatar-bust-1"))
    sketch = triplet.original_image.astype(int)
    assert np.ptp(sketch, axis=-1).max() == 0
    assert 0.02 < (sketch.min(-1) < 128).mean() < 0.4


def test_shades_belong_to_their_part_and_what_has_no_key_color_is_paper():
    picture = np.full((SIDE, SIDE, 3), 255, np.uint8)
    orange = np.array(Image.new("RGB", (1, 1), f"#{KEY_COLORS['face']}"))[0, 0]
    picture[100:300, 100:300] = orange
    picture[100:300, 300:340] = (orange * 0.8).astype(np.uint8)
    picture[180:220, 180:220] = 255
    drawing = read_avatar(picture)
    assert drawing.names == ("face",)
    assert drawing.part_map[150, 320] == drawing.part_map[150, 150] == 1
    assert drawing.part_map[200, 200] == drawing.part_map[50, 50] == 0


def test_an_svg_without_key_colors_is_named(tmp_path):
    (tmp_path / "plain.svg").write_text(
        BUST.replace("#8001ff", "#888").replace("#ff8001", "#777").replace("#01ff80", "#999")
    )
    with pytest.raises(ImageError, match=r"plain\.svg: none of the key colors"):
        list(AvatarSource(tmp_path, size=64).triplets("avatar-plain"))


def test_a_folder_without_avatars_is_named(tmp_path):
    with pytest.raises(UserError, match=r"avatars\.yaml"):
        AvatarSource(tmp_path)


def test_other_variants_are_other_triplets_and_another_fingerprint(folder):
    one, two = AvatarSource(folder, size=64), AvatarSource(folder, size=64, first_recoloring=4)
    assert one.fingerprint != two.fingerprint
    first, other = next(one.triplets("avatar-bust-0")), next(two.triplets("avatar-bust-0"))
    assert not np.array_equal(first.original_image, other.original_image)


def test_what_a_version_gives_stays(folder):
    """See the same test of `test_drawing_source`."""
    source = AvatarSource(folder, size=64, recolorings=6)
    assert triplet_digest(next(iter(source.triplets("avatar-bust-0")))) == "450770b47efcad59"
