"""`pokecolor train` and `train.py`: train a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from pokecolor.core import changed_settings
from pokecolor.running import run_folders
from pokecolor.running.launch import build_trainer, launch
from pokecolor.running.overrides import find_config_dir


def train(config: DictConfig) -> float | None:
    """Build what the configuration names, fit, and return the metric a sweeper asks for."""
    import lightning
    from hydra.utils import instantiate
    from lightning.pytorch.callbacks import Checkpoint, LambdaCallback, ProgressBar
    from lightning.pytorch.utilities import rank_zero_only

    from pokecolor.core.training.resumption import Resumption
    from pokecolor.core.training.tracking import Tracking

    ckpt_path = run_folders.find_checkpoint(config.ckpt_path, config.paths.runs, config.name)
    settings = OmegaConf.to_container(config)
    if ckpt_path:
        rank_zero_only(print)(_resume_message(ckpt_path, settings), flush=True)
    lightning.seed_everything(config.seed, workers=True, verbose=False)
    if config.trainer.fast_dev_run and config.data.get("limit", 0) is None:
        config.data.limit = config.data.batch_size  # enough for the batch that is tried
    datamodule = instantiate(config.data)
    module = instantiate(config.model)
    callbacks = [instantiate(callback) for callback in _chosen(config.callbacks)]
    loggers = [instantiate(logger) for logger in _chosen(config.logger)]
    callbacks.append(Resumption(settings, config.resume.allow_changes))
    callbacks.append(Tracking(OmegaConf.to_container(config, resolve=True)))
    # not before: a run that cannot begin is not the latest
    link = rank_zero_only(run_folders.link_latest)
    if not config.trainer.fast_dev_run:
        callbacks.append(
            LambdaCallback(on_train_start=lambda *_: link(config.paths.run, config.paths.runs))
        )
    trainer = build_trainer(
        config.trainer,
        callbacks=callbacks,
        logger=loggers,
        # Lightning would put its own in the place of those that were turned off
        enable_checkpointing=any(isinstance(each, Checkpoint) for each in callbacks),
        enable_progress_bar=any(isinstance(each, ProgressBar) for each in callbacks),
    )

    trainer.fit(module, datamodule=datamodule, ckpt_path=ckpt_path)
    rank_zero_only(run_folders.print_outputs)(config.paths.run)

    if ckpt_path and config.optimized_metric not in trainer.callback_metrics:
        # it went on from so late a checkpoint that nothing was validated since
        trainer.validate(module, datamodule=datamodule, verbose=False)
    value = trainer.callback_metrics.get(config.optimized_metric)
    return None if value is None else value.item()


def _chosen(group: DictConfig | None) -> list[DictConfig]:
    """The parts of a group; an experiment may have settings of one that was turned off."""
    return [part for part in (group or {}).values() if part and "_target_" in part]


def _resume_message(ckpt_path: str, settings: dict[str, Any]) -> str:
    """Compare with the checkpoint's settings, and say which differ.

    Raises:
        UserError: it cannot go on with one.
    """
    from pokecolor.core.training.checkpoint_io import read_settings

    before = read_settings(Path(ckpt_path))
    if not before:
        return f"going on from {ckpt_path}, which does not say what settings it was made with"
    changed = changed_settings.changes(before, settings)
    changed_settings.require_fitting(changed, settings["resume"]["allow_changes"])
    return f"going on from {ckpt_path}" + (
        f" with {changed_settings.describe_changes(changed)}" if changed else ""
    )


if __name__ == "__main__":
    launch(train, find_config_dir(), "train")
