from pathlib import Path

import pytest

from pokecolor.sources.folder.paired_folders import find_doubtful, pair_folders

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
        ("target/a.png", "source/a.png"),
        ("train/output/a.png", "train/input/a.jpg"),
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


def test_a_folder_that_means_sketches_beside_its_twin_alone_means_none_by_itself():
    assert pairs("source/a.png", "a.png") == ({}, [])
    assert pairs("input/a.png", "target/a.png") == ({}, [])


def doubtful(*names):
    return [(why, len(files)) for why, files in find_doubtful([ROOT / n for n in names]) if files]


def test_what_may_be_sketches_is_told():
    ((why, count),) = doubtful(*(f"{folder}/{n}.png" for folder in "AB" for n in (1, 2)))
    assert "the same names in two folders" in why and count == 4
    ((why, count),) = doubtful("1_sketch.png", "1.png", "lineart-2.png", "2.png")
    assert why.startswith("as sketches") and count == 2
    assert doubtful("A/1.png", "B/2.png", "A/outline.png", "A/sketchy.png") == []
    assert doubtful("power lines.png", *(f"{n}.png" for n in range(9))) == []
    assert doubtful() == []


def test_folders_of_other_names_hold_no_sketches():
    assert pairs("original/a.png", "a.png", "outlines/a.png") == ({}, [])
