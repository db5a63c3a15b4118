"""A pipeline that counts what it paints."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from pokecolor.errors import UserError
from pokecolor.evaluation.paintings import KeptPaintings, keep_paintings
from pokecolor.no_picture import NoPicture


class Model(torch.nn.Linear):
    """A layer with a configuration as the libraries' models have one."""

    def __init__(self, **config):
        super().__init__(2, 2)
        torch.nn.init.constant_(self.weight, 0.5)
        self.bias.data.zero_()
        self.config = dict(config)


class TextModel(Model):
    def __init__(self):
        super().__init__()
        self.config = SimpleNamespace(to_dict=lambda: {"layers": 2})


class Pipeline:
    """Paints the sketch's mean, the seed and the steps."""

    def __init__(self):
        self.unet, self.vae, self.text_encoder = Model(sample_size=8), Model(), TextModel()
        backend = SimpleNamespace(to_str=lambda: "{}")
        self.tokenizer = SimpleNamespace(backend_tokenizer=backend, model_max_length=77)
        self.scheduler = SimpleNamespace(config={"steps": 1000})
        self.calls = []

    def __call__(self, prompt, image, generator, num_inference_steps):
        self.calls.append(list(prompt))
        colors = [
            (int(np.asarray(sketch).mean()), source.initial_seed() % 256, num_inference_steps)
            for sketch, source in zip(image, generator, strict=True)
        ]
        return SimpleNamespace(images=[Image.new("RGB", (8, 8), color) for color in colors])


def paint(kept, prompts, shade=10, seeds=None, steps=3):
    sketches = [Image.new("RGB", (8, 8), (shade,) * 3)] * len(prompts)
    generators = [torch.Generator().manual_seed(s) for s in seeds or range(len(prompts))]
    painted = kept(prompts, image=sketches, generator=generators, num_inference_steps=steps)
    return [picture.getpixel((0, 0)) for picture in painted.images]


def test_what_was_painted_is_not_painted_again(tmp_path):
    first = KeptPaintings(Pipeline(), tmp_path)
    assert paint(first, ["a", "b"]) == [(10, 0, 3), (10, 1, 3)]
    assert (first.painted, len(first.asked)) == (2, 2)
    later = KeptPaintings(Pipeline(), tmp_path)  # another process, after the first was killed
    assert paint(later, ["a", "b", "c"]) == [(10, 0, 3), (10, 1, 3), (10, 2, 3)]
    assert later._pipeline.calls == [["c"]]
    assert (later.painted, len(later.asked)) == (1, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"prompts": ["b"]},
        {"shade": 20},
        {"seeds": [7]},
        {"steps": 4},
    ],
)
def test_another_request_is_another_picture(tmp_path, change):
    kept = KeptPaintings(Pipeline(), tmp_path)
    paint(kept, ["a"])
    paint(kept, **{"prompts": ["a"], **change})
    assert kept.painted == 2


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_other_weights_paint_anew(tmp_path, part):
    paint(KeptPaintings(Pipeline(), tmp_path), ["a"])
    other = Pipeline()
    getattr(other, part).weight.data += 1
    kept = KeptPaintings(other, tmp_path)
    paint(kept, ["a"])
    assert kept.painted == 1


def test_another_sampler_paints_anew(tmp_path):
    kept = KeptPaintings(Pipeline(), tmp_path)
    paint(kept, ["a"])
    kept._pipeline.scheduler.config = {"steps": 1000, "order": 1}
    paint(kept, ["a"])
    assert kept.painted == 2


def test_a_damaged_picture_is_said_and_painted_anew_the_next_time(tmp_path):
    kept = KeptPaintings(Pipeline(), tmp_path)
    paint(kept, ["a"])
    (path,) = tmp_path.rglob("*.png")
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(UserError, match="it is deleted, so the same command paints it anew"):
        paint(kept, ["a"])
    assert paint(kept, ["a"]) == [(10, 0, 3)]


def test_what_could_not_be_painted_is_not_kept(tmp_path):
    class SometimesNone(Pipeline):
        def __call__(self, prompt, **settings):
            painted = super().__call__(prompt, **settings).images
            broken = NoPicture("not_finite")
            return SimpleNamespace(
                images=[
                    broken if text == "b" else p for text, p in zip(prompt, painted, strict=True)
                ]
            )

    kept = KeptPaintings(SometimesNone(), tmp_path)
    sketches = [Image.new("RGB", (8, 8))] * 2
    for _ in range(2):
        generators = [torch.Generator().manual_seed(0) for _ in sketches]
        found = kept(["a", "b"], image=sketches, generator=generators, num_inference_steps=3)
        assert found.images[0].getpixel((0, 0)) == (0, 0, 3)
        assert found.images[1].kind == "not_finite"
    assert kept._pipeline.calls == [["a", "b"], ["b"]]
    assert (kept.painted, len(kept.asked)) == (2, 2)
    assert len(list(tmp_path.rglob("*.png"))) == 1


def test_a_black_picture_that_was_kept_is_painted_anew(tmp_path):
    paint(KeptPaintings(Pipeline(), tmp_path), ["a"])
    (path,) = tmp_path.rglob("*.png")
    Image.new("RGB", (8, 8)).save(path)  # what a model made whose numbers are not finite
    assert paint(KeptPaintings(Pipeline(), tmp_path), ["a"]) == [(10, 0, 3)]


def test_a_colorizer_keeps_working_by_its_pipeline(tmp_path):
    colorizer = keep_paintings(SimpleNamespace(pipeline=Pipeline()), tmp_path)
    assert colorizer.pipeline.unet.config["sample_size"] == 8
    with pytest.raises(AttributeError):
        colorizer.pipeline.nothing_of_the_kind  # noqa: B018
