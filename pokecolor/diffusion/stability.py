"""What happens when a loss or its gradients are not finite."""

from __future__ import annotations

import logging
import math

import torch
from torch.distributed.tensor import DTensor

from pokecolor.errors import UserError

log = logging.getLogger(__name__)


def gradient_norm(optimizer: torch.optim.Optimizer) -> torch.Tensor:
    """The Euclidean norm of all gradients together, a scalar; the same on all ranks."""
    gradients = [
        parameter.grad
        for group in optimizer.param_groups
        for parameter in group["params"]
        if parameter.grad is not None
    ]
    norm = torch.nn.utils.get_total_norm(gradients)
    return norm.full_tensor() if isinstance(norm, DTensor) else norm  # sharded by FSDP


class BadStepGuard:
    """Counts steps whose loss or gradients are not finite, and stops after a few in a row.

    Whether a step is bad is read from the gradients after they were averaged over the ranks, so
    all ranks come to the same answer without asking one another.
    """

    def __init__(self, max_bad_steps: int) -> None:
        if type(max_bad_steps) is not int or max_bad_steps < 1:
            raise UserError(f"model.max_bad_steps={max_bad_steps}: give a whole number, 1 or more")
        self.max_bad_steps = max_bad_steps
        self.bad_in_a_row = 0

    def passes(self, step: int, loss: float, norm: float, ids: list[str]) -> bool:
        """Whether the optimizer may take this step.

        Args:
            step: optimizer steps taken before.
            loss: this rank's last loss.
            norm: of the gradients of all ranks.
            ids: this rank's last samples, for the message.

        Raises:
            UserError: `max_bad_steps` bad steps in a row.
        """
        if math.isfinite(norm):
            self.bad_in_a_row = 0
            return True
        self.bad_in_a_row += 1
        what = f"loss {loss}, gradient norm {norm}, last samples {', '.join(ids[:4])}"
        log.warning("step %d skipped: %s", step, what)
        if self.bad_in_a_row >= self.max_bad_steps:
            raise UserError(
                f"training stopped at step {step}: {self.bad_in_a_row} steps in a row were not "
                f"finite ({what}); the last good checkpoint is kept: go on from it by "
                "ckpt_path=latest with a lower model.optimizer.lr or trainer.gradient_clip_val, or "
                "with trainer.precision=32-true"
            )
        return False
