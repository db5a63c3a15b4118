import io
import time
import zipfile

import numpy as np
import pytest
from PIL import Image, ImageDraw
from quick_service import QuickColorizer, box, quick_studio
from running_service import data_url, sketch_url

from pokecolor.app import jobs, pictures
from pokecolor.app.creation import PAINTED, SKETCH, file_of, media_types
from pokecolor.app.jobs import Base
from pokecolor.app.limits import Limits
from pokecolor.app.painting import recolor
from pokecolor.app.refusals import Refusal
from pokecolor.core.images.conversion import load_image

RED = "Turn it into a red box"


@pytest.fixture
def studio(tmp_path):
    studio = quick_studio(tmp_path)
    yield studio
    studio.close()


def ended(studio, record, seconds=20):
    """The job when it has ended."""
    end = time.monotonic() + seconds
    while record.state == "waiting":
        assert time.monotonic() < end
        time.sleep(0.005)
        record = studio.jobs.get(record.visitor, record.id)
    return record


def make(studio, visitor="anna", sketch=None, **wishes):
    if "again" not in wishes:
        sketch = sketch or sketch_url()
    record = ended(studio, studio.start(visitor, sketch, **{"prompt": RED} | wishes))
    assert record.state == "done", record
    return studio.collection.get(visitor, record.creation)


def read(studio, creation, kind, number=0):
    path = studio.collection.folder_of(creation) / file_of(kind, number)
    return np.asarray(load_image(path, keep_alpha=True))


def test_a_wish_becomes_a_creation_with_all_its_files(studio):
    creation = make(studio, name="Mochi", seed=5, variants=2, steps=3)
    assert creation.order.seeds == (5, 6)
    folder = studio.collection.folder_of(creation)
    assert {path.name for path in folder.iterdir()} == {
        *media_types(creation), PAINTED.format(0), PAINTED.format(1),
    }  # fmt: skip
    color, clear, colors = (read(studio, creation, kind) for kind in ("color", "clear", "colors"))
    assert color.shape == (96, 96, 3) and clear.shape == colors.shape == (96, 96, 4)
    with zipfile.ZipFile(folder / file_of("layers", 1)) as layers:
        assert layers.read("mimetype") == b"image/openraster"
        merged = Image.open(io.BytesIO(layers.read("mergedimage.png"))).convert("RGBA")
    assert np.array_equal(np.asarray(merged), read(studio, creation, "clear", 1))
    (red,) = creation.pictures[0].verdicts
    assert (red.part, red.color, red.state, red.share) == ("", "red", "right", 1.0)


def test_a_sketch_of_the_library_is_named_by_its_id(studio):
    creation = make(studio, sketch="box-7")
    assert load_image(studio.collection.folder_of(creation) / SKETCH).size == (128, 128)
    assert creation.order.sketch_id == "box-7"
    assert make(studio).order.sketch_id is None


def test_again_with_another_color_takes_the_same_sketch(studio):
    first = make(studio, sketch="box-7", name="Mochi", seed=5)
    second = make(studio, again=Base(first.id, 0), prompt="Turn it into a blue box")
    assert (second.order.parent, second.order.sketch_id) == (first.id, "box-7")
    before, after = (
        (studio.collection.folder_of(creation) / SKETCH).read_bytes()
        for creation in (first, second)
    )
    assert before == after
    for visitor, base in (("bert", Base(first.id, 0)), ("anna", Base(first.id, 1))):
        with pytest.raises(Refusal):
            studio.start(visitor, again=base, prompt=RED)
    with pytest.raises(Refusal, match="value"):
        studio.start("anna", sketch_url(), again=Base(first.id, 0), prompt=RED)


@pytest.mark.parametrize(
    "sketch",
    [None, "", 5, ["box-1"], {"path": "/etc/passwd"}, {"url": "http://localhost/"}],
)
def test_what_is_no_sketch_is_refused(studio, sketch):
    with pytest.raises(Refusal) as refused:
        studio.read_sketch(sketch)
    assert refused.value.kind == "image_missing"


@pytest.mark.parametrize("sketch", ["box-999", "../box-1", "box-1/../../etc", "box-1\n"])
def test_what_the_library_does_not_have_is_not_there(studio, sketch):
    with pytest.raises(Refusal):
        studio.read_sketch(sketch)


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


def test_a_full_disk_is_told_before_anything_is_painted(tmp_path):
    colorizer = QuickColorizer()
    studio = quick_studio(tmp_path, colorizer, limits=Limits(free_bytes=10**18))
    with pytest.raises(Refusal) as refused:
        make(studio)
    assert refused.value.kind == "disk_full" and colorizer.batches == []
    studio.close()


def test_a_transparent_sketch_is_shown_on_white(studio):
    creation = make(studio, sketch=data_url(Image.new("RGBA", (64, 64), (0, 0, 0, 0))))
    assert read(studio, creation, "color").shape == (64, 64, 3)


def test_a_canceled_job_is_told_at_once_and_leaves_nothing(tmp_path):
    studio = quick_studio(tmp_path, QuickColorizer(0.3))
    running, waiting = (studio.start("anna", sketch_url(), prompt=RED) for _ in range(2))
    with pytest.raises(Refusal):
        studio.cancel("bert", waiting.id)
    for record in (waiting, running):
        studio.cancel("anna", record.id)
        assert studio.jobs.get("anna", record.id).state == "canceled"
        studio.cancel("anna", record.id)  # forget it
        with pytest.raises(Refusal):
            studio.jobs.get("anna", record.id)
    studio.close()
    assert list((tmp_path / "jobs").iterdir()) == []
    assert list((tmp_path / "pictures").iterdir()) == []


def test_jobs_that_were_left_go_on_with_all_that_was_asked(tmp_path):
    studio = quick_studio(tmp_path)
    first = make(studio, prompt="a red box")
    studio.close()
    mask = Image.new("L", (96, 96), 255)
    slow = quick_studio(tmp_path, QuickColorizer(1.0))
    left = slow.start("anna", sketch_url(), prompt="a green box", seed=3, name="Mochi")
    kept = slow.start(
        "anna", again=Base(first.id, 0), prompt="a blue box", keep=Base(first.id, 0),
        mask=data_url(mask),
    )  # fmt: skip
    slow.close()
    studio = quick_studio(tmp_path)
    made, second = (
        studio.collection.get("anna", ended(studio, record).creation) for record in (left, kept)
    )
    assert made.order == left.order and made.order.seeds == (3,)
    assert second.order.parent == first.id
    assert np.array_equal(read(studio, first, "colors"), read(studio, second, "colors"))
    assert list((tmp_path / "jobs").iterdir()) == []
    studio.close()


def test_a_job_that_ends_every_process_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "ATTEMPTS", 2)
    studio = quick_studio(tmp_path, QuickColorizer(1.0))
    record = studio.start("anna", sketch_url(), prompt=RED)
    waiting = studio.start("anna", sketch_url(), prompt=RED)
    for _ in range(2):
        end = time.monotonic() + 5
        while not studio.standing(record).running:
            assert time.monotonic() < end
            time.sleep(0.01)
        studio.close()
        studio = quick_studio(tmp_path, QuickColorizer(1.0))
    record = studio.jobs.get("anna", record.id)
    assert (record.state, record.error) == ("failed", "failed")
    assert studio.jobs.get("anna", waiting.id).state == "waiting"
    studio.close()


def test_a_sketch_that_is_gone_fails_its_job_alone(tmp_path, caplog):
    studio = quick_studio(tmp_path, QuickColorizer(1.0))
    broken, fine = (studio.start("anna", sketch_url(), prompt=RED) for _ in range(2))
    studio.close()
    (tmp_path / "jobs" / broken.id / "sketch.png").write_bytes(b"half")
    studio = quick_studio(tmp_path)
    assert ended(studio, studio.jobs.get("anna", broken.id)).error == "failed"
    assert ended(studio, studio.jobs.get("anna", fine.id)).state == "done"
    studio.close()


def test_jobs_that_ended_long_ago_are_forgotten(studio, monkeypatch):
    make(studio)
    assert [record.state for record in studio.jobs.of("anna")] == ["done"]
    assert studio.jobs.of("bert") == []
    monkeypatch.setattr(jobs, "REMEMBERED_SECONDS", -1)
    assert studio.jobs.of("anna") == []
