"""Model metadata (modelspec) for the header of a `.safetensors` file.

The keys `modelspec.*` are those of Stability AI's ModelSpec 1.0.1, which kohya's scripts write and
web UIs show.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch

STABLE_DIFFUSION_1 = "stable-diffusion-v1"
INSTRUCTION = "An instruction such as: Turn it into a green creature with red eyes"


@dataclass(frozen=True)
class ModelSpec:
    """The metadata of a model, or of LoRA weights."""

    title: str
    license: str
    """The hub's identifier of the license."""
    origin: str
    """Description of the starting weights."""
    resolution: int
    """Side of the training images, in pixels."""
    prediction_type: str
    """Prediction type of the UNet, as in diffusers."""
    architecture: str = STABLE_DIFFUSION_1

    def header(self, lora: bool = False) -> dict[str, str]:
        """The keys and values, for a model or for LoRA weights."""
        implementation = "https://github.com/Stability-AI/generative-models"
        return {
            "modelspec.sai_model_spec": "1.0.1",
            "modelspec.architecture": f"{self.architecture}/lora" if lora else self.architecture,
            "modelspec.implementation": "diffusers" if lora else implementation,
            "modelspec.title": self.title,
            "modelspec.description": "InstructPix2Pix that colors line drawings; trained from "
            + self.origin,
            "modelspec.usage_hint": INSTRUCTION,
            "modelspec.date": datetime.now(UTC).isoformat(timespec="seconds"),
            "modelspec.license": self.license,
            "modelspec.resolution": f"{self.resolution}x{self.resolution}",
            "modelspec.prediction_type": self.prediction_type.removesuffix("_prediction"),
        }


def kohya_header(
    spec: ModelSpec, rank: int, alpha: float, tensors: Mapping[str, torch.Tensor]
) -> dict[str, str]:
    """The metadata of LoRA weights as kohya's scripts write it, with keys `ss_` and `sshs_`.

    Args:
        spec: metadata of the model.
        rank: rank of the factors.
        alpha: the product of the factors is scaled by alpha / rank.
        tensors: the factors in kohya's names.
    """
    convolutions = {"conv_dim": str(rank), "conv_alpha": str(alpha)}
    has_convolutions = any(value.dim() == 4 for value in tensors.values())
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode() + tensors[name].contiguous().numpy().tobytes())
    is_sd1 = spec.architecture == STABLE_DIFFUSION_1
    return {
        "ss_network_module": "networks.lora",
        "ss_network_dim": str(rank),
        "ss_network_alpha": str(alpha),
        "ss_network_args": json.dumps(convolutions if has_convolutions else {}),
        "ss_base_model_version": "sd_v1" if is_sd1 else spec.architecture,
        "ss_v2": "False",
        "ss_v_parameterization": str(spec.prediction_type == "v_prediction"),
        "ss_resolution": f"({spec.resolution}, {spec.resolution})",
        "ss_sd_model_name": spec.origin,
        "ss_output_name": spec.title,
        "sshs_model_hash": digest.hexdigest(),
    }
