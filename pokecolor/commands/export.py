"""`pokecolor export`: converts a checkpoint to a pipeline, and a pipeline to ONNX."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core import extras
from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from omegaconf import DictConfig


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "export",
        help="convert a checkpoint to a pipeline, or a pipeline to ONNX",
    )
    parser.add_argument(
        "source",
        type=Path,
        metavar="SOURCE",
        help="a checkpoint; with --format onnx: mini, or the folder or file of a pipeline",
    )
    parser.add_argument(
        "--format",
        choices=("diffusers", "onnx"),
        default="diffusers",
        help="onnx: graphs with float16 weights, which run without PyTorch",
    )
    parser.add_argument(
        "--out",
        type=Path,
        help="a folder; by default pipeline/ in the checkpoint's run, or the source's name and "
        "-onnx",
    )
    parser.add_argument(
        "--single-file",
        action="store_true",
        help="also write one .safetensors in Stable Diffusion's original layout (ComfyUI)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    if options.format == "onnx":
        if options.single_file:
            raise UserError("export: --single-file is of a checkpoint; leave out --format onnx")
        _export_onnx(options.source, options.out)
    else:
        _export_checkpoint(options.source, options.out, options.single_file)


def _export_onnx(source: Path, out: Path | None) -> None:
    """Convert a pipeline.

    Raises:
        UserError: it is none, what converts it is not installed, or the folder cannot be written.
    """
    if missing := extras.missing("onnx"):
        raise UserError(
            f"{extras.packages_as_subject(missing)} not installed: {extras.hint('onnx')}"
        )
    from pokecolor.coloring.engines.onnx_export import write_onnx
    from pokecolor.model_files.base_models.reading import read_pipeline
    from pokecolor.model_files.mini import MINI
    from pokecolor.model_files.sampling import Sampling
    from pokecolor.model_files.saving import require_replaceable, whole_folder

    folder = out or Path(f"{source.name if source.is_dir() else source.stem}-onnx")
    require_replaceable(folder)  # not when all is done
    source = MINI if str(source) == "mini" else source
    pipeline, sampling = read_pipeline(source), Sampling.load(source)
    with whole_folder(folder) as partial:
        write_onnx(pipeline, partial)
        sampling.save(partial)
        if (card := source / "README.md").is_file():
            shutil.copy(card, partial)
    print(folder)


def _export_checkpoint(path: Path, out: Path | None, single_file: bool) -> None:
    from pokecolor.core.training.checkpoint_io import AtomicCheckpointIO
    from pokecolor.diffusion.auxiliary_losses import AuxiliaryLoss
    from pokecolor.diffusion.card import ModelCard
    from pokecolor.diffusion.export import export_pipeline
    from pokecolor.model_files.saving import require_replaceable
    from pokecolor.running.trusted_targets import build_trusted

    run = path.absolute().parent.parent
    folder = out or run / "pipeline"
    require_replaceable(folder)  # not when all is done
    checkpoint = AtomicCheckpointIO().load_checkpoint(path)
    config = _read_settings(run / ".hydra" / "config.yaml")
    left_out = ("optimizer", "lr_scheduler")
    module = build_trusted(config, "model", without=left_out, kind=AuxiliaryLoss)
    module.on_load_checkpoint(checkpoint)
    module.load_state_dict(checkpoint["state_dict"], strict=False)  # what is frozen is not in it
    data = build_trusted(config, "data", without=("caption",))
    card = ModelCard(
        origin=module.components.origin,
        data=data.name,
        attribution=data.attribution,
        datasets=getattr(data.source, "hub_ids", ()),
        recipe={
            "optimizer steps": checkpoint["global_step"],
            "samples seen": checkpoint["samples_seen"],
            "seed": config.get("seed"),
        },
    )
    print(export_pipeline(module, folder, card, single_file=single_file))


def _read_settings(path: Path) -> DictConfig:
    """The settings of the run that a checkpoint lies in.

    Raises:
        UserError: there are none, or they cannot be read.
    """
    from omegaconf import DictConfig, OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    if not path.is_file():
        raise UserError(f"{path}: missing; the checkpoint must lie in its run's checkpoints/")
    try:
        config = OmegaConf.load(path)
    except (OSError, ValueError, YAMLError, OmegaConfBaseException) as error:
        reason = " ".join(str(error).split())[:160]
        raise UserError(f"{path}: cannot be read ({reason})") from error
    if not isinstance(config, DictConfig):
        raise UserError(f"{path}: not the settings of a run")
    return config
