"""Measure a checkpoint or pipelines: `python evaluate.py [pipeline=...] [data=...]`."""

from __future__ import annotations

import json
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from omegaconf import DictConfig, ListConfig, OmegaConf

from pokecolor import runs
from pokecolor.errors import UserError
from pokecolor.launch import build_trainer, launch

if TYPE_CHECKING:
    from pokecolor.data.datamodule import TripletDataModule
    from pokecolor.measuring import MeasuredModule


def evaluate(config: DictConfig) -> None:
    """Measure on a split, and write the report on each pipeline, or a checkpoint's metrics."""
    import lightning
    from hydra.utils import instantiate

    if config.split not in ("val", "test"):
        raise UserError(f"split={config.split}: choose val or test")
    lightning.seed_everything(config.seed, workers=True, verbose=False)
    if not config.pipeline:
        ckpt_path = runs.find_checkpoint(config.ckpt_path, config.paths.runs, config.name)
        module = instantiate(config.model)
        _measure(module, config, ckpt_path)
        _write_metrics(module.results(), _report_folder(config, ckpt_path, config.name))
        return
    # pictures are colored from images and prompts, not from what a trainer cached of them
    config.data.cache_latents = config.data.cache_text = False
    many = isinstance(config.pipeline, ListConfig)
    if many and config.report:
        raise UserError("report: of several pipelines each has its own, so leave report=... out")
    for pipeline in list(config.pipeline) if many else [config.pipeline]:
        config.pipeline = pipeline
        _report_on(pipeline, config)


def _report_on(pipeline: str, config: DictConfig) -> None:
    from hydra.utils import instantiate

    from pokecolor.evaluation.report import Setting, write_report

    start = time.monotonic()
    module = instantiate(config.colorings)
    data = _measure(module, config, ckpt_path=None)
    folder = _report_folder(config, pipeline, pipeline)
    setting = Setting(
        pipeline=pipeline,
        data=data.name,
        split=config.split,
        command=shlex.join(["python", *sys.argv]),
        config=OmegaConf.to_yaml(config, resolve=True),
        seconds=time.monotonic() - start,
    )
    write_report(folder, module, setting, instantiate(config.guidance))
    print((folder / "report.md").read_text(encoding="utf-8"))
    print(f"written to {folder / 'index.html'}")


def _measure(
    module: MeasuredModule, config: DictConfig, ckpt_path: str | None
) -> TripletDataModule:
    """Have the module measure the split; returns the data."""
    from hydra.utils import instantiate

    data = instantiate(config.data)
    trainer = build_trainer(
        config.trainer, logger=False, enable_checkpointing=False, limit_val_batches=None
    )
    measure = {"val": trainer.validate, "test": trainer.test}[config.split]
    measure(module, datamodule=data, ckpt_path=ckpt_path, verbose=False)
    return data


def _report_folder(config: DictConfig, measured: str | None, name: str) -> Path:
    return Path(config.report or runs.report_folder(measured, Path(config.paths.runs) / name))


def _write_metrics(results: dict, folder: Path) -> None:
    report = folder / "metrics.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(report.read_text(encoding="utf-8"), end="")
    print(f"written to {report}")


if __name__ == "__main__":
    launch(evaluate, Path(__file__).resolve().parent / "conf", "evaluate")
