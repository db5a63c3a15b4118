"""Each benchmark runs, as small as it can be made."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TINY = {
    "compositing": (["--sizes", "64", "--looks", "clean"], "64 x 64 pixels"),
    "engines": (["--repeats", "1"], "| warm, s |"),
    "loaders": (["--drawings", "8", "--size", "32"], "shards of latents, workers: 2"),
    "serving": (["--clients", "1", "--pictures", "3", "--steps", "1"], "memory over 3 pictures"),
    "training": (["--batch-size", "1", "--steps", "1"], "bf16-mixed sdpa"),
    "peers/captioning": (["--repeats", "1", "--chains", "1"], "captions equal"),
    "peers/fid": (["--pictures", "9", "--width", "16", "--repeats", "1"], "sqrtm finds"),
    "peers/loading": (
        ["--triplets", "16", "--size", "32", "--batch-size", "4", "--repeats", "1"],
        "| pokecolor, latents |",
    ),
    "peers/memory": (["--triplets", "16", "--times", "1", "2", "--size", "32"], "last to first"),
    "peers/picture": (["--pictures", "1", "--steps", "2"], "diffusers' pipeline: "),
    "peers/training": (
        ["--tiny", "--size", "64", "--batch-size", "1", "--accumulate", "2", "--triplets", "16",
         "--steps", "1", "--repeats", "1"],
        "| pokecolor, no caches |",
    ),
}  # fmt: skip
NOT_RUN = {"peers/alternating"}
"""What the others share."""


def test_every_benchmark_is_here():
    folder = ROOT / "benchmarks"
    found = {
        path.relative_to(folder).with_suffix("").as_posix()
        for path in (*folder.glob("*.py"), *folder.glob("peers/*.py"))
    }
    assert found == {*TINY, *NOT_RUN}


def run(name, arguments, tmp_path):
    return subprocess.run(
        [sys.executable, ROOT / "benchmarks" / f"{name}.py", *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.parametrize("name", TINY)
def test_a_benchmark_runs(name, tmp_path):
    arguments, printed = TINY[name]
    done = run(name, arguments, tmp_path)
    assert done.returncode == 0, done.stderr
    assert printed in done.stdout


def test_a_script_of_others_is_timed_from_step_to_step(tmp_path):
    """The steps' times are counted; what comes before the first and after the last is not."""
    (tmp_path / "script.py").write_text(
        "import sys, time, torch\n"
        "from torchvision import transforms\n"
        "images = torch.rand(3, 4, 4)\n"
        "steps = [transforms.RandomCrop(4), transforms.Lambda(lambda x: x)]\n"
        "assert (transforms.Compose(steps)(images) == images).all()\n"
        "optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=float(sys.argv[1]))\n"
        "for step in range(9):\n"
        "    time.sleep(0.2)\n"
        "    optimizer.step()\n"
        "    assert step < 3\n"
    )
    done = run("peers/training", ["--timed", "3", "--", "script.py", "0.1"], tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.rpartition("TIMES")[2])
    assert len(found["seconds"]) == 2 and min(found["seconds"]) >= 0.2
    assert max(found["processor"]) < min(found["seconds"])
    assert found["peak"] > 2**26 and found["start"] > 0
