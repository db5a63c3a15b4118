"""The LightningModule that trains InstructPix2Pix (Brooks et al. 2023)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import torch
from lightning.pytorch.strategies import ModelParallelStrategy
from torch import Tensor, nn

from pokecolor.diffusion.acceleration import Acceleration
from pokecolor.diffusion.components import Components
from pokecolor.diffusion.conditioning import ConditioningDropout, drop_conditions
from pokecolor.diffusion.draws import draw, fixed_noise
from pokecolor.diffusion.ema import WeightAverage
from pokecolor.diffusion.encoder import ConditionEncoder
from pokecolor.diffusion.heads import Head
from pokecolor.diffusion.lora import LoRA
from pokecolor.diffusion.loss import (
    Objective,
    min_snr_weight,
    offset_noise,
    prediction_target,
    require_timesteps,
    signal_to_noise,
    weighted_mse,
)
from pokecolor.diffusion.sharding import shard_unet
from pokecolor.diffusion.trained_size import note_size
from pokecolor.errors import UserError
from pokecolor.guarded_module import GuardedModule
from pokecolor.schema import Batch
from pokecolor.stability import all_finite


class InstructPix2PixModule(GuardedModule):
    """Trains the UNet alone; the VAE and the text encoder are frozen.

    Args:
        components: the model's parts.
        optimizer: builds the optimizer from the trainable parameters.
        lr_scheduler: builds the schedule from the optimizer and `steps=`.
        ema: builds the average from the trainable parameters; None to do without.
        dropout: how often training drops text and image.
        objective: min-SNR weighting and noise offset.
        acceleration: attention, checkpointing, memory format, compilation.
        lora: low-rank factors to train in place of all weights.
        heads: teach the UNet what to find out about parts; their losses are logged by these names.
        validation_timesteps: where on the noise schedule the validation loss is taken.
        seed: of the random numbers of training.
        max_bad_steps: stop after so many steps in a row without a finite loss and gradients.
    """

    def __init__(
        self,
        components: Components,
        optimizer: Callable[..., torch.optim.Optimizer],
        lr_scheduler: Callable[..., torch.optim.lr_scheduler.LRScheduler],
        ema: Callable[..., WeightAverage] | None = None,
        dropout: ConditioningDropout | None = None,
        objective: Objective | None = None,
        acceleration: Acceleration | None = None,
        lora: LoRA | None = None,
        heads: Mapping[str, Head] | None = None,
        validation_timesteps: Sequence[int] = (100, 300, 500, 700, 900),
        seed: int = 0,
        max_bad_steps: int = 5,
    ) -> None:
        super().__init__(max_bad_steps)
        require_timesteps(validation_timesteps, components.scheduler)
        self.components = components
        self.unet = components.unet.train()  # gradient checkpointing works in training mode alone
        self.dropout = dropout or ConditioningDropout()
        self.objective = objective or Objective()
        self.validation_timesteps = tuple(validation_timesteps)
        self.seed = seed
        self.micro_batches = 0
        self.samples_seen = 0
        self._build_optimizer = optimizer
        self._build_schedule = lr_scheduler
        parts = components.vae, components.text_encoder, components.tokenizer
        self._encoder = ConditionEncoder(*parts)
        self._null_embeds: Tensor | None = None
        self._is_sharded = False
        (lora or LoRA()).apply(self.unet)
        (acceleration or Acceleration()).apply(self.unet)
        self.heads = nn.ModuleDict(
            {name: head.attach(self.unet) for name, head in (heads or {}).items() if head}
        )
        self._build_ema = ema
        self.ema = ema(self.trainable_parameters()) if ema else None

    # ---- what others use

    @property
    def encoder(self) -> ConditionEncoder:
        """The frozen parts, moved to the device that this process trains on."""
        device = self._trainer.strategy.root_device if self._trainer else self.device
        return self._encoder.to(device)

    @contextmanager
    def averaged_weights(self) -> Iterator[None]:
        """Within the context the UNet has its averaged weights, if an average is kept."""
        average = self.ema.applied(self.trainable_parameters()) if self.ema else nullcontext()
        with average:
            yield

    def trainable_parameters(self) -> list[torch.nn.Parameter]:
        """The UNet's parameters that are trained: all of them, or LoRA's factors."""
        return [parameter for parameter in self.unet.parameters() if parameter.requires_grad]

    # ---- the steps

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        original, edited, embeds = self._conditions(batch)  # images and prompts => latents
        draws = draw(
            self.seed, self.micro_batches, batch["id"], edited.shape[1:], self._schedule_length
        ).to(edited.device)
        self.micro_batches += 1
        note_size(self.unet, edited)
        self.samples_seen += len(edited) * self.trainer.world_size

        no_text, no_image = self.dropout.masks(draws.dropout)
        embeds, original = drop_conditions(
            embeds, original, self._empty_prompt(embeds), no_text, no_image
        )
        noise = offset_noise(draws.noise, draws.offset, self.objective.noise_offset)
        cells = self.objective.cell_weights(batch, edited.shape[2:])
        timesteps = self.objective.timesteps(draws, self._schedule_length)
        loss = self._denoising_loss(
            original, edited, embeds, noise, timesteps, self.objective.min_snr_gamma, cells
        ).mean()
        for name, head in self.heads.items():
            of_head = head.loss(batch, ~no_text)
            self.log(f"train/{name}", of_head.detach(), batch_size=len(edited))
            loss = loss + of_head
        self.note(loss, batch["id"])
        self.log("train/loss", loss.detach(), prog_bar=True, batch_size=len(edited))
        return loss

    def measure(self, batch: Batch) -> Iterator[tuple[str, list[str], Tensor]]:
        """The plain loss of the averaged weights at fixed timesteps and each sample's own noise."""
        original, edited, embeds = self._conditions(batch)
        noise = fixed_noise(batch["id"], edited.shape[1:]).to(edited.device)
        losses = []
        with self.averaged_weights():
            for timestep in self.validation_timesteps:
                at = torch.full((len(edited),), timestep, device=edited.device)
                losses.append(self._denoising_loss(original, edited, embeds, noise, at))
        yield "loss", batch["drawing_id"], torch.stack(losses).mean(0)

    def _denoising_loss(
        self,
        original: Tensor,
        edited: Tensor,
        embeds: Tensor,
        noise: Tensor,
        timesteps: Tensor,
        min_snr_gamma: float | None = None,
        cell_weights: Tensor | None = None,
    ) -> Tensor:
        """Add noise to the edited latents, let the UNet predict, compare: [batch]."""
        scheduler = self.components.scheduler
        noisy = scheduler.add_noise(edited, noise, timesteps)
        prediction = self.unet(torch.cat([noisy, original], dim=1), timesteps, embeds).sample
        target = prediction_target(scheduler, edited, noise, timesteps)
        weight = min_snr_weight(
            signal_to_noise(scheduler, timesteps), min_snr_gamma, scheduler.config.prediction_type
        )
        return weighted_mse(prediction, target, weight, cell_weights)

    def _conditions(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Original latents, edited latents and prompt embeddings, cached or computed now."""
        if "original_latents" in batch:
            original, edited = batch["original_latents"], batch["edited_latents"]
        else:
            original = self.encoder.encode_original(batch["original_image"])
            edited = self.encoder.encode_edited(batch["edited_image"])
        embeds = batch.get("prompt_embeds")
        if embeds is None:
            embeds = self.encoder.encode_prompt(batch["edit_prompt"])
        return original.float(), edited.float(), embeds.float()

    def _empty_prompt(self, like: Tensor) -> Tensor:
        """The embeddings of "", [1, tokens, dim], computed once."""
        if self._null_embeds is None:
            self._null_embeds = self.encoder.encode_prompt([""]).float()
        return self._null_embeds.to(like.device)

    @property
    def _schedule_length(self) -> int:
        return self.components.scheduler.config.num_train_timesteps

    # ---- the optimizer

    def configure_model(self) -> None:
        """Shard the UNet where the trainer's strategy asks for it."""
        if not isinstance(self.trainer.strategy, ModelParallelStrategy) or self._is_sharded:
            return
        shard_unet(self.unet, self.device_mesh["data_parallel"])
        self._is_sharded = True
        if self._build_ema:  # the parameters are other objects now
            self.ema = self._build_ema(self.trainable_parameters())

    def configure_optimizers(self) -> dict[str, Any]:
        trained = [*self.trainable_parameters(), *self.heads.parameters()]
        try:
            optimizer = self._build_optimizer(trained)
        except (TypeError, ValueError) as error:
            raise UserError(f"model.optimizer: {' '.join(str(error).split())}") from error
        # A fused optimizer offers to undo fp16's loss scaling by itself, after which nobody could
        # clip or check the gradients; without the offer the scaler does it before.
        optimizer._step_supports_amp_scaling = False
        schedule = self._build_schedule(optimizer, steps=self.trainer.estimated_stepping_batches)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }

    def on_step_taken(self) -> None:
        if self.ema is not None:
            self.ema.step(self.trainable_parameters())

    # ---- checkpoints

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The trained weights; what LoRA froze is in the starting checkpoint already."""
        frozen = {name for name, value in self.named_parameters() if not value.requires_grad}
        state = super().state_dict(*args, **kwargs)
        return {name: value for name, value in state.items() if name not in frozen}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        super().on_save_checkpoint(checkpoint)
        checkpoint["micro_batches"] = self.micro_batches
        checkpoint["samples_seen"] = self.samples_seen
        checkpoint["encoder"] = self._encoder.fingerprint
        if self.ema is not None:
            checkpoint["ema"] = self.ema.state_dict()

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        super().on_load_checkpoint(checkpoint)
        mine = self.state_dict()
        # where weights are sharded, the strategy has loaded them already and kept them to itself
        saved = checkpoint.get("state_dict", mine)
        if _shapes(saved) != _shapes(mine) or (self.ema is not None) != ("ema" in checkpoint):
            raise UserError(
                "ckpt_path: the checkpoint was made with another UNet, LoRA or EMA setting; go on "
                "with the run's own configuration, or start anew without ckpt_path"
            )
        self._encoder.require(checkpoint.get("encoder"))
        if not all_finite([*saved.values(), *checkpoint.get("ema", {}).get("shadow_params", [])]):
            raise UserError("ckpt_path: its weights are not finite; go on from an earlier one")
        self.strict_loading = False  # frozen weights are not in it; the check above was stricter
        self.micro_batches = checkpoint["micro_batches"]
        self.samples_seen = checkpoint["samples_seen"]
        if self.ema is not None:
            self.ema.load_state_dict(checkpoint["ema"])


def _shapes(state: dict[str, Tensor]) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in state.items()}
