"""`pokecolor evaluate` and `evaluate.py`: pipelines, a folder of images, or a checkpoint."""

from __future__ import annotations

import json
import logging
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from pokecolor.core.errors import UserError
from pokecolor.running import run_folders
from pokecolor.running.launch import build_trainer, launch
from pokecolor.running.overrides import find_config_dir
from pokecolor.running.program_name import command_words
from pokecolor.running.sweeps import in_sweep
from pokecolor.running.unused_settings import by_answer_key, require_used

if TYPE_CHECKING:
    import lightning

    from pokecolor.core.scoring import MetricResult

PAINTED_AT_A_TIME = 8
"""Few, so that the progress bar moves."""


def evaluate(config: DictConfig) -> float | None:
    """Measure on a split, write what was found, and return the metric a sweeper asks for."""
    if HydraConfig.initialized():
        require_used(config, list(HydraConfig.get().overrides.task))
    if config.images and (config.ckpt_path or config.pipeline not in (None, "latest")):
        raise UserError("give either images=... or pipeline=... or ckpt_path=..., one of them")
    if by_answer_key(config) and (config.ckpt_path or not (config.pipeline or config.images)):
        raise UserError(
            "data=answer_key: pictures are measured by it; give a pipeline, such as pipeline=mini, "
            "and no ckpt_path"
        )
    import lightning

    if config.split not in ("val", "test"):
        raise UserError(f"split={config.split}: choose val or test")
    if config.ckpt_path and config.pipeline not in (None, "latest"):
        raise UserError("give either pipeline=... or ckpt_path=..., not both")
    if in_sweep():  # each run its own report
        config.report = config.report or f"{config.paths.run}/report"
    lightning.seed_everything(config.seed, workers=True, verbose=False)
    if config.images:
        if not Path(config.images).is_dir():
            raise UserError(f"images={config.images}: no such folder")
        folder = Path(config.report or f"{Path(config.images)}-report")
        results = _evaluate_images(None, folder, config)
    elif config.ckpt_path or not config.pipeline:
        results = _test_checkpoint(config)
    else:
        results = _evaluate_pipelines(config)
    measured = (results or {}).get(config.optimized_metric)
    return measured["value"] if measured else None


def _test_checkpoint(config: DictConfig) -> dict[str, MetricResult]:
    """What the model says of itself in the trainer's validation or test."""
    from hydra.utils import instantiate

    ckpt_path = run_folders.find_checkpoint(config.ckpt_path, config.paths.runs, config.name)
    module, data, trainer = (
        instantiate(config.model),
        instantiate(config.data),
        prediction_trainer(config),
    )
    measure = {"val": trainer.validate, "test": trainer.test}[config.split]
    measure(module, datamodule=data, ckpt_path=ckpt_path, verbose=False)
    folder = Path(
        config.report or run_folders.report_folder(ckpt_path, config.paths.runs, config.name)
    )
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(module.results(), indent=2) + "\n"
    (folder / "metrics.json").write_text(text, encoding="utf-8")
    print(f"{text}written to {folder / 'metrics.json'}")
    return module.results()


def _evaluate_pipelines(config: DictConfig) -> dict[str, MetricResult] | None:
    """Each in turn, and then side by side; returns the first one's figures."""
    from pokecolor.commands.compare import compare

    wanted = OmegaConf.to_container(config).get("pipeline")
    pipelines = run_folders.find_pipelines(wanted, config.paths.runs)
    folders = [Path(run_folders.report_folder(each, config.paths.runs, each)) for each in pipelines]
    if len(pipelines) == 1 and config.report:
        folders = [Path(config.report)]
    found = [_evaluate_images(*each, config) for each in zip(pipelines, folders, strict=True)]
    if len(found) > 1 and found[0]:
        named = [wanted] if isinstance(wanted, str) else wanted
        reports = dict(zip(pipelines, folders, strict=True))
        places = [
            Path(each)
            if Path(each).is_dir()
            else reports[run_folders.find_pipelines(each, config.paths.runs)[0]]
            for each in named
        ]
        compare(places, Path(config.report or run_folders.comparison_folder(wanted)))
    return found[0]


def _evaluate_images(
    pipeline: str | None, folder: Path, config: DictConfig
) -> dict[str, MetricResult] | None:
    """Generate the images of a pipeline, unless they are another program's, and score them.

    Returns:
        the figures; None in all processes but the first.
    """
    from hydra.utils import instantiate
    from lightning.pytorch.utilities import rank_zero_only

    from pokecolor.evaluation.generate import generate
    from pokecolor.evaluation.image_folder import ImageFolder
    from pokecolor.evaluation.score import score

    rank_zero_only(print)(f"measuring {pipeline or config.images}", flush=True)
    images = ImageFolder(folder / "generated" if pipeline else config.images)
    config = config.copy()
    config.pipeline = pipeline
    # pictures are colored from images and prompts, not from what a trainer cached of them
    settings = {"cache_latents": False, "cache_text": False, "eval_batch_size": PAINTED_AT_A_TIME}
    settings = {name: value for name, value in settings.items() if name in config.data}
    data = instantiate(config.data, **settings, predict_split=config.split)
    asked = instantiate(config.colorings, **({} if pipeline else {"colorizer": None}))
    config.colorings.update(asked.sampling)  # what was left to the pipeline is in the report, too
    guidance = instantiate(config.guidance) if pipeline else None
    test_set = instantiate(config.test_set)(data, asked, guidance)
    start = time.monotonic()
    generated = generate(asked, images, test_set, prediction_trainer(config)) if pipeline else 0
    results = score(
        images,
        test_set,
        prediction_trainer(config),
        folder,
        start,
        pipeline=pipeline or str(config.images),
        painted=generated,
        command=shlex.join([*command_words(), *sys.argv[1:]]),
        config=OmegaConf.to_yaml(config, resolve=True),
    )
    if results:
        if pipeline:
            _add_to_card(Path(pipeline), folder)
        print((folder / "report.md").read_text(encoding="utf-8"))
        print(f"written to {folder / 'index.html'}", flush=True)
    return results


def _add_to_card(pipeline: Path, folder: Path) -> None:
    """Have the card of a run's pipeline say what the report in its run found."""
    from pokecolor.evaluation.card_figures import add_figures
    from pokecolor.evaluation.reports.saved_report import load_report

    if pipeline.is_dir() and folder.resolve() == pipeline.resolve().parent / "report":
        report = load_report(folder)
        if report and add_figures(pipeline, report):
            print(f"its figures are in {pipeline / 'README.md'}")


def prediction_trainer(config: DictConfig) -> lightning.Trainer:
    """A trainer that goes through test sets, with a progress bar and without a log."""
    from lightning.pytorch.callbacks import RichProgressBar

    from pokecolor.running.sigterm_callback import EndAtSigterm

    trainer = build_trainer(
        config.trainer,
        logger=False,
        enable_checkpointing=False,
        limit_val_batches=None,
        callbacks=[RichProgressBar(), EndAtSigterm()],
    )
    # which devices there are: training says it, and it would hide the report
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    return trainer


if __name__ == "__main__":
    launch(evaluate, find_config_dir(), "evaluate", keeps_what_is_done=True)
