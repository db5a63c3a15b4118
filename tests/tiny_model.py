"""Random parts a few thousand weights large, in the shapes of Stable Diffusion's."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import lightning
import torch
from diffusers import AutoencoderKL, DDPMScheduler, UNet2DConditionModel
from tokenizers import pre_tokenizers
from torch.utils.data import DataLoader
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from pokecolor.core.training.optimizers import lr_schedule
from pokecolor.diffusion.ema import WeightAverage
from pokecolor.diffusion.module import InstructPix2PixModule
from pokecolor.model_files.base_models.stable_diffusion import StableDiffusion
from pokecolor.model_files.pipeline import NOISE_SCHEDULE
from pokecolor.model_files.sampling import Sampling

LATENT_CHANNELS = 4
TOKENS = 16
SAMPLING = Sampling(2, 3.0, 1.25)
DIM = 16


def tiny_tokenizer() -> CLIPTokenizer:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = [*alphabet, *(letter + "</w>" for letter in alphabet)]
    vocab = {word: i for i, word in enumerate([*words, "<|startoftext|>", "<|endoftext|>"])}
    return CLIPTokenizer(vocab=vocab, merges=[], model_max_length=TOKENS)


def tiny_unet(in_channels: int = 2 * LATENT_CHANNELS) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=in_channels,
        out_channels=LATENT_CHANNELS,
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=DIM,
        attention_head_dim=4,
        norm_num_groups=4,
    )


def tiny_components(in_channels: int = 2 * LATENT_CHANNELS, prediction: str = "epsilon"):
    torch.manual_seed(0)
    tokenizer = tiny_tokenizer()
    vae = AutoencoderKL(
        block_out_channels=(4, 8),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        latent_channels=LATENT_CHANNELS,
        norm_num_groups=4,
        scaling_factor=0.5,
        sample_size=16,
    )
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=DIM,
            intermediate_size=2 * DIM,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=TOKENS,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    scheduler = DDPMScheduler(**NOISE_SCHEDULE, prediction_type=prediction)
    parts = {"vae": vae, "text_encoder": text, "tokenizer": tokenizer}
    parts["unet"] = tiny_unet(in_channels)
    return StableDiffusion(parts, scheduler, "tiny", SAMPLING)


def tiny_module(
    learning_rate: float = 1e-3,
    prediction: str = "epsilon",
    schedule: dict | None = None,
    **settings,
):
    schedule = schedule or {"name": "cosine", "warmup_steps": 2}
    settings.setdefault("ema", functools.partial(WeightAverage, decay=0.99))
    return InstructPix2PixModule(
        tiny_components(prediction=prediction),
        optimizer=functools.partial(torch.optim.AdamW, lr=learning_rate, fused=True),
        lr_scheduler=functools.partial(lr_schedule, **schedule),
        **settings,
    )


def sample(index: int) -> dict:
    generator = torch.Generator().manual_seed(index)
    return {
        "id": f"s{index}",
        "drawing_id": f"d{index}",
        "edit_prompt": f"Turn it into number {index}",
        "original_latents": torch.randn(LATENT_CHANNELS, 8, 8, generator=generator),
        "edited_latents": torch.randn(LATENT_CHANNELS, 8, 8, generator=generator),
        "prompt_embeds": torch.randn(TOKENS, DIM, generator=generator),
    }


def collate(samples: list[dict]) -> dict:
    return {
        key: torch.stack([one[key] for one in samples])
        if isinstance(samples[0][key], torch.Tensor)
        else [one[key] for one in samples]
        for key in samples[0]
    }


def loader(batches: list[dict]) -> DataLoader:
    """A loader of ready-made batches; Lightning takes a plain list for many loaders."""
    return DataLoader(batches, batch_size=None)


class Stream:
    """Batches of latents in another order each epoch; its place can be saved and restored."""

    def __init__(self, samples: int = 12, batch_size: int = 2, workers: int = 0) -> None:
        self.samples, self.batch_size, self.workers = samples, batch_size, workers
        self.epoch = self.taken = self.skip = 0

    def __len__(self) -> int:
        return self.samples // self.batch_size

    def __iter__(self) -> Iterator[dict]:
        generator = torch.Generator().manual_seed(1000 + self.epoch)
        order = torch.randperm(self.samples, generator=generator).tolist()
        rest = order[self.skip * self.batch_size :]
        self.taken, self.skip = self.skip, 0
        batches = DataLoader(
            [sample(i) for i in rest],
            batch_size=self.batch_size,
            collate_fn=collate,
            num_workers=self.workers,
        )
        for batch in batches:
            self.taken += 1
            yield batch
        self.epoch, self.taken = self.epoch + 1, 0

    def state_dict(self) -> dict:
        return {"epoch": self.epoch, "taken": self.taken}

    def load_state_dict(self, state: dict) -> None:
        self.epoch, self.skip = state["epoch"], state["taken"]


def tiny_trainer(folder: Path, **settings) -> lightning.Trainer:
    settings = {
        "accelerator": "cpu",
        "devices": 1,
        "max_steps": 4,
        "logger": False,
        "enable_progress_bar": False,
        "enable_model_summary": False,
        "enable_checkpointing": False,
        "num_sanity_val_steps": 0,
        **settings,
    }
    return lightning.Trainer(default_root_dir=folder, **settings)
