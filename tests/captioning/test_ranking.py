import pytest
import torch
from torch.nn import functional as F

from pokecolor.captioning.ranking import TRIED, pursue, top_phrases


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


class Texts:
    """Writes chains as text, reads them as the sum of their phrases, and counts what it reads."""

    def __init__(self, phrases):
        self.phrases, self.read = phrases, 0

    def write(self, row, chain):
        return f"{row}: {' '.join(map(str, chain))}"

    def embed(self, texts):
        self.read += len(texts)
        chains = [[int(word) for word in text.split()[1:]] for text in texts]
        return torch.stack([F.normalize(self.phrases[chain].sum(0), dim=0) for chain in chains])


def describe(images, phrases, count=3, min_gain=0.01, chains=None):
    texts = Texts(phrases)
    chains = [[] for _ in images] if chains is None else chains
    return pursue(images, phrases, SLOTS, chains, texts.write, texts.embed, count, min_gain)


def test_it_finds_the_phrases_that_an_image_is_made_of(phrases):
    images = torch.stack([image(p0=1.1, p3=1, p5=0.9), image(p4=1)])
    assert describe(images, phrases) == [[0, 3, 5], [4]]


def test_one_phrase_of_a_slot(phrases):
    (found,) = describe(image(p4=1, p5=0.9)[None], phrases, count=6, min_gain=0.0)
    assert found[0] == 4 and 5 not in found


def test_it_stops_where_little_is_gained(phrases):
    both = image(p0=1, p3=0.5)[None]  # alone the first reaches 2 / sqrt(5), both together more
    assert describe(both, phrases, min_gain=0.2) == [[0]]
    assert describe(both, phrases, min_gain=0.01) == [[0, 3]]
    assert describe(both, phrases, count=1) == [[0]]


def test_images_do_not_depend_on_those_beside_them(phrases):
    images = F.normalize(torch.rand(5, 6, generator=torch.Generator().manual_seed(0)), dim=1)
    together = describe(images, phrases)
    assert together == [describe(one[None], phrases)[0] for one in images]


def test_an_image_may_begin_with_given_phrases(phrases):
    images = torch.stack([image(p0=1.1, p3=1, p5=0.9)] * 2)
    assert describe(images, phrases, chains=[[3], [5]]) == [[3, 0, 5], [5, 0, 3]]


def test_the_text_decides_and_not_the_sum_of_phrases(phrases):
    texts = Texts(phrases)

    def embed(chains):
        """Together with another phrase the first says something else."""
        read = texts.embed(chains)
        for row, chain in enumerate(chains):
            if chain.endswith("0 3"):
                read[row] = phrases[1]
        return read

    (found,) = pursue(
        image(p0=1.1, p3=1, p5=0.9)[None], phrases, SLOTS, [[]], texts.write, embed, 2, 0.01
    )
    assert found == [0, 5]


def test_few_texts_are_read():
    many = F.normalize(torch.rand(500, 16, generator=torch.Generator().manual_seed(0)), dim=1)
    texts = Texts(many)
    pursue(many[:3], many, range(500), [[]] * 3, texts.write, texts.embed, 4, 0.0)
    assert texts.read <= 3 * (1 + 4 * TRIED)
