import numpy as np
import pytest
from icon_package import save_package
from test_icon_drawing import HOUSE
from triplet_digest import triplet_digest

from pokecolor.core.colors import find_color_words, name_colors
from pokecolor.core.errors import UserError
from pokecolor.sources.icons import IconSource
from pokecolor.sources.openmoji import OpenMojiSource

ID = "line-house-1F3E0"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("icons")
    icons = {"house": HOUSE, "dot": '<circle fill="#f00" cx="12" cy="12" r="1"/>'}
    chars = {"1f3e0": "house", "1f534": "dot", "1f98a": "house"}
    save_package(folder / "iconify-json-line-house-1.2.tgz", icons, chars)
    return folder


@pytest.fixture(scope="module")
def houses(root):
    return list(IconSource(root, size=96, recolorings=6).triplets(ID))


def test_drawings_are_named_after_their_package_and_code_points(root):
    source = IconSource(root)
    assert source.drawings() == ["line-house-1F3E0", "line-house-1F534", "line-house-1F98A"]


def test_a_subject_is_held_out_where_openmoji_s_is(root):
    icons, emoji = IconSource(root), OpenMojiSource()
    for points in ("1F3E0", "1F534", "1F98A"):
        assert icons.split_of(f"line-house-{points}") == emoji.split_of(points)
    source = IconSource(root, val=0.0, test=1.0)
    assert {source.split_of(drawing) for drawing in source.drawings()} == {"test"}


def test_variants_differ_in_pose_and_color(houses):
    assert [house.id for house in houses] == [f"icons-{ID}-{i}" for i in range(1, 7)]
    assert len({house.original_image.tobytes() for house in houses}) == 6
    assert len({house.edited_image.tobytes() for house in houses}) == 6


def test_every_part_has_the_color_it_is_said_to_have(houses):
    seen = 0
    for house in houses:
        for index, part in enumerate(house.parts, start=1):
            pixels = house.edited_image[house.part_map == index]
            if len(pixels) >= 20:
                seen += 1
                middle = np.median(pixels, axis=0)
                assert name_colors(middle[None])[0] == name_colors(np.array([part.rgb]))[0]
    assert seen >= 12


def test_instructions_name_the_named_parts_colors_and_no_others(houses):
    for house in houses:
        said = {term for _, _, term in find_color_words(house.edit_prompt)}
        assert said == {part.color for part in house.parts if part.named}


def test_sketches_are_lines_without_color_and_show_ink(houses):
    for house in houses:
        sketch = house.original_image
        assert (np.ptp(sketch.astype(int), axis=-1) == 0).all()
        assert 0.02 < (sketch[..., 0] < 128).mean() < 0.4
        assert (house.part_map[sketch[..., 0] < 128] == 0).all()


def test_what_has_hardly_any_color_is_left_out(root):
    assert list(IconSource(root, size=96).triplets("line-house-1F534")) == []


def test_rendering_again_gives_the_same(root, houses):
    again = list(IconSource(root, size=96, recolorings=6).triplets(ID))
    for first, second in zip(houses, again, strict=True):
        assert first.edit_prompt == second.edit_prompt
        assert (first.edited_image == second.edited_image).all()


def test_recolorings_of_later_numbers_are_others(root, houses):
    later = list(IconSource(root, size=96, recolorings=2, first_recoloring=5).triplets(ID))
    assert [house.id for house in later] == [f"icons-{ID}-5", f"icons-{ID}-6"]
    assert [house.id for house in later] == [house.id for house in houses[-2:]]
    assert (later[0].edited_image == houses[-2].edited_image).all()
    with pytest.raises(UserError, match="first_recoloring=0: give a number from 1 on"):
        IconSource(root, first_recoloring=0)


def test_fingerprint_follows_the_settings_and_the_packages(root, tmp_path):
    source = IconSource(root)
    assert source.fingerprint == IconSource(root).fingerprint
    assert source.fingerprint != IconSource(root, palette="typical").fingerprint
    assert source.fingerprint != IconSource(root, first_recoloring=4).fingerprint
    save_package(tmp_path / "iconify-json-other-1.tgz", {"house": HOUSE}, {"1f3e0": "house"})
    assert source.fingerprint != IconSource(tmp_path).fingerprint


def test_a_folder_without_packages_is_named(tmp_path):
    with pytest.raises(UserError, match=r"no folder with iconify-json-\*\.tgz in it; make it"):
        IconSource(tmp_path)


def test_what_a_version_gives_stays(houses):
    """See the same test of `test_drawing_source`."""
    assert triplet_digest(houses[0]) == "ab361936463b7dc0"
