"""Give a model's UNet more layers that do nothing yet: `python tools/grow_unet.py FOLDER 2 2 1`.

FOLDER is a copy of the model in diffusers layout and is changed in place; the numbers say how many
layers each level is to have, the finest first. With `--finest-reads 2` the finest level reads the
text, too, by cross-attention of 2 heads. The UNet paints what it painted before, because the new
layers add 0 to what passes through them (Net2Net, Chen et al. 2016), and learns on from there.
"""

from __future__ import annotations

import argparse
import operator
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel
from diffusers.utils import SAFETENSORS_WEIGHTS_NAME
from safetensors.torch import load_file
from torch import nn


def grow(unet: UNet2DConditionModel, layers: list[int]) -> UNet2DConditionModel:
    """A UNet with `layers` of them in each level that computes the same.

    A new layer stands behind the first of its level, on the way down and on the way up: what the
    way down then hands across twice are equals, so the old layers find what they knew.

    Raises:
        ValueError: not one number for each level, or a level would have fewer layers than it has.
    """
    config = dict(unet.config)
    had = config["layers_per_block"]
    had = [had] * len(unet.down_blocks) if isinstance(had, int) else list(had)
    if len(layers) != len(had) or any(map(operator.lt, layers, had)):
        raise ValueError(f"{layers}: give {len(had)} numbers of layers, {had} or more")
    more = list(map(operator.sub, layers, had))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        grown = UNet2DConditionModel(**{**config, "layers_per_block": layers})
    state = grown.state_dict()
    for name, value in unet.state_dict().items():
        state[_moved(name, more)] = value
    grown.load_state_dict(state)
    for down, count in zip(grown.down_blocks, more, strict=True):
        for number in range(1, 1 + count):
            _silence(down, number)
    for up, count in zip(grown.up_blocks, reversed(more), strict=True):
        for number in range(1, 1 + count):
            _silence(up, number)
    return grown


def let_finest_read(unet: UNet2DConditionModel, heads: int) -> UNet2DConditionModel:
    """A UNet that computes the same, and whose finest level reads the text by cross-attention.

    It has no self-attention there, whose cost rises with the square of the number of cells.

    Raises:
        ValueError: it does so already, or its channels cannot be shared out among the heads.
    """
    config = dict(unet.config)
    down, up = list(config["down_block_types"]), list(config["up_block_types"])
    if down[0] != "DownBlock2D" or up[-1] != "UpBlock2D":
        raise ValueError(f"the finest level reads the text already ({down[0]}, {up[-1]})")
    channels = config["block_out_channels"][0]
    if heads < 1 or channels % heads:
        raise ValueError(f"{heads} heads cannot share {channels} channels")
    had = config["attention_head_dim"]
    had = [had] * len(down) if isinstance(had, int) else list(had)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        reading = UNet2DConditionModel(
            **{
                **config,
                "down_block_types": ["CrossAttnDownBlock2D", *down[1:]],
                "up_block_types": [*up[:-1], "CrossAttnUpBlock2D"],
                "attention_head_dim": [heads, *had[1:]],
                "only_cross_attention": [True] + [False] * (len(down) - 1),
            }
        )
    reading.load_state_dict({**reading.state_dict(), **unet.state_dict()})
    for block in (reading.down_blocks[0], reading.up_blocks[-1]):
        for number in range(len(block.attentions)):
            _silence_attention(block, number)
    return reading


def _moved(name: str, more: list[int]) -> str:
    """What a weight is called when `more` layers stand behind the first of its level."""
    words = name.split(".")
    if words[0] in ("down_blocks", "up_blocks") and words[2] in ("resnets", "attentions"):
        level, layer = int(words[1]), int(words[3])
        level = level if words[0] == "down_blocks" else len(more) - 1 - level
        words[3] = str(layer + more[level] * (layer > 0))
    return ".".join(words)


@torch.no_grad()
def _silence(block: nn.Module, number: int) -> None:
    """Make a layer add 0 to what it is given, and forget what the other way hands across."""
    resnet = block.resnets[number]
    nn.init.zeros_(resnet.conv2.weight)
    nn.init.zeros_(resnet.conv2.bias)
    if resnet.conv_shortcut is not None:
        nn.init.zeros_(resnet.conv_shortcut.bias)
        nn.init.zeros_(resnet.conv_shortcut.weight)
        nn.init.eye_(resnet.conv_shortcut.weight[:, :, 0, 0])
    if getattr(block, "attentions", None) is not None:
        _silence_attention(block, number)


@torch.no_grad()
def _silence_attention(block: nn.Module, number: int) -> None:
    attention = block.attentions[number]
    nn.init.zeros_(attention.proj_out.weight)
    nn.init.zeros_(attention.proj_out.bias)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a model in diffusers layout, changed in place")
    parser.add_argument("layers", type=int, nargs="+", help="of each level, the finest first")
    parser.add_argument("--finest-reads", type=int, metavar="HEADS", help="the text, with so many")
    arguments = parser.parse_args()
    file = arguments.folder / "unet" / SAFETENSORS_WEIGHTS_NAME
    if not file.is_file():
        parser.error(f"{file}: not there; give a folder in diffusers layout")
    unet = UNet2DConditionModel.from_pretrained(arguments.folder, subfolder="unet")
    try:
        grown = grow(unet, arguments.layers)
        if arguments.finest_reads is not None:
            grown = let_finest_read(grown, arguments.finest_reads)
    except ValueError as error:
        parser.error(str(error))
    dtype = next(iter(load_file(file).values())).dtype
    grown.to(dtype).save_pretrained(arguments.folder / "unet")
    count = sum(parameter.numel() for parameter in grown.parameters())
    print(f"{arguments.folder / 'unet'}: {count / 1e6:.1f} million weights")


if __name__ == "__main__":
    main()
