"""Writes a trained module as a pipeline that stock diffusers loads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lightning.pytorch.utilities import rank_zero_only

from pokecolor.core.errors import UserError
from pokecolor.core.stability import all_finite
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
"""In a pipeline's folder: all of it in the layout of Stable Diffusion's authors."""


def export_pipeline(
    module: InstructPix2PixModule,
    folder: str | Path,
    card: ModelCard,
    sampler: str = "DPMSolverMultistepScheduler",
    single_file: bool = False,
) -> Path:
    """Write the averaged weights in diffusers layout, as safetensors, with a model card.

    All ranks of a run must call it, because each may hold a part of the weights; one writes.

    LoRA's factors are merged into the UNet, and beside it lie by themselves, see `write_lora`. The
    folder appears whole or not at all.

    Args:
        module: whose weights.
        folder: where to; a pipeline there is replaced.
        card: what to say of it.
        sampler: diffusers' scheduler class that the pipeline comes with.
        single_file: whether to write all of it to `SINGLE_FILE`, too.

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
    """What lies beside the parts of a pipeline: its card, LoRA's factors, all in one file."""
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
    """Check that the model hub knows who would upload; ahead of training, not behind it.

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
        repository: "owner/name", or a name alone for the owner of the token.
        private: whether a repository that is made now is private.

    Raises:
        UserError: no network, no token, or no right to write there.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError, OfflineModeIsEnabled

    try:
        api = HfApi()
        address = api.create_repo(repository, private=private, exist_ok=True)
        # the answer names the owner, which is the token's where none was given
        api.upload_folder(repo_id=address.repo_id, folder_path=folder)
    except (HfHubHTTPError, LocalTokenNotFoundError, OfflineModeIsEnabled, OSError) as error:
        reason = " ".join(str(error).split())[:160]
        raise UserError(
            f"callbacks.export.hub_repository={repository}: not uploaded ({reason}); the pipeline "
            f"is whole in {folder}: log in with `hf auth login` and upload it with `hf upload`"
        ) from error
    return str(address)
