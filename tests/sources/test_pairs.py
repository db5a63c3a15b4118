import pickle

import numpy as np
import pytest
from picture_files import line_drawing, picture, save, save_odd_modes, truncate

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError
from pokecolor.sources.folder.source import FolderSource
from pokecolor.sources.pairs import Record, extract_pair, require_same_shape
from pokecolor.sources.pokemon.pokemon_blip import PokemonBlipSource


@pytest.mark.parametrize("size", [64, 128, 300])
def test_extracted_sketches_are_aligned(size):
    original, edited = extract_pair(picture(1, 200, 120), size, "xdog")
    assert original.shape == edited.shape == (size, size, 3)
    # lines lie on the dark outline of the color image
    outline = edited.max(axis=-1) < 140
    ink = original[..., 0] < 140
    near = np.zeros_like(outline)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            near |= np.roll(outline, (down, right), (0, 1))
    assert ink.sum() > size
    assert near[ink].mean() > 0.95


def test_padding_is_not_drawn_as_a_line():
    photo = picture(1, 200, 100).point(lambda value: min(value, 120))  # no white anywhere
    original, edited = extract_pair(photo, 128, "edges")
    assert (edited[:30] == 255).all()
    assert (original[:38] > 230).all()


def test_pairs_of_another_shape_are_refused():
    record = Record("x", "color.png", "sketch.png", "")
    require_same_shape(line_drawing(50, 100), picture(0, 256, 512), record)
    require_same_shape(line_drawing(255, 256), picture(0, 256, 256), record)
    with pytest.raises(ImageError, match=r"sketch\.png: 50 x 60 pixels is another shape"):
        require_same_shape(line_drawing(50, 60), picture(0, 50, 70), record)


def test_every_mode_comes_in(tmp_path):
    odd = save_odd_modes(tmp_path)
    source = FolderSource(tmp_path, size=32)
    assert len(source.drawings()) == len(odd)
    for drawing_id in source.drawings():
        (triplet,) = source.triplets(drawing_id)
        for image in (triplet.original_image, triplet.edited_image):
            assert image.shape == (32, 32, 3)
            assert image.dtype == np.uint8
            assert image.min() < 200
            assert (image[0, 0] > 240).all()


@pytest.mark.parametrize("damage", [truncate, lambda path: path.write_bytes(b"")])
def test_damaged_images_are_named_and_spare_the_others(tmp_path, damage):
    save(picture(0), tmp_path / "good.png")
    damage(save(picture(1, 200, 200), tmp_path / "bad.png"))
    source = FolderSource(tmp_path, size=32)
    assert [triplet.id for triplet in source.triplets("good")] == ["good"]
    with pytest.raises(ImageError, match=r"bad\.png: not a readable image"):
        list(source.triplets("bad"))


def test_fingerprint_follows_what_triplets_depend_on(tmp_path):
    save(picture(0), tmp_path / "a.png")
    save(picture(1), tmp_path / "b.png")

    def fingerprint(**settings):
        return FolderSource(tmp_path, **settings).fingerprint

    first = fingerprint()
    assert fingerprint() == first
    others = {fingerprint(size=64), fingerprint(style="xdog"), fingerprint(val=0.999, test=0)}
    save(picture(2), tmp_path / "b.png")
    others.add(fingerprint())
    save(picture(2), tmp_path / "c.png")
    others.add(fingerprint())
    assert len(others | {first}) == 6


def test_the_fingerprint_is_that_of_a_copy_elsewhere(tmp_path):
    for folder in ("one", "two"):
        save(picture(0), tmp_path / folder / "a.png")
    one, two = (FolderSource(tmp_path / folder).fingerprint for folder in ("one", "two"))
    assert one == two


def test_adding_drawings_moves_none(tmp_path):
    for number in range(30):
        save(picture(number, 8, 8), tmp_path / f"{number}.png")
    before = FolderSource(tmp_path, val=0.3, test=0.3)
    splits = {id_: before.split_of(id_) for id_ in before.drawings()}
    assert set(splits.values()) == {"train", "val", "test"}
    for number in range(100, 130):
        save(picture(number, 8, 8), tmp_path / f"{number}.png")
    after = FolderSource(tmp_path, val=0.3, test=0.3)
    assert len(after.drawings()) == 60
    assert {id_: after.split_of(id_) for id_ in splits} == splits


def test_sources_are_picklable_and_read_nothing_until_asked(tmp_path):
    source = pickle.loads(pickle.dumps(FolderSource(tmp_path / "later")))
    save(picture(0), tmp_path / "later" / "a.png")
    assert list(source.drawings()) == ["a"]
    assert list(pickle.loads(pickle.dumps(source)).drawings()) == ["a"]


@pytest.mark.parametrize("source", [FolderSource, PokemonBlipSource])
def test_a_size_at_which_nothing_shows_is_refused(source):
    with pytest.raises(UserError, match=r"data\.source\.size=0: give 16 pixels or more"):
        source("somewhere", size=0)


def test_a_mistyped_style_is_refused():
    with pytest.raises(UserError, match="style=edge: no such sketch style; take edges or xdog"):
        FolderSource("x", style="edge")
