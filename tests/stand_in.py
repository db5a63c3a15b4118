"""A root script with a tiny configuration, for tests of what happens around a run."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CONFIGS = {
    "train.yaml": """
        defaults: [_self_, {data: openmoji}, {trainer: default}, {experiment: null}]
        name: stand-in
        seed: 42
        ckpt_path: null
        hydra:
          run: {dir: run}
          sweep: {dir: sweep, subdir: "${variant_folder:${hydra.job.override_dirname}}"}
          callbacks: {end: {_target_: pokecolor.commands.sweep_end.SweepEnd}}
        """,
    "data/openmoji.yaml": "{_target_: builtins.dict, batch_size: 2, flip: true}",
    "data/folder.yaml": """
        _target_: builtins.dict
        root: ???
        """,
    "trainer/default.yaml": "{max_steps: 2}",
    "trainer/ddp.yaml": "{max_steps: 2}",
    "experiment/quick.yaml": "{name: quick}",
}

SCRIPT = """
from pathlib import Path

from pokecolor.running.launch import launch


def task(config):
    from hydra.utils import instantiate
    instantiate(config.data)
{body}


if __name__ == "__main__":
    launch(task, Path(__file__).resolve().parent / "conf", "train")
"""


def write_configs(root: Path) -> Path:
    """Write `CONFIGS` to `root`/conf."""
    for name, text in CONFIGS.items():
        path = root / "conf" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [line.removeprefix(" " * 8) for line in text.strip("\n").splitlines()]
        path.write_text("\n".join(lines) + "\n")
    return root / "conf"


@dataclass
class Script:
    """A script in a folder of its own."""

    path: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the script; its standard output and error are pipes."""
        return subprocess.Popen(
            [sys.executable, self.path.name, *arguments],
            cwd=self.path.parent,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # a shell that starts the tests in the background has them ignore Ctrl-C
            preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run the script; its exit code, standard output and standard error."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=600)
        return process.returncode, out, err


def write_script(root: Path, body: str) -> Script:
    """A script whose task is `body`, Python statements on `config`."""
    write_configs(root)
    path = root / "train.py"
    path.write_text(SCRIPT.format(body="\n".join(f"    {line}" for line in body.splitlines())))
    return Script(path)
