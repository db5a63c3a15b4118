import numpy as np

from pokecolor.core.colors import name_colors
from pokecolor.sources.labeled.coloring import PAPER, WHITE, LabeledColoring, whole_colors

FROG = ["body", "eyes", "belly", "tongue"]
WOMAN = ["dress", "skin", "hair", "shoes"]


def colorings(names, subject, count=200):
    return [
        LabeledColoring(np.random.default_rng(seed), names, list(range(len(names))), subject)
        for seed in range(count)
    ]


def test_colors_bear_the_names_that_they_are_said_to_have():
    for coloring in colorings(FROG, "frog"):
        for part in coloring.parts():
            assert name_colors(np.array([part.rgb]))[0] is not None
            assert (part.rgb == WHITE) <= (part.color == "white")
            if part.named:
                assert part.name == "body" or part.name in coloring.prompt.lower()


def test_what_nobody_names_takes_the_main_color_but_eyes_and_tongues():
    seen = 0
    for coloring in colorings(FROG, "frog"):
        parts = {part.name: part for part in coloring.parts()}
        untold = not parts["belly"].named and not parts["eyes"].named
        if untold and "body" not in coloring.prompt.lower():  # then the body is the frog's color
            seen += 1
            assert parts["belly"].rgb == parts["body"].rgb
            assert parts["eyes"].rgb == WHITE
    assert seen > 20


def test_a_person_has_no_color_as_a_whole_and_what_is_not_told_stays_white():
    for coloring in colorings(WOMAN, "woman"):
        assert any(part.named for part in coloring.parts())
        for part in coloring.parts():
            assert part.named or part.rgb == WHITE


def test_a_part_named_after_the_subject_is_its_main_part():
    for coloring in colorings(["sail", "boat"], "boat"):
        assert "boat with a" not in coloring.prompt or " boat" in coloring.prompt
        parts = {part.name: part for part in coloring.parts()}
        if not parts["sail"].named:
            assert parts["boat"].named
            assert parts["sail"].rgb == parts["boat"].rgb


def test_one_color_for_a_whole_leaves_eyes_as_they_are_drawn():
    colors = whole_colors(FROG, ("red", "red", (200, 0, 0)))
    assert colors == [(200, 0, 0), WHITE, (200, 0, 0), (200, 0, 0)]
    assert "eyes" in PAPER
