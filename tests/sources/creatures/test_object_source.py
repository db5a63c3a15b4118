import numpy as np
import pytest

from pokecolor.core.errors import UserError
from pokecolor.sources.creatures import CreatureSource, ProceduralObjectSource

SETTINGS = {"size": 64, "count": 24, "colorings": 2, "test_count": 2, "palette": "typical"}
SOURCE = ProceduralObjectSource(**SETTINGS)


@pytest.fixture(scope="module")
def triplets():
    return [triplet for drawing in SOURCE.drawings() for triplet in SOURCE.triplets(drawing)]


def test_ids_differ_from_those_of_creatures():
    assert SOURCE.drawings()[0] == "thing-000000" and SOURCE.drawings()[-1] == "thing-900001"
    assert SOURCE.split_of("thing-900000") == "test"
    assert SOURCE.fingerprint != CreatureSource(**SETTINGS).fingerprint


def test_images_are_as_the_schema_says(triplets):
    assert len(triplets) == 26 * 2
    for triplet in triplets:
        for image in (triplet.original_image, triplet.edited_image):
            assert image.shape == (64, 64, 3) and image.dtype == np.uint8
        assert triplet.part_map.shape == (64, 64)
        assert triplet.part_map.max() <= len(triplet.parts)
        assert triplet.edit_prompt and triplet.parts[0].named


def test_parts_go_from_the_largest_to_the_smallest(triplets):
    for triplet in triplets:
        area = np.bincount(triplet.part_map.ravel(), minlength=1 + len(triplet.parts))[1:]
        assert (np.diff(area) <= 0).all()
        assert triplet.parts[0].name == "main"


def test_parts_have_the_colors_that_they_are_said_to_have(triplets):
    shown = total = 0
    for triplet in triplets:
        for number, part in enumerate(triplet.parts, 1):
            pixels = triplet.edited_image[triplet.part_map == number].astype(int)
            shown += (np.abs(pixels - part.rgb).max(1) < 60).sum()
            total += len(pixels)
    assert shown > 0.9 * total


def test_the_sketch_has_no_color_and_its_lines(triplets):
    for triplet in triplets:
        assert np.ptp(triplet.original_image, axis=-1).max() == 0
        assert 0.01 < (triplet.original_image[..., 0] < 235).mean() < 0.6


def test_a_seed_gives_the_same_thing(triplets):
    again = [
        t
        for drawing in SOURCE.drawings()
        for t in ProceduralObjectSource(**SETTINGS).triplets(drawing)
    ]
    for one, other in zip(triplets, again, strict=True):
        assert one.edit_prompt == other.edit_prompt and one.parts == other.parts
        assert np.array_equal(one.edited_image, other.edited_image)


def test_colorings_of_one_drawing_share_its_sketch(triplets):
    first, second = triplets[:2]
    assert first.drawing_id == second.drawing_id and first.id != second.id
    assert np.array_equal(first.original_image, second.original_image)
    assert not np.array_equal(first.edited_image, second.edited_image)


def test_fine_lines_leave_more_of_each_part_to_see(triplets):
    source = ProceduralObjectSource(**SETTINGS, fine_lines=True)
    fine = [triplet for drawing in source.drawings() for triplet in source.triplets(drawing)]
    seen, more = (np.mean([t.part_map > 0 for t in of]) for of in (triplets, fine))
    assert more > 1.05 * seen


@pytest.mark.parametrize("setting", [{"two_colors": 0.1}, {"size": 8}])
def test_settings_that_make_no_sense_are_refused(setting):
    with pytest.raises(UserError, match="things: "):
        ProceduralObjectSource(**{**SETTINGS, **setting})
