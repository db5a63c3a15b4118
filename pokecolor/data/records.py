"""A triplet as the members of a shard's sample, and back. Members are decoded by name, never by
guess, and never unpickled."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import numpy as np

from pokecolor.errors import UserError
from pokecolor.images import ImageError, decode_png, encode_png, load_image
from pokecolor.schema import Part, Triplet

if TYPE_CHECKING:
    from collections.abc import Mapping

ORIGINAL, EDITED, PROMPT = "original_image.png", "edited_image.png", "edit_prompt.txt"
META, PART_MAP, LATENTS = "meta.json", "part_map.png", "latents.npy"


def encode_triplet(triplet: Triplet) -> dict[str, bytes]:
    """The members of a triplet's sample: file extension to content."""
    meta = {
        "id": triplet.id,
        "drawing_id": triplet.drawing_id,
        "parts": [part._asdict() for part in triplet.parts],
    }
    members = {
        ORIGINAL: encode_png(triplet.original_image),
        EDITED: encode_png(triplet.edited_image),
        PROMPT: triplet.edit_prompt.encode(),
        META: json.dumps(meta, ensure_ascii=False).encode(),
    }
    if triplet.part_map is not None:
        members[PART_MAP] = encode_png(triplet.part_map)
    return members


def decode_triplet(members: Mapping[str, bytes]) -> Triplet:
    """The triplet that `encode_triplet` made the members of."""
    meta = decode_meta(members)
    original, edited = decode_images(members)
    return Triplet(
        id=meta["id"],
        drawing_id=meta["drawing_id"],
        original_image=original,
        edited_image=edited,
        edit_prompt=decode_prompt(members),
        parts=decode_parts(meta),
        part_map=decode_png(members[PART_MAP]) if PART_MAP in members else None,
    )


def decode_meta(members: Mapping[str, bytes]) -> dict:
    """The sample's `meta.json`: {"id", "drawing_id", "parts"}."""
    return json.loads(members[META])


def decode_parts(meta: Mapping) -> tuple[Part, ...]:
    """The parts in a sample's `meta.json`."""
    return tuple(Part(**{**part, "rgb": tuple(part["rgb"])}) for part in meta["parts"])


def decode_prompt(members: Mapping[str, bytes]) -> str:
    """The sample's instruction as the data set has it."""
    return members[PROMPT].decode()


def decode_images(members: Mapping[str, bytes]) -> tuple[np.ndarray, np.ndarray]:
    """The sketch and the color image, each uint8 [size, size, 3].

    Raises:
        UserError: one cannot be read, or the two differ in size.
    """
    try:
        original, edited = (
            np.asarray(load_image(members[name], name=name)) for name in (ORIGINAL, EDITED)
        )
    except ImageError as error:
        raise UserError(f"sample {decode_meta(members)['id']}: {error}") from None
    if original.shape != edited.shape:
        raise UserError(
            f"sample {decode_meta(members)['id']}: the sketch is {original.shape[:2]} and the "
            f"color image {edited.shape[:2]} pixels; they must be of one size"
        )
    return original, edited


def encode_latents(latents: np.ndarray) -> bytes:
    """Latents float16 [2 flips, 2 (original, edited), channels, h, w] as a `latents.npy`."""
    buffer = io.BytesIO()
    np.save(buffer, latents, allow_pickle=False)
    return buffer.getvalue()


def decode_latents(members: Mapping[str, bytes]) -> np.ndarray:
    """The sample's latents: float16 [2 flips, 2 (original, edited), channels, h, w]."""
    return np.load(io.BytesIO(members[LATENTS]), allow_pickle=False)
