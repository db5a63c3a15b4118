"""A run that is stopped and resumed sees the samples of a run never stopped."""

import tempfile
from pathlib import Path

import pytest
from lightning.pytorch.callbacks import ModelCheckpoint
from recorder import Recorder, Stopped, tiny_data, trainer

# each run here has a folder of its own
pytestmark = pytest.mark.filterwarnings("ignore:The dirpath has changed:UserWarning")

STEPS = 24  # three epochs of eight
BY_EPOCHS = {"max_epochs": 3}
BY_STEPS = {"max_epochs": -1, "max_steps": STEPS}
ACROSS_EPOCHS = {**BY_STEPS, "check_val_every_n_epoch": None, "val_check_interval": 5}
LIMITS = {"epochs": BY_EPOCHS, "steps": BY_STEPS, "validation across epochs": ACROSS_EPOCHS}

EVERY_STEP = {"every_n_train_steps": 1, "save_top_k": -1, "filename": "{step}"}
ON_EXCEPTION = {"save_on_exception": True}


def run(tmp_path, limit, saving, stop_at=None, num_workers=0, ckpt_path=None):
    """What a run was trained on, up to where it stopped, and where its checkpoints are."""
    model = Recorder(stop_at)
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    fitting = trainer(
        tmp_path, enable_checkpointing=True, callbacks=[ModelCheckpoint(folder, **saving)], **limit
    )
    data = tiny_data(tmp_path, num_workers=num_workers)
    try:
        fitting.fit(model, datamodule=data, ckpt_path=ckpt_path, weights_only=False)
    except Stopped:
        assert stop_at is not None
    return model.trained, folder


@pytest.mark.parametrize("limit", LIMITS.values(), ids=LIMITS)
def test_without_workers(tmp_path, limit):
    whole, folder = run(tmp_path, limit, EVERY_STEP)
    assert len(whole) == STEPS
    for step in (1, 7, 8, 9, 15, 16, 20, 23):  # about and between the ends of epochs
        checkpoint = folder / f"step={step}.ckpt"
        resumed, _ = run(tmp_path, limit, EVERY_STEP, ckpt_path=checkpoint)
        assert resumed == whole[step:], step


@pytest.mark.parametrize("step", [3, 8, 9])
def test_with_workers(tmp_path, step):
    whole, _ = run(tmp_path, BY_EPOCHS, EVERY_STEP)
    stopped, folder = run(tmp_path, BY_EPOCHS, EVERY_STEP, stop_at=step, num_workers=2)
    checkpoint = folder / f"step={step}.ckpt"
    resumed, _ = run(tmp_path, BY_EPOCHS, EVERY_STEP, num_workers=2, ckpt_path=checkpoint)
    assert stopped + resumed == whole


@pytest.mark.parametrize("step", [1, 4, 8, 15])
def test_a_step_that_failed_is_not_skipped(tmp_path, step):
    whole, _ = run(tmp_path, BY_EPOCHS, ON_EXCEPTION)
    stopped, folder = run(tmp_path, BY_EPOCHS, ON_EXCEPTION, stop_at=step)
    (checkpoint,) = folder.glob(f"*step={step}.ckpt")
    resumed, _ = run(tmp_path, BY_EPOCHS, ON_EXCEPTION, ckpt_path=checkpoint)
    assert stopped + resumed == whole
