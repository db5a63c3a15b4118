"""The latent cache: encodes shards of images once, so that training need not run the VAE."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from pokecolor.core.atomic_folders import build_folder, require_space, set_aside
from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import to_tensor
from pokecolor.core.schema import SPLITS
from pokecolor.data import manifest, records
from pokecolor.data.manifest import Manifest
from pokecolor.data.progress import progress_bar
from pokecolor.data.shards import ShardFolder, SplitWriter, find_shard_damage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pokecolor.core.schema import Split
    from pokecolor.model_files.base_models.base_model import BaseModel

KEPT = (records.PROMPT, records.META, records.PART_MAP)
"""Members that a sample of latents takes over from the sample of images."""
CPU_BATCH_SIZE = 16
"""Images encoded at a time, and as many mirrored ones; more do not fit into a CPU's cache."""
GPU_BATCH_PIXELS = 2**21
"""Pixels that a GPU encodes at a time. Stable Diffusion's VAE then needs about 11 GB in float32,
by a count of its activations."""


def latents_path(shards: ShardFolder, encoder: BaseModel, cache: Path, split: Split) -> Path:
    """The folder of `cache_latents`, named by everything that latents depend on: the VAE and the
    shards, whose digest covers all images, the size and `KEPT`."""
    depends = f"{shards.manifest.digest} {encoder.image_fingerprint} {' '.join(KEPT)}"
    key = hashlib.sha256(depends.encode())
    return cache / "latents" / f"{key.hexdigest()[:24]}-{split}"


def cache_latents(
    shards: ShardFolder, encoder: BaseModel, cache: Path, split: Split
) -> ShardFolder:
    """Encode all images of a split and their mirror images, unless they are cached and undamaged.

    The other splits of the returned folder are empty: training does not need the test split.
    Mirror images are encoded because the latents of a mirrored image are not the mirrored latents.
    After an interruption it continues with the first missing shard.

    Raises:
        UserError: a shard is damaged, latents are not finite, or the disk is too small. Then
            nothing is written.
    """
    target = latents_path(shards, encoder, cache, split)
    set_aside(target, find_shard_damage)
    with build_folder(target, resumable=True) as folder:
        if folder is not None:
            written = _write(shards, encoder, folder, target.name, split)
            (folder / manifest.NAME).write_text(written.to_json(), encoding="utf-8")
    return ShardFolder(str(target))


def _write(
    shards: ShardFolder, encoder: BaseModel, folder: Path, fingerprint: str, split: Split
) -> Manifest:
    files = shards.manifest.splits[split]
    # one shard of latents for each shard of images, so that finished ones can be recognized
    writers = {name: SplitWriter(folder, name) for name in SPLITS}
    left = files.samples
    with progress_bar() as bar:
        task = bar.add_task(f"Encoding {split} images", total=files.samples)
        for shard in files.shards:
            if writers[split].take_over(shard.samples, shard.shape):
                bar.advance(task, shard.samples)
                left -= shard.samples
                continue
            samples = shards.read(shard)
            latents = encode_samples(samples, encoder, lambda n: bar.advance(task, n))
            require_space(folder, latents[0].nbytes * left, "the latents")
            for members, array in zip(samples, latents, strict=True):
                kept = {name: members[name] for name in KEPT if name in members}
                encoded = {records.LATENTS: records.encode_latents(array), **kept}
                writers[split].add(encoded, shard.shape)
            writers[split].end_shard()
            left -= shard.samples
    written = {name: writer.close() for name, writer in writers.items()}
    return Manifest(shards.manifest.source, fingerprint, shards.manifest.size, written)


def encode_samples(
    samples: Sequence[dict[str, bytes]],
    encoder: BaseModel,
    advance: Callable[[float], None] = lambda _: None,
) -> np.ndarray:
    """The latents of samples: float16 [n, 2 flips, 2 (original, edited), channels, h, w].

    Colorings of one drawing share its sketch, which is encoded once.

    Args:
        samples: members of image samples.
        encoder: gives the latents.
        advance: called with the number of samples newly done, which may be a fraction.
    """
    drawn, colored = (
        [
            (records.member(members, name), records.describe_member(members, name))
            for members in samples
        ]
        for name in (records.ORIGINAL, records.EDITED)
    )
    first: dict[bytes, str] = {}
    for data, where in drawn:
        first.setdefault(data, where)
    sketches = list(first.items())
    rows = {data: row for row, (data, _) in enumerate(sketches)}
    step = len(samples) / (len(sketches) + len(samples))

    height, width, _ = records.decode_image(*sketches[0]).shape
    batch_size = images_at_a_time(encoder.device, height * width)

    def encode(encode_images: Callable, images: Sequence[tuple[bytes, str]]) -> np.ndarray:
        parts = []
        for start in range(0, len(images), batch_size):
            chunk = images[start : start + batch_size]
            # in threads, because otherwise a GPU would wait most of the time
            decoded = list(threads.map(lambda image: records.decode_image(*image), chunk))
            parts.append(_encode_flips(encode_images, decoded))
            advance(len(chunk) * step)
        return np.concatenate(parts)

    with ThreadPoolExecutor() as threads:
        original = encode(encoder.encode_original, sketches)
        original = original[[rows[data] for data, _ in drawn]]
        edited = encode(encoder.encode_edited, colored)
    return np.stack([original, edited], axis=2)


def images_at_a_time(device: torch.device, pixels: int) -> int:
    """How many images of `pixels` pixels each are encoded at a time on a device."""
    return CPU_BATCH_SIZE if device.type == "cpu" else max(1, GPU_BATCH_PIXELS // pixels)


@torch.inference_mode()
def _encode_flips(encode_images: Callable, decoded: Sequence[np.ndarray]) -> np.ndarray:
    """Images, uint8 [height, width, 3], to float16 [n, 2 flips, channels, h, w]."""
    images = to_tensor(records.stack(decoded))
    latents = encode_images(torch.cat([images, images.flip(-1)])).to("cpu", torch.float16)
    if not latents.isfinite().all():
        raise UserError(
            "the VAE gives latents that are not finite; give it more precision (such as fp32) or "
            "set data.cache_latents=false"
        )
    return latents.unflatten(0, (2, len(decoded))).transpose(0, 1).numpy()
