import pytest
import torch
from torch.nn import functional as F

from pokecolor.captioning.ranking import pursue, top_phrases


@pytest.fixture
def phrases():
    """Six phrases, two to a slot, at right angles but for the second and third."""
    phrases = torch.eye(6)
    phrases[2] = F.normalize(phrases[1] + phrases[2], dim=0)
    return phrases


SLOTS = [0, 0, 1, 1, 2, 2]


def image(**weights):
    vector = torch.zeros(6)
    for name, weight in weights.items():
        vector[int(name[1:])] = weight
    return F.normalize(vector, dim=0)


def test_top_phrases_are_the_most_similar(phrases):
    images = torch.stack([image(p0=1, p3=2), image(p5=1)])
    first, second = top_phrases(images, phrases, 2)
    assert first == [3, 0]
    assert second[0] == 5
    assert len(top_phrases(images, phrases, 99)[0]) == 6


def test_it_finds_the_phrases_that_an_image_is_made_of(phrases):
    images = torch.stack([image(p0=1.1, p3=1, p5=0.9), image(p4=1)])
    assert pursue(images, phrases, SLOTS, count=3, min_gain=0.01) == [[0, 3, 5], [4]]


def test_one_phrase_of_a_slot(phrases):
    (found,) = pursue(image(p4=1, p5=0.9)[None], phrases, SLOTS, count=6, min_gain=0.0)
    assert found[0] == 4 and 5 not in found


def test_it_stops_where_little_is_gained(phrases):
    both = image(p0=1, p3=0.5)[None]  # alone the first reaches 2 / sqrt(5), both together more
    assert pursue(both, phrases, SLOTS, count=6, min_gain=0.2) == [[0]]
    assert pursue(both, phrases, SLOTS, count=6, min_gain=0.01) == [[0, 3]]
    assert pursue(both, phrases, SLOTS, count=1, min_gain=0.01) == [[0]]


def test_images_do_not_depend_on_those_beside_them(phrases):
    images = F.normalize(torch.rand(5, 6, generator=torch.Generator().manual_seed(0)), dim=1)
    together = pursue(images, phrases, SLOTS, count=3, min_gain=0.01)
    assert together == [pursue(one[None], phrases, SLOTS, 3, 0.01)[0] for one in images]


def test_an_image_may_begin_with_a_given_phrase(phrases):
    images = torch.stack([image(p0=1.1, p3=1, p5=0.9)] * 2)
    found = pursue(images, phrases, SLOTS, 3, 0.01, first=torch.tensor([3, 5]))
    assert found == [[3, 0, 5], [5, 0, 3]]
