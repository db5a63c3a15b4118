"""Make a run's weights part of mini: `python tools/ship.py runs/<time>-mini_vae`.

Takes what the run left: `vae/`, or `clip/` and `tokenizer/`, or `text_encoder/`, or the UNet and
the noise schedule of `pipeline/`, the UNet as float16. Then the sums of all of `mini` are written.
After another architecture `python tools/mini_graphs.py` makes the ONNX graphs anew.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel

from pokecolor.model_files import sampling
from pokecolor.model_files.checksums import write_sums
from pokecolor.model_files.mini import MINI

PARTS = ("vae", "clip", "text_encoder", "tokenizer")


def ship(run: Path, target: Path) -> list[str]:
    """Copy the parts of a run and return their names."""
    shipped = [part for part in PARTS if (run / part).is_dir()]
    for part in shipped:
        shutil.copytree(run / part, target / part, dirs_exist_ok=True)
    pipeline = run / "pipeline"
    if pipeline.is_dir():
        unet = UNet2DConditionModel.from_pretrained(pipeline / "unet").to(torch.float16)
        unet.save_pretrained(target / "unet")
        shutil.copytree(pipeline / "scheduler", target / "scheduler", dirs_exist_ok=True)
        for name in ("model_index.json", sampling.FILE):
            shutil.copy(pipeline / name, target)
        shutil.copy(pipeline / "README.md", target / "unet" / "README.md")
        shipped += ["unet", "scheduler"]
    for part in shipped:
        _forget_origin(target / part / "config.json")
    if shipped:
        write_sums(target)
    return shipped


def _forget_origin(config: Path) -> None:
    """Take the folder that a model was read from out of its configuration: it is one of ours."""
    if config.is_file():
        settings = json.loads(config.read_text(encoding="utf-8"))
        settings.pop("_name_or_path", None)
        config.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--to", type=Path, default=MINI, help="by default the mini of the package")
    arguments = parser.parse_args()
    run, target = arguments.run, arguments.to
    shipped = ship(run, target)
    if not shipped:
        parser.error(f"{run}: neither parts of mini nor a pipeline in it")
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(f"{', '.join(shipped)} to {target}; all of mini: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
