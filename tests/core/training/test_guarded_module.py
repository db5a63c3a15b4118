import math
import warnings

import lightning
import pytest
import torch

from pokecolor.core.errors import UserError
from pokecolor.core.training.guarded_module import GuardedModule


class Follower(GuardedModule):
    """Learns to follow the numbers it is given, and averages."""

    def __init__(self, **options):
        super().__init__(**options)
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.seen, self.rates = [], []

    def training_step(self, batch, batch_idx):
        return (self.weight - batch["number"]).square().mean()

    def on_step_taken(self):
        self.seen.append(self.weight.item())

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=0.1, fused=True)
        return self.optimizer_config(
            optimizer,
            lambda it, steps: torch.optim.lr_scheduler.LambdaLR(it, lambda step: 1 / (1 + step)),
        )


def fit(module, numbers, **options):
    batches = [{"number": torch.tensor([n]), "id": [f"s{i}"]} for i, n in enumerate(numbers)]
    trainer = lightning.Trainer(
        max_epochs=1, accelerator="cpu", logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, **options,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The 'train_dataloader' does not have many workers")
        trainer.fit(module, torch.utils.data.DataLoader(batches, batch_size=None))
    return trainer


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_step_that_is_not_finite_is_none(bad, caplog):
    with_one, without = Follower(), Follower()
    trainer = fit(with_one, [1.0, bad, 2.0])
    fit(without, [1.0, 2.0])
    assert with_one.seen == without.seen  # nor does the learning rate know of it
    assert trainer.callback_metrics["train/skipped_steps"] == 1
    assert "step 1 skipped" in caplog.text and "s1" in caplog.text


def test_gradients_of_a_fused_optimizer_are_clipped_in_mixed_precision():
    free, clipped = Follower(), Follower()
    fit(free, [1.0, 5.0], precision="bf16-mixed")
    fit(clipped, [1.0, 5.0], precision="bf16-mixed", gradient_clip_val=0.1)
    # Adam's first step is of the same length whatever the gradient, its second is not
    assert clipped.seen[0] == pytest.approx(free.seen[0]) and clipped.seen[1] != free.seen[1]


def test_too_many_end_the_run():
    with pytest.raises(UserError, match="3 steps in a row were not finite"):
        fit(Follower(max_bad_steps=3), [1.0, math.nan, 2.0, *[math.nan] * 3])


def test_a_checkpoint_counts_the_steps_that_were_skipped():
    module, resumed = Follower(), Follower()
    fit(module, [1.0, math.nan])
    checkpoint = {}
    module.on_save_checkpoint(checkpoint)
    resumed.on_load_checkpoint(checkpoint)
    trainer = fit(resumed, [math.nan, 1.0])
    assert trainer.callback_metrics["train/skipped_steps"] == 2
