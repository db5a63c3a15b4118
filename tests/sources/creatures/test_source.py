import hashlib
import subprocess
import sys

import numpy as np
import pytest

from pokecolor.core.colors import TERMS, find_color_words
from pokecolor.core.errors import UserError
from pokecolor.sources.creatures import CreatureSource
from pokecolor.sources.creatures.coloring import BODY, color_parts_typically
from pokecolor.sources.creatures.source import PATCHES, TEST_SEED, seed_of

SOURCE = CreatureSource(size=64, count=12, colorings=2, test_count=3)


@pytest.fixture(scope="module")
def triplets():
    return [triplet for drawing in SOURCE.drawings() for triplet in SOURCE.triplets(drawing)]


def digest(triplet):
    arrays = (triplet.original_image, triplet.edited_image, triplet.part_map)
    return hash((triplet.edit_prompt, *(array.tobytes() for array in arrays)))


def test_ids_and_splits():
    drawings = SOURCE.drawings()
    assert drawings[0] == "creature-000000" and drawings[-1] == "creature-900002"
    assert len(set(drawings)) == 15
    assert [SOURCE.split_of(f"creature-{TEST_SEED + k:06d}") for k in (0, 499)] == ["test"] * 2
    many = CreatureSource(count=5000, test_count=0)
    splits = [many.split_of(drawing) for drawing in many.drawings()]
    assert set(splits) == {"train", "val"}
    assert 0.01 < np.mean([split == "val" for split in splits]) < 0.03


def test_images_are_as_the_schema_says(triplets):
    assert len(triplets) == 15 * 2
    for triplet in triplets:
        assert triplet.original_image.shape == triplet.edited_image.shape == (64, 64, 3)
        assert triplet.part_map.shape == (64, 64)
        assert triplet.original_image.dtype == triplet.part_map.dtype == np.uint8
        assert triplet.original_image.mean() > 128, "a sketch is mostly white"
        assert triplet.original_image.min() < 100, "a sketch has lines"
        assert (np.ptp(triplet.original_image, axis=2) == 0).all(), "a sketch has no color"
        assert triplet.part_map.max() == len(triplet.parts)


def test_colorings_share_the_sketch_and_differ_in_color(triplets):
    for first, second in zip(triplets[::2], triplets[1::2], strict=True):
        assert first.drawing_id == second.drawing_id and first.id != second.id
        assert (first.original_image == second.original_image).all()
        assert (first.edited_image != second.edited_image).any()


def test_each_part_shows_its_color(triplets):
    shown = total = 0
    for triplet in triplets:
        for number, part in enumerate(triplet.parts, 1):
            median = np.median(triplet.edited_image[triplet.part_map == number], axis=0)
            shown += np.abs(median - part.rgb).max() <= 2
            total += 1
    assert shown / total > 0.95


def test_no_part_lies_on_a_line(triplets):
    for triplet in triplets:
        dark = triplet.edited_image.max(2) < 3
        colors = [part.rgb for part in triplet.parts]
        on_line = [
            (dark & (triplet.part_map == number)).sum()
            for number, rgb in enumerate(colors, 1)
            if max(rgb) > 60
        ]
        assert sum(on_line) <= 0.01 * (triplet.part_map > 0).sum()


def test_the_instruction_tells_the_named_parts_and_nothing_else(triplets):
    for triplet in triplets:
        told = {term for _, _, term in find_color_words(triplet.edit_prompt)}
        assert told == {part.color for part in triplet.parts if part.named}, triplet.edit_prompt
        assert all(part.color in TERMS for part in triplet.parts)
        for part in triplet.parts:
            if part.named and part.name != "body":
                assert part.name in triplet.edit_prompt.lower()


def test_a_seed_gives_the_same_triplets_again_and_in_another_process():
    code = (
        "import hashlib; from pokecolor.sources.creatures import CreatureSource as C\n"
        "for t in C(size=64, count=1).triplets('creature-000007'):\n"
        "    h = hashlib.sha256(t.edited_image.tobytes() + t.original_image.tobytes()"
        " + t.part_map.tobytes() + t.edit_prompt.encode())\n"
        "    print(h.hexdigest())"
    )
    run = [sys.executable, "-W", "error", "-c", code]
    there = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    here = [
        hashlib.sha256(
            b"".join(a.tobytes() for a in (t.edited_image, t.original_image, t.part_map))
            + t.edit_prompt.encode()
        ).hexdigest()
        for t in CreatureSource(size=64, count=1).triplets("creature-000007")
    ]
    assert here == there and len(set(here)) == 4


def test_a_drawing_does_not_depend_on_the_others():
    more = CreatureSource(size=64, count=100, colorings=3)
    for few, many in zip(
        SOURCE.triplets("creature-000005"), more.triplets("creature-000005"), strict=False
    ):
        assert few.id == many.id and digest(few) == digest(many)


def test_the_fingerprint_follows_the_configuration():
    same = CreatureSource(size=64, count=12, colorings=2, test_count=3)
    assert same.fingerprint == SOURCE.fingerprint
    assert CreatureSource(size=128, count=12, colorings=2).fingerprint != SOURCE.fingerprint


@pytest.mark.parametrize(
    "settings",
    [
        {"first_seed": -1},
        {"count": TEST_SEED + 1},
        {"size": 8},
        {"count": 0, "test_count": 0},
        {"two_colors": 0.1},  # the varied palette has none
        {"two_colors": 1.1, "palette": "typical"},
    ],
)
def test_numbers_out_of_range_are_the_users_mistake(settings):
    with pytest.raises(UserError, match="creatures: "):
        CreatureSource(**settings)


def test_a_typical_palette_keeps_the_drawing_and_tells_its_colors():
    source = CreatureSource(size=64, count=30, colorings=2, test_count=0, palette="typical")
    plain = CreatureSource(size=64, count=30, colorings=2, test_count=0)
    assert source.fingerprint != plain.fingerprint
    looks = {}
    for drawing in source.drawings():
        for triplet, other in zip(source.triplets(drawing), plain.triplets(drawing), strict=True):
            assert (triplet.original_image == other.original_image).all()
            assert (triplet.part_map == other.part_map).all()
            told = {term for _, _, term in find_color_words(triplet.edit_prompt)}
            assert told == {part.color for part in triplet.parts if part.named}
            for part in triplet.parts:
                looks.setdefault(part.color, set()).add(part.rgb)
    assert len(looks["black"]) <= 2  # black and ebony


def test_an_unknown_palette_is_refused():
    with pytest.raises(UserError, match="palette 'loud' is unknown"):
        CreatureSource(palette="loud")


def test_creatures_of_two_colors_are_told_so_and_the_others_stay():
    plain, both = (
        CreatureSource(
            size=64, count=40, colorings=2, test_count=0, palette="typical", two_colors=share
        )
        for share in (0.0, 1.0)
    )
    assert plain.fingerprint != both.fingerprint
    changed = total = 0
    for drawing in plain.drawings():
        seed = seed_of(drawing)
        creature = both.draw(seed)
        seen, _ = both.part_map(creature)
        colorings = [
            color_parts_typically(
                creature.regions, seen, np.random.default_rng((seed, number)), two_colors=1.0
            )
            for number in (1, 2)
        ]
        triplets = zip(plain.triplets(drawing), both.triplets(drawing), strict=True)
        for coloring, (one, other) in zip(colorings, triplets, strict=True):
            total += 1
            if " and " in coloring.words[BODY]:
                changed += 1
                assert coloring.words[BODY] in other.edit_prompt.lower()
                assert not np.array_equal(other.edited_image, one.edited_image)
            else:
                assert other.edit_prompt == one.edit_prompt
                assert np.array_equal(other.edited_image, one.edited_image)
    assert total / 6 < changed < total


def test_fine_lines_let_colors_go_on_below_the_strokes():
    settings = dict(size=128, count=12, colorings=1, test_count=0)
    plain, fine = CreatureSource(**settings), CreatureSource(**settings, fine_lines=True)
    assert plain.fingerprint != fine.fingerprint

    def below(source):
        """The share of the strokes' pixels that belong to a part."""
        pairs = [next(source.triplets(drawing)) for drawing in source.drawings()]
        ink = np.stack([pair.original_image.min(-1) < 128 for pair in pairs])
        return np.stack([pair.part_map > 0 for pair in pairs])[ink].mean()

    assert below(fine) > 2 * below(plain)


def test_unlined_patches_have_color_but_no_line():
    settings = dict(size=128, count=40, colorings=1, test_count=0)
    lined, unlined = CreatureSource(**settings), CreatureSource(**settings, unlined=1.0)
    patched = []
    for drawing in lined.drawings():
        one, other = next(lined.triplets(drawing)), next(unlined.triplets(drawing))
        regions = lined.draw(seed_of(drawing)).regions
        if set(regions) & set(PATCHES):
            patched.append((one, other))
        else:
            assert np.array_equal(other.original_image, one.original_image)
            assert np.array_equal(other.edited_image, one.edited_image)
    assert len(patched) > 10
    ink = [[(t.original_image < 128).sum() for t in pair] for pair in patched]
    assert all(without <= with_ for with_, without in ink)
    assert sum(without < with_ for with_, without in ink) > 10
    for _, other in patched:  # its color is there all the same
        for number, part in enumerate(other.parts, start=1):
            if part.name in PATCHES:
                assert part.rgb in set(
                    map(tuple, other.edited_image[other.part_map == number].tolist())
                )


def test_a_share_of_the_drawings_is_unlined():
    settings = dict(size=64, count=60, colorings=1, test_count=0)
    sources = [CreatureSource(**settings, unlined=share) for share in (0.0, 0.5, 1.0)]
    sketches = [[next(s.triplets(d)).original_image for d in s.drawings()] for s in sources]
    changed = [
        sum(not np.array_equal(a, b) for a, b in zip(sketches[0], other, strict=True))
        for other in sketches[1:]
    ]
    assert 0 < changed[0] < changed[1] < 60


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_an_impossible_share_is_named(share):
    with pytest.raises(UserError, match=r"unlined=.*: give a share from 0 to 1"):
        CreatureSource(unlined=share)
