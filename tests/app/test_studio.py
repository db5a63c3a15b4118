import asyncio
import zipfile

import numpy as np
import pytest
from PIL import Image
from quick_service import QuickColorizer, quick_studio
from running_service import data_url, sketch_url

from pokecolor.app.creation import SKETCH, file_of, media_types
from pokecolor.app.limits import Limits
from pokecolor.app.refusals import Refusal
from pokecolor.app.studio import LARGEST_SEED
from pokecolor.core.images.conversion import load_image

RED = "Turn it into a red box"


@pytest.fixture
def studio(tmp_path):
    studio = quick_studio(tmp_path)
    yield studio
    studio.close()


def make(studio, visitor="anna", sketch=None, **wishes):
    job = asyncio.run(studio.start(visitor, sketch or sketch_url(), **{"prompt": RED} | wishes))
    return job.result.result(20)


def test_a_wish_becomes_a_creation_with_all_its_files(studio):
    creation = make(studio, name="Mochi", seed=5, variants=2, steps=3)
    assert creation.order.seeds == (5, 6)
    for name in media_types(creation):
        assert studio.collection.file(creation, name).stat().st_size > 0
    color = load_image(studio.collection.file(creation, file_of("color", 0)), keep_alpha=True)
    clear = load_image(studio.collection.file(creation, file_of("clear", 0)), keep_alpha=True)
    assert (color.mode, color.size, clear.mode) == ("RGB", (96, 96), "RGBA")
    with zipfile.ZipFile(studio.collection.file(creation, file_of("layers", 1))) as layers:
        assert layers.read("mimetype") == b"image/openraster"
    (red,) = creation.judgments[0].colors
    assert red.term == "red" and red.found == "yes"
    assert creation.judgments[0].score == 1.0


def test_a_sketch_of_the_library_is_named_by_its_id(studio):
    creation = make(studio, sketch="box-7")
    assert load_image(studio.collection.file(creation, SKETCH)).size == (128, 128)


def test_again_with_another_color_takes_the_same_sketch(studio):
    first = make(studio, name="Mochi", seed=5)
    blue = "Turn it into a blue box"
    job = asyncio.run(studio.start_again("anna", first.id, prompt=blue))
    second = job.result.result(20)
    assert (second.order.prompt, second.order.seeds, second.order.name) == (blue, (5,), "Mochi")
    before, after = (
        np.asarray(load_image(studio.collection.file(creation, SKETCH)))
        for creation in (first, second)
    )
    assert np.array_equal(before, after)
    another = asyncio.run(studio.start_another("anna", first.id)).result.result(20)
    assert another.order.seeds == (6,)
    with pytest.raises(Refusal):
        asyncio.run(studio.start_again("bert", first.id))


def test_seeds_begin_anew_after_the_last(studio):
    assert studio.order(RED, seed=LARGEST_SEED, variants=2).seeds == (LARGEST_SEED, 0)


@pytest.mark.parametrize(
    ("wishes", "kind"),
    [
        ({"prompt": ""}, "prompt_empty"),
        ({"prompt": "  Turn it  INTO "}, "prompt_empty"),
        ({"prompt": None}, "value"),
        ({"prompt": ["a"]}, "value"),
        ({"prompt": {"$ne": 1}}, "value"),
        ({"prompt": "x" * 301}, "text_length"),
        ({"prompt": "x" * 10_000_000}, "text_length"),
        ({"name": "x" * 61}, "text_length"),
        ({"name": 5}, "value"),
        ({"seed": -1}, "value"),
        ({"seed": 2**31}, "value"),
        ({"seed": 10**400}, "value"),
        ({"seed": 1.5}, "value"),
        ({"seed": True}, "value"),
        ({"seed": "1"}, "value"),
        ({"variants": 5}, "value"),
        ({"variants": 0}, "value"),
        ({"steps": 10**9}, "value"),
        ({"steps": float("nan")}, "value"),
        ({"guidance_scale": float("inf")}, "value"),
        ({"guidance_scale": -1}, "value"),
        ({"image_guidance_scale": [1]}, "value"),
        ({"look": "shiny"}, "value"),
        ({"look": ["flat"]}, "value"),
    ],
)
def test_wishes_out_of_range_are_refused(studio, wishes, kind):
    with pytest.raises(Refusal) as refused:
        studio.order(**{"prompt": RED} | wishes)
    assert refused.value.kind == kind


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


def test_texts_are_one_line_without_hidden_marks(studio):
    order = studio.order("a red\n\n\x00box\u202e", name=" 모찌\t\u2066떡 \ue000")
    assert (order.prompt, order.name) == ("a red box", "모찌 떡")
    assert studio.order(RED, name="👩‍🎨").name == "👩‍🎨"


def test_a_region_has_one_color_unless_the_look_is_soft(studio, monkeypatch):
    def mottled(prompt, seed):
        noise = np.random.default_rng(0).integers(-9, 9, (32, 32, 3))
        return (np.array((210, 40, 40)) + noise).astype(np.uint8)

    monkeypatch.setattr(QuickColorizer, "fill", staticmethod(mottled))
    counts = []
    for look in ("soft", "clean", "flat"):
        creation = make(studio, look=look)
        assert creation.order.look == look
        assert studio.collection.get("anna", creation.id) == creation
        color = np.asarray(load_image(studio.collection.file(creation, file_of("color", 0))))
        counts.append(len(np.unique(color[40:56, 40:56].reshape(-1, 3), axis=0)))
    assert counts[0] > 20 and counts[1:] == [1, 1]
    again = asyncio.run(studio.start_again("anna", creation.id, prompt=RED)).result.result(20)
    assert again.order.look == "flat", "it stays as it was"


def test_settings_left_out_are_the_colorizers_own(studio):
    order = studio.order(RED)
    assert (order.steps, order.guidance_scale, order.image_guidance_scale) == (4, 4.0, 1.5)


def test_a_full_disk_is_told_before_anything_is_painted(tmp_path):
    colorizer = QuickColorizer()
    studio = quick_studio(tmp_path, colorizer, limits=Limits(free_bytes=10**18))
    with pytest.raises(Refusal) as refused:
        make(studio)
    assert refused.value.kind == "disk_full" and colorizer.batches == []
    studio.close()


def test_a_transparent_sketch_is_shown_on_white(studio):
    creation = make(studio, sketch=data_url(Image.new("RGBA", (64, 64), (0, 0, 0, 0))))
    color = load_image(studio.collection.file(creation, file_of("color", 0)), keep_alpha=True)
    assert color.mode == "RGB"
