"""Writes a trained module as a pipeline that stock diffusers loads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lightning.pytorch.utilities import rank_zero_only

from pokecolor.diffusion.lora import ADAPTER
from pokecolor.diffusion.pipeline import build_pipeline
from pokecolor.diffusion.plain_unet import has_lora
from pokecolor.errors import UserError
from pokecolor.model_files.saving import whole_folder
from pokecolor.stability import all_finite

if TYPE_CHECKING:
    from diffusers import DiffusionPipeline

    from pokecolor.diffusion.card import ModelCard
    from pokecolor.diffusion.module import InstructPix2PixModule


def export_pipeline(
    module: InstructPix2PixModule,
    folder: str | Path,
    card: ModelCard,
    sampler: str = "DPMSolverMultistepScheduler",
) -> Path:
    """Write the averaged weights in diffusers layout, as safetensors, with a model card.

    All ranks of a run must call it, because each may hold a part of the weights; one writes.

    LoRA's factors are merged into the UNet, and beside it lie by themselves in `lora/`, in the
    format of `pipeline.load_lora_weights`. The folder appears whole or not at all.

    Returns:
        the folder.

    Raises:
        UserError: the weights are not finite, or there is no room for them.
    """
    folder = Path(folder)
    with module.averaged_weights():
        pipeline = build_pipeline(module, sampler)
        if not all_finite(pipeline.unet.parameters()):
            raise UserError(
                f"{folder}: not written, because the weights are not finite; "
                "export an earlier checkpoint by pokecolor export"
            )
        if rank_zero_only.rank == 0:
            sampling = module.components.sampling
            with whole_folder(folder) as partial:
                pipeline.save_pretrained(partial, safe_serialization=True)
                _save_lora(module, type(pipeline), partial / "lora")
                sampling.save(partial)
                text = card.to_markdown(sampling, type(pipeline).__name__)
                (partial / "README.md").write_text(text, encoding="utf-8")
    return folder


def _save_lora(
    module: InstructPix2PixModule, pipeline: type[DiffusionPipeline], folder: Path
) -> None:
    """Write LoRA's factors alone; nothing where there are none."""
    if not has_lora(module.unet):
        return
    from peft import get_peft_model_state_dict

    settings = module.unet.peft_config[ADAPTER].to_dict()
    pipeline.save_lora_weights(
        folder,
        unet_lora_layers={  # safetensors takes no other layout, such as channels last
            name: factor.contiguous()
            for name, factor in get_peft_model_state_dict(module.unet).items()
        },
        unet_lora_adapter_metadata={  # JSON knows no sets
            name: sorted(value) if isinstance(value, set) else value
            for name, value in settings.items()
        },
    )


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
