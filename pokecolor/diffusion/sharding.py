"""Shards a network's weights over processes (ZeRO stage 3: Rajbhandari et al. 2020)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch.distributed.tensor import DTensor, distribute_tensor

if TYPE_CHECKING:
    from torch.distributed.device_mesh import DeviceMesh


def shard(network: torch.nn.Module, blocks: Sequence[torch.nn.Module], mesh: DeviceMesh) -> None:
    """Shard each weight over the ranks of a one-dimensional mesh, in place.

    Each block gathers its weights before its forward and backward pass and frees them afterwards.
    """
    from torch.distributed.fsdp import fully_shard

    for part in (*blocks, network):
        fully_shard(part, mesh=mesh)


def gather(tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Gather sharded tensors; others are returned as they are. All ranks must call it."""
    return [t.full_tensor() if isinstance(t, DTensor) else t for t in tensors]


def copy_whole(target: torch.Tensor, whole: torch.Tensor) -> None:
    """Copy a full tensor into a tensor that may be sharded."""
    if isinstance(target, DTensor):
        whole = distribute_tensor(
            whole.to(target.device), target.device_mesh, target.placements, src_data_rank=None
        )
    target.copy_(whole)
