import numpy as np
import pytest

from pokecolor.captioning.audit import audit_caption, summarize

GREEN, RED = (92, 158, 49), (210, 47, 39)


def picture():
    """A green square with a red corner in a black frame on white paper."""
    image = np.full((64, 64, 3), 255, np.uint8)
    image[10:54, 10:54] = 0
    image[12:52, 12:52] = GREEN
    image[12:26, 12:26] = RED
    return image


def find(caption, **settings):
    return audit_caption(caption, picture(), lambda text: len(text.split()) + 2, **settings)


def test_lines_and_paper_are_no_colors_of_the_image():
    assert find("a fox").true == {"green", "red"}


@pytest.mark.parametrize(
    ("caption", "precision", "recall", "f1"),
    [
        ("a green fox with crimson ears", 1, 1, 1),
        ("a green fox", 1, 1 / 2, 2 / 3),
        ("a green, blue and white fox", 1 / 3, 1 / 2, 2 / 5),
        ("a fox", None, 0, 0),
    ],
)
def test_said_against_true(caption, precision, recall, f1):
    found = find(caption)
    assert (found.precision, found.recall) == (precision, recall)
    assert found.f1 == pytest.approx(f1)


def test_known_colors_are_taken_instead_of_the_images():
    assert find("a blue fox", true_colors={"blue"}).f1 == 1


def test_the_summary_of_a_source():
    captions = ["a green fox", "a green fox", "<unk> fox <unk>", "a " + "very " * 80 + "red fox"]
    audit = summarize([find(caption) for caption in captions])
    assert audit.count == 4
    assert audit.precision == 1
    assert audit.recall == pytest.approx((0.5 + 0.5 + 0 + 0.5) / 4)
    assert audit.f1 == pytest.approx((3 * 2 / 3 + 0) / 4)
    assert audit.unknown == pytest.approx(2 / (3 + 3 + 3 + 83))
    assert audit.colorless == audit.too_long == 1 / 4
    assert audit.distinct == 3 / 4


def test_nothing_cannot_be_summed_up():
    with pytest.raises(ValueError, match="no captions"):
        summarize([])
