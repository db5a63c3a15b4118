"""Writes a trained module as a pipeline that stock diffusers loads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lightning.pytorch.utilities import rank_zero_only

from pokecolor.core.errors import UserError
from pokecolor.core.training.stability import all_finite
from pokecolor.diffusion.lora_files import write_lora
from pokecolor.diffusion.pipeline import build_pipeline
from pokecolor.model_files.model_spec import STABLE_DIFFUSION_1, ModelSpec
from pokecolor.model_files.original_layout import (
    find_other_setting,
    require_original_layout,
    write_original_layout,
)
from pokecolor.model_files.saving import whole_folder

if TYPE_CHECKING:
    from diffusers import DiffusionPipeline

    from pokecolor.diffusion.card import ModelCard
    from pokecolor.diffusion.module import InstructPix2PixModule

SINGLE_FILE = "single_file.safetensors"
"""File in a pipeline's folder with all weights in Stable Diffusion's original layout."""


def export_pipeline(
    module: InstructPix2PixModule,
    folder: str | Path,
    card: ModelCard,
    sampler: str = "DPMSolverMultistepScheduler",
    single_file: bool = False,
) -> Path:
    """Write the averaged weights in diffusers layout, as safetensors, with a model card.

    All ranks of a run must call it, because weights may be sharded; one rank writes. LoRA factors
    are merged into the UNet and also written separately, see `write_lora`. The folder is written
    atomically.

    Args:
        module: the trained module.
        folder: target folder; an existing pipeline is replaced.
        card: contents of the model card.
        sampler: diffusers' scheduler class of the pipeline.
        single_file: whether to write `SINGLE_FILE`, too.

    Returns:
        the folder.

    Raises:
        UserError: the weights are not finite, there is no room for them, or a single file cannot
            hold the model.
    """
    folder = Path(folder)
    with module.averaged_weights():
        pipeline = build_pipeline(module, sampler)
        if single_file:
            require_original_layout(pipeline)
        if not all_finite(pipeline.unet.parameters()):
            raise UserError(
                f"{folder}: not written, because the weights are not finite; "
                "export an earlier checkpoint by pokecolor export"
            )
        if rank_zero_only.rank == 0:
            with whole_folder(folder) as partial:
                pipeline.save_pretrained(partial, safe_serialization=True)
                _write_beside(pipeline, module, partial, card, single_file)
    return folder


def _write_beside(
    pipeline: DiffusionPipeline,
    module: InstructPix2PixModule,
    folder: Path,
    card: ModelCard,
    single_file: bool,
) -> None:
    """Write the files beside the parts of a pipeline: model card, LoRA factors, single file."""
    size = pipeline.unet.config.sample_size * pipeline.vae_scale_factor
    sampling = module.components.sampling
    sampling.save(folder)
    text = card.to_markdown(sampling, type(pipeline).__name__, size)
    (folder / "README.md").write_text(text, encoding="utf-8")
    spec = ModelSpec(
        title=folder.parent.name or "pokecolor",
        license=card.license,
        origin=card.origin,
        resolution=size,
        prediction_type=pipeline.scheduler.config.prediction_type,
        architecture="custom" if find_other_setting(pipeline) else STABLE_DIFFUSION_1,
    )
    write_lora(module.unet, type(pipeline), folder, spec)
    if single_file:
        write_original_layout(pipeline, folder / SINGLE_FILE, spec.header())


def require_hub_access(repository: str) -> None:
    """Check before training that the model hub accepts the user's token.

    Raises:
        UserError: no network, no token, or one that the hub refuses.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError, OfflineModeIsEnabled

    try:
        HfApi().whoami()
    except (HfHubHTTPError, LocalTokenNotFoundError, OfflineModeIsEnabled, OSError) as error:
        reason = " ".join(str(error).split())[:160]
        raise UserError(
            f"callbacks.export.hub_repository={repository}: the upload could not work ({reason}); "
            "log in with `hf auth login`, or train without it and upload later with `hf upload`"
        ) from error


def push_to_hub(folder: Path, repository: str, private: bool = True) -> str:
    """Upload an exported pipeline to the model hub and return its address.

    Args:
        folder: the pipeline.
        repository: "owner/name", or only a name, whose owner is that of the token.
        private: whether a new repository is private.

    Raises:
        UserError: no network, no token, or no right to write there.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError, OfflineModeIsEnabled

    try:
        api = HfApi()
        address = api.create_repo(repository, private=private, exist_ok=True)
        # the answer contains the owner, by default that of the token
        api.upload_folder(repo_id=address.repo_id, folder_path=folder)
    except (HfHubHTTPError, LocalTokenNotFoundError, OfflineModeIsEnabled, OSError) as error:
        reason = " ".join(str(error).split())[:160]
        raise UserError(
            f"callbacks.export.hub_repository={repository}: not uploaded ({reason}); the pipeline "
            f"is whole in {folder}: log in with `hf auth login` and upload it with `hf upload`"
        ) from error
    return str(address)
