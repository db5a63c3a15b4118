"""Digests of models: equal for equal weights and settings, different otherwise."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from diffusers import ModelMixin
    from transformers import CLIPTextModel, CLIPTokenizer

_VOLATILE = ("architectures", "dtype", "torch_dtype", "transformers_version")
"""Entries of a configuration that saving and loading change."""


def image_model_fingerprint(model: ModelMixin) -> str:
    """SHA-256, hex, of a VAE's or a UNet's weights and configuration."""
    return _digest(model, _lasting(dict(model.config)))


def text_encoder_fingerprint(text_encoder: CLIPTextModel, tokenizer: CLIPTokenizer) -> str:
    """SHA-256, hex, of a text encoder's weights and configuration, and of its tokenizer."""
    rules = json.loads(tokenizer.backend_tokenizer.to_str())
    # each call sets both, so they are no property of the tokenizer
    rules["truncation"] = rules["padding"] = None
    settings = {
        "config": _lasting(text_encoder.config.to_dict()),
        "tokenizer": rules,
        "tokens": tokenizer.model_max_length,
    }
    return _digest(text_encoder, settings)


def _lasting(config: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in config.items() if not k.startswith("_") and k not in _VOLATILE}


def _digest(model: torch.nn.Module, settings: dict[str, Any]) -> str:
    import torch

    digest = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode())
    for name, weight in sorted(model.state_dict().items()):
        digest.update(f"{name} {tuple(weight.shape)} {weight.dtype}".encode())
        digest.update(weight.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()
