"""Guidance distillation (Meng et al. 2023): one forward pass instead of three."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor

from pokecolor.core.errors import UserError
from pokecolor.core.schema import Batch
from pokecolor.diffusion.loss import weighted_mse
from pokecolor.diffusion.module import InstructPix2PixModule
from pokecolor.diffusion.pipeline import find_sampler
from pokecolor.diffusion.rng import draw, fixed_noise
from pokecolor.model_files.base_models.base_model import BaseModel, Conditions
from pokecolor.model_files.sampling import Sampling


class Guided(NamedTuple):
    """The guided prediction, and the predictions that it is computed from."""

    guided: Tensor
    """[batch, channels, h, w], like the others."""
    image: Tensor
    """With the sketch alone."""
    neither: Tensor
    """With neither sketch nor instruction."""


class State(NamedTuple):
    """One step of sampling."""

    noisy: Tensor
    """Noisy latents, [batch, channels, h, w]."""
    timesteps: Tensor
    """int64 [batch]."""
    found: Guided
    """The predictions for them."""


class GuidanceDistillation(InstructPix2PixModule):
    """Trains a network to predict in one pass what guidance computes from three.

    The student starts as a copy of the teacher, which is the network of `components` with the
    guidance scales of its `sampling.json`. Both get the noisy latents of the teacher's sampling
    trajectory, with the model's number of sampling steps. The exported model is sampled with
    guidance 1.

    Where dropout takes the instruction or both conditions, the student learns the teacher's
    prediction without them, so that a guidance scale above 1 still works.

    Args:
        components: the base model, whose network is the teacher.
        sampler: diffusers' scheduler class that the model is sampled with.
        **settings: arguments of `InstructPix2PixModule`; `dropout.image` must be 0, because
            guidance never uses an instruction without a sketch.

    Raises:
        UserError: the model is sampled without guidance, or `dropout.image` is above 0.
    """

    def __init__(
        self,
        components: BaseModel,
        *,
        sampler: str = "DPMSolverMultistepScheduler",
        **settings: Any,
    ) -> None:
        sampling = components.sampling
        if sampling.guidance <= 1:
            raise UserError(
                "model.components.checkpoint: its sampling.json has guidance 1, so there is no "
                "guidance to distill; start from a model that is sampled with more"
            )
        super().__init__(components, **settings)
        if self.dropout.image:
            raise UserError(
                f"model.dropout.image={self.dropout.image}: guidance never takes the instruction "
                "without the sketch; set it to 0"
            )
        self.sampler = find_sampler(sampler)
        self.guidance = sampling
        components.sampling = Sampling(sampling.steps, 1.0, 1.0)
        # in a list, so that it is no submodule: it is neither trained nor saved
        self._teacher = [_frozen_copy(components)]

    def training_step(self, batch: Batch, batch_idx: int) -> dict[str, Any]:
        base = self.encoder
        z, given = base.encode(batch)
        draws = draw(self.seed, self.record.micro_batches, batch["id"], z.shape[1:], 1)
        draws = draws.to(z.device)
        with torch.no_grad():
            states, _ = self.denoise(draws.noise, self._predict_guided(given))
        no_text, no_image = (
            mask[:, None, None, None] for mask in self.dropout.masks(draws.dropout)
        )
        dropped, _ = self.dropout(given, base.null_prompt, draws.dropout)

        losses = []
        cells = self.objective.cell_weights(batch, z.shape[2:])
        for noisy, t, teacher in states:
            target = torch.where(no_text, teacher.image, teacher.guided)
            target = torch.where(no_image, teacher.neither, target)
            prediction = base.predict(noisy, t, dropped)
            losses.append(weighted_mse(prediction, target, cell_weights=cells).mean())
        loss = torch.stack(losses).mean()
        return {"loss": loss, "terms": {"loss": loss}}

    def compute_metrics(self, batch: Batch) -> Iterator[tuple[str, list[str], Tensor]]:
        """Mean squared difference of the latents that student and teacher sample from equal noise.

        The student uses its averaged weights and one pass per step, the teacher three.
        """
        base = self.encoder
        z, given = base.encode(batch)
        noise = fixed_noise(batch["id"], z.shape[1:]).to(z.device)

        def predict(noisy: Tensor, t: Tensor) -> Guided:
            found = base.predict(noisy, t, given)
            return Guided(found, found, found)

        with self.averaged_weights():
            _, own = self.denoise(noise, predict)
        _, teacher = self.denoise(noise, self._predict_guided(given))
        yield "loss", batch["drawing_id"], weighted_mse(own, teacher)

    def denoise(
        self, noise: Tensor, predict: Callable[[Tensor, Tensor], Guided]
    ) -> tuple[list[State], Tensor]:
        """Run the sampler.

        Args:
            noise: standard normal [batch, channels, h, w].
            predict: predicts from noisy latents and timesteps, int64 [batch].

        Returns:
            the state at each step, and the sampled latents.
        """
        scheduler = self.sampler.from_config(self.components.scheduler.config)
        scheduler.set_timesteps(self.guidance.steps, device=noise.device)
        sample, states = noise * scheduler.init_noise_sigma, []
        for timestep in scheduler.timesteps:
            noisy, t = scheduler.scale_model_input(sample, timestep), timestep.expand(len(noise))
            found = predict(noisy, t)
            states.append(State(noisy, t, found))
            sample = scheduler.step(found.guided, timestep, sample).prev_sample
        return states, sample

    def _predict_guided(self, given: Conditions) -> Callable[[Tensor, Tensor], Guided]:
        """The teacher's predictions by Brooks et al. 2023, equation 3."""
        teacher, scales = self._teacher[0], self.guidance
        teacher.network.to(given.image.device)
        nothing = self.encoder.null_prompt.to(given.prompt).expand_as(given.prompt)
        three = Conditions(
            torch.cat([given.image, given.image, torch.zeros_like(given.image)]),
            torch.cat([given.prompt, nothing, nothing]),
        )

        def predict(noisy: Tensor, t: Tensor) -> Guided:
            found = teacher.predict(torch.cat([noisy] * 3), torch.cat([t] * 3), three)
            both, image, neither = found.float().chunk(3)
            guided = neither + scales.guidance * (both - image)
            return Guided(guided + scales.image_guidance * (image - neither), image, neither)

        return predict


def _frozen_copy(components: BaseModel) -> BaseModel:
    """The base model with a frozen copy of its network."""
    teacher = copy.copy(components)
    network = copy.deepcopy(components.network).eval().requires_grad_(False)
    setattr(teacher, teacher.trained, network)
    return teacher
