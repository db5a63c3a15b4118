"""Measure a checkpoint or a pipeline: `python evaluate.py [pipeline=...] [data=...]`."""

from __future__ import annotations

import json
from pathlib import Path

from omegaconf import DictConfig

from pokecolor import runs
from pokecolor.errors import UserError
from pokecolor.launch import launch


def evaluate(config: DictConfig) -> None:
    """Measure on a split; print the metrics and write them to `report/metrics.json`."""
    import lightning
    from hydra.utils import instantiate

    if config.split not in ("val", "test"):
        raise UserError(f"split={config.split}: choose val or test")
    if config.pipeline:
        ckpt_path = None
        # pictures are colored from images and prompts, not from what a trainer cached of them
        config.data.cache_latents = config.data.cache_text = False
    else:
        ckpt_path = runs.find_checkpoint(config.ckpt_path, config.paths.runs, config.name)
    lightning.seed_everything(config.seed, workers=True, verbose=False)
    datamodule = instantiate(config.data)
    module = instantiate(config.colorings if config.pipeline else config.model)
    trainer = instantiate(config.trainer, _partial_=True)(
        logger=False, enable_checkpointing=False, limit_val_batches=None
    )

    measure = {"val": trainer.validate, "test": trainer.test}[config.split]
    measure(module, datamodule=datamodule, ckpt_path=ckpt_path, verbose=False)
    name = config.pipeline or config.name
    folder = runs.report_folder(config.pipeline or ckpt_path, Path(config.paths.runs) / name)
    report = folder / "metrics.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps(module.results(), indent=2) + "\n", encoding="utf-8")
    print(report.read_text(encoding="utf-8"), end="")
    print(f"written to {report}")


if __name__ == "__main__":
    launch(evaluate, Path(__file__).resolve().parent / "conf", "evaluate")
