"""Which checkpoints there are after a run."""

from __future__ import annotations

import pytest
import torch
from tiny_model import Stream, tiny_module, tiny_trainer

from pokecolor.diffusion.callbacks.checkpoints import PeriodicCheckpoints
from pokecolor.diffusion.checkpoint_io import AtomicCheckpointIO
from pokecolor.errors import UserError

# most runs here need no validation
pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")


def run(folder, steps: int, ckpt_path=None, **settings):
    trainer = tiny_trainer(
        folder,
        max_steps=steps,
        enable_checkpointing=True,
        plugins=[AtomicCheckpointIO()],
        callbacks=[PeriodicCheckpoints(folder, **settings)],
    )
    trainer.fit(tiny_module(), Stream(), ckpt_path=ckpt_path)


def test_the_newest_are_kept_and_last_is_the_last_step(tmp_path):
    run(tmp_path, steps=7, every=2, keep=2)
    names = sorted(path.name for path in tmp_path.glob("*.ckpt"))
    assert names == ["last.ckpt", "step-000006.ckpt", "step-000007.ckpt"]
    assert torch.load(tmp_path / "last.ckpt", weights_only=True)["global_step"] == 7


def test_a_resumed_run_does_not_save_where_it_started(tmp_path):
    run(tmp_path / "one", steps=4, every=2, keep=1)
    run(tmp_path / "two", steps=5, every=4, keep=1, ckpt_path=tmp_path / "one" / "last.ckpt")
    names = sorted(path.name for path in (tmp_path / "two").glob("*.ckpt"))
    assert names == ["last.ckpt", "step-000005.ckpt"]


@pytest.mark.parametrize("settings", [{"every": 0}, {"keep": 0}])
def test_impossible_settings_are_refused(tmp_path, settings):
    with pytest.raises(UserError, match="give 1 or more"):
        PeriodicCheckpoints(tmp_path, **settings)
