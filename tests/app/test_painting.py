"""What is made of the model's picture, and what changes in it later."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from quick_service import QuickColorizer, box, quick_studio
from running_service import data_url, sketch_url
from studio_jobs import RED, ended, make, read

from pokecolor.app import pictures
from pokecolor.app.creation import PAINTED, file_of
from pokecolor.app.jobs import Base
from pokecolor.app.painting import recolor
from pokecolor.app.refusals import Refusal
from pokecolor.core.images.conversion import load_image


@pytest.fixture
def studio(tmp_path):
    studio = quick_studio(tmp_path)
    yield studio
    studio.close()


def mottled(prompt, seed):
    noise = np.random.default_rng(0).integers(-9, 9, (32, 32, 3))
    return (np.array((210, 40, 40)) + noise).astype(np.uint8)


def shades(picture):
    return len(np.unique(picture[40:56, 40:56].reshape(-1, picture.shape[-1]), axis=0))


def test_a_region_has_one_color_unless_the_look_is_soft(studio, monkeypatch):
    monkeypatch.setattr(QuickColorizer, "fill", staticmethod(mottled))
    counts = []
    for look in ("soft", "clean", "flat"):
        creation = make(studio, look=look)
        assert creation.order.look == creation.pictures[0].look == look
        assert studio.collection.get("anna", creation.id) == creation
        counts.append(shades(read(studio, creation, "color")))
    assert counts[0] > 20 and counts[1:] == [1, 1]


def test_another_look_needs_no_model(studio, monkeypatch):
    monkeypatch.setattr(QuickColorizer, "fill", staticmethod(mottled))
    made, wanted = make(studio, look="flat"), make(studio, look="soft")
    changed = recolor(studio.collection, "anna", made, 0, look="soft")
    assert changed.pictures[0].look == "soft" and changed.changed > made.changed
    for kind in ("color", "clear", "colors"):
        assert np.array_equal(read(studio, made, kind), read(studio, wanted, kind))
    # a picture of an earlier version
    (studio.collection.folder_of(made) / PAINTED.format(0)).unlink()
    with pytest.raises(Refusal, match="call"):
        recolor(studio.collection, "anna", made, 0, look="flat")


def test_colors_by_hand_are_in_every_file_below_the_lines(studio):
    made = make(studio, variants=2)
    other = read(studio, made, "color", 1)
    lines = read(studio, made, "color").max(-1) < 60
    colors = read(studio, made, "colors").copy()
    colors[colors[..., 3] > 0] = (30, 90, 220, 255)
    changed = recolor(studio.collection, "anna", made, 0, Image.fromarray(colors))
    assert np.array_equal(read(studio, made, "colors"), colors)
    color, clear = read(studio, made, "color"), read(studio, made, "clear")
    assert tuple(color[48, 48]) == (30, 90, 220) and tuple(clear[48, 48]) == (30, 90, 220, 255)
    assert np.array_equal(color.max(-1) < 60, lines)
    folder = studio.collection.folder_of(made)
    assert load_image(folder / file_of("small", 0)).getpixel((48, 48))[2] > 190
    assert np.array_equal(np.asarray(pictures.read_picture(folder, 0).colors), colors)
    assert np.array_equal(read(studio, made, "color", 1), other)
    assert [info.verdicts[0].state for info in changed.pictures] == ["wrong", "right"]
    with pytest.raises(Refusal, match="value"):
        recolor(studio.collection, "anna", made, 0, Image.new("RGBA", (9, 9)))


def two_boxes():
    """A box within a box."""
    image = Image.fromarray(box(96, 0.05))
    ImageDraw.Draw(image).rectangle((34, 34, 62, 62), outline="black", width=3)
    return data_url(image)


def body_and_belly(prompt, seed):
    """The inner box in the second color that is named, the outer one in the first."""
    first, *more = [QuickColorizer.plain(word, seed) for word in prompt.split(" with ")]
    painted = np.broadcast_to(first, (32, 32, 3)).copy()
    for color in more:
        painted[10:22, 10:22] = color
    return painted


@pytest.fixture
def bellies(monkeypatch):
    fill = QuickColorizer.fill
    monkeypatch.setattr(
        QuickColorizer, "plain", staticmethod(lambda *a: fill(*a)[0, 0]), raising=False
    )
    monkeypatch.setattr(QuickColorizer, "fill", staticmethod(body_and_belly))


def test_only_the_part_changes_and_nothing_else(studio, bellies):
    first = make(studio, sketch=two_boxes(), prompt="a blue fox with a red belly", seed=15)
    before = read(studio, first, "colors")
    assert [tuple(before[at, at, :3]) != (255, 255, 255) for at in (48, 15)] == [True, True]
    # the seed shades all of what is painted, also what must not change
    second = make(
        studio, prompt="a blue fox with a yellow belly", seed=0, again=Base(first.id, 0, "belly")
    )
    after = read(studio, second, "colors")
    assert tuple(after[48, 48]) != tuple(before[48, 48])
    changed = (after != before).any(-1)
    assert changed[38:58, 38:58].all() and changed.sum() < 33 * 33
    assert second.pictures[0].warnings == ()
    # what was finished by hand stays, too
    by_hand = after.copy()
    by_hand[10:20, 10:20] = (1, 2, 3, 255)
    recolor(studio.collection, "anna", second, 0, Image.fromarray(by_hand))
    third = make(
        studio, prompt="a blue fox with a green belly", seed=9, again=Base(second.id, 0, "belly")
    )
    assert tuple(read(studio, third, "colors")[15, 15]) == (1, 2, 3, 255)


def test_that_a_part_did_not_change_is_told(studio, bellies):
    first = make(studio, sketch=two_boxes(), prompt="a blue fox with a red belly")
    second = make(
        studio, prompt="a blue fox with a red belly", seed=3, again=Base(first.id, 0, "hat")
    )
    assert second.pictures[0].warnings == ("unchanged",)
    assert np.array_equal(read(studio, first, "colors"), read(studio, second, "colors"))


def test_of_a_mask_the_white_is_kept(studio):
    first = make(studio, prompt="a red box")
    mask = Image.new("L", (96, 96))
    mask.paste(255, (0, 0, 48, 96))
    second = make(
        studio, prompt="a blue box", again=Base(first.id, 0), keep=Base(first.id, 0),
        mask=data_url(mask),
    )  # fmt: skip
    before, after = (read(studio, made, "colors") for made in (first, second))
    assert np.array_equal(before[:, :48], after[:, :48])
    assert after[48, 60, 2] > 150 > after[48, 60, 0]
    wrong = Image.new("L", (9, 9))
    for keep, image in (
        (Base(first.id, 0), wrong), (Base("none", 0), mask), (Base(first.id, 7), mask),
    ):  # fmt: skip
        with pytest.raises(Refusal):
            studio.start("anna", sketch_url(), prompt=RED, keep=keep, mask=data_url(image))


def test_a_picture_that_is_gone_fails_what_was_to_change_it(tmp_path):
    studio = quick_studio(tmp_path, QuickColorizer(0.1))
    first = make(studio)
    record = studio.start("anna", again=Base(first.id, 0, ""), prompt="a blue box")
    studio.collection.delete("anna", first.id)
    record = ended(studio, record)
    assert (record.state, record.error) == ("failed", "not_found")
    studio.close()
