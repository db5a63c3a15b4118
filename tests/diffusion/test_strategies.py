"""Two processes take the steps that one takes on their batches put together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from diffusers import UNet2DConditionModel
from tiny_model import Stream
from two_processes import train

pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")

# A step of AdamW moves each weight by about the learning rate, 1e-3, even where the gradient is so
# small that the order of a sum decides its sign; a forgotten rank would move most by that much.
NEAR = {"rtol": 0, "atol": 1e-4}
HERE = Path(__file__).parent


def run_two_processes(strategy: str, folder: Path) -> None:
    """Train 3 steps, save, export, resume, take a fourth and save again."""
    paths = [str(HERE.parent), str(HERE.parent.parent)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, str(HERE / "two_processes.py"), strategy, str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=600)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the second process, if the first has failed
    assert process.returncode == 0, output


@pytest.mark.parametrize("strategy", ["ddp", "fsdp"])
def test_two_processes_train_save_export_and_resume_as_one_does(tmp_path, strategy):
    """The second of the steps has a NaN on the second rank alone: both must skip it."""
    run_two_processes(strategy, tmp_path)
    whole = {}
    for steps, name in ((3, "end"), (4, "resumed")):
        module, _ = train(tmp_path, Stream(batch_size=4), steps)
        whole[name] = module
        saved = torch.load(tmp_path / f"{name}.ckpt", weights_only=True)
        assert saved["ema"]["optimization_step"] == steps - 1
        for key, value in module.state_dict().items():
            torch.testing.assert_close(saved["state_dict"][key], value, **NEAR)
        for one, other in zip(saved["ema"]["shadow_params"], module.ema.shadow_params, strict=True):
            torch.testing.assert_close(one, other, **NEAR)
    exported = UNet2DConditionModel.from_pretrained(tmp_path / "pipeline", subfolder="unet")
    for one, other in zip(exported.parameters(), whole["end"].ema.shadow_params, strict=True):
        torch.testing.assert_close(one, other, **NEAR)
