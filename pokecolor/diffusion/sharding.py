"""Shards a network's weights over processes (ZeRO stage 3: Rajbhandari et al. 2020)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch.distributed.tensor import DTensor, distribute_tensor

if TYPE_CHECKING:
    from torch.distributed.device_mesh import DeviceMesh


def shard(network: torch.nn.Module, blocks: Sequence[torch.nn.Module], mesh: DeviceMesh) -> None:
    """Let each rank of a one-dimensional mesh hold a part of each weight, in place.

    Each block gathers its weights when it is its turn and lets them go again.
    """
    from torch.distributed.fsdp import fully_shard

    for part in (*blocks, network):
        fully_shard(part, mesh=mesh)


def gather(tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """The whole tensors of shards; others as they are. All ranks must call it."""
    return [t.full_tensor() if isinstance(t, DTensor) else t for t in tensors]


def copy_whole(target: torch.Tensor, whole: torch.Tensor) -> None:
    """Copy a whole tensor into one that may be a shard of it."""
    if isinstance(target, DTensor):
        whole = distribute_tensor(
            whole.to(target.device), target.device_mesh, target.placements, src_data_rank=None
        )
    target.copy_(whole)
