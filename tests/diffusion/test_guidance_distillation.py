"""Guidance distillation: the teacher's targets, what the student learns, what is exported."""

from __future__ import annotations

import functools

import pytest
import torch
from tiny_model import SAMPLING, collate, loader, sample, tiny_components, tiny_trainer

from pokecolor.core.errors import UserError
from pokecolor.core.training.optimizers import lr_schedule
from pokecolor.diffusion.callbacks.pipeline_export import ExportPipeline
from pokecolor.diffusion.conditioning import ConditioningDropout
from pokecolor.diffusion.ema import WeightAverage
from pokecolor.diffusion.guidance_distillation import GuidanceDistillation
from pokecolor.diffusion.pipeline import build_pipeline
from pokecolor.model_files.sampling import Sampling

pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")
BATCH = collate([sample(0), sample(1)])
NONE_DROPPED = ConditioningDropout(text=0.0, image=0.0, both=0.0)


def distillation(sampling: Sampling = SAMPLING, lr: float = 1e-2, **settings):
    components = tiny_components()
    components.sampling = sampling
    settings.setdefault("dropout", NONE_DROPPED)
    return GuidanceDistillation(
        components,
        optimizer=functools.partial(torch.optim.AdamW, lr=lr),
        lr_scheduler=functools.partial(lr_schedule, name="constant"),
        ema=functools.partial(WeightAverage, decay=0.5),
        **settings,
    )


def loss_of(module) -> float:
    return module.training_step(BATCH, 0)["loss"].item()


def test_the_teacher_samples_as_the_pipeline_does_with_guidance():
    module = distillation()
    _, given = module.encoder.encode(BATCH)
    noise = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(5))
    states, latents = module.denoise(noise, module._predict_guided(given))
    pipeline = build_pipeline(module)
    expected = pipeline(
        prompt_embeds=given.prompt,
        negative_prompt_embeds=module.encoder.null_prompt.expand_as(given.prompt),
        image=given.image,  # latents are taken as they are
        latents=noise,
        num_inference_steps=SAMPLING.steps,
        guidance_scale=SAMPLING.guidance,
        image_guidance_scale=SAMPLING.image_guidance,
        output_type="latent",
    ).images
    assert len(states) == SAMPLING.steps
    torch.testing.assert_close(latents, expected, atol=1e-5, rtol=1e-4)


def test_without_conditions_the_student_learns_the_unguided_predictions_which_it_has_already():
    assert loss_of(distillation()) > 1e-4  # guidance is to be learned
    assert loss_of(distillation(dropout=ConditioningDropout(1.0, 0.0, 0.0))) < 1e-10
    assert loss_of(distillation(dropout=ConditioningDropout(0.0, 0.0, 1.0))) < 1e-10


def test_the_student_learns_the_guided_predictions_and_the_teacher_stays_as_it_is():
    module = distillation()
    teacher = [weight.clone() for weight in module._teacher[0].network.parameters()]
    before = loss_of(module)
    optimizer = torch.optim.Adam(module.trainable_parameters(), lr=2e-3)
    for _ in range(150):  # the same noise each time, as no trainer counts the steps
        optimizer.zero_grad()
        module.training_step(BATCH, 0)["loss"].backward()
        optimizer.step()
    assert loss_of(module) < before / 3
    assert all(map(torch.equal, teacher, module._teacher[0].network.parameters()))
    assert not any("teacher" in name for name in module.state_dict())


def test_validation_compares_the_latents_of_one_pass_with_those_of_three():
    module = distillation()
    ((name, drawings, found),) = module.compute_metrics(BATCH)
    assert (name, drawings) == ("loss", BATCH["drawing_id"])
    assert (found > 0).all()
    module.guidance = Sampling(SAMPLING.steps, 1.0, 1.0)  # the teacher's three make one
    ((_, _, found),) = module.compute_metrics(BATCH)
    torch.testing.assert_close(found, torch.zeros(2), atol=1e-6, rtol=0)


def test_the_export_is_sampled_in_one_pass(tmp_path):
    module = distillation()
    trainer = tiny_trainer(tmp_path, max_steps=1, callbacks=[ExportPipeline(tmp_path, "tiny")])
    trainer.fit(module, loader([BATCH]))
    assert Sampling.load(tmp_path / "pipeline") == Sampling(SAMPLING.steps, 1.0, 1.0)


def test_what_cannot_be_distilled_is_refused():
    with pytest.raises(UserError, match=r"guidance 1.*start from"):
        distillation(Sampling(2, 1.0, 1.0))
    with pytest.raises(UserError, match=r"dropout\.image=0\.05"):
        distillation(dropout=ConditioningDropout())
