"""Each benchmark runs, as small as it can be made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TINY = {
    "captioning": (["--repeats", "1", "--chains", "1"], "captions equal"),
    "compositing": (["--sizes", "64", "--looks", "clean"], "64 x 64 pixels"),
    "engines": (["--repeats", "1"], "| warm, s |"),
    "loaders": (["--drawings", "8", "--size", "32"], "shards of latents, workers: 2"),
    "serving": (["--clients", "1", "--pictures", "3", "--steps", "1"], "memory over 3 pictures"),
}


def test_every_benchmark_is_here_but_that_of_training():
    # at its smallest it takes more than a minute and a half on a CPU
    assert {path.stem for path in (ROOT / "benchmarks").glob("*.py")} == {*TINY, "training"}


@pytest.mark.parametrize("name", TINY)
def test_a_benchmark_runs(name, tmp_path):
    arguments, printed = TINY[name]
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / f"{name}.py", *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert printed in done.stdout
