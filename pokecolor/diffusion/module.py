"""The LightningModule that trains InstructPix2Pix (Brooks et al. 2023)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import torch
from lightning.pytorch.strategies import ModelParallelStrategy
from torch import Tensor, nn

from pokecolor.core.errors import UserError
from pokecolor.core.schema import Batch
from pokecolor.core.training.guarded_module import GuardedModule
from pokecolor.core.training.stability import all_finite
from pokecolor.diffusion.acceleration import Acceleration
from pokecolor.diffusion.auxiliary_losses import AuxiliaryLoss, LayerOutputs
from pokecolor.diffusion.callbacks.training_record import TrainingRecord
from pokecolor.diffusion.conditioning import ConditioningDropout
from pokecolor.diffusion.ema import WeightAverage
from pokecolor.diffusion.lora import LoRA
from pokecolor.diffusion.loss import (
    Objective,
    offset_noise,
    prediction_target,
    require_timesteps,
    weighted_mse,
)
from pokecolor.diffusion.rng import draw, fixed_noise
from pokecolor.diffusion.sharding import shard
from pokecolor.model_files.base_models.base_model import BaseModel


class InstructPix2PixModule(GuardedModule):
    """Trains the network of a base model; the other parts are frozen.

    Args:
        components: the base model.
        optimizer: builds the optimizer from the trainable parameters.
        lr_scheduler: builds the schedule from the optimizer and `steps=`.
        ema: builds the EMA from the trainable parameters; None for no EMA.
        dropout: conditioning dropout of text and image.
        objective: settings of the denoising loss.
        acceleration: attention, checkpointing, memory format, compilation.
        lora: low-rank factors to train instead of all weights.
        auxiliary_losses: further terms of the loss, by the names that they are logged with.
        validation_timesteps: timesteps of the validation loss.
        seed: seed of the random numbers of training.
        max_bad_steps: stop after so many steps in a row whose loss or gradients are not finite.
    """

    def __init__(
        self,
        components: BaseModel,
        optimizer: Callable[..., torch.optim.Optimizer],
        lr_scheduler: Callable[..., torch.optim.lr_scheduler.LRScheduler],
        ema: Callable[..., WeightAverage] | None = None,
        dropout: ConditioningDropout | None = None,
        objective: Objective | None = None,
        acceleration: Acceleration | None = None,
        lora: LoRA | None = None,
        auxiliary_losses: Mapping[str, AuxiliaryLoss] | None = None,
        validation_timesteps: Sequence[int] = (100, 300, 500, 700, 900),
        seed: int = 0,
        max_bad_steps: int = 5,
    ) -> None:
        super().__init__(max_bad_steps)
        require_timesteps(validation_timesteps, components.scheduler)
        self.components = components
        self.unet = components.network.train()  # gradient checkpointing works in training mode only
        self.dropout = dropout or ConditioningDropout()
        self.objective = objective or Objective()
        self.validation_timesteps = tuple(validation_timesteps)
        self.seed = seed
        self.record = TrainingRecord()
        self.own_callbacks.append(self.record)
        self._build_optimizer, self._build_schedule = optimizer, lr_scheduler
        self._is_sharded = False
        (lora or LoRA()).apply(self.unet, components.lora_targets)
        (acceleration or Acceleration()).apply(self.unet)
        given = (auxiliary_losses or {}).items()
        self.auxiliary_losses = nn.ModuleDict({name: term for name, term in given if term})
        self._features = LayerOutputs(
            self.unet, [term.layer for term in self.auxiliary_losses.values()]
        )
        self._build_ema = ema
        self.ema = ema(self.trainable_parameters()) if ema else None

    # ---- the steps

    def training_step(self, batch: Batch, batch_idx: int) -> dict[str, Any]:
        base, scheduler = self.encoder, self.components.scheduler
        z, cond = base.encode(batch)  # images and prompts => latents, conditions
        draws = draw(
            self.seed, self.record.micro_batches, batch["id"], z.shape[1:], len(scheduler)
        ).to(z.device)
        # for guidance by text and by image: Brooks et al. 2023, section 3.2.1
        cond, has_text = self.dropout(cond, base.null_prompt, draws.dropout)
        eps = offset_noise(draws.noise, draws.offset, self.objective.noise_offset)
        t = self.objective.timesteps(draws, len(scheduler))

        # sqrt(alpha_bar) z + sqrt(1 - alpha_bar) eps: Ho et al. 2020, equation 4
        z_t = scheduler.add_noise(z, eps, t)
        with self._features as features:
            prediction = base.predict(z_t, t, cond)
        target = prediction_target(scheduler, z, eps, t)  # eps, or v: Salimans and Ho 2022
        weight = self.objective.weight(scheduler, t)  # w(t), min-SNR: Hang et al. 2023
        cells = self.objective.cell_weights(batch, z.shape[2:])
        loss = weighted_mse(prediction, target, weight, cells).mean()

        terms = {
            name: term(features[term.layer], {**batch, "has_text": has_text})
            for name, term in self.auxiliary_losses.items()
        }
        loss = sum(terms.values(), loss)
        return {"loss": loss, "terms": {**terms, "loss": loss}}

    def compute_metrics(self, batch: Batch) -> Iterator[tuple[str, list[str], Tensor]]:
        """The unweighted loss of the averaged weights, at fixed timesteps and with fixed noise."""
        base, scheduler = self.encoder, self.components.scheduler
        z, cond = base.encode(batch)
        eps = fixed_noise(batch["id"], z.shape[1:]).to(z.device)
        losses = []
        with self.averaged_weights():
            for timestep in self.validation_timesteps:
                t = torch.full((len(z),), timestep, device=z.device)
                prediction = base.predict(scheduler.add_noise(z, eps, t), t, cond)
                target = prediction_target(scheduler, z, eps, t)
                losses.append(weighted_mse(prediction, target))
        yield "loss", batch["drawing_id"], torch.stack(losses).mean(0)

    # ---- used by callbacks and export

    @property
    def encoder(self) -> BaseModel:
        """The base model, with its frozen parts on the device of this process."""
        device = self._trainer.strategy.root_device if self._trainer else self.device
        return self.components.to(device)

    @contextmanager
    def averaged_weights(self) -> Iterator[None]:
        """Within the context the network has its averaged weights, if there is an EMA."""
        average = self.ema.applied(self.trainable_parameters()) if self.ema else nullcontext()
        with average:
            yield

    def trainable_parameters(self) -> list[torch.nn.Parameter]:
        """The trained parameters of the network: all of them, or the LoRA factors."""
        return [parameter for parameter in self.unet.parameters() if parameter.requires_grad]

    # ---- the optimizer

    def configure_model(self) -> None:
        """Shard the network if the trainer's strategy is FSDP."""
        if not isinstance(self.trainer.strategy, ModelParallelStrategy) or self._is_sharded:
            return
        shard(self.unet, self.components.blocks(), self.device_mesh["data_parallel"])
        self._is_sharded = True
        if self._build_ema:  # the parameters are new objects now
            self.ema = self._build_ema(self.trainable_parameters())

    def configure_optimizers(self) -> dict[str, Any]:
        trained = [*self.trainable_parameters(), *self.auxiliary_losses.parameters()]
        try:
            optimizer = self._build_optimizer(trained)
        except (TypeError, ValueError) as error:
            raise UserError(f"model.optimizer: {' '.join(str(error).split())}") from error
        return self.optimizer_config(optimizer, self._build_schedule)

    def on_step_taken(self) -> None:
        if self.ema is not None:
            self.ema.step(self.trainable_parameters())

    # ---- checkpoints

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The trained weights only; frozen ones are in the base model."""
        frozen = {name for name, value in self.named_parameters() if not value.requires_grad}
        state = super().state_dict(*args, **kwargs)
        return {name: value for name, value in state.items() if name not in frozen}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        super().on_save_checkpoint(checkpoint)
        checkpoint["encoder"] = self.components.fingerprint
        if self.ema is not None:
            checkpoint["ema"] = self.ema.state_dict()

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        super().on_load_checkpoint(checkpoint)
        mine = self.state_dict()
        if "state_dict" in checkpoint:
            checkpoint["state_dict"] = _present(checkpoint["state_dict"])
        # sharded weights have already been loaded by the strategy and are not in the checkpoint
        saved = checkpoint.get("state_dict", mine)
        if _shapes(saved) != _shapes(mine) or (self.ema is not None) != ("ema" in checkpoint):
            raise UserError(
                "ckpt_path: the checkpoint was made with another UNet, LoRA or EMA setting; go on "
                "with the run's own configuration, or start anew without ckpt_path"
            )
        # checkpoints of early versions lack it
        if checkpoint.get("encoder") not in (None, self.components.fingerprint):
            raise UserError(
                "ckpt_path: the checkpoint was trained beside another VAE or text encoder, as when "
                "mini has changed since; use the version of pokecolor it had, or start anew"
            )
        if not all_finite([*saved.values(), *checkpoint.get("ema", {}).get("shadow_params", [])]):
            raise UserError("ckpt_path: its weights are not finite; go on from an earlier one")
        self.strict_loading = (
            False  # the checkpoint lacks frozen weights; the check above is stricter
        )
        if self.ema is not None:
            self.ema.load_state_dict(checkpoint["ema"])


def _present(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Rename weights of earlier versions, in which auxiliary losses were called heads."""
    old, new = "heads.", "auxiliary_losses."
    return {
        new + name.removeprefix(old) if name.startswith(old) else name: value
        for name, value in state.items()
    }


def _shapes(state: dict[str, Tensor]) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in state.items()}
