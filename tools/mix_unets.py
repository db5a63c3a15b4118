"""Mean of two UNets of one shape: `python tools/mix_unets.py FIRST SECOND 0.6 OUT`, 0.6 of FIRST.

What a UNet learns on other data costs some of what it knew. Between both, on the straight line from
one set of weights to the other, there is often one that has most of both ("model soups",
https://arxiv.org/abs/2203.05482).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel


@torch.no_grad()
def mix(first: UNet2DConditionModel, second: UNet2DConditionModel, share: float) -> None:
    """Move `first` to `share` of itself and the rest of `second`.

    Raises:
        ValueError: their parameters differ in names or shapes.
    """
    ours, theirs = first.state_dict(), second.state_dict()
    if {k: v.shape for k, v in ours.items()} != {k: v.shape for k, v in theirs.items()}:
        raise ValueError("the UNets differ in shape")
    for name, weights in ours.items():
        weights.lerp_(theirs[name], 1 - share)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("first", type=Path, help="folder of a UNet")
    parser.add_argument("second", type=Path, help="folder of another")
    parser.add_argument("share", type=float, help="of the first, 0 to 1")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    first, second = (
        UNet2DConditionModel.from_pretrained(folder, torch_dtype=torch.float32)
        for folder in (options.first, options.second)
    )
    try:
        mix(first, second, options.share)
    except ValueError as error:
        parser.error(str(error))
    first.to(torch.float16).save_pretrained(options.out)


if __name__ == "__main__":
    main()
