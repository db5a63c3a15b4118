from pathlib import Path

import pytest

from pokecolor.data.paired_folders import pair_folders

ROOT = Path("root")


def pairs(*names):
    """The pairs, color image and sketch, and the sketches."""
    found, sketches = pair_folders([ROOT / name for name in names], ROOT)
    inside = {str(a.relative_to(ROOT)): str(b.relative_to(ROOT)) for a, b in found.items()}
    return inside, [str(path.relative_to(ROOT)) for path in sketches]


@pytest.mark.parametrize(
    ("color", "sketch"),
    [
        ("colors/a.png", "sketches/a.jpg"),
        ("images/a.png", "conditioning_images/a.png"),
        ("a.png", "Line Art/a.png"),
        ("train/color/a.png", "train/sketch/a.png"),
        ("edited_images/train/a.png", "original_images/train/a.png"),
        ("colors/e\u0301.png", "lines/\u00e9.png"),
    ],
)
def test_folders_are_known_by_their_names(color, sketch):
    assert pairs(color, sketch, "other.png") == ({color: sketch}, [sketch])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("colors/a.png", "sketches/b.png"),
        ("train/colors/a.png", "val/sketches/a.png"),
        ("resized/a.png", "sketches/a.png"),
    ],
)
def test_other_names_and_folders_are_no_pairs(one, other):
    assert pairs(one, other) == ({}, [other])


def test_folders_of_other_names_hold_no_sketches():
    assert pairs("original/a.png", "a.png", "outlines/a.png") == ({}, [])
