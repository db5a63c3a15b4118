"""Runs training steps as a trainer does, and records what the step guard is told."""


def guarded_steps(module):
    """A function that runs a batch, and the list of (whether its loss is finite, its ids)."""
    told = []
    (guard,) = module.own_callbacks
    guard.note = lambda loss, ids: told.append((loss.isfinite().item(), ids))

    def step(batch):
        guard.on_train_batch_start(None, module, batch, 0)
        guard.on_before_backward(None, module, module.training_step(batch, 0))

    return step, told
