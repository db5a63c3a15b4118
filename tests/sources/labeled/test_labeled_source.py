import numpy as np
import pytest
from triplet_digest import triplet_digest

from pokecolor.core.errors import UserError
from pokecolor.sources.labeled.source import LabeledSource, PageSource
from pokecolor.sources.openmoji import OpenMojiSource


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The labeled drawings of OpenMoji, which are always there."""
    return LabeledSource(tmp_path_factory.mktemp("sets"), size=96, recolorings=3)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    return PageSource(tmp_path_factory.mktemp("sets"), size=128, count=12)


def colors_are_as_said(triplet):
    seen = 0
    for number, part in enumerate(triplet.parts, start=1):
        inside = triplet.edited_image[triplet.part_map == number]
        if len(inside) >= 60:
            seen += 1
            assert (np.median(inside, axis=0) == part.rgb).all(), (triplet.id, part)
    return seen


def test_variants_differ_and_each_part_has_its_color(source):
    drawing = source.drawings()[0]
    assert drawing.startswith("labeled-openmoji-")
    triplets = list(source.triplets(drawing))
    assert [triplet.id for triplet in triplets] == [f"{drawing}-{n}" for n in (1, 2, 3)]
    assert len({triplet.original_image.tobytes() for triplet in triplets}) == 3
    assert sum(map(colors_are_as_said, triplets)) >= 3


def test_named_parts_are_in_the_prompt(source):
    for drawing in list(source.drawings())[:6]:
        for triplet in source.triplets(drawing):
            assert any(part.named for part in triplet.parts)
            subject = source.labels[drawing].subject
            for part in triplet.parts:
                if part.named and part.name not in triplet.edit_prompt.lower():
                    # then it is what the color of the whole is about
                    assert part == triplet.parts[0] or part.name in ("body", subject)


def test_a_subject_of_openmoji_is_held_out_where_openmoji_s_is(source):
    emoji = OpenMojiSource()
    for drawing, label in source.labels.items():
        points = label.id.removeprefix("openmoji/")
        if emoji.split_of(points) != "train":
            assert source.split_of(drawing) != "train"
    held = LabeledSource(source.sets.root, val=0.0, test=1.0)
    assert {held.split_of(drawing) for drawing in held.drawings()} == {"test"}


def test_a_page_has_several_drawings_with_a_color_each(pages):
    for drawing in pages.drawings():
        (page,) = pages.triplets(drawing)
        assert 2 <= len(page.parts) <= 4
        assert len({part.name for part in page.parts}) == len(page.parts)
        for part in page.parts:
            assert part.named
            assert part.name in page.edit_prompt.lower()
        colors_are_as_said(page)


def test_the_same_settings_give_the_same_triplets(pages, tmp_path):
    again = PageSource(tmp_path, size=128, count=20)
    (one,), (other,) = pages.triplets("page-000003"), again.triplets("page-000003")
    assert (one.edited_image == other.edited_image).all()
    assert one.edit_prompt == other.edit_prompt
    assert again.fingerprint != pages.fingerprint


def test_a_folder_without_any_of_the_sets_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr("pokecolor.sources.labeled.clip_art.OPENMOJI", "none")
    with pytest.raises(UserError, match="none of the labeled sets"):
        LabeledSource(tmp_path)


def test_what_a_version_gives_stays(source, pages):
    """See the same test of `test_drawing_source`."""
    alone = next(iter(source.triplets("labeled-openmoji-1F345")))
    assert triplet_digest(alone) == "d295bedd17a32c8d"
    page = next(iter(pages.triplets("page-000000")))
    assert triplet_digest(page) == "783d275e69c252eb"
