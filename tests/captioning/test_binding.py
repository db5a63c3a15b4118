import random

import pytest
import torch

from pokecolor.captioning.binding import swap_colors, tells_apart


@pytest.mark.parametrize(
    ("caption", "swapped"),
    [
        ("a green fox with red eyes", "a red fox with green eyes"),
        ("an orange fox with a green tail", "a green fox with an orange tail"),
        ("An orange fox, a green tail", "A green fox, an orange tail"),
        ("a dark blue cat and golden ears", "a dark golden cat and blue ears"),
        ("red ears, red feet, red tail", None),
        ("a fox", None),
    ],
)
def test_two_colors_are_exchanged(caption, swapped):
    assert swap_colors(caption, random.Random(0)) == swapped


class Scorer:
    """Scores by how early the word "green" comes."""

    def score(self, images, captions):
        return torch.tensor([-float(caption.index("green")) for caption in captions])


def test_a_scorer_is_right_where_the_true_caption_fits_better():
    captions = ["a green fox with red eyes", "a red fox with green eyes", "a green fox"]
    assert tells_apart(Scorer(), ["image"] * 3, captions, ["a", "b", "c"]) == [1, 0, None]
