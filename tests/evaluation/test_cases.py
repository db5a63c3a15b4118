import dataclasses

import numpy as np
import pytest

from pokecolor.core.colors import TERMS
from pokecolor.core.schema import Part
from pokecolor.evaluation.cases import Case, best_and_worst
from pokecolor.evaluation.drawing import Drawing
from pokecolor.evaluation.reports.confusion import accuracy_by, color_confusion

GREEN, RED, WHITE = (92, 158, 49), (210, 47, 39), (255, 255, 255)
BODY = Part("body", "green", GREEN, True)
EYES = Part("eyes", "red", RED, True)


def case(body, eyes=None, name="a"):
    """A body of a color with, perhaps, eyes of another, that were to be green and red."""
    part_map = np.zeros((24, 24), np.uint8)
    part_map[4:20, 4:20] = 1
    parts = (BODY,)
    if eyes:
        part_map[8:12, 8:12] = 2
        parts = (BODY, EYES)
    picture = np.array([WHITE, body, eyes or WHITE], np.uint8)[part_map]
    sketch = np.full_like(picture, 255)
    target = np.array([WHITE, GREEN, RED], np.uint8)[part_map]
    return Case(Drawing(name, sketch, target, "a green fox", parts, part_map, "a-0"), picture)


def test_the_score_is_the_share_of_parts_in_their_color():
    assert case(GREEN, RED).score == 1
    assert case(GREEN, GREEN).score == 0.5
    assert case(RED).score == 0


def test_a_picture_that_failed_has_every_part_wrong_and_no_color():
    failed = dataclasses.replace(case(GREEN, RED), picture=None)
    assert failed.score == 0
    assert [(hit.part, hit.found, hit.hit) for hit in failed.hits] == [
        ("body", "nothing", False),
        ("eyes", "nothing", False),
    ]
    assert color_confusion([failed]).sum() == 0
    assert [(row.name, row.value, row.n) for row in accuracy_by([failed], "color")] == [
        ("green", 0.0, 1),
        ("red", 0.0, 1),
    ]
    assert failed.shown.shape == (24, 24, 3) and failed.shown.max() == 255
    bare = dataclasses.replace(failed.drawing, parts=(), part_map=np.zeros((24, 24), np.uint8))
    assert Case(bare, None).score == 0
    assert Case(dataclasses.replace(bare, prompt="a fox"), None).score is None


def test_without_parts_the_score_is_that_of_the_colors_named():
    known = case(GREEN)
    drawing = Drawing("a", known.drawing.sketch, known.drawing.target, "a green fox", (),
                      np.zeros((24, 24), np.uint8), "a-0")  # fmt: skip
    assert Case(drawing, known.picture).score == 1
    assert Case(drawing, case(RED).picture).score == 0


def test_the_best_and_the_worst_are_told_apart():
    cases = [case(RED), case(GREEN), case(GREEN, RED), case(GREEN, GREEN), case(RED, GREEN)]
    best, worst = best_and_worst(cases, 2)
    assert best == [cases[2], cases[1]]
    assert worst == [cases[4], cases[0]]
    best, worst = best_and_worst(cases[:3], 2)
    assert best == [cases[2]] and worst == [cases[0]]
    assert best_and_worst(cases[:1], 2) == ([], [])


def test_accuracy_is_counted_by_color_and_by_part():
    cases = [case(GREEN, RED, "a"), case(RED, RED, "b"), case(GREEN, None, "c")]
    body, eyes = accuracy_by(cases, "part")
    assert (body.name, body.value, body.n) == ("body", pytest.approx(2 / 3), 3)
    assert (eyes.name, eyes.value, eyes.ci95, eyes.n) == ("eyes", 1, (1, 1), 2)
    assert body.ci95[0] < body.value < body.ci95[1]
    assert [row.name for row in accuracy_by(cases, "color", least=3)] == ["green"]


def test_confusion_counts_what_was_asked_for_against_what_is_there():
    counts = color_confusion([case(GREEN, RED), case(RED, RED)])
    green, red = TERMS.index("green"), TERMS.index("red")
    assert counts[green, green] == 1 and counts[green, red] == 1 and counts[red, red] == 2
    assert counts.sum() == 4
