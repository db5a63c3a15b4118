"""The learning-rate schedule of the pretraining runs."""

from __future__ import annotations

import math

import torch


def warmup_cosine(
    optimizer: torch.optim.Optimizer, warmup_steps: int, total_steps: int
) -> torch.optim.lr_scheduler.LambdaLR:
    """Linear warm-up, then half a cosine to zero at `total_steps` (Loshchilov, 2017, eq. 5)."""

    def factor(step: int) -> float:
        if step < warmup_steps:
            return (step + 1) / warmup_steps
        progress = (step - warmup_steps) / max(1, total_steps - warmup_steps)
        return 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


def scheduled(optimizer: torch.optim.Optimizer, warmup_steps: int, total_steps: float) -> dict:
    """What `configure_optimizers` returns: `optimizer` on `warmup_cosine`, step by step."""
    schedule = warmup_cosine(optimizer, warmup_steps, int(total_steps))
    return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}
