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
    from collections.abc import Mapping, Sequence

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
        PROMPT: triplet.edit_prompt.encode(),
        META: json.dumps(meta, ensure_ascii=False).encode(),
    }
    if triplet.edited_image is not None:
        members[EDITED] = encode_png(triplet.edited_image)
    if triplet.part_map is not None:
        members[PART_MAP] = encode_png(triplet.part_map)
    return members


def decode_triplet(members: Mapping[str, bytes]) -> Triplet:
    """The triplet that `encode_triplet` made the members of."""
    meta = decode_meta(members)
    images = decode_images(members, bare=True)
    return Triplet(
        id=meta["id"],
        drawing_id=meta["drawing_id"],
        original_image=images[0],
        edited_image=images[1] if len(images) > 1 else None,
        edit_prompt=decode_prompt(members),
        parts=decode_parts(meta),
        part_map=decode_part_map(members),
    )


def member(members: Mapping[str, bytes], name: str) -> bytes:
    """The content of a member that every sample must have.

    Raises:
        UserError: the sample does not have it.
    """
    if name not in members:
        raise UserError(f"a shard's sample has no {name}, only {', '.join(sorted(members))}")
    return members[name]


def decode_meta(members: Mapping[str, bytes]) -> dict:
    """The sample's `meta.json`: {"id", "drawing_id", "parts"}."""
    return json.loads(member(members, META))


def decode_parts(meta: Mapping) -> tuple[Part, ...]:
    """The parts in a sample's `meta.json`."""
    return tuple(Part(**{**part, "rgb": tuple(part["rgb"])}) for part in meta["parts"])


def decode_prompt(members: Mapping[str, bytes]) -> str:
    """The sample's instruction as the data set has it."""
    return member(members, PROMPT).decode()


def decode_part_map(members: Mapping[str, bytes]) -> np.ndarray | None:
    """The sample's part map, uint8 [size, size], or None where it has none."""
    return decode_png(members[PART_MAP]) if PART_MAP in members else None


def decode_images(members: Mapping[str, bytes], bare: bool = False) -> list[np.ndarray]:
    """The sketch and the color image, each uint8 [size, size, 3].

    Args:
        members: of a sample.
        bare: whether the color image may be lacking; then it is left out.

    Raises:
        UserError: one is missing or cannot be read.
    """
    names = (ORIGINAL,) if bare and not has_truth(members) else (ORIGINAL, EDITED)
    return [decode_image(member(members, name), name) for name in names]


def has_truth(members: Mapping[str, bytes]) -> bool:
    """Whether a sample of images has its color image."""
    return EDITED in members


def decode_image(data: bytes, name: str) -> np.ndarray:
    """An image member as uint8 [height, width, 3].

    Raises:
        UserError: it cannot be read.
    """
    try:
        return np.asarray(load_image(data, name))
    except ImageError as error:
        raise UserError(f"a shard's {error}") from None


def stack(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """`np.stack` for arrays that come from outside.

    Raises:
        UserError: they differ in shape.
    """
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1:
        raise UserError(f"the samples of shards must be of one size, not of {sorted(shapes)}")
    return np.stack(arrays)


def encode_latents(latents: np.ndarray) -> bytes:
    """Latents float16 [2 flips, 2 (original, edited), channels, h, w] as a `latents.npy`."""
    buffer = io.BytesIO()
    np.save(buffer, latents, allow_pickle=False)
    return buffer.getvalue()


def decode_latents(members: Mapping[str, bytes]) -> np.ndarray:
    """The sample's latents: float16 [2 flips, 2 (original, edited), channels, h, w].

    Raises:
        UserError: they cannot be read.
    """
    try:
        return np.load(io.BytesIO(member(members, LATENTS)), allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise UserError(f"a shard's {LATENTS} cannot be read ({error})") from None
