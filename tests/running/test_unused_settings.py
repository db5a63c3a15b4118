import subprocess
import sys
from pathlib import Path

import pytest

from pokecolor.core.errors import UserError
from pokecolor.running.overrides import compose_config
from pokecolor.running.unused_settings import require_used

ROOT = Path(__file__).resolve().parents[2]
KEY = ("data=answer_key", "data.root=key")


def require(*overrides):
    require_used(compose_config(ROOT / "conf", "evaluate", list(overrides)), overrides)


def test_all_that_has_no_use_is_named_in_one_line():
    with pytest.raises(UserError) as caught:
        require("model=sd15", "logger=wandb", "callbacks.checkpoints.every_n_steps=5", "split=val")
    assert str(caught.value) == (
        "model=sd15 logger=wandb callbacks.checkpoints.every_n_steps=5: not used where a "
        "pipeline's pictures are measured; leave it out"
    )


@pytest.mark.parametrize(
    "overrides",
    [
        ["model/optimizer=adamw_8bit"],
        ["data.eval_batch_size=4"],
        ["trainer.max_steps=4"],
        ["trainer.limit_val_batches=4"],
        ["ckpt_path=latest", "colorings.steps=2"],
        ["ckpt_path=latest", "features@clip=clip_vit_l14"],
        ["pipeline=null", "guidance.count=3"],
        ["images=theirs", "colorings.steps=2"],
        ["images=theirs", *KEY, "colorings.look=flat"],
        [*KEY, "guidance.count=3"],
        [*KEY, "caption=clip"],
        [*KEY, "features=inception"],
    ],
)
def test_each_way_of_measuring_has_its_own(overrides):
    with pytest.raises(UserError, match="not used where"):
        require(*overrides)


@pytest.mark.parametrize(
    "overrides",
    [
        ["pipeline=mini", "data=creatures_test", "data.limit=4", "features=inception"],
        ["trainer=ddp", "trainer.precision=bf16-mixed", "caption=clip", "guidance.count=3"],
        ["ckpt_path=latest", "model=sd15", "data=openmoji", "data.eval_batch_size=4", "split=val"],
        ["experiment=shipped_vae", "data.limit=80"],
        ["logger=null", "callbacks=null", "seed=3", "name=x"],
        ["callbacks.samples=null"],
        [*KEY, "guidance=null", "colorings.look=flat", "data.seeds=[0]"],
        ["images=theirs", "features=inception", "colorings.find_copies=true", "data=openmoji_test"],
        ["+data.source.palette=typical", "data=creatures_test"],
    ],
)
def test_what_is_used_passes_and_so_does_null(overrides):
    require(*overrides)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["model=sd15", "logger=wandb"], "model=sd15 logger=wandb: not used where a pipeline's"),
        (["pipeline=null", *KEY], "data=answer_key: pictures are measured by it; give a pipeline"),
    ],
)
def test_evaluate_ends_in_one_line_and_exit_code_2(tmp_path, overrides, message):
    done = subprocess.run(
        [sys.executable, ROOT / "evaluate.py", *overrides, f"paths.runs={tmp_path}"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert (done.returncode, done.stdout) == (2, "")
    *_, last = done.stderr.splitlines()  # before it, where runs go
    assert last.startswith(f"evaluate.py: {message}")
    assert done.stderr.count("\n") == 2
