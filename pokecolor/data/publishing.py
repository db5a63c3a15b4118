"""Writes shards in the formats of `datasets`: an imagefolder with metadata, or Parquet.

The bytes of the images are copied unchanged.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from pokecolor.core.atomic_folders import build_folder
from pokecolor.core.errors import UserError
from pokecolor.core.extras import hint
from pokecolor.core.schema import SPLITS
from pokecolor.data import records
from pokecolor.data.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pokecolor.core.schema import Split
    from pokecolor.data.records import Members
    from pokecolor.data.shards import ShardFolder

Format = Literal["imagefolder", "parquet"]
FORMATS: tuple[Format, ...] = ("imagefolder", "parquet")

PUBLIC_NAMES: dict[Split, str] = {"train": "train", "val": "validation", "test": "test"}
"""The name of each split on the hub."""

IMAGES = {
    "original_image": records.ORIGINAL,
    "edited_image": records.EDITED,
    "part_map": records.PART_MAP,
}
"""Column of images => member of a sample."""

_TEXT = {"dtype": "string", "_type": "Value"}
_FEATURES: dict[str, Any] = {
    "id": _TEXT,
    "drawing_id": _TEXT,
    "edit_prompt": _TEXT,
    "parts": [
        {
            "name": _TEXT,
            "color": _TEXT,
            "rgb": [{"dtype": "uint8", "_type": "Value"}],
            "named": {"dtype": "bool", "_type": "Value"},
        }
    ],
    **{name: {"_type": "Image"} for name in IMAGES},
}
"""The features of the columns, as `datasets` writes them into a Parquet file's metadata."""


def publish(folder: ShardFolder, target: Path, form: Format) -> dict[str, int]:
    """Write all samples of a folder of shards. The target is created completely or not at all.

    Args:
        folder: shards of images.
        target: a folder that does not exist yet.
        form: one of `FORMATS`.

    Returns:
        the number of samples of each split, by its name on the hub.

    Raises:
        UserError: the target is there, a shard is damaged, or the disk is full; or pyarrow is
            missing, which Parquet needs.
    """
    write = {"imagefolder": _write_imagefolder, "parquet": _write_parquet}[form]
    counts = {
        PUBLIC_NAMES[split]: folder.manifest.splits[split].samples
        for split in SPLITS
        if folder.manifest.splits[split].samples
    }
    with build_folder(target) as partial:
        if partial is None:
            raise UserError(f"{target}: exists already; name another folder by --out")
        with progress_bar() as bar:
            task = bar.add_task("Writing samples", total=sum(counts.values()))
            for split in SPLITS:
                if folder.manifest.splits[split].samples:
                    for written in write(folder, split, partial):
                        bar.advance(task, written)
        card = _card(folder.manifest.source, counts, form)
        (partial / "README.md").write_text(card, encoding="utf-8")
    return counts


def _write_imagefolder(folder: ShardFolder, split: Split, target: Path) -> Iterator[int]:
    """Write numbered images and `metadata.jsonl`."""
    place = target / PUBLIC_NAMES[split]
    place.mkdir()
    with (place / "metadata.jsonl").open("w", encoding="utf-8") as table:
        for number, members in enumerate(folder.samples(split)):
            row = _texts(members)
            for column, member in IMAGES.items():
                if member in members:
                    name = f"{number:09d}-{column}.png"
                    (place / name).write_bytes(members[member])
                    row[f"{column}_file_name"] = name
            table.write(json.dumps(row, ensure_ascii=False) + "\n")
            yield 1


def _write_parquet(folder: ShardFolder, split: Split, target: Path) -> Iterator[int]:
    """Write one Parquet file for each shard, images included."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise UserError(
            f"--format parquet: pyarrow is not installed: {hint('hub')}; or take imagefolder"
        ) from None
    text, image = pyarrow.string(), pyarrow.struct({"bytes": pyarrow.binary(), "path": "string"})
    part = {"name": text, "color": text, "rgb": pyarrow.list_(pyarrow.uint8()), "named": "bool"}
    kinds = {"id": text, "drawing_id": text, "edit_prompt": text}
    kinds["parts"] = pyarrow.list_(pyarrow.struct(part))
    schema = pyarrow.schema({**kinds, **dict.fromkeys(IMAGES, image)})
    header = {"huggingface": json.dumps({"info": {"features": _FEATURES}})}
    shards = folder.manifest.splits[split].shards
    (target / "data").mkdir(exist_ok=True)
    for number, shard in enumerate(shards):
        rows = [_row(members) for members in folder.read(shard)]
        name = f"{PUBLIC_NAMES[split]}-{number:05d}-of-{len(shards):05d}.parquet"
        table = pyarrow.Table.from_pylist(rows, schema.with_metadata(header))
        parquet.write_table(table, target / "data" / name, row_group_size=100)
        yield len(rows)


def _row(members: Members) -> dict[str, Any]:
    """A sample as a row of Parquet."""
    row = _texts(members)
    for column, member in IMAGES.items():
        data = members.get(member)
        row[column] = None if data is None else {"bytes": data, "path": None}
    return row


def _texts(members: Members) -> dict[str, Any]:
    meta = records.decode_meta(members)
    return {
        "id": meta["id"],
        "drawing_id": meta["drawing_id"],
        "edit_prompt": records.decode_prompt(members),
        "parts": meta["parts"],
    }


def _card(source: str, counts: Mapping[str, int], form: Format) -> str:
    """The text of `README.md`, whose header tells the hub where the splits are."""
    places = {"imagefolder": "{}/**", "parquet": "data/{}-*"}
    files = "\n".join(
        f"  - split: {split}\n    path: {places[form].format(split)}" for split in counts
    )
    rows = "\n".join(f"| {split} | {count} |" for split, count in counts.items())
    return f"""---
task_categories:
- image-to-image
tags:
- instruct-pix2pix
- colorization
configs:
- config_name: default
  data_files:
{files}
---

# Line drawings, instructions and colored drawings

Samples of `{source}`, written by pokecolor. `edited_image` is what `edit_prompt` makes of
`original_image`; `parts` are parts whose color is known, and `part_map` says where they show: i
where the i-th part does, from 1. Samples with one `drawing_id` are of one drawing.

| Split | Samples |
| --- | --- |
{rows}
"""
