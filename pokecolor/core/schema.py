"""The records that flow through pokecolor.

Names are those of diffusers' InstructPix2Pix. `data`, `captioning`, `diffusion`, `pretraining`,
`evaluation` and `app` do not import one another: they meet in these types.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import torch

Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = ("train", "val", "test")


class Part(NamedTuple):
    """A part of a drawing whose color is known, such as the belly of a creature.

    A named tuple, because Lightning walks through batches and refuses frozen dataclasses.
    """

    name: str
    """What the instruction calls it: "belly", "eyes"."""
    color: str
    """Its basic color term, one of `pokecolor.core.colors.TERMS`."""
    rgb: tuple[int, int, int]
    """The flat color it was painted with, 0 to 255."""
    named: bool
    """Whether `edit_prompt` asks for this color."""


@dataclass(frozen=True, eq=False)
class Triplet:
    """One training sample: a sketch, the instruction, and the color image that answers it."""

    id: str
    """Never changes; letters, digits, '-' and '_' only, because a shard's key ends at a dot."""
    drawing_id: str
    """The drawing it comes from. Splits are by drawing, so variants of one stay together."""
    original_image: np.ndarray
    """The sketch: uint8 [height, width, 3], black lines on white."""
    edited_image: np.ndarray | None
    """The color image: uint8 [height, width, 3], same size. None for a bare sketch, which can be
    colored and neither trained on nor compared with; all of a source are or none."""
    edit_prompt: str
    """The instruction: "Turn it into a green creature with red eyes." """
    parts: tuple[Part, ...] = ()
    """The parts whose color is known; empty for drawings found in the world."""
    part_map: np.ndarray | None = None
    """uint8 [height, width]: 0 outside all parts and on lines, i where `parts[i - 1]` shows."""


class ColorImage(NamedTuple):
    """A sample as captioners see it."""

    id: str
    """Of the triplet."""
    image: np.ndarray
    """uint8 [height, width, 3], in color."""
    caption: str
    """The instruction that its data set has for it."""
    split: Split


class Source(Protocol):
    """Where drawings come from. Sources are small, picklable, and read nothing until asked."""

    name: str
    """Letters, digits and '-': names the folder its shards are kept in."""
    attribution: str
    """What must be said of its drawings wherever a model trained on them is shown, in Markdown."""

    @property
    def fingerprint(self) -> str:
        """Hex digest of everything its triplets depend on; another digest means other shards."""

    def drawings(self) -> Sequence[str]:
        """The ids of all drawings, in a fixed order."""

    def split_of(self, drawing_id: str) -> Split:
        """The split a drawing belongs to; adding other drawings never changes it."""

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """All triplets of one drawing.

        Raises:
            pokecolor.core.images.conversion.ImageError: a file of this drawing cannot be read.
        """


class Batch(TypedDict, total=False):
    """What a data loader yields. Either images or latents are there, never both."""

    id: list[str]
    drawing_id: list[str]
    edit_prompt: list[str]
    parts: list[tuple[Part, ...]]
    original_image: torch.Tensor
    """float32 [batch, 3, height, width] in [-1, 1]."""
    edited_image: torch.Tensor
    """float32 [batch, 3, height, width] in [-1, 1], flipped wherever `original_image` is; not there
    for bare sketches."""
    part_map: torch.Tensor
    """uint8 [batch, height, width]: 0 outside all parts and on lines, i where `parts[i - 1]` shows;
    flipped as the images are. All 0 for a sample without a map. Where no sample has one, it may be
    as small as latents are."""
    original_latents: torch.Tensor
    """float16 [batch, latent_channels, h, w]: mode of the VAE posterior, not scaled."""
    edited_latents: torch.Tensor
    """float16 [batch, latent_channels, h, w]: mode of the VAE posterior times `scaling_factor`."""
    prompt_embeds: torch.Tensor
    """float16 [batch, tokens, dim]: what the model's `encode_prompt` gives."""
    has_text: torch.Tensor
    """bool [batch]: false where training has dropped the prompt. Not of the loader."""
