"""`pokecolor prefer`: asks people which of two pictures they prefer, and counts what they chose."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pokecolor.evaluation.preference import ImagePair

LONGEST_SIDE = 512
"""Pixels of a picture on the page."""


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "prefer", help="blind test: which of two models' images do people prefer?"
    )
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER",
        help="two folders with images of the same names, such as generated/ of two reports",
    )  # fmt: skip
    parser.add_argument(
        "--prompts", type=Path, metavar="CSV", help="the instructions: columns id,caption"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("prefer.html"),
        help="the page to send to people (default: %(default)s); its key, which says whose picture "
        "is whose, is written beside it as <name>.key.csv",
    )  # fmt: skip
    parser.add_argument(
        "--count",
        nargs="+",
        type=Path,
        metavar="CSV",
        help="the files that people saved from the page",
    )
    parser.add_argument("--key", type=Path, help="with --count: the page's key")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    if options.count:
        if options.folders or options.key is None:
            raise UserError("prefer --count RESULTS.csv --key PAGE.key.csv: give these two")
        return _count(options.key, options.count)
    if len(options.folders) != 2:
        raise UserError("prefer A B: give two folders of images, or --count with --key")
    return _write(options)


def _write(options: argparse.Namespace) -> None:
    from pokecolor.core.tables import read_csv
    from pokecolor.evaluation.preference import pair_pictures, write_key
    from pokecolor.evaluation.reports.page import write_pages

    captions: dict[str, str] = {}
    if options.prompts:
        table = read_csv(options.prompts)
        if not {"id", "caption"} <= set(table.columns):
            raise UserError(f"{options.prompts}: it needs the columns id,caption")
        captions = {row["id"]: row["caption"] for _, row in table.rows}
    pairs, left_out = pair_pictures(*options.folders)
    key = options.out.with_name(f"{options.out.stem}.key.csv")
    for path in (options.out, key):
        if path.exists():  # choices that people have made would belong to no page
            raise UserError(f"{path}: is there already; delete it, or give another --out")
    context = {"pairs": [_shown(pair, captions) for pair in pairs], "name": options.out.stem}
    write_pages(options.out.parent, {options.out.name: "prefer.html"}, context)
    write_key(key, pairs)
    if left_out:
        print(left_out)
    if captions and (unnamed := sum(pair.name not in captions for pair in pairs)):
        print(f"{unnamed} pairs have no caption in {options.prompts}")
    print(
        f"{len(pairs)} pairs: {options.out}, to be opened in a browser; "
        f"A is {options.folders[0]} and B is {options.folders[1]} in {key}"
    )


def _shown(pair: ImagePair, captions: Mapping[str, str]) -> dict[str, object]:
    """What the page shows of a pair."""
    import numpy as np

    from pokecolor.core.images.conversion import load_image

    shown: dict[str, object] = {"caption": captions.get(pair.name, "")}
    for side, id_ in (("left", pair.left), ("right", pair.right)):
        image = load_image(pair.files[id_])
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        shown[side] = {"id": id_, "image": np.asarray(image)}
    return shown


def _count(key: Path, results: list[Path]) -> None:
    from pokecolor.evaluation.preference import LEVEL, count_choices

    found = count_choices(key, results)
    total = sum(found.wins.values())
    low, high = found.interval
    print(f"A was preferred {found.wins['A']} times, B {found.wins['B']} times, of {total}")
    print(
        f"share of A {found.wins['A'] / total:.3f} ({100 * LEVEL:.0f}% interval {low:.3f} to "
        f"{high:.3f}), exact sign test p = {found.p_value:.3g}"
    )
    if len(results) > 1:
        print(
            "several people chose between the same drawings, which is not independent: the "
            "interval is too narrow; count each person's file alone, too"
        )
