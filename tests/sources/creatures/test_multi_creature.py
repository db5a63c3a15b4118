import hashlib

import numpy as np
import pytest
from scipy import ndimage

from pokecolor.sources.creatures import CreatureSource, MultiCreatureSource

SETTINGS = {"size": 64, "count": 12, "colorings": 1, "test_count": 2}
SOURCE = MultiCreatureSource(**SETTINGS)


@pytest.fixture(scope="module")
def triplets():
    return [next(SOURCE.triplets(drawing)) for drawing in SOURCE.drawings()]


def test_ids_differ_from_those_of_creatures():
    assert SOURCE.drawings()[0] == "crowd-000000" and SOURCE.drawings()[-1] == "crowd-900001"
    assert SOURCE.split_of("crowd-900000") == "test"
    assert SOURCE.fingerprint != CreatureSource(**SETTINGS).fingerprint


def test_a_page_has_several_creatures(triplets):
    apart = 0
    for triplet in triplets:
        holds = ndimage.binary_closing(triplet.original_image[..., 0] < 200)
        _, count = ndimage.label(ndimage.binary_fill_holes(holds), np.ones((3, 3)))
        apart += count > 1
    assert apart > len(triplets) / 2, "most stand apart from one another"


def test_a_part_is_the_same_color_on_all_of_them(triplets):
    shown = total = 0
    for triplet in triplets:
        assert len({part.name for part in triplet.parts}) == len(triplet.parts)
        for number, part in enumerate(triplet.parts, 1):
            pixels = triplet.edited_image[triplet.part_map == number].astype(int)
            shown += (np.abs(pixels - part.rgb).max(1) < 60).sum()
            total += len(pixels)
    assert shown > 0.85 * total


def test_they_are_spoken_of_as_many():
    source = MultiCreatureSource(**{**SETTINGS, "colorings": 6, "size": 16})
    words = " ".join(t.edit_prompt for d in source.drawings() for t in source.triplets(d)).split()
    assert not {"its", "Its", "creature", "monster"} & set(words) and "creatures" in words


def test_a_seed_gives_the_same_crowd(triplets):
    again = [
        next(MultiCreatureSource(**SETTINGS).triplets(drawing)) for drawing in SOURCE.drawings()
    ]
    for one, other in zip(triplets, again, strict=True):
        assert one.edit_prompt == other.edit_prompt
        assert hashlib.sha256(one.edited_image.tobytes()).digest() == (
            hashlib.sha256(other.edited_image.tobytes()).digest()
        )
