import numpy as np
import pytest

from pokecolor.captioning.audit import CaptionAudit, colors_of, colors_of_parts, summarize_audits
from pokecolor.core.schema import Part

GREEN, RED = (92, 158, 49), (210, 47, 39)


def picture():
    """A green square, a quarter of it red, in a black frame on white paper."""
    image = np.full((64, 64, 3), 255, np.uint8)
    image[10:54, 10:54] = 0
    image[12:52, 12:52] = GREEN
    image[12:32, 12:32] = RED
    return image


def find(caption, shares=None):
    colors = colors_of(picture()) if shares is None else shares
    return CaptionAudit(caption, colors, tokens=len(caption.split()) + 2)


def test_colors_count_by_area_without_lines_and_paper():
    shares = colors_of(picture())
    assert list(shares) == ["green", "red"]
    assert shares["green"] == pytest.approx(0.75, abs=0.02)


def test_a_speck_is_no_color():
    image = picture()
    image[40, 40:45] = (30, 80, 220)
    assert set(colors_of(image)) == {"green", "red"}


def test_known_parts_count_however_small_they_are():
    part_map = np.zeros((16, 16), np.uint8)
    part_map[:8] = 1
    part_map[8, :2] = 2
    parts = [
        Part("body", "green", GREEN, True),
        Part("eyes", "red", RED, True),
        Part("hidden", "blue", (0, 0, 255), True),
    ]
    shares = colors_of_parts(part_map, parts)
    assert shares == pytest.approx({"green": 128 / 130, "red": 2 / 130})
    assert colors_of_parts(np.zeros((4, 4), np.uint8), parts) == {}


@pytest.mark.parametrize(
    ("caption", "precision", "recall", "f1"),
    [
        ("a green fox with crimson ears", 1, 1, 1),
        ("a green fox", 1, 0.75, 6 / 7),
        ("a red fox", 1, 0.25, 2 / 5),
        ("a green, blue and white fox", 1 / 3, 0.75, 6 / 13),
        ("a blue fox", 0, 0, 0),
        ("a fox", None, 0, 0),
    ],
)
def test_said_against_true(caption, precision, recall, f1):
    found = find(caption, {"green": 0.6, "red": 0.2})
    assert (found.precision, found.recall) == (precision, pytest.approx(recall))
    assert found.f1 == pytest.approx(f1)


def test_an_image_without_colors_needs_no_color_words():
    assert find("a fox", {}).f1 == 1 and find("a fox", {}).recall is None
    assert find("a red fox", {}).f1 == 0


def test_the_summary_of_a_source():
    captions = ["a green fox", "a green fox", "<unk> fox <unk>", "a " + "very " * 80 + "red fox"]
    audit = summarize_audits([find(caption, {"green": 0.75, "red": 0.25}) for caption in captions])
    assert audit.count == 4
    assert audit.precision == 1
    assert audit.recall == pytest.approx((0.75 + 0.75 + 0 + 0.25) / 4)
    assert audit.f1 == pytest.approx((2 * 6 / 7 + 0 + 2 / 5) / 4)
    assert audit.f1_interval[0] < audit.f1 < audit.f1_interval[1]
    assert audit.unknown == pytest.approx(2 / (3 + 3 + 3 + 83))
    assert audit.colorless == audit.too_long == 1 / 4
    assert audit.distinct == 3 / 4


def test_nothing_cannot_be_summed_up():
    with pytest.raises(ValueError, match="no captions"):
        summarize_audits([])
