"""Sample grids: which rows, which files, the same noise all along, and to which loggers."""

from __future__ import annotations

import dataclasses
import logging

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionInstructPix2PixPipeline
from lightning.pytorch.loggers import TensorBoardLogger
from PIL import Image
from tiny_model import SAMPLING, Stream, tiny_module, tiny_trainer

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError
from pokecolor.diffusion.callbacks.samples import SampleGrids


def run(folder, learning_rate: float = 1e-3, logger=False, **settings) -> list[np.ndarray]:
    grids = SampleGrids(folder, every_n_steps=2, drawings=2, **settings)
    trainer = tiny_trainer(
        folder, max_steps=4, callbacks=[grids], logger=logger, log_every_n_steps=1
    )
    trainer.fit(tiny_module(learning_rate=learning_rate), Stream(), Stream(4))
    paths = sorted((folder / "samples").iterdir())
    names = [f"step-{step:06d}.png" for step in (0, 2, 4)]
    assert [path.name for path in paths] == names
    return [np.asarray(Image.open(path)) for path in paths]


def test_rows_are_drawings_with_their_own_and_further_prompts_and_local_images(tmp_path):
    Image.new("RGB", (30, 20), "white").save(tmp_path / "mine.png")
    _, picture, _ = run(tmp_path, prompts=["red", "blue"], images=[str(tmp_path / "mine.png")])
    cell = 16 + 4
    assert picture.shape == ((2 * 3 + 2) * cell + 4, 4 * cell + 4, 3)
    target = picture[4:20, 3 * cell + 4 : 3 * cell + 20]
    assert (target != 224).any()
    without_target = picture[cell + 4 : cell + 20, 3 * cell + 4 : 3 * cell + 20]
    assert (without_target == 224).all()


def test_a_drawing_has_one_row_however_many_variants(tmp_path):
    class Variants(Stream):
        def __iter__(self):
            for batch in super().__iter__():
                yield {**batch, "drawing_id": ["the same"] * len(batch["id"])}

    grids = SampleGrids(tmp_path, every_n_steps=2, drawings=3)
    trainer = tiny_trainer(tmp_path, max_steps=2, callbacks=[grids])
    trainer.fit(tiny_module(), Stream(), Variants(4))
    picture = np.asarray(Image.open(tmp_path / "samples" / "step-000002.png"))
    assert len(picture) == 16 + 2 * 4


def test_a_model_that_does_not_change_draws_the_same_grid_again(tmp_path):
    start, first, second = run(tmp_path / "still", learning_rate=0.0)
    assert np.array_equal(start, first) and np.array_equal(first, second)
    start, first, second = run(tmp_path / "moving", learning_rate=1e-2)
    assert not np.array_equal(start, first) and not np.array_equal(first, second)


def test_drawing_changes_nothing_about_training(tmp_path):
    plain, watched = tiny_module(), tiny_module()
    tiny_trainer(tmp_path).fit(plain, Stream(), Stream(4))
    grids = SampleGrids(tmp_path, every_n_steps=1, drawings=1)
    tiny_trainer(tmp_path, callbacks=[grids]).fit(watched, Stream(), Stream(4))
    for one, other in zip(plain.unet.parameters(), watched.unet.parameters(), strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize(
    ("settings", "kind", "message"),
    [
        ({"sampler": "Foo"}, UserError, "sampler=Foo: diffusers has no such"),
        ({"every_n_steps": 0}, UserError, "callbacks.samples.every_n_steps=0: give 1 or more"),
        ({"images": ["mine.png"]}, UserError, "set callbacks.samples.prompts"),
        ({"images": ["/no/mine.png"], "prompts": ["red"]}, ImageError, "mine.png: no such file"),
    ],
)
def test_what_cannot_be_drawn_is_told_before_training(tmp_path, settings, kind, message):
    with pytest.raises(kind, match=message):
        SampleGrids(tmp_path, **settings)


def test_tensorboard_gets_the_pictures(tmp_path):
    logger = TensorBoardLogger(tmp_path, name="board", version="")
    pictures = []
    logger.experiment.add_image = lambda tag, image, step, dataformats: pictures.append(
        (tag, image.shape[-1], step, dataformats)
    )
    run(tmp_path, logger=logger)
    assert pictures == [("samples", 3, step, "HWC") for step in (0, 2, 4)]


def test_an_output_that_is_not_finite_is_told_and_not_black(tmp_path, caplog):
    module = tiny_module()
    module.unet.conv_out.bias.data.fill_(float("nan"))
    module.ema = None
    grids = SampleGrids(tmp_path, every_n_steps=1, drawings=2)
    trainer = tiny_trainer(tmp_path, max_steps=1, callbacks=[grids])
    with caplog.at_level(logging.WARNING):
        trainer.fit(module, Stream(), Stream(4))
    assert "step 1: 2 of 2 sample pictures failed: the model's answer is not finite" in caplog.text
    picture = np.asarray(Image.open(tmp_path / "samples" / "step-000001.png"))
    cell = 16 + 4
    output = picture[4:20, 2 * cell + 4 : 2 * cell + 20]
    assert output.max() == 255


def test_pictures_are_drawn_with_the_models_own_settings(tmp_path, monkeypatch):
    seen = []
    call = StableDiffusionInstructPix2PixPipeline.__call__

    def watched(pipeline, *args, **settings):
        seen.append(settings)
        return call(pipeline, *args, **settings)

    monkeypatch.setattr(StableDiffusionInstructPix2PixPipeline, "__call__", watched)
    grids = SampleGrids(tmp_path, every_n_steps=1, drawings=1)
    trainer = tiny_trainer(tmp_path, max_steps=1, callbacks=[grids])
    trainer.fit(tiny_module(), Stream(), Stream(4))
    names = ("num_inference_steps", "guidance_scale", "image_guidance_scale")
    assert len(seen) == 2  # before the step and after it
    for settings in seen:
        assert [settings[name] for name in names] == [*dataclasses.astuple(SAMPLING)]
