"""Loads Stable Diffusion 1.x or InstructPix2Pix from one `.safetensors` or `.ckpt` file."""

from __future__ import annotations

import contextlib
import logging
import pickle
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pokecolor.core.errors import UserError
from pokecolor.core.training.archive import find_damage
from pokecolor.model_files.architecture import SUPPORTED
from pokecolor.model_files.parts import read_tokenizer, require_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import torch
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

log = logging.getLogger(__name__)

SUFFIXES = (".safetensors", ".ckpt")
TOKENIZER = "openai/clip-vit-large-patch14"
"""The tokenizer of Stable Diffusion 1.x; a single file contains none."""

STABLE_DIFFUSION_1: dict[str, dict[str, Any]] = {
    "vae": {
        "block_out_channels": (128, 256, 512, 512),
        "down_block_types": ("DownEncoderBlock2D",) * 4,
        "up_block_types": ("UpDecoderBlock2D",) * 4,
        "layers_per_block": 2,
        "latent_channels": 4,
        "norm_num_groups": 32,
        "sample_size": 512,
        "scaling_factor": 0.18215,
    },
    "text_encoder": {
        "vocab_size": 49408,
        "hidden_size": 768,
        "intermediate_size": 3072,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "max_position_embeddings": 77,
        "hidden_act": "quick_gelu",
        "projection_dim": 768,
    },
    "unet": {
        "sample_size": 64,
        "block_out_channels": (320, 640, 1280, 1280),
        "down_block_types": (*("CrossAttnDownBlock2D",) * 3, "DownBlock2D"),
        "up_block_types": ("UpBlock2D", *("CrossAttnUpBlock2D",) * 3),
        "layers_per_block": 2,
        "cross_attention_dim": 768,
        "attention_head_dim": 8,
        "norm_num_groups": 32,
    },
}
"""Arguments of the classes that read each part."""

_UNET, _VAE, _TEXT = "model.diffusion_model.", "first_stage_model.", "cond_stage_model."
_OTHERS = {
    "conditioner.": "SDXL",
    "model.diffusion_model.label_emb.": "SDXL",
    "model.diffusion_model.joint_blocks.": "Stable Diffusion 3",
    "model.diffusion_model.double_blocks.": "Flux",
    "double_blocks.": "Flux",
    "cond_stage_model.model.": "Stable Diffusion 2.x",
    "lora_unet_": "a LoRA alone",
    "control_model.": "a ControlNet",
}
"""Prefixes of tensor names that reveal another architecture."""

_PICKLED_BESIDE_WEIGHTS = (
    "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint",
    "numpy.core.multiarray.scalar",
    "numpy._core.multiarray.scalar",
    "numpy.dtype",
    "numpy.dtypes.Float64DType",
    "_codecs.encode",
)
"""Other objects in the checkpoints of Stable Diffusion's and InstructPix2Pix's authors."""


class SingleFile(NamedTuple):
    """The parts in a file, with a tokenizer."""

    vae: AutoencoderKL
    text_encoder: CLIPTextModel
    tokenizer: CLIPTokenizer
    unet: UNet2DConditionModel


def read_single_file(
    path: Path, configs: Mapping[str, Mapping[str, Any]] = STABLE_DIFFUSION_1
) -> SingleFile:
    """Read a model from a `.safetensors` or `.ckpt` file, in float32; of a `.ckpt` only tensors.

    Its tokenizer is read from the folder `tokenizer/` beside the file, or CLIP's from the hub.

    Args:
        path: the file.
        configs: the architecture, like `STABLE_DIFFUSION_1`; the UNet's input channels may differ.

    Raises:
        UserError: the file is of another kind or architecture, damaged, contains pickled objects
            other than tensors, or there is no tokenizer.
    """
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from diffusers.loaders.single_file_utils import (
        convert_ldm_clip_checkpoint,
        convert_ldm_unet_checkpoint,
        convert_ldm_vae_checkpoint,
    )
    from transformers import CLIPTextConfig, CLIPTextModel

    state = _read_tensors(path)
    _require_stable_diffusion(state, path)
    if any(name.startswith("model_ema.") for name in state):
        log.warning("%s: its averaged weights (model_ema) are not read, but those beside", path)
    tokenizer = _find_tokenizer(path)
    ids = ("bos_token_id", "eos_token_id", "pad_token_id")
    text_config = {**configs["text_encoder"], **{name: getattr(tokenizer, name) for name in ids}}
    channels = state[f"{_UNET}input_blocks.0.0.weight"].shape[1]
    return SingleFile(
        vae=_build(
            lambda: AutoencoderKL(**configs["vae"]),
            _below(state, _VAE),
            lambda tensors: convert_ldm_vae_checkpoint(tensors, dict(configs["vae"])),
            f"{path}: VAE",
        ),
        text_encoder=_build(
            lambda: CLIPTextModel(CLIPTextConfig(**text_config)),
            _below(state, _TEXT),
            convert_ldm_clip_checkpoint,
            f"{path}: text encoder",
        ),
        tokenizer=tokenizer,
        unet=_build(
            lambda: UNet2DConditionModel(**configs["unet"], in_channels=channels),
            _below(state, _UNET),
            lambda tensors: convert_ldm_unet_checkpoint(tensors, dict(configs["unet"])),
            f"{path}: UNet",
        ),
    )


def _read_tensors(path: Path) -> dict[str, torch.Tensor]:
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if path.suffix not in SUFFIXES:
        raise UserError(
            f"{path}: weights are read from {' and '.join(SUFFIXES)} files, and from folders in "
            "diffusers layout; a pickle of another kind can run code: convert it to safetensors"
        )
    if path.suffix == ".safetensors":
        try:
            return load_file(path)
        except (SafetensorError, OSError) as error:
            raise UserError(f"{path}: cannot be read ({error}); download it again") from error
    if damage := find_damage(path):
        raise UserError(f"{path}: {damage}; download it again")
    try:
        with _nothing_else_runs():
            read = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except (RuntimeError, pickle.UnpicklingError, ValueError, TypeError, AttributeError) as error:
        foreign = re.search(r"GLOBAL (\S+)", str(error))  # torch names the first one
        if foreign:
            raise UserError(
                f"{path}: beside tensors it holds {foreign[1]}, which could run code; get the "
                "model as .safetensors"
            ) from error
        raise UserError(f"{path}: no weights in it ({str(error).splitlines()[0]})") from error
    read = read.get("state_dict", read) if isinstance(read, dict) else {}
    return {name: value for name, value in read.items() if isinstance(value, torch.Tensor)}


class _Ignored:
    """Replaces pickled objects beside the weights; it accepts any arguments and does nothing."""

    def __init__(self, *_: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        pass


@contextlib.contextmanager
def _nothing_else_runs() -> Iterator[None]:
    """Within the context, `weights_only` accepts the authors' pickled objects, as `_Ignored`."""
    import torch

    stubs = []
    for name in _PICKLED_BESIDE_WEIGHTS:
        # torch identifies a class by its name: each needs its own
        stubs.append((type("_Ignored", (_Ignored,), {}), name))
    with torch.serialization.safe_globals(stubs):
        yield


def _require_stable_diffusion(state: Mapping[str, torch.Tensor], path: Path) -> None:
    for start, name in _OTHERS.items():
        if any(key.startswith(start) for key in state):
            raise UserError(f"{path}: {name}, which is not supported; {SUPPORTED}")
    lacking = [
        what
        for start, what in ((_UNET, "UNet"), (_VAE, "VAE"), (_TEXT, "text encoder"))
        if not any(key.startswith(start) for key in state)
    ]
    if lacking or f"{_UNET}input_blocks.0.0.weight" not in state:
        raise UserError(
            f"{path}: no {' and no '.join(lacking or ['whole UNet'])} of Stable Diffusion in it; "
            "give a file with all parts, or a folder in diffusers layout"
        )


def _below(state: Mapping[str, torch.Tensor], start: str) -> dict[str, torch.Tensor]:
    """The tensors of a part, without those that are only needed for training or other uses."""
    beside = ("first_stage_model.loss.", "cond_stage_model.logit_scale")
    return {
        name: value
        for name, value in state.items()
        if name.startswith(start)
        and not name.startswith(beside)
        and not name.endswith("position_ids")
    }


def _build(
    make: Callable[[], Any],
    tensors: dict[str, torch.Tensor],
    convert: Callable[[dict[str, torch.Tensor]], dict[str, torch.Tensor]],
    where: str,
) -> Any:
    """Build a part with the tensors of the file."""
    import torch
    from accelerate import init_empty_weights

    with init_empty_weights():
        model = make()
    wanted = model.state_dict()
    # "text_model." stands before the names of a text encoder in some versions of transformers
    plain = {name.removeprefix("text_model."): name for name in wanted}
    try:
        converted = convert(tensors)
    except (KeyError, IndexError, AttributeError, RuntimeError) as error:
        raise UserError(f"{where}: tensors are missing ({error})") from error
    found = {
        plain.get(name.removeprefix("text_model."), name): value.to(torch.float32)
        for name, value in converted.items()
    }
    lost = [f"{len(tensors) - len(found)} more"] * (len(tensors) > len(found))
    require_whole(
        wanted.keys() - found.keys(),
        [*(found.keys() - wanted.keys()), *lost],
        [name for name in wanted.keys() & found.keys() if wanted[name].shape != found[name].shape],
        where,
    )
    model.load_state_dict(found, assign=True)
    return model.eval()


def _find_tokenizer(path: Path) -> CLIPTokenizer:
    if (path.parent / "tokenizer").is_dir():
        return read_tokenizer(str(path.parent), "tokenizer")
    try:
        return read_tokenizer(TOKENIZER, "")
    except UserError as error:
        raise UserError(
            f"{path}: a single file has no tokenizer; put the folder tokenizer/ of Stable "
            f"Diffusion 1.x beside it, or go online once to get that of {TOKENIZER}"
        ) from error
