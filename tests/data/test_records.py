import dataclasses

import numpy as np
import pytest

from pokecolor.core.errors import UserError
from pokecolor.data import records


@pytest.fixture
def triplet(tiny_source):
    return next(tiny_source.triplets("d3"))


def test_a_triplet_survives_the_round_trip(triplet):
    found = records.decode_triplet(records.encode_triplet(triplet))
    for name in ("id", "drawing_id", "edit_prompt", "parts"):
        assert getattr(found, name) == getattr(triplet, name)
    for name in ("original_image", "edited_image", "part_map"):
        np.testing.assert_array_equal(getattr(found, name), getattr(triplet, name))


def test_without_a_part_map_there_is_no_member(triplet):
    bare = dataclasses.replace(triplet, part_map=None, parts=())
    members = records.encode_triplet(bare)
    assert records.PART_MAP not in members
    assert records.decode_triplet(members).part_map is None


def test_latents_survive_the_round_trip():
    latents = np.arange(2 * 2 * 3 * 4, dtype=np.float16).reshape(2, 2, 3, 2, 2)
    members = {records.LATENTS: records.encode_latents(latents)}
    np.testing.assert_array_equal(records.decode_latents(members), latents)


def test_a_pickle_is_refused_where_latents_belong():
    pickled = np.array([{"an": "object"}], dtype=object).dumps()
    with pytest.raises(UserError, match=r"latents\.npy"):
        records.decode_latents({records.LATENTS: pickled})


def test_a_missing_member_is_named(triplet):
    members = records.encode_triplet(triplet)
    del members[records.EDITED]
    with pytest.raises(UserError, match=r"no edited_image\.png"):
        records.decode_images(members)


def test_a_bare_sketch_comes_back_without_a_target(triplet):
    members = records.encode_triplet(dataclasses.replace(triplet, edited_image=None))
    assert not records.has_target(members)
    again = records.decode_triplet(members)
    assert again.edited_image is None
    assert (again.original_image == triplet.original_image).all()


def test_a_truncated_image_is_named(triplet):
    members = records.encode_triplet(triplet)
    members[records.ORIGINAL] = members[records.ORIGINAL][:-40]
    with pytest.raises(UserError, match=r"original_image\.png"):
        records.decode_images(members)


def test_stack_refuses_mixed_sizes():
    with pytest.raises(UserError, match="one size"):
        records.stack([np.zeros((2, 2)), np.zeros((3, 3))])
