import io
import time
import zipfile

import numpy as np
import pytest
from PIL import Image
from quick_service import QuickColorizer, quick_studio
from running_service import data_url, sketch_url
from studio_jobs import RED, ended, make, read

from pokecolor.app import jobs
from pokecolor.app.creation import PAINTED, SKETCH, file_of, media_types
from pokecolor.app.jobs import Base
from pokecolor.app.limits import Limits
from pokecolor.app.refusals import Refusal
from pokecolor.core.images.conversion import load_image


@pytest.fixture
def studio(tmp_path):
    studio = quick_studio(tmp_path)
    yield studio
    studio.close()


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
    studio.close()  # the files of a job are removed after it is noted as done
    assert list((tmp_path / "jobs").iterdir()) == []


def test_a_job_that_ends_every_process_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "ATTEMPTS", 2)
    studio = quick_studio(tmp_path, QuickColorizer(1.0))
    record = studio.start("anna", sketch_url(), prompt=RED)
    waiting = studio.start("anna", sketch_url(), prompt=RED)
    for _ in range(2):
        end = time.monotonic() + 5
        while not studio.progress_of(record).running:
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
