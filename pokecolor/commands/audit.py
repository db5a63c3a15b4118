"""`pokecolor audit`: compares the colors in captions with the colors in the images."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from pokecolor.captioning.audit_report import Sample, SourceAudit
    from pokecolor.data.datamodule import TripletDataModule

BATCH_SIZE = 64
"""Captions scored at a time."""
FILE_WIDTH = 150
"""Width of the table if standard output is no terminal."""


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "audit", help="compare the colors that captions name with the colors of their images"
    )
    parser.add_argument(
        "overrides",
        nargs="*",
        help="settings as for train.py; several sources: caption=clip,original",
    )
    parser.add_argument(
        "--split", choices=("train", "val", "test", "all"), default="test", help="default: test"
    )
    parser.add_argument("--out", type=Path, help="a folder; by default reports/captions/<data set>")
    parser.add_argument(
        "--config-dir", type=Path, metavar="DIR", help="a folder with configs of your own"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from hydra.utils import instantiate
    from rich.console import Console
    from rich.table import Table

    from pokecolor.captioning.audit_report import HEADER, audit_rows, write_audit
    from pokecolor.core.schema import SPLITS
    from pokecolor.running.overrides import say_where

    configs = _compose(options.overrides, options.config_dir)
    say_where(next(iter(configs.values())))
    # all sources are compared on the same data
    data = instantiate(
        next(iter(configs.values())).data, caption=None, cache_latents=False, cache_text=False
    )
    data.prepare_data()
    splits = SPLITS if options.split == "all" else (options.split,)
    samples, originals = _samples(data, splits)
    if not samples:
        raise UserError(f"{data.folder.location}: nothing in the {options.split} split")
    audits = [
        _audit(name, config, data, splits, samples, originals) for name, config in configs.items()
    ]
    out = options.out or Path("reports") / "captions" / f"{data.name}-{options.split}"
    title = f"Captions of {data.name}, {options.split}: {len(samples)} images"
    write_audit(out, title, samples, audits)
    table = Table(title=title)
    for column in HEADER:
        table.add_column(column, overflow="fold")
    for row in audit_rows(samples, audits):
        table.add_row(*row)
    # a file has no width limit
    Console(width=None if sys.stdout.isatty() else FILE_WIDTH).print(table)
    print(f"written to {out}: audit.md, captions.csv, a picture of each source")


def _compose(overrides: list[str], own: Path | None) -> dict[str, DictConfig]:
    """The configuration of each source in `caption=a,b`, or of the default source."""
    from pokecolor.running.overrides import compose_config, find_config_dir

    chosen = [text for text in overrides if text.startswith("caption=")]
    others = [text for text in overrides if text not in chosen]
    names = chosen[-1].removeprefix("caption=").split(",") if chosen else ["clip"]
    folder = find_config_dir()
    return {
        name: compose_config(folder, "train", [*others, f"caption={name}"], own)
        for name in dict.fromkeys(names)
    }


def _samples(data: TripletDataModule, splits: tuple) -> tuple[list[Sample], list[str]]:
    """The samples to audit, and their captions in the data set.

    The colors of drawings with parts are known; others are determined from the image.
    """
    from pokecolor.captioning.audit import colors_of, colors_of_parts
    from pokecolor.captioning.audit_report import Sample

    samples, originals = [], []
    for split in splits:
        for triplet in data.triplets(split):
            colors = {}
            if triplet.part_map is not None:
                colors = colors_of_parts(triplet.part_map, triplet.parts)
            image = triplet.edited_image
            colors = colors or colors_of(image)
            samples.append(Sample(triplet.id, triplet.drawing_id, image, colors))
            originals.append(triplet.edit_prompt)
    return samples, originals


def _audit(
    name: str,
    config: DictConfig,
    data: TripletDataModule,
    splits: tuple,
    samples: list[Sample],
    originals: list[str],
) -> SourceAudit:
    """Let a source write missing captions, and audit all of them."""
    from hydra.utils import instantiate

    from pokecolor.captioning.audit import CaptionAudit
    from pokecolor.captioning.audit_report import SourceAudit
    from pokecolor.captioning.binding import tells_apart
    from pokecolor.captioning.captioner import Scorer
    from pokecolor.data.captions import load_captions, prepare_captions
    from pokecolor.model_files.mini import mini_tokenizer

    source = instantiate(config.caption)
    prepare_captions(source, data.folder, splits)
    load_captions(source, data.folder, splits)
    tokenizer = mini_tokenizer()
    captions = [
        source.prompt(sample.id, original)
        for sample, original in zip(samples, originals, strict=True)
    ]
    lengths = [len(tokens) for tokens in tokenizer(captions).input_ids]
    findings = [
        CaptionAudit(caption, sample.colors, length)
        for caption, sample, length in zip(captions, samples, lengths, strict=True)
    ]
    bindings: list[float | None] = []
    captioner = getattr(source, "captioner", None)
    if isinstance(captioner, Scorer):
        for start in range(0, len(samples), BATCH_SIZE):
            batch = samples[start : start + BATCH_SIZE]
            bindings += tells_apart(
                captioner,
                [sample.image for sample in batch],
                originals[start : start + BATCH_SIZE],
                [sample.id for sample in batch],
            )
    return SourceAudit(name, findings, bindings)
