"""Loads the parts of the bundled model, or of another mini in a folder of `tools/ship.py`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.library_logging import quiet_libraries

if TYPE_CHECKING:
    from diffusers import AutoencoderKL
    from transformers import CLIPTextModel, CLIPTokenizer

    from pokecolor.model_files.part_clip import PartCLIP

MINI = Path(__file__).parent.parent / "weights" / "mini"


def mini_tokenizer(folder: str | Path = MINI) -> CLIPTokenizer:
    """The tokenizer of `mini`."""
    from transformers import CLIPTokenizer

    return CLIPTokenizer.from_pretrained(Path(folder) / "tokenizer")


def mini_vae(folder: str | Path = MINI) -> AutoencoderKL:
    """The VAE of `mini`, float32."""
    import torch
    from diffusers import AutoencoderKL

    return AutoencoderKL.from_pretrained(Path(folder) / "vae", torch_dtype=torch.float32)


def mini_clip(folder: str | Path = MINI) -> PartCLIP:
    """The CLIP of `mini`, float32."""
    import torch

    from pokecolor.model_files.part_clip import PartCLIP

    quiet_libraries()
    return PartCLIP.from_pretrained(Path(folder) / "clip", dtype=torch.float32)


def mini_text_encoder(folder: str | Path = MINI) -> CLIPTextModel:
    """The text encoder of `mini`, float32."""
    import torch
    from transformers import CLIPTextModel

    return CLIPTextModel.from_pretrained(Path(folder) / "text_encoder", dtype=torch.float32)


def mini_text_tower(folder: str | Path = MINI) -> CLIPTextModel:
    """The text tower of `mini`'s CLIP, float32, from which the text encoder was fine-tuned."""
    return mini_clip(folder).text_model


def mini_part_names(folder: str | Path = MINI) -> list[str]:
    """Names of the parts that the CLIP of `mini` knows."""
    from pokecolor.model_files.part_clip import PartCLIP

    return list(
        PartCLIP.config_class.from_pretrained(Path(folder) / "clip").vision_config.part_names
    )
