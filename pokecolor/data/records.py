"""Encodes triplets to members of a WebDataset sample and back.

Members are decoded by their fixed names and never unpickled.
"""

from __future__ import annotations

import io
import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError, decode_png, encode_png, load_image
from pokecolor.core.schema import Part, Triplet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Members = dict[str, Any]
    """Of a sample: file extension => bytes; and `__key__` and `__url__`, where it is from."""

ORIGINAL, EDITED, PROMPT = "original_image.png", "edited_image.png", "edit_prompt.txt"
META, PART_MAP, LATENTS = "meta.json", "part_map.png", "latents.npy"


def encode_triplet(triplet: Triplet) -> dict[str, bytes]:
    """Encode a triplet as a sample: file extension => content."""
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
    """Decode a sample of `encode_triplet`."""
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


def describe_member(members: Mapping[str, Any], name: str) -> str:
    """The name of a member in messages, with its shard and key if they are known."""
    if "__key__" not in members:
        return f"a shard's {name}"
    return f"{members['__url__']}: sample {members['__key__']}: {name}"


def fault_of(members: Mapping[str, Any], have_target: bool) -> str | None:
    """What is wrong with a sample, without decoding its images; None if it can be used.

    Args:
        members: members of the sample.
        have_target: whether other samples of the shard have color images.
    """
    needed = [META, PROMPT]
    if LATENTS not in members:
        needed += [ORIGINAL, EDITED] if have_target else [ORIGINAL]
    missing = [name for name in needed if name not in members]
    if missing:
        return f"sample without {' and '.join(missing)}"
    for name in (META, PROMPT):
        try:
            members[name].decode()
        except UnicodeDecodeError:
            return f"{name} that is not UTF-8"
    try:
        meta = json.loads(members[META])
    except ValueError:
        return f"{META} that is broken JSON"
    try:
        if not (isinstance(meta["id"], str) and isinstance(meta["drawing_id"], str)):
            raise TypeError
        decode_parts(meta)
    except (KeyError, TypeError, AttributeError):
        return f"{META} without id, drawing_id and parts"
    return None


def member(members: Mapping[str, bytes], name: str) -> bytes:
    """The content of a member that every sample must have.

    Raises:
        UserError: the sample does not have it.
    """
    if name not in members:
        has = ", ".join(sorted(each for each in members if not each.startswith("__")))
        raise UserError(f"{describe_member(members, name)}: there is no {name}, only {has}")
    return members[name]


def decode_meta(members: Mapping[str, bytes]) -> dict:
    """The sample's `meta.json`: {"id", "drawing_id", "parts"}."""
    return json.loads(member(members, META))


def decode_parts(meta: Mapping) -> tuple[Part, ...]:
    """The parts in a sample's `meta.json`."""
    return tuple(Part(**{**part, "rgb": tuple(part["rgb"])}) for part in meta["parts"])


def decode_prompt(members: Mapping[str, bytes]) -> str:
    """The sample's instruction in the data set."""
    return member(members, PROMPT).decode()


def decode_part_map(members: Mapping[str, bytes]) -> np.ndarray | None:
    """The sample's part map, uint8 [size, size], or None where it has none.

    Raises:
        UserError: it cannot be read.
    """
    if PART_MAP not in members:
        return None
    try:
        return decode_png(members[PART_MAP])
    except (ImageError, OSError, ValueError, SyntaxError) as error:
        raise UserError(f"{describe_member(members, PART_MAP)}: cannot be read ({error})") from None


def decode_images(members: Mapping[str, bytes], bare: bool = False) -> list[np.ndarray]:
    """The sketch and the color image, each uint8 [size, size, 3].

    Args:
        members: of a sample.
        bare: whether the color image may be missing; then it is left out.

    Raises:
        UserError: one is missing or cannot be read.
    """
    names = (ORIGINAL,) if bare and not has_target(members) else (ORIGINAL, EDITED)
    return [decode_image(member(members, name), describe_member(members, name)) for name in names]


def has_target(members: Mapping[str, bytes]) -> bool:
    """Whether a sample of images has its color image."""
    return EDITED in members


def decode_image(data: bytes, where: str) -> np.ndarray:
    """An image member as uint8 [height, width, 3].

    Args:
        data: the file.
        where: its `describe_member`, for the message.

    Raises:
        UserError: it cannot be read.
    """
    try:
        return np.asarray(load_image(data, where))
    except ImageError as error:
        raise UserError(str(error)) from None


def png_shape(data: bytes) -> tuple[int, int]:
    """Height and width of a PNG, from its header."""
    width, height = struct.unpack(">II", data[16:24])
    return height, width


def stack(
    arrays: Sequence[np.ndarray], samples: Sequence[Mapping[str, Any]] | None = None
) -> np.ndarray:
    """`np.stack` with a message for arrays of different shapes.

    Args:
        arrays: arrays of one shape.
        samples: the samples that they come from, for the message.

    Raises:
        UserError: they differ in shape.
    """
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1:
        other = next(i for i, array in enumerate(arrays) if array.shape != arrays[0].shape)
        where = f" ({describe_member(samples[other], 'another size')})" if samples else ""
        raise UserError(
            f"the samples of shards must be of one size, not of {sorted(shapes)}{where}"
        )
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
        raise UserError(f"{describe_member(members, LATENTS)}: cannot be read ({error})") from None
