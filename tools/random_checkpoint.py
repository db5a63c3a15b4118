"""Build a checkpoint of a hub model's architecture with random weights, offline.

    python tools/random_checkpoint.py FOLDER [--model sd15|sdxl|clip|blip] [--channels 8] [--tiny]

It lies in the layout of the real one. Stable Diffusion 1.5 (860 million weights, 4.3 GB) is read by
`model.components.checkpoint=FOLDER`, CLIP ViT-L/14 and BLIP-base as captioners read them. Nothing
they say or draw is of use; it is for trying the full-size path.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from diffusers import AutoencoderKL, DDPMScheduler, UNet2DConditionModel
from tokenizers import pre_tokenizers
from transformers import (
    BertTokenizer,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessorPil,
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)

from pokecolor.model_files.pipeline import NOISE_SCHEDULE
from pokecolor.model_files.single_file import STABLE_DIFFUSION_1

LATENT_CHANNELS = 4

FULL = STABLE_DIFFUSION_1

TINY = {
    "vae": {**FULL["vae"], "block_out_channels": (8, 8, 8, 8), "norm_num_groups": 4},
    "text_encoder": {
        **FULL["text_encoder"],
        "vocab_size": 514,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "projection_dim": 32,
    },
    "unet": {
        **FULL["unet"],
        "block_out_channels": (8, 8, 16, 16),
        "layers_per_block": 1,
        "cross_attention_dim": 32,
        "attention_head_dim": 2,
        "norm_num_groups": 4,
    },
}


def xl_configs(tiny: bool = False) -> dict[str, dict]:
    """Arguments of SDXL's parts (Podell et al. 2023, table 1), as `FULL` has Stable Diffusion's."""
    configs = TINY if tiny else FULL
    second = {**configs["text_encoder"], "hidden_act": "gelu"}
    if not tiny:
        second |= {
            "hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32,
            "num_attention_heads": 20, "projection_dim": 1280,
        }  # fmt: skip
    levels = 3
    sizes = 8 if tiny else 256
    return {
        "vae": {**configs["vae"], "sample_size": 1024, "scaling_factor": 0.13025},
        "text_encoder": configs["text_encoder"],
        "text_encoder_2": second,
        "unet": {
            **configs["unet"],
            "sample_size": 128,
            "block_out_channels": (8, 8, 16) if tiny else (320, 640, 1280),
            "down_block_types": ("DownBlock2D", *("CrossAttnDownBlock2D",) * 2),
            "up_block_types": (*("CrossAttnUpBlock2D",) * 2, "UpBlock2D"),
            "transformer_layers_per_block": (1,) * levels if tiny else (1, 2, 10),
            "attention_head_dim": (2,) * levels if tiny else (5, 10, 20),
            "cross_attention_dim": configs["text_encoder"]["hidden_size"] + second["hidden_size"],
            "use_linear_projection": True,
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": sizes,
            "projection_class_embeddings_input_dim": 6 * sizes + second["projection_dim"],
        },
    }


def build_checkpoint(
    folder: Path,
    channels: int = LATENT_CHANNELS,
    tiny: bool = False,
    xl: bool = False,
    text_layers: int | None = None,
    configs: dict[str, dict] | None = None,
) -> None:
    """Write all parts of a Stable Diffusion, as safetensors.

    Args:
        folder: where to; made where it is missing.
        channels: input channels of the UNet: 4 as Stable Diffusion, 8 as InstructPix2Pix.
        tiny: the same parts with small dimensions.
        xl: SDXL's parts.
        text_layers: of the text encoders; None for the architecture's own.
        configs: other arguments of the parts than `tiny` and `xl` choose.
    """
    configs = configs or (xl_configs(tiny) if xl else TINY if tiny else FULL)
    torch.manual_seed(0)
    tokenizer = byte_tokenizer(configs["text_encoder"]["vocab_size"])
    ids = {
        name: getattr(tokenizer, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")
    }
    # one part at a time, so that memory holds no more than the largest
    AutoencoderKL(**configs["vae"]).save_pretrained(folder / "vae")
    for number, kind in (("", CLIPTextModel), ("_2", CLIPTextModelWithProjection))[: 1 + xl]:
        tokenizer.save_pretrained(folder / f"tokenizer{number}")
        text = CLIPTextConfig(**configs[f"text_encoder{number}"], **ids)
        text.num_hidden_layers = text_layers or text.num_hidden_layers
        kind(text).save_pretrained(folder / f"text_encoder{number}")
    UNet2DConditionModel(
        **configs["unet"], in_channels=channels, out_channels=LATENT_CHANNELS
    ).save_pretrained(folder / "unet")
    DDPMScheduler(**NOISE_SCHEDULE).save_pretrained(folder / "scheduler")


def build_clip(folder: Path, tiny: bool = False) -> None:
    """Write a CLIP ViT-L/14 (Radford et al., 2021, table 20), its tokenizer and its processor."""
    torch.manual_seed(0)
    text = (TINY if tiny else FULL)["text_encoder"]
    tokenizer = byte_tokenizer(text["vocab_size"])
    ids = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    vision = {"image_size": 224, "patch_size": 14}
    if tiny:
        vision = {"image_size": 28, "patch_size": 14}
    vision |= {
        "hidden_size": 32 if tiny else 1024,
        "intermediate_size": 64 if tiny else 4096,
        "num_hidden_layers": 1 if tiny else 24,
        "num_attention_heads": 2 if tiny else 16,
    }
    width = text["projection_dim"]
    CLIPModel(
        CLIPConfig(text_config={**text, **ids}, vision_config=vision, projection_dim=width)
    ).save_pretrained(folder)
    size = vision["image_size"]
    CLIPImageProcessorPil(
        size={"shortest_edge": size}, crop_size={"height": size, "width": size}
    ).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def build_blip(folder: Path, tiny: bool = False) -> None:
    """Write a BLIP-base for captions (Li et al., 2022), its tokenizer and its processor."""
    torch.manual_seed(0)
    folder.mkdir(parents=True, exist_ok=True)
    size = 40 if tiny else 30_524
    start = size - 2  # the token that captions begin with is none of the tokenizer's
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words += [f"word{i}" for i in range(start - len(words))]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    small = {
        "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }  # fmt: skip
    width = 16 if tiny else 768
    text = {
        **(small if tiny else {}), "vocab_size": size, "encoder_hidden_size": width,
        "bos_token_id": start, "pad_token_id": 0, "eos_token_id": 3, "sep_token_id": 3,
    }  # fmt: skip
    image_size, patch_size = (32, 8) if tiny else (384, 16)
    vision = {**(small if tiny else {}), "image_size": image_size, "patch_size": patch_size}
    model = BlipForConditionalGeneration(BlipConfig(text_config=text, vision_config=vision))
    with torch.no_grad():  # as they are initialized, all images read alike
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, 1.0 if tiny else 0.1)
    model.save_pretrained(folder)
    BlipImageProcessorPil(size={"height": image_size, "width": image_size}).save_pretrained(folder)


def byte_tokenizer(size: int) -> CLIPTokenizer:
    """A CLIP tokenizer of `size` entries that spells every text out in bytes.

    The start and end tokens come last, as in OpenAI's; entries between are never used.
    """
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = [*alphabet, *(letter + "</w>" for letter in alphabet)]
    words += [f"<|unused{i}|>" for i in range(size - len(words) - 2)]
    vocab = {word: i for i, word in enumerate([*words, "<|startoftext|>", "<|endoftext|>"])}
    return CLIPTokenizer(vocab=vocab, merges=[], model_max_length=77)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", choices=("sd15", "sdxl", "clip", "blip"), default="sd15")
    parser.add_argument("--channels", type=int, choices=(4, 8), default=4, help="of the UNet")
    parser.add_argument("--tiny", action="store_true", help="small dimensions, for tests")
    options = parser.parse_args()
    if options.model in ("sd15", "sdxl"):
        xl = options.model == "sdxl"
        build_checkpoint(options.folder, options.channels, options.tiny, xl)
    else:
        {"clip": build_clip, "blip": build_blip}[options.model](options.folder, options.tiny)


if __name__ == "__main__":
    main()
