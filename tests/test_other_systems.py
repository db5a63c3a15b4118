"""Training where processes are spawned and no symbolic link can be made, as on Windows and macOS.

Both are emulated here: what those systems do otherwise besides is not.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """
import multiprocessing, os, sys

def refuse(*_, **__):
    raise OSError(1314, "A required privilege is not held by the client")


def emulate():
    os.symlink = refuse
    del os.fork, os.forkpty
    multiprocessing.set_start_method("spawn", force=True)
    multiprocessing.get_all_start_methods = lambda: ["spawn"]
    context = multiprocessing.get_context("spawn")
    multiprocessing.get_context = lambda method=None: (
        context if method in (None, "spawn") else refuse()
    )

if __name__ == "__main__":
    emulate()
    from pokecolor.cli import main
    sys.exit(main(sys.argv[1:]))
"""
WORDS = [
    "train", "name=tiny", "trainer=cpu", "trainer.max_steps=2", "trainer.val_check_interval=2",
    "callbacks.checkpoints.every_n_steps=1", "callbacks.samples=null", "data=creatures",
    "data.source.count=40", "data.source.size=64", "data.source.colorings=1",
    "data.source.test_count=2", "data.source.val=0.2", "data.batch_size=2", "data.num_workers=1",
]  # fmt: skip


def train(folder, *words):
    script = folder / "elsewhere.py"
    script.write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, script, *WORDS, *words],
        cwd=folder, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout, done.stderr


def test_a_run_trains_and_goes_on_where_processes_are_spawned(tmp_path):
    out, _ = train(tmp_path)
    (run,) = (tmp_path / "runs").glob("*-tiny")
    assert f"this system makes no links; the newest run is {run}" in out
    last = run / "checkpoints" / "last.ckpt"
    assert not last.is_symlink() and last.samefile(run / "checkpoints" / "step-000002.ckpt")
    assert (run / "pipeline" / "model_index.json").is_file()
    out, _ = train(tmp_path, "trainer.max_steps=3", "ckpt_path=latest")
    assert "going on from " in out
