import numpy as np
import pytest

from pokecolor.core.colors import TERMS, find_color_words, name_colors, parse_hex
from pokecolor.core.errors import UserError
from pokecolor.sources.openmoji import OpenMojiSource
from pokecolor.sources.text.color_words import LOOKS, TYPICAL

FOX = "1F98A"


@pytest.fixture(scope="module")
def source():
    return OpenMojiSource(size=72, recolorings=3)


@pytest.fixture(scope="module")
def foxes(source):
    return list(source.triplets(FOX))


def test_each_drawing_that_has_a_file_is_there_once(source):
    drawings = source.drawings()
    assert len(drawings) == len(set(drawings)) > 1500


def test_splits_hold_the_shares_asked_for(source):
    splits = [source.split_of(drawing) for drawing in source.drawings()]
    assert splits.count("test") / len(splits) == pytest.approx(0.1, abs=0.03)
    assert splits.count("val") / len(splits) == pytest.approx(0.05, abs=0.02)


def test_variants_share_the_sketch_and_differ_in_color(foxes):
    assert [triplet.id for triplet in foxes] == [f"openmoji-{FOX}-{i}" for i in range(4)]
    assert all((foxes[0].original_image == fox.original_image).all() for fox in foxes)
    assert len({fox.edited_image.tobytes() for fox in foxes}) == 4


def test_the_first_variant_has_the_drawing_s_own_colors(foxes):
    assert foxes[0].parts[0].color == "orange"
    assert foxes[0].parts[0].rgb == parse_hex("#e27022")


def test_its_own_colors_can_be_left_out(foxes):
    recolored = list(OpenMojiSource(size=96, recolorings=2, own_colors=False).triplets(FOX))
    assert [triplet.id for triplet in recolored] == [f"openmoji-{FOX}-{i}" for i in (1, 2)]
    assert [t.edit_prompt for t in recolored] == [t.edit_prompt for t in foxes[1:3]]


def test_every_part_has_the_color_it_is_said_to_have(foxes):
    for fox in foxes:
        for index, part in enumerate(fox.parts, start=1):
            pixels = fox.edited_image[fox.part_map == index]
            if len(pixels) >= 20:
                middle = np.median(pixels, axis=0)
                assert name_colors(middle[None])[0] == name_colors(np.array([part.rgb]))[0]


def test_instructions_name_the_named_parts_colors_and_no_others(foxes):
    for fox in foxes:
        said = {term for _, _, term in find_color_words(fox.edit_prompt)}
        assert said == {part.color for part in fox.parts if part.named}


def test_sketches_are_lines_without_color(foxes):
    sketch = foxes[0].original_image
    assert (np.ptp(sketch.astype(int), axis=-1) == 0).all()
    assert 0.02 < (sketch[..., 0] < 128).mean() < 0.4


def test_rendering_again_gives_the_same(source, foxes):
    for first, second in zip(foxes, source.triplets(FOX), strict=True):
        assert first.edit_prompt == second.edit_prompt
        assert (first.edited_image == second.edited_image).all()


def test_fingerprint_follows_the_settings(source):
    assert source.fingerprint == OpenMojiSource(size=72, recolorings=3).fingerprint
    assert source.fingerprint != OpenMojiSource(size=64, recolorings=3).fingerprint


def test_a_typical_palette_paints_the_unnamed_fills_like_the_main_one():
    source = OpenMojiSource(size=72, recolorings=12, own_colors=False, palette="typical")
    triplets = list(source.triplets(FOX))
    looks = {**TYPICAL, **LOOKS}
    colors = {parse_hex(look) for look in looks.values()}
    assert any(not all(part.named for part in triplet.parts) for triplet in triplets)
    for triplet in triplets:
        main = triplet.parts[0].rgb
        assert all(part.rgb == main for part in triplet.parts if not part.named)
        assert all(part.rgb in colors for part in triplet.parts)
        for _, end, _ in find_color_words(triplet.edit_prompt):
            told = triplet.edit_prompt[:end].lower()
            word = max((word for word in looks if told.endswith(word)), key=len)
            assert parse_hex(looks[word]) in [part.rgb for part in triplet.parts if part.named]


def test_an_unknown_palette_is_refused():
    with pytest.raises(UserError, match="palette 'loud' is unknown"):
        OpenMojiSource(palette="loud")


def test_posed_variants_differ_in_their_sketches_and_keep_their_words(foxes):
    posed = list(OpenMojiSource(size=96, recolorings=3, posed=True).triplets(FOX))
    assert [triplet.id for triplet in posed] == [triplet.id for triplet in foxes]
    assert len({triplet.original_image.tobytes() for triplet in posed}) == 4
    for triplet in posed:
        assert {part.color for part in triplet.parts if part.named} == {
            term for _, _, term in find_color_words(triplet.edit_prompt)
        }


def test_parts_of_posed_variants_lie_where_their_colors_do():
    for fox in OpenMojiSource(size=96, recolorings=6, palette="typical", posed=True).triplets(FOX):
        body = fox.edited_image[fox.part_map == 1]
        assert len(body) > 200
        assert TERMS[name_colors(np.median(body, axis=0)[None])[0]] == fox.parts[0].color


def test_posing_changes_nothing_where_it_was_not_asked_for(source):
    assert source.fingerprint != OpenMojiSource(size=72, recolorings=3, posed=True).fingerprint


def test_recolorings_of_later_numbers_are_others():
    def ids_and_images(**settings):
        source = OpenMojiSource(size=96, own_colors=False, posed=True, **settings)
        return [(fox.id, fox.edited_image.tobytes()) for fox in source.triplets(FOX)]

    assert ids_and_images(recolorings=2, first_recoloring=2) == ids_and_images(recolorings=3)[1:]
    with pytest.raises(UserError, match="first_recoloring=0: give a number from 1 on"):
        OpenMojiSource(first_recoloring=0)


def test_fingerprint_follows_the_first_recoloring(source):
    later = OpenMojiSource(size=72, recolorings=3, first_recoloring=4)
    assert source.fingerprint != later.fingerprint
