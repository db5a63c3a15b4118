"""Training of mini's VAE."""

from __future__ import annotations

import copy
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torchmetrics.functional.image import peak_signal_noise_ratio

from pokecolor.core.part_maps import region_weights
from pokecolor.core.training.guarded_module import GuardedModule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from diffusers import AutoencoderKL

    from pokecolor.core.schema import Batch


def crop_where_drawn(images: torch.Tensor, size: int) -> torch.Tensor:
    """One random square crop per image, centered on a pixel that is not background.

    Most of a drawing is white, from which little is learned; crops of the rest cost less.

    Args:
        images: [batch, 3 or more channels, height, width], the first three in [-1, 1], on white.
        size: side of the square in pixels.

    Returns:
        [batch, channels, size, size].
    """
    batch, _, height, width = images.shape
    drawn = (images[:, :3].amin(1) < 0.9).flatten(1).float()
    drawn += 1e-6  # so that a blank image can be cropped, too
    pixel = torch.multinomial(drawn, 1).squeeze(1)
    jitter = torch.randint(-size // 2, size // 2 + 1, (2, batch), device=images.device)
    top = (pixel // width + jitter[0] // 2 - size // 2).clamp(0, height - size)
    left = (pixel % width + jitter[1] // 2 - size // 2).clamp(0, width - size)
    corners = zip(images, top, left, strict=True)
    return torch.stack([image[:, y : y + size, x : x + size] for image, y, x in corners])


class VAEModule(GuardedModule):
    """Trains an `AutoencoderKL` on sketches and color images alike.

    The loss is the squared error, plus a small L1 term for sharp lines, plus the KL divergence to a
    standard normal with a small weight (Rombach et al., 2022, section 3.1: "KL-reg"). In a share of
    the loss all regions of a color image have equal weight, because small regions such as eyes
    matter. At the end of training the scaling factor is set so that the scaled latents of color
    images have unit variance (ibid., appendix G).

    Args:
        vae: the model to train.
        optimizer: takes parameters, returns an optimizer.
        lr_scheduler: takes the optimizer and `steps=`, returns a schedule.
        crop: side of the training crops in pixels.
        whole_from: share of training after which whole images are used instead of crops, because
            their statistics for group normalization differ.
        region_loss_weight: from 0, equal weights of pixels, to 1, equal weights of regions.
        l1_weight: weight of the L1 term.
        kl_weight: weight of the KL term, per latent value.
        ema_decay: decay of the averaged weights, which are validated and exported.
    """

    def __init__(
        self,
        vae: AutoencoderKL,
        optimizer: partial,
        lr_scheduler: partial,
        crop: int = 64,
        whole_from: float = 0.75,
        region_loss_weight: float = 0.5,
        l1_weight: float = 0.1,
        kl_weight: float = 1e-3,
        ema_decay: float = 0.995,
    ) -> None:
        super().__init__()
        self.vae = vae.train().to(memory_format=torch.channels_last)
        self.optimizer, self.lr_scheduler = optimizer, lr_scheduler
        self.crop, self.whole_from, self.region_loss_weight = crop, whole_from, region_loss_weight
        self.l1_weight, self.kl_weight = l1_weight, kl_weight
        self.average = AveragedModel(self.vae, multi_avg_fn=get_ema_multi_avg_fn(ema_decay))

    def training_step(self, batch: Batch, batch_idx: int) -> torch.Tensor:
        images, weights = self._crops(batch)
        posterior = self.vae.encode(images).latent_dist
        decoded = self.vae.decode(posterior.sample()).sample.float()
        error = decoded - images
        kl = posterior.kl().mean() / posterior.mean[0].numel()
        loss = (weights * (error.square() + self.l1_weight * error.abs())).mean()
        loss = loss + self.kl_weight * kl
        self.log("train/loss", loss, prog_bar=True)
        psnr = -10 * (error.detach().square().mean() / 4).log10()
        self.log("train/psnr", psnr, prog_bar=True)
        self.log("train/kl", kl)
        return loss

    def _crops(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Sketches and color images [2 * batch, 3, size, size], and weights of mean 1 of their
        pixels [2 * batch, 1, size, size]."""
        edited = batch["edited_image"]
        images = torch.cat([batch["original_image"], edited])
        alike = torch.ones_like(images[:, :1])
        balanced = region_weights(batch["part_map"], edited.shape[2:])[:, None]
        weights = torch.lerp(
            alike, torch.cat([alike[len(edited) :], balanced]), self.region_loss_weight
        )
        whole = (
            self.trainer.global_step >= self.whole_from * self.trainer.estimated_stepping_batches
        )
        if not whole:
            both = crop_where_drawn(torch.cat([images, weights], 1), self.crop)
            images, weights = both[:, :3], both[:, 3:]
        return images.contiguous(memory_format=torch.channels_last), weights

    def on_step_taken(self) -> None:
        self.average.update_parameters(self.vae)

    def reconstruct(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 3, height, width] in [-1, 1] through the averaged weights and back."""
        vae = self.average.module
        latents = vae.encode(images).latent_dist.mode()
        return vae.decode(latents).sample.float().clamp(-1, 1)

    def compute_metrics(self, batch: Batch) -> Iterator[tuple[str, list[str], torch.Tensor]]:
        """PSNR of each image, in dB; a sample has two, its sketch and its color image."""
        for kind in ("original", "edited"):
            images = batch[f"{kind}_image"]
            values = peak_signal_noise_ratio(
                self.reconstruct(images), images, data_range=2.0, reduction="none", dim=(1, 2, 3)
            )
            yield f"psnr_{kind}", batch["drawing_id"], values
            yield "psnr", batch["drawing_id"], values

    @torch.no_grad()
    def save_parts(self, folder: Path) -> Path:
        """Write the averaged weights, float16, and return where: `folder`/vae."""
        vae = copy.deepcopy(self.average.module).to(memory_format=torch.contiguous_format)
        latents = torch.cat(
            [
                vae.encode(batch["edited_image"].to(self.device)).latent_dist.mode()
                for batch in self.trainer.datamodule.val_dataloader()
            ]
        )
        vae.register_to_config(scaling_factor=float(1.0 / latents.std()))
        vae.to(torch.float16).save_pretrained(folder / "vae")
        return folder / "vae"

    def configure_optimizers(self) -> dict:
        optimizer = self.optimizer(self.vae.parameters())
        return self.optimizer_config(optimizer, self.lr_scheduler)
