"""Handles losses, gradients and weight updates that are NaN or infinite."""

from __future__ import annotations

import logging
import math
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

import lightning
import torch
from torch.distributed.tensor import DTensor

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

log = logging.getLogger(__name__)

WINDOW, MOST_IN_WINDOW = 100, 25
"""A run stops when `MOST_IN_WINDOW` of the last `WINDOW` steps were skipped."""


def gradient_norm(optimizer: torch.optim.Optimizer) -> torch.Tensor:
    """The Euclidean norm of all gradients, a scalar; the same on all ranks."""
    gradients = [
        parameter.grad
        for group in optimizer.param_groups
        for parameter in group["params"]
        if parameter.grad is not None
    ]
    norm = torch.nn.utils.get_total_norm(gradients)
    return norm.full_tensor() if isinstance(norm, DTensor) else norm  # sharded by FSDP


def all_finite(tensors: Iterable[torch.Tensor]) -> bool:
    """Whether all values of this rank's tensors (or shards of them) are finite."""
    local = [tensor.to_local() if isinstance(tensor, DTensor) else tensor for tensor in tensors]
    kinds = defaultdict(list)
    for tensor in local:
        if tensor.is_floating_point() and tensor.numel():
            kinds[tensor.device, tensor.dtype].append(tensor.detach())
    for (_, dtype), alike in kinds.items():
        # one pass and no copy: a sum of absolute values is finite only if every value is
        norms = torch._foreach_norm(alike, 1, torch.promote_types(dtype, torch.float32))
        if not torch.stack(norms).isfinite().all():
            return False
    return True


def everywhere(trainer: lightning.Trainer, holds: bool) -> bool:
    """Whether `holds` is true on all ranks; all must call it."""
    return holds if trainer.world_size == 1 else trainer.strategy.reduce_boolean_decision(holds)


def advice(trainer: lightning.Trainer) -> str:
    """Advice for a run whose numbers overflow, to end a message with."""
    ways = ["a lower model.optimizer.lr"]
    if trainer.precision.startswith("16"):
        ways.append("trainer.precision=bf16-mixed")
    if not trainer.precision.startswith(("32", "64")):
        ways.append("trainer.precision=32-true")
    proven = next((c.proven for c in trainer.callbacks if getattr(c, "proven", None)), None)
    how = "begin anew" if proven is None else f"go on by ckpt_path={proven}"
    return f"{how} with {', or with '.join(ways)}"


class BadStepGuard(lightning.Callback):
    """Skips steps whose loss or gradients are not finite, and stops a run that has too many.

    All ranks decide alike: gradients are averaged over ranks before they are checked, and losses
    are reduced.

    Args:
        max_bad_steps: so many skipped steps in a row stop the run, and so do `MOST_IN_WINDOW` of
            the last `WINDOW`.
    """

    def __init__(self, max_bad_steps: int) -> None:
        if type(max_bad_steps) is not int or max_bad_steps < 1:
            raise UserError(f"model.max_bad_steps={max_bad_steps}: give a whole number, 1 or more")
        self.max_bad_steps = max_bad_steps
        self.bad_in_a_row = 0
        self.skipped = 0
        """Number of skipped steps in the whole run."""
        self.took_last_step = True
        self._ids: list[str] = []
        self._latest: deque[bool] = deque(maxlen=WINDOW)
        self._last: tuple[torch.Tensor, list[str]] = torch.zeros(()), []
        self._are_finite: torch.Tensor | None = None

    def on_train_batch_start(
        self, trainer: lightning.Trainer, pl_module: Any, batch: Any, batch_idx: int
    ) -> None:
        self._ids = batch["id"]

    def on_before_backward(
        self, trainer: lightning.Trainer, pl_module: Any, loss: torch.Tensor
    ) -> None:
        self.note(loss.detach(), self._ids)

    def on_before_optimizer_step(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        optimizer: torch.optim.Optimizer,
    ) -> None:
        norm = gradient_norm(optimizer)  # already unscaled, not clipped yet
        pl_module.log("train/grad_norm", norm)
        if not self.passes(trainer, float(norm)):
            optimizer.zero_grad(set_to_none=True)  # without gradients its step changes nothing
        pl_module.log("train/skipped_steps", float(self.skipped))

    def note(self, loss: torch.Tensor, ids: list[str]) -> None:
        """Record a micro-batch of the coming step: its ids, and its loss, a scalar, as it is
        backpropagated: times fp16's scale, divided by the number of accumulated batches."""
        self._last = loss, ids
        is_finite = loss.isfinite()  # a tensor: reading its value would wait for the GPU
        self._are_finite = is_finite if self._are_finite is None else self._are_finite & is_finite

    def passes(self, trainer: lightning.Trainer, norm: float) -> bool:
        """Whether the optimizer may take this step; all ranks must call it.

        A loss may be infinite although the norm of its gradients, `norm`, is still finite.

        Raises:
            UserError: too many steps were skipped.
        """
        is_finite = everywhere(trainer, self._are_finite is None or bool(self._are_finite))
        self._are_finite = None
        self.took_last_step = is_finite and math.isfinite(norm)
        scaler = getattr(trainer.precision_plugin, "scaler", None)
        searching = scaler is not None and scaler.get_scale() > 1
        if is_finite and searching and not self.took_last_step:
            self.skipped += 1  # fp16's scaler skips the step itself and tries a smaller scale
        else:
            self._count(trainer, norm)
        return self.took_last_step

    def _count(self, trainer: lightning.Trainer, norm: float) -> None:
        self._latest.append(not self.took_last_step)
        if self.took_last_step:
            self.bad_in_a_row = 0
            return
        self.bad_in_a_row += 1
        self.skipped += 1
        (loss, ids), step = self._last, trainer.global_step
        scaler = getattr(trainer.precision_plugin, "scaler", None)
        scale = scaler.get_scale() if scaler else 1.0
        loss = float(loss) * trainer.accumulate_grad_batches / scale
        what = f"loss {loss}, gradient norm {norm}, last samples {', '.join(ids[:4])}"
        log.warning("step %d skipped: %s", step, what)
        why = ""
        if self.bad_in_a_row >= self.max_bad_steps:
            why = f"{self.bad_in_a_row} steps in a row were not finite"
        elif sum(self._latest) >= MOST_IN_WINDOW:
            why = f"{sum(self._latest)} of the last {len(self._latest)} steps were not finite"
        if why:
            raise UserError(f"training stopped at step {step}: {why} ({what}); {advice(trainer)}")


def require_finite_update(trainer: lightning.Trainer, weights: Iterable[torch.Tensor]) -> None:
    """Check the weights after a step; all ranks must call it.

    Raises:
        UserError: the update overflowed. It cannot be undone, so the run ends before the weights
            are averaged or saved.
    """
    if not everywhere(trainer, all_finite(weights)):
        raise UserError(
            f"training stopped at step {trainer.global_step}: the update overflowed and left "
            f"weights that are not finite; {advice(trainer)}"
        )


def require_finite_state(trainer: lightning.Trainer) -> None:
    """Check everything that a checkpoint will contain; all ranks must call it.

    Raises:
        UserError: weights, averages or optimizer moments are not finite.
    """
    if not everywhere(trainer, all_finite(_state(trainer))):
        raise UserError(
            f"training stopped at step {trainer.global_step}, which is not saved: weights, their "
            f"averages or the optimizer's moments are not finite; {advice(trainer)}"
        )


def _state(trainer: lightning.Trainer) -> Iterator[torch.Tensor]:
    module: Any = trainer.lightning_module
    yield from module.state_dict().values()
    if getattr(module, "ema", None) is not None:
        yield from module.ema.shadow_params
    for optimizer in trainer.optimizers:
        for moments in optimizer.state.values():
            yield from (value for value in moments.values() if isinstance(value, torch.Tensor))
