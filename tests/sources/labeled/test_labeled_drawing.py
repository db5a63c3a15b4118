import numpy as np
import pytest
from PIL import Image, ImageDraw

from pokecolor.sources.color_areas import SIDE
from pokecolor.sources.labeled.drawing import (
    LabeledDrawing,
    PagePlace,
    edges_of,
    render_colors,
    render_sketch,
    shrink_map,
)
from pokecolor.sources.labeled.labels import Label
from pokecolor.sources.labeled.strokes import Pen

RED, BLUE = (220, 30, 30), (30, 60, 220)
PEN = Pen(width=3, breaks=0, grain=0, darkness=1)
LABEL = Label(
    "set/house",
    "house",
    {
        "background": ((0.02, 0.02),),
        "walls": ((0.5, 0.75),),
        "roof": ((0.5, 0.4),),
    },
)


def house():
    """Walls below a roof that no line parts from them, all within an outline."""
    image = Image.new("RGB", (SIDE, SIDE), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((120, 240, 360, 420), fill=(240, 230, 160))
    draw.polygon([(120, 240), (360, 240), (240, 100)], fill=(200, 80, 60))
    outline = [(120, 420), (120, 240), (240, 100), (360, 240), (360, 420), (120, 420)]
    draw.line(outline, "black", 6)
    return np.asarray(image)


@pytest.fixture(scope="module")
def drawing():
    return LabeledDrawing.of(house(), LABEL)


def test_parts_are_found_by_their_points_the_largest_first(drawing):
    assert drawing.names == ("walls", "roof")
    assert drawing.part_map[350, 240] == 1
    assert drawing.part_map[180, 240] == 2
    assert drawing.part_map[20, 20] == 0
    assert drawing.ink[350, 120]


def test_what_lies_below_a_line_belongs_to_the_part_beside_it(drawing):
    assert drawing.part_map[350, 123] == 1
    assert drawing.part_map[350, 115] == 0


def test_points_of_another_picture_are_an_error():
    blank = np.full((SIDE, SIDE, 3), 255, np.uint8)
    with pytest.raises(ValueError, match="set/house"):
        LabeledDrawing.of(blank, Label("set/house", "house", {"background": ((0.5, 0.5),)}))


def test_a_pose_moves_map_and_ink_alike(drawing):
    side = 256
    posed = drawing.posed(PagePlace(0.5, 0.5, 1, 1, 0, mirrored=False), side)
    scale = side / SIDE
    assert posed.part_map[round(350 * scale), round(240 * scale)] == 1
    assert posed.ink[round(350 * scale), round(120 * scale)]
    moved = drawing.posed(PagePlace(0.6, 0.4, 0.5, 0.5, 0, mirrored=False), side)
    rows, columns = np.nonzero(moved.part_map)
    whole_rows, whole_columns = np.nonzero(posed.part_map)
    assert columns.mean() - side * 0.6 == pytest.approx(
        (whole_columns.mean() - side / 2) / 2, abs=1
    )
    assert rows.mean() - side * 0.4 == pytest.approx((whole_rows.mean() - side / 2) / 2, abs=1)
    assert (moved.part_map > 0).sum() == pytest.approx((posed.part_map > 0).sum() / 4, rel=0.05)


def test_sketch_colors_and_map_agree(drawing):
    posed = drawing.posed(PagePlace(0.5, 0.5, 1, 1, 0.1, mirrored=True), 128)
    sketch = render_sketch(posed, PEN, np.random.default_rng(0), 64)
    colors = render_colors(posed, [RED, BLUE], 64)
    part_map = shrink_map(posed, sketch)
    assert sketch.shape == colors.shape == (64, 64, 3)
    assert (sketch[..., 0] == sketch[..., 1]).all()
    for number, rgb in ((1, RED), (2, BLUE)):
        inside = colors[part_map == number]
        assert len(inside) > 50
        assert (np.median(inside, axis=0) == rgb).all()
    assert (sketch[part_map > 0].min(-1) >= 128).all()
    outside = colors[(part_map == 0) & (sketch.min(-1) == 255)]
    assert (np.median(outside, axis=0) == 255).all()


def test_a_line_is_drawn_where_parts_meet_without_one(drawing):
    sketch = render_sketch(
        drawing.posed(PagePlace(0.5, 0.5, 1, 1, 0, mirrored=False), 128),
        PEN, np.random.default_rng(0), 64,
    )  # fmt: skip
    assert sketch[28:36, 32].min() < 128  # between walls and roof


def test_edges_are_where_numbers_change():
    part_map = np.zeros((4, 4), np.uint8)
    part_map[:, 2:] = 1
    assert edges_of(part_map)[:, 2].all()
    assert edges_of(part_map).sum() == 4
