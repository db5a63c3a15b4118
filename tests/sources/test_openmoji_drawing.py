import numpy as np
import pytest

from pokecolor.sources.openmoji_drawing import (
    OpenMojiDrawing,
    Pose,
    drawing_files,
    drawing_of,
    subject_of,
)

FOX = "1F98A"


@pytest.mark.parametrize(
    "codepoints, drawing",
    [
        ("1F98A", "1F98A"),
        ("1F468-1F3FD-200D-1F33E", "1F9D1-1F33E"),  # a man of medium skin tone who farms
        ("1F469-200D-1F33E", "1F9D1-1F33E"),
        ("1F3C3-1F3FF-200D-2640-FE0F", "1F3C3"),
        ("1F1E9-1F1EA", None),  # a flag
    ],
)
def test_variants_of_skin_and_gender_are_one_drawing(codepoints, drawing):
    assert drawing_of(codepoints) == drawing


@pytest.mark.parametrize(
    "codepoints, subject",
    # a tangerine and a "black club suit" are painted in any color
    [("1F98A", "fox face"), ("1F34A", None), ("2663", None), ("1F9D1-1F33E", None)],
)
def test_subjects_never_name_a_color(codepoints, subject):
    assert subject_of(codepoints) == subject


def test_there_are_many_drawings_and_each_has_one_file():
    files = list(drawing_files().values())
    assert len(files) == len(set(files)) > 1500
    assert all(path.exists() for path in files)


def test_repainting_replaces_every_fill():
    drawing = OpenMojiDrawing(drawing_files()[FOX])
    svg = drawing.repainted({fill: "#123456" for fill in drawing.fills})
    assert "#123456" in svg and not any(fill in svg.lower() for fill in drawing.fills)


def ink(transform: str = "", line_width: float = 1.0):
    """Where a fox's lines are, as a share of the image and the middle of it, x and y in 0 to 1."""
    sketch = OpenMojiDrawing(drawing_files()[FOX], Pose(transform, line_width)).render_sketch(144)
    rows, columns = np.nonzero(sketch[..., 0] < 128)
    return len(rows) / 144**2, columns.mean() / 144, rows.mean() / 144


def test_a_pose_moves_the_lines_and_widens_them():
    share, x, y = ink()
    assert ink(line_width=2.0)[0] == pytest.approx(2 * share, rel=0.2)
    moved = ink("translate(7.2 -3.6)")
    assert moved == pytest.approx((share, x + 0.1, y - 0.05), abs=0.005)
    small = ink("translate(36 36) scale(0.5) translate(-36 -36)")
    assert small[0] == pytest.approx(share / 4, rel=0.1)


def test_poses_keep_the_middle_of_a_drawing_in_the_picture():
    rng = np.random.default_rng(0)
    for _ in range(50):
        sketch = OpenMojiDrawing(drawing_files()[FOX], Pose.sample(rng)).render_sketch(72)
        rows, columns = np.nonzero(sketch[..., 0] < 128)
        assert 15 < rows.mean() < 57 and 15 < columns.mean() < 57
