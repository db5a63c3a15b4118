"""The ONNX graphs in a pipeline's folder.

A graph contains no weights: it refers to the float16 tensors of the `.safetensors` file beside it
as external data, and casts them to float32. So both engines read the same weights, and any ONNX
program can read the graphs.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pokecolor.core.errors import UserError

GRAPHS = {
    "text_encoder": "text_encoder/model.onnx",
    "vae_encoder": "vae/encoder.onnx",
    "vae_decoder": "vae/decoder.onnx",
    "unet": "unet/model.onnx",
}
"""Graph => file in a pipeline's folder.

    text_encoder: input_ids, int64 [batch, tokens], to last_hidden_state [batch, tokens, width]
    vae_encoder: sample [batch, 3, size, size] in -1 to 1, to latent_sample, not scaled
    unet: sample, noisy and image latents, [batch, 2 * channels, side, side]; timestep, int64 [1];
        encoder_hidden_states; to out_sample [batch, channels, side, side]
    vae_decoder: latent_sample, as they are sampled, to sample [batch, 3, size, size]
"""

HEADER = "safetensors_header"
"""Metadata key of a graph: digest of the header of its weights."""


def weights_of(graph: Path) -> Path:
    """The file of weights that a graph refers to, as diffusers and transformers name it."""
    of_text = graph.parent.name == "text_encoder"
    name = "model" if of_text else "diffusion_pytorch_model"
    return graph.with_name(f"{name}.safetensors")


def header_digest(weights: Path) -> str:
    """SHA-256, hex, of the header of a safetensors file, which contains the tensors' positions.

    Raises:
        UserError: the file is missing or truncated.
    """
    try:
        with weights.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > weights.stat().st_size:
                raise UserError(f"{weights}: damaged; copy the whole folder again")
            return hashlib.sha256(file.read(length)).hexdigest()
    except OSError as error:
        raise UserError(f"{weights}: cannot be read ({error.strerror})") from error
