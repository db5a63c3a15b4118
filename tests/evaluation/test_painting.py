"""Two processes on the CPU share the painting; one measures all."""

import json
import os
import subprocess
import sys
from pathlib import Path


def test_each_sample_is_painted_once_and_the_first_process_measures_all(tmp_path):
    here = Path(__file__).parent
    paths = [here.parent / "data", here.parents[1]]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, here / "painting_run.py", tmp_path]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    read = lambda name: json.loads((tmp_path / f"{name}.json").read_text())  # noqa: E731
    shares = [read(f"painted-{rank}") for rank in range(2)]
    files, measured = read("measured")
    assert files == ["painted-0.json", "painted-1.json"]  # both had painted before it began
    assert sorted(shares[0] + shares[1]) == sorted(measured) and len(set(measured)) == 10
    assert all(shares)
    assert (read("found-0"), read("found-1")) == ({"leak": 0.5}, None)
