import tarfile

import numpy as np
import pytest
from icon_package import save_package

from pokecolor.core.errors import UserError
from pokecolor.sources.icon_drawing import IconDrawing, load_sets
from pokecolor.sources.openmoji_drawing import Pose

STRAIGHT = Pose("scale(1)", line_width=1.0)
HOUSE = (
    '<path fill="#ffffff" d="M0 0h9v9H0z"/>'  # wholly hidden
    '<g fill="#ff0000"><rect x="4" y="8" width="16" height="14"/>'
    '<path fill="#e60000" d="M4 18h16v4H4z"/></g>'  # its shade
    '<rect fill="#0000ff" width="12" height="12"/>'
    '<circle fill="#101010" cx="16" cy="13" r="1"/>'
)
HIDDEN, WALL, SHADE, ROOF, KNOB = range(5)


@pytest.fixture
def house():
    return IconDrawing(HOUSE, 24, STRAIGHT, 48)


def test_what_is_hidden_does_not_show(house):
    assert set(np.unique(house.shapes)) == {0, 1 + WALL, 1 + SHADE, 1 + ROOF, 1 + KNOB}
    assert house.fills[WALL] == "#ff0000"  # from the group that it is in


def test_fills_of_one_color_name_are_a_family_the_lightest_first(house):
    assert [WALL, SHADE] in house.families


def test_small_dark_fills_are_ink_and_large_ones_are_not(house):
    assert house.ink() == [KNOB]
    large = HOUSE.replace('r="1"', 'r="5"')
    assert IconDrawing(large, 24, STRAIGHT, 48).ink() == []


def test_the_map_tells_what_is_where(house):
    part_map = house.part_map([[WALL, SHADE], [ROOF]])
    assert part_map.shape == (48, 48)
    assert part_map[10, 10] == 2
    assert part_map[30, 30] == part_map[40, 30] == 1
    assert part_map[26, 32] == part_map[47, 47] == 0


@pytest.mark.parametrize(
    ("between", "lines"), [("shapes", True), ("fills", True), ("families", False)]
)
def test_lines_run_between_what_is_told_apart(house, between, lines):
    cover = house.lines(house.edges(between), 2.0)
    assert (cover[36, 10:38] > 0.5).all() == lines  # between the wall and its shade
    assert (cover[26:34, 8] > 0.4).all()  # between the wall and the ground
    assert (cover[[30, 40, 46], [20, 20, 4]] == 0).all()


def test_lines_are_as_wide_as_asked_for(house):
    for width in (1.0, 2.5, 4.0):
        cover = house.lines(house.edges("families"), width)
        assert cover[30, :20].sum() == pytest.approx(width, abs=0.5)


def test_shapes_are_painted_in_their_colors(house):
    rgb = [(0, 0, 0)] * 5
    rgb[WALL] = (10, 200, 30)
    image = house.paint(rgb, house.lines(house.edges("shapes"), 1.0))
    assert tuple(image[30, 20]) == (10, 200, 30)
    assert tuple(image[46, 4]) == (255, 255, 255)
    assert image[30, 8].max() < 128


def test_a_pose_moves_the_drawing():
    moved = IconDrawing(HOUSE, 24, Pose("translate(24 24) scale(0.5)", 1.0), 48)
    assert moved.part_map([[ROOF]])[20, 20] == 1
    assert moved.part_map([[ROOF]])[10, 10] == 0


def test_icons_that_are_more_than_fills_are_left_out(tmp_path):
    icons = {
        "house": HOUSE,
        "ghost": HOUSE.replace("<circle", '<circle opacity="0.5"'),
        "ring": HOUSE.replace("<circle", '<circle stroke="#000"'),
        "glow": HOUSE.replace("#101010", "url(#a)"),
        "lawn": HOUSE.replace("#101010", "green"),
        "tower": {"body": HOUSE, "height": 48},
    }
    chars = {f"1f3e{i}": name for i, name in enumerate(icons)}
    save_package(tmp_path / "set.tgz", icons, chars)
    (read,) = load_sets([tmp_path / "set.tgz"])
    assert read.bodies == {"1F3E0": HOUSE}
    assert (read.width, read.version) == (24, "1.0")


def test_a_drawing_is_there_once_and_flags_not_at_all(tmp_path):
    chars = {"1f44b-1f3fd": "brown", "1f44b": "plain", "1f1f0-1f1f7": "flag", "1f600": "missing"}
    icons = {name: f'<path fill="#fff" id="{name}"/>' for name in ("brown", "plain", "flag")}
    save_package(tmp_path / "set.tgz", icons, chars)
    assert load_sets([tmp_path / "set.tgz"])[0].bodies == {"1F44B": icons["plain"]}


@pytest.mark.parametrize(
    ("chars", "mend"), [({"1f1f0-1f1f7": "house"}, "remove it"), ({}, "fetch another set")]
)
def test_a_package_without_emoji_is_named(tmp_path, chars, mend):
    save_package(tmp_path / "set.tgz", {"house": HOUSE}, chars)
    with pytest.raises(UserError, match=rf"set\.tgz: none of its icons is known .*; {mend}"):
        load_sets([tmp_path / "set.tgz"])


def test_without_characters_icons_are_known_by_the_names_that_others_tell(tmp_path):
    old = {"home": HOUSE, "unheard-of": HOUSE}
    save_package(tmp_path / "old.tgz", old, {})
    save_package(
        tmp_path / "new.tgz", {"home": HOUSE, "hut": HOUSE}, {"1f3e0": "home", "1f6d6": "hut"}
    )
    sets = load_sets([tmp_path / "old.tgz", tmp_path / "new.tgz"])
    assert [list(icons.bodies) for icons in sets] == [["1F3E0"], ["1F3E0", "1F6D6"]]


@pytest.mark.parametrize("content", [b"", b"not an archive", None])
def test_what_is_no_package_is_named(tmp_path, content):
    path = tmp_path / "set.tgz"
    if content is None:  # an archive of something else
        with tarfile.open(path, "w:gz"):
            pass
    else:
        path.write_bytes(content)
    with pytest.raises(UserError, match=r"set\.tgz: not an Iconify package") as raised:
        load_sets([path])
    assert "\n" not in str(raised.value)
